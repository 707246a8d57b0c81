import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { Ask, Confirm, focusHeading, useTask } from "../../../design";
import { m } from "../../../i18n";
import { Failed } from "../../../i18n/Problem";
import { capable, draftRows, files, outbox, parcels, self } from "../../../sync/mirror";
import { sendNow, unsentCount, waitingCount } from "../../../sync/state";
import { texts as halfWritten } from "../../chat/halfWritten";
import { begunQuestions } from "../../dialogues/half";
import { begunIdea } from "../../ideas/draft";
import { leave } from "../actions";
import { sealable } from "../queries";
import type { Fate } from "../leave";

/** What a phone that was emptied says of it. */
export const forgottenWords = (): string => (parcels.value > 0 ? m.device_forget_sealed() : m.device_forget_done());

/**
 * The way to leave nothing behind on this phone; what is not sent is never dropped without a word. `onForget` before what is signed in
 * goes, and the page with it; `then` when all is gone.
 */
export function ForgetPhone({ onForget, then, children }: { onForget?: () => void; then?: () => unknown; children?: ComponentChildren }) {
  const { error, run } = useTask();
  const sealing = useSignal(false);
  const unfinished = useSignal(false);
  const half = Object.values(halfWritten.value).filter((text) => text.trim()).length;
  const begun = half + draftRows.value.filter((draft) => draft.what.trim()).length;
  const written = outbox.value.filter(sealable).length;
  // What goes in no parcel.
  const asked = (begunIdea() === "" ? 0 : 1) + begunQuestions().length;
  const lost = asked > 0 || outbox.value.some((row) => row.state !== "sent" && row.kind !== "conversation-read" && !sealable(row));
  const pictures = files.value.some((file) => file.state === "draft" || (file.account_id === self.value?.account_id && (file.state === "waiting" || file.state === "ready")));
  const unsent = unsentCount.value + half + asked;
  const forget = (fate: Fate) =>
    void run(async () => {
      onForget?.();
      await leave(fate, unfinished.value);
      focusHeading();
      await then?.();
    });
  return (
    <section class="block">
      <h2>{m.device_forget_title()}</h2>
      <p>{m.device_forget_text()}</p>
      {children}
      {unsent > 0 && (
        <div class="notice care">
          <p>{m.device_forget_unsent({ count: unsent })}</p>
          <a class="button plain" href="/unsent">
            {m.unsent_title()}
          </a>
          {waitingCount.value > 0 && (
            <div>
              <button type="button" class="button" onClick={() => void sendNow()}>
                {m.offline_send_now()}
              </button>
            </div>
          )}
          {written + begun > 0 && !capable.value && <p>{m.leave_cannot_seal()}</p>}
        </div>
      )}
      {written + begun > 0 && capable.value && (
        <div>
          {sealing.value ? (
            <Ask
              ask={m.leave_seal_sure()}
              yes={m.leave_seal_yes()}
              onYes={() => {
                sealing.value = false;
                forget("seal");
              }}
              onNo={() => (sealing.value = false)}
            >
              <p>{m.leave_seal_text()}</p>
              {begun > 0 && (
                <label class="choice">
                  <input type="checkbox" checked={unfinished.value} onChange={(event) => (unfinished.value = event.currentTarget.checked)} />
                  {m.leave_begun({ count: begun })}
                </label>
              )}
              {pictures && <p>{m.leave_pictures()}</p>}
              {lost && <p>{m.leave_lost()}</p>}
            </Ask>
          ) : (
            <button type="button" class="button plain" onClick={() => (sealing.value = true)}>
              {m.leave_seal()}
            </button>
          )}
        </div>
      )}
      <div>
        {unsent > 0 ? (
          <Confirm label={m.leave_drop()} ask={m.leave_drop_sure({ count: unsent })} yes={m.leave_drop_yes()} onYes={() => forget("drop")} />
        ) : (
          <Confirm label={m.device_forget()} ask={m.device_forget_sure()} yes={m.device_forget_yes()} onYes={() => forget("drop")} />
        )}
      </div>
      <Failed error={error} />
    </section>
  );
}
