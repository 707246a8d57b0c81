import { useSignal } from "@preact/signals";
import { Loading, useLoad, useTask } from "../../../design";
import { NotFetched } from "../../../app/NotFetched";
import { m } from "../../../i18n";
import { Failed } from "../../../i18n/Problem";
import { when } from "../../../i18n/time";
import { halfWritten, write } from "../../chat/halfWritten";
import type { Conversation } from "../../chat/queries";
import { haveReadNotes, writeNote } from "../actions";
import { colleagues, notesOf, type Note } from "../queries";

/** What officers write down about a talk for each other. A youth never sees it. */
export function Notes({ talk }: { talk: Conversation }) {
  const open = useSignal(false);
  return (
    <details class="notes" name="talk-fold" onToggle={(event) => (open.value = event.currentTarget.open)}>
      <summary>
        <span>
          {m.notes_title({ count: talk.notes ?? 0 })}
          {talk.mentioned && <b> · {m.notes_mentioned()}</b>}
        </span>
      </summary>
      {open.value && <Open talk={talk} />}
    </details>
  );
}

function Open({ talk }: { talk: Conversation }) {
  const id = talk.conversation_id;
  const list = useSignal<Note[] | null>(null);
  const { error, load } = useLoad(async () => {
    list.value = await notesOf(id);
    if (talk.mentioned) await haveReadNotes(id);
  }, [id, talk.notes]);
  return (
    <div class="stack">
      {list.value === null && error === null && <Loading />}
      {error !== null && <NotFetched error={error} again={load} />}
      <ul class="rows">
        {list.value?.map((note) => (
          <li key={note.at + note.kind}>
            <p>
              <b>{happened(note)}</b> <small>{when(note.at)}</small>
            </p>
            {note.text !== undefined && <blockquote>{note.text}</blockquote>}
            {note.damaged && <p class="small">{m.words_damaged()}</p>}
            {note.mentions.length > 0 && <p class="small">{m.notes_to({ numbers: note.mentions.join(", ") })}</p>}
          </li>
        ))}
      </ul>
      {list.value?.length === 0 && <p class="small">{m.notes_none()}</p>}
      <Write id={id} />
    </div>
  );
}

function happened({ kind, by = "", colleague = "" }: Note): string {
  switch (kind) {
    case "passed":
      return m.notes_passed({ by, colleague });
    case "taken-over":
      return m.notes_taken_over({ by, colleague });
    case "given-back":
      return by ? m.notes_given_back({ by }) : m.notes_holder_gone({ colleague });
    default:
      return m.officer({ number: by });
  }
}

function Write({ id }: { id: string }) {
  const place = `${id}/note`;
  const text = halfWritten(place);
  const to = useSignal<string[]>([]);
  const { busy, error, run } = useTask();
  const flip = (number: string) => (to.value = to.value.includes(number) ? to.value.filter((one) => one !== number) : [...to.value, number]);
  return (
    <form
      class="stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (text.trim())
          void run(async () => {
            await writeNote(id, text.trim(), to.value);
            write(place, "");
            to.value = [];
          });
      }}
    >
      <label class="field">
        {m.notes_label()}
        <textarea rows={2} maxLength={1000} autocomplete="off" value={text} onInput={(event) => write(place, event.currentTarget.value)} />
      </label>
      {colleagues().length > 0 && (
        <fieldset>
          <legend>{m.notes_mention()}</legend>
          <div class="chips">
            {colleagues().map((number) => (
              <label class="chip" key={number}>
                <input type="checkbox" checked={to.value.includes(number)} onChange={() => flip(number)} />
                {m.officer({ number })}
              </label>
            ))}
          </div>
        </fieldset>
      )}
      <button type="submit" class="button plain" disabled={busy || !text.trim()}>
        {m.notes_save()}
      </button>
      <Failed error={error} />
    </form>
  );
}
