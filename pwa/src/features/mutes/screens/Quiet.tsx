import { m } from "../../../i18n";
import { until } from "../../../i18n/time";
import { Call112 } from "../../chat/screens/Danger";
import { police } from "../../quarters/helplines";
import { mutedNow } from "../queries";
import { reasonWords } from "../words";

/** Right above the field of a talk: until when, and how to say that the next words tell of danger. */
export function QuietHere({ told, tell }: { told: boolean; tell: (told: boolean) => void }) {
  const muted = mutedNow();
  if (!muted) return null;
  return (
    <div class="stack">
      <p class="small strong">{m.quiet_until({ when: until(muted.until) })}</p>
      <label class="choice">
        <input type="checkbox" checked={told} onChange={(event) => tell(event.currentTarget.checked)} />
        {m.quiet_in_danger()}
      </label>
    </div>
  );
}

/** What a youth who may not write for a while has to know. */
export function Quiet() {
  const muted = mutedNow();
  if (!muted) return null;
  return (
    <section class="notice stack" aria-label={m.quiet_label()}>
      <p class="strong">{m.quiet_until({ when: until(muted.until) })}</p>
      <p>{m.quiet_reason({ reason: reasonWords(muted.reason) })}</p>
      <p>{m.quiet_danger()}</p>
      <Call112 />
      <a class="button plain wide" href={`tel:${police.tel}`}>
        {m.help_call({ name: police.name(), number: police.number })}
      </a>
      <p class="small">{m.quiet_kept()}</p>
      <p class="small">{m.quiet_means_not()}</p>
    </section>
  );
}
