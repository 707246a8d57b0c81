import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { useTask } from "../../../design";
import { m } from "../../../i18n";
import { Failed } from "../../../i18n/Problem";
import { take } from "../../chat/changes";
import { halfWritten, write } from "../../chat/halfWritten";
import type { Conversation } from "../../chat/queries";
import { lookIn } from "../actions";
import { shifts } from "../../quarters/shifts";
import { colleagues } from "../queries";

/** A talk that a colleague holds: who looks in leaves no mark, and who takes it over from a colleague at work says why. Danger does not wait for that. */
export function TakeOver({ talk, holder }: { talk: Conversation; holder: string }) {
  const id = talk.conversation_id;
  const asking = useSignal(false);
  const place = `${id}/take`;
  const why = halfWritten(place);
  const { busy, error, run } = useTask();
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => void lookIn(id).catch(() => undefined), [id, holder]);
  useEffect(() => field.current?.focus(), [asking.value]);
  const unanswered = talk.priority === "p1" && talk.last_by === "youth";
  // Until it is known who is at work one is asked: what went without a reason would be refused, and the press be lost.
  const atWork = !unanswered && (shifts.value === null || colleagues().includes(holder));
  if (asking.value)
    return (
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (why.trim())
            void run(async () => {
              await take(id, why.trim());
              write(place, "");
            });
        }}
      >
        <label class="field">
          {m.take_over_why({ number: holder })}
          <textarea ref={field} rows={2} maxLength={1000} autocomplete="off" value={why} onInput={(event) => write(place, event.currentTarget.value)} />
        </label>
        <div class="row">
          <button type="submit" class="button" disabled={busy || !why.trim()}>
            {m.take_over()}
          </button>
          <button
            type="button"
            class="button plain"
            onClick={() => {
              asking.value = false;
              write(place, "");
            }}
          >
            {m.cancel()}
          </button>
        </div>
        <Failed error={error} />
      </form>
    );
  return (
    <>
      <p>{m.desk_held_other({ number: holder })}</p>
      <p class="small">{m.look_in_hint()}</p>
      <button type="button" class="button plain" disabled={busy} onClick={() => (atWork ? (asking.value = true) : void run(() => take(id)))}>
        {m.take_over()}
      </button>
      <Failed error={error} />
    </>
  );
}
