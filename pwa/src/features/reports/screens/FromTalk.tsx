import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { back, go } from "../../../app/router";
import { Empty, Page, useTask } from "../../../design";
import { m } from "../../../i18n";
import { Failed } from "../../../i18n/Problem";
import { when } from "../../../i18n/time";
import { draftRows } from "../../../sync/mirror";
import { leaveConversation, loadOlder, messagesOf, openConversation, type MessageRow } from "../../chat/queries";
import { saveDraft, showDraft } from "../drafts";
import { Act } from "./Act";
import { FROM_CHECK } from "./Check";

/** What the server takes. */
const MOST = 200;

/** What is on its way may still be changed, and a picture goes with a report by itself. */
const canGo = (message: MessageRow): boolean => message.pos > 0 && message.text !== "" && !message.damaged;

/** Which words of a talk go into a report, and then the form as ever. What was chosen before is chosen again. */
export function FromTalk({ id }: { id: string }) {
  const list = messagesOf(id).value;
  const messages = list.filter(canGo);
  const known = draftRows.value.find((row) => row.conversation_id === id);
  const before = known?.message_ids;
  /** What comes later, by itself or as "Older", waits until it is chosen. */
  const first = useRef<string[]>([]);
  if (first.current.length === 0) first.current = messages.map((message) => message.message_id);
  /** What was pressed differs from what stands from the start. */
  const flipped = useSignal<string[]>([]);
  const { busy, error, run } = useTask();
  const older = useTask();
  useEffect(() => {
    openConversation(id);
    return () => leaveConversation(id);
  }, [id]);
  const isChosen = ({ message_id }: MessageRow): boolean => (before ?? first.current).includes(message_id) !== flipped.value.includes(message_id);
  const chosen = messages.filter(isChosen).map((message) => message.message_id);
  const flip = (id: string) => (flipped.value = flipped.value.includes(id) ? flipped.value.filter((one) => one !== id) : [...flipped.value, id]);
  const goOn = () =>
    run(async () => {
      await showDraft(known?.report_id ?? null);
      await saveDraft({ conversation_id: id, message_ids: chosen });
      if (location.hash === FROM_CHECK) back("/tell");
      else go("/tell", "replace");
    });
  return (
    <Page title={m.talk_report()} up={`/talk/${id}`} lead={m.talk_report_lead()}>
      {(list[0]?.pos ?? 1) > 1 && (
        <button type="button" class="button plain" disabled={older.busy} onClick={() => void older.run(() => loadOlder(id))}>
          {m.talk_older()}
        </button>
      )}
      <Failed error={older.error} />
      {messages.length === 0 ? (
        <Empty title={m.talk_report_none()} />
      ) : (
        <fieldset>
          <legend>{m.talk_report_which()}</legend>
          <div class="choices">
            {messages.map((message) => (
              <label class="choice" key={message.message_id}>
                <input type="checkbox" checked={isChosen(message)} onChange={() => flip(message.message_id)} />
                <span class="talk-row-words">
                  <span class="four-lines">{message.text}</span>
                  <small>
                    {message.by === "officer" ? m.officer({ number: message.public_number ?? "" }) : m.report_you()} · {when(message.received_at)}
                  </small>
                </span>
              </label>
            ))}
          </div>
        </fieldset>
      )}
      <p class="small" role="status">
        {chosen.length > MOST ? m.talk_report_most({ most: MOST }) : m.talk_report_count({ count: chosen.length })}
      </p>
      <Act title={m.tell_act_title()} />
      <button type="button" class="button" disabled={busy || chosen.length === 0 || chosen.length > MOST} onClick={() => void goOn()}>
        {m.talk_report_go()}
      </button>
      <Failed error={error} />
    </Page>
  );
}
