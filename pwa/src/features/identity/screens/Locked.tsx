import { Page, useTask } from "../../../design";
import { m } from "../../../i18n";
import { kindOf, Problem } from "../../../i18n/Problem";
import { conversations } from "../../chat/queries";
import { me } from "../queries";
import { unlock } from "../useIdle";

/** Stands in the place of every screen. That somebody in danger waits may be told, and no word of it. */
export function Locked() {
  const { busy, error, run } = useTask();
  const danger = conversations.value.some((talk) => talk.state === "waiting" && talk.priority === "p1");
  return (
    <Page title={m.lock_title()} lead={m.lock_lead()}>
      <div role="status">{danger && <p class="notice care strong">{m.lock_danger()}</p>}</div>
      <button type="button" class="button wide" disabled={busy} onClick={() => void run(unlock)}>
        {me.value?.demo ? m.lock_open_demo({ number: me.value.public_number ?? "" }) : m.lock_open()}
      </button>
      {error !== null && (
        <p class="notice care" role="alert">
          {kindOf(error) === "passkey-refused" ? m.lock_refused() : <Problem kind={kindOf(error)} />}
        </p>
      )}
      <p class="small">{m.lock_alarms()}</p>
    </Page>
  );
}
