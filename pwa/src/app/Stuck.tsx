import { m } from "../i18n";
import { capable, delivered, outbox } from "../sync/mirror";
import { applyUpdate, paused, sendNow, waitingCount } from "../sync/state";

/** Why what waits does not go, and what goes all the same. */
export function Stuck({ ended }: { ended: boolean }) {
  const why = paused.value?.why;
  const reports = outbox.value.filter((row) => row.kind === "report-submit" && (row.state === "queued" || row.state === "sending")).length;
  const left = waitingCount.value - (capable.value ? reports : 0);
  if (ended)
    return (
      <div class="bar update">
        <p>{m.signed_out_text()}</p>
        {capable.value && reports > 0 && <p>{m.signed_out_reports()}</p>}
        {delivered.value.length > 0 && <p>{m.signed_out_delivered()}</p>}
        {left > 0 && <p>{m.signed_out_waiting({ count: left })}</p>}
        <a href="/open">{m.signed_out_action()}</a>
      </div>
    );
  if (why === "refused")
    return (
      <div class="bar update">
        <p>{m.paused_refused()}</p>
        <button type="button" class="bar-button" onClick={() => void sendNow()}>
          {m.offline_send_now()}
        </button>
      </div>
    );
  return (
    <div class="bar update">
      <p>{m.paused_outdated()}</p>
      <button type="button" class="bar-button" onClick={() => void applyUpdate()}>
        {m.broken_reload()}
      </button>
    </div>
  );
}
