import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { useTask } from "../../../design";
import { m } from "../../../i18n";
import { Failed } from "../../../i18n/Problem";
import { halfWritten, write } from "../../chat/halfWritten";
import { giveBack, passOn } from "../actions";
import { colleagues } from "../queries";

/** A holder lets go of a talk: to a colleague who is out, or back to the queue, with a word on the way. */
export function HandOver({ id }: { id: string }) {
  const open = useSignal(false);
  const { busy, error, run } = useTask();
  const place = `${id}/pass`;
  const note = halfWritten(place);
  const out = colleagues();
  const fold = useRef<HTMLDetailsElement>(null);
  useEffect(() => {
    if (open.value) fold.current?.scrollIntoView({ block: "start" });
  }, [open.value]);
  const lets = (go: (note: string) => Promise<void>) =>
    void run(async () => {
      await go(note.trim());
      write(place, "");
    });
  return (
    <details class="fold hand-over" ref={fold} onToggle={(event) => (open.value = event.currentTarget.open)}>
      <summary>{m.pass_open()}</summary>
      {open.value && (
        <div class="stack">
          <label class="field">
            {m.pass_note()}
            <textarea rows={2} maxLength={1000} autocomplete="off" value={note} onInput={(event) => write(place, event.currentTarget.value)} />
          </label>
          {out.map((number) => (
            <button key={number} type="button" class="button" disabled={busy} onClick={() => lets((words) => passOn(id, number, words))}>
              {m.pass_to({ number })}
            </button>
          ))}
          {out.length === 0 && <p class="small">{m.pass_nobody()}</p>}
          <button type="button" class="button plain" disabled={busy} onClick={() => lets((words) => giveBack(id, words))}>
            {m.pass_back()}
          </button>
          <Failed error={error} />
        </div>
      )}
    </details>
  );
}
