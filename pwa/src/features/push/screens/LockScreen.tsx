import { plain } from "../../../app/look";
import { Mark } from "../../../design";
import { m } from "../../../i18n";
import { clock, now } from "../../../i18n/time";

const Note = ({ title }: { title: string }) => (
  <div class="lock-note">
    {plain ? <img class="look-icon" src="/icons/calendar.svg" alt="" /> : <Mark />}
    <b>{title}</b>
    <span class="now">{m.notices_lock_now()}</span>
    <span class="body">{m.notices_lock_body()}</span>
  </div>
);

/** A picture of what somebody else may see, so that the choice is made knowing it: a notice of each kind that is wanted. */
export const LockScreen = ({ telling, replies, tips }: { telling: boolean; replies: boolean; tips: boolean }) => (
  <figure class="lock-screen">
    <figcaption>{m.notices_lock_label()}</figcaption>
    <p class="lock-clock" aria-hidden="true">
      {clock(now.value)}
    </p>
    {(replies || !tips) && <Note title={telling ? m.notices_lock_telling() : m.notices_lock_title()} />}
    {tips && <Note title={telling ? m.notices_lock_tip_telling() : m.notices_lock_tip()} />}
  </figure>
);
