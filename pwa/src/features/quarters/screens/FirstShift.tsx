import { signal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";
import { Icon } from "../../../design";
import { m } from "../../../i18n";
import { me } from "../../identity/queries";
import { first, saw } from "../first";
import { ownShift } from "../shifts";

/** Put off until the app is opened again. */
const later = signal(false);

const installed = (): boolean => matchMedia("(display-mode: standalone)").matches;

const Step = ({ done, name, children }: { done: boolean; name: string; children?: ComponentChildren }) => (
  <li class="first-step">
    <Icon name={done ? "check" : "clock"} />
    <span class="talk-row-words">
      <b>
        <span class="sr">{done ? m.first_done() : m.first_left()}: </span>
        {name}
      </b>
      {!done && children}
    </span>
  </li>
);

/** What an officer's first shift needs, each seen by what is so and not by a tick. It goes when all of it is. */
export function FirstShift() {
  const { installed: had, not_here, alarm, replies } = first.value ?? {};
  const known = first.value !== null;
  const answered = ownShift.value?.alarm_answered_at !== undefined;
  useEffect(() => {
    if (!known) return;
    if (installed() && !had) void saw({ installed: true }).catch(() => undefined);
    if (answered && !alarm) void saw({ alarm: true }).catch(() => undefined);
  }, [known, answered, had, alarm]);
  const home = had === true || not_here === true;
  if (!known || later.value || (home && alarm && replies)) return null;
  return (
    <section class="card" aria-label={m.first_title()}>
      <h2>{m.first_title()}</h2>
      <p>{m.first_lead()}</p>
      <ul class="rows">
        <Step done={home} name={not_here && !had ? m.first_install_skipped() : m.first_install()}>
          <small>{m.first_install_how()}</small>
          <button type="button" class="button quiet" onClick={() => void saw({ not_here: true })}>
            {m.first_install_not()}
          </button>
        </Step>
        {/* Only a passkey signs in, or a demo. */}
        <Step done name={me.value?.demo ? m.first_passkey_demo() : m.first_passkey()} />
        <Step done={alarm === true} name={m.first_alarm()}>
          <small>{m.first_alarm_how()}</small>
          <a class="button quiet" href="/desk/shift">
            {m.shift_title()}
          </a>
        </Step>
        <Step done={replies === true} name={m.first_replies()}>
          <a class="button quiet" href="/desk/replies">
            {m.replies_title()}
          </a>
        </Step>
      </ul>
      <button type="button" class="button plain" onClick={() => (later.value = true)}>
        {m.first_later()}
      </button>
    </section>
  );
}
