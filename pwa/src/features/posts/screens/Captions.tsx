import { useRef } from "preact/hooks";
import { useTask } from "../../../design";
import { m } from "../../../i18n";
import { Failed } from "../../../i18n/Problem";
import { captionsOf } from "../captions";

/** Captions from a file, or pasted; what the server would refuse is told at once, by its line. */
export function Captions({ text, hint, onWrite }: { text: string; hint?: string; onWrite: (text: string) => void }) {
  const picker = useRef<HTMLInputElement>(null);
  const { busy, error, run } = useTask();
  const read = text.trim() === "" ? null : captionsOf(text);
  return (
    <div class="block">
      <label class="field">
        {m.post_captions_field()}
        <span class="hint">
          {m.post_captions_hint()} {hint}
        </span>
        <textarea rows={4} class="post-captions" lang="sv" spellcheck={false} autocomplete="off" aria-invalid={read !== null && "line" in read} value={text} onInput={(event) => onWrite(event.currentTarget.value)} />
      </label>
      <div role="status">{read !== null && "line" in read && <p class="wrong">{m.post_captions_line({ line: read.line })}</p>}</div>
      <button type="button" class="button plain" disabled={busy} onClick={() => picker.current?.click()}>
        {m.post_captions_choose()}
      </button>
      <input
        ref={picker}
        type="file"
        hidden
        accept=".vtt,.srt,text/vtt"
        onChange={(event) => {
          const [file] = event.currentTarget.files ?? [];
          if (file) void run(async () => onWrite(await file.text()));
          event.currentTarget.value = "";
        }}
      />
      <Failed error={error} />
    </div>
  );
}
