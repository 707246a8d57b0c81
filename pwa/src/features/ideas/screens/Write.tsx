import { useSignal } from "@preact/signals";
import { kept } from "../../../app/kept";
import { Icon, useTask } from "../../../design";
import { m } from "../../../i18n";
import { Failed } from "../../../i18n/Problem";
import { online } from "../../../sync/state";
import { keepForm } from "../../chat/halfForm";
import { write } from "../../chat/halfWritten";
import { sendIdea } from "../actions";
import { dangerIn } from "../danger";
import { draftOf, PLACE, type IdeaDraft } from "../draft";
import type { IdeaKind } from "../queries";
import { HelpNow } from "./HelpNow";
import { kindNames, LONGEST } from "./words";

const kinds: IdeaKind[] = ["idea", "quarter"];

/** What one would like to see, kept as it is written. */
export function WriteIdea() {
  const draft = draftOf();
  const needed = useSignal(false);
  const sent = useSignal("");
  const { busy, error, run } = useTask();
  const set = (part: Partial<IdeaDraft>) => {
    [sent.value, needed.value] = ["", false];
    keepForm(PLACE, { ...draft, ...part });
  };
  // The way to help stays when the words have gone.
  const told = draft.text || sent.value;
  const danger = dangerIn(told);
  const send = async () => {
    const text = draft.text.trim();
    needed.value = text === "";
    if (needed.value || !(await run(() => sendIdea(draft.kind, text)))) return;
    write(PLACE, "");
    sent.value = text;
  };
  return (
    <form
      class="card"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <fieldset>
        <legend>{m.idea_what()}</legend>
        <div class="chips">
          {kinds.map((kind) => (
            <label class="chip" key={kind}>
              <input type="radio" name="kind" checked={draft.kind === kind} onChange={() => set({ kind })} />
              {kindNames[kind]()}
            </label>
          ))}
        </div>
      </fieldset>
      <label class="field">
        {draft.kind === "quarter" ? m.idea_text_quarter() : m.idea_text()}
        <span class="hint">{m.idea_hint()}</span>
        <textarea rows={3} maxLength={LONGEST} autocomplete="off" value={draft.text} onInput={(event) => set({ text: event.currentTarget.value })} />
      </label>
      <div role="status">
        {danger && <HelpNow danger={danger} text={told} />}
        {needed.value && <p class="wrong">{m.idea_needed()}</p>}
        {sent.value !== "" && (
          <p class="notice good">
            {online.value ? m.idea_sent() : kept(m.idea_sent_here)} <a href="/ideas/mine">{m.ideas_mine()}</a>
          </p>
        )}
      </div>
      <Failed error={error} />
      <button type="submit" class={danger ? "button plain wide" : "button wide"} disabled={busy}>
        {m.idea_send()}
        <Icon name="send" />
      </button>
      <p class="small">{m.idea_privacy()}</p>
    </form>
  );
}
