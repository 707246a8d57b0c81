import { useEffect, useRef } from "preact/hooks";
import { CopyWords } from "../../../app/CopyWords";
import { Confirm, focusHeading, useTask } from "../../../design";
import { m } from "../../../i18n";
import { Failed } from "../../../i18n/Problem";
import { discard } from "../actions";
import { useChanged } from "../changed";
import { conversations, type MessageRow } from "../queries";
import { sendStill } from "../still";

/** What came meanwhile stands above; below it the answer that waited, with what can become of it. */
export function Still({ message }: { message: MessageRow }) {
  const { editing, text, edit, set, over } = useChanged(message);
  const { busy, error, run } = useTask();
  const talk = conversations.value.find((row) => row.conversation_id === message.conversation_id);
  const closed = talk?.state === "closed" || message.problem_kind === "conversation-closed";
  const other = talk && !talk.held_by_me ? talk.holder : undefined;
  const box = useRef<HTMLDivElement>(null);
  const field = useRef<HTMLTextAreaElement>(null);
  const opener = useRef<HTMLButtonElement>(null);
  const opened = useRef(false);
  // What can be pressed comes into view, and what came stays above it.
  useEffect(() => {
    box.current?.scrollIntoView({ block: "nearest" });
  }, [editing, closed]);
  useEffect(() => {
    if (editing) field.current?.focus();
    else if (opened.current) opener.current?.focus();
    opened.current = editing;
  }, [editing]);
  const send = async () => {
    // What held the focus goes with the press.
    if (!(await run(() => sendStill(message, text.trim())))) return;
    over();
    focusHeading();
  };
  const drop = async () => {
    await discard(message.action_id);
    over();
  };
  return (
    <div ref={box} class="notice care attention" role="group" aria-label={m.still_state()}>
      <p>
        <b>{closed ? m.still_closed_title() : m.still_ask()}</b>{" "}
        {closed ? m.still_closed() : other ? m.still_other({ number: other }) : m.still_news()}
      </p>
      {editing && !closed && (
        <label class="field">
          {m.still_label()}
          <textarea ref={field} rows={4} autocomplete="off" value={text} onInput={(event) => set(event.currentTarget.value)} />
        </label>
      )}
      <div class="row">
        {closed ? (
          <CopyWords words={text} />
        ) : (
          <button type="button" class="button" disabled={busy || !text.trim()} onClick={() => void send()}>
            {editing ? m.still_send_edited() : m.still_send()}
          </button>
        )}
        {!closed && (
          <button type="button" class="button plain" ref={opener} onClick={editing ? over : edit}>
            {editing ? m.cancel() : m.still_edit()}
          </button>
        )}
        {(closed || !editing) && (
          <Confirm label={m.still_drop()} ask={m.still_drop_sure()} yes={m.still_drop_yes()} onYes={() => void run(drop)} />
        )}
      </div>
      <Failed error={error} />
    </div>
  );
}
