import { useSignal } from "@preact/signals";
import { useId } from "preact/hooks";
import { go } from "../../../app/router";
import { Page, useTask } from "../../../design";
import { m } from "../../../i18n";
import { Problem, kindOf } from "../../../i18n/Problem";
import { openWithCode } from "../actions";
import { me } from "../queries";

export function Open() {
  const typed = useSignal("");
  const short = useSignal(false);
  const progress = useSignal(0);
  const { busy, error, run, clear } = useTask();
  const id = useId();
  const digits = typed.value.replace(/\D/g, "");
  const wrong = error !== null && kindOf(error) === "code-wrong";

  const open = async () => {
    short.value = digits.length !== 16;
    if (short.value) return;
    progress.value = 0;
    const opened = await run(() =>
      openWithCode(digits, (share: number) => {
        progress.value = Math.min(1, share);
      }),
    );
    if (opened) go("/talks", "replace");
  };

  return (
    <Page title={m.open_title()} up="/" lead={m.open_lead()}>
      <form
        class="block"
        onSubmit={(event) => {
          event.preventDefault();
          void open();
        }}
      >
        <label class="field" for={id}>
          {m.open_label()}
        </label>
        <input
          id={id}
          class="sixteen"
          inputMode="numeric"
          autocomplete="off"
          value={typed.value}
          aria-invalid={short.value || wrong}
          aria-describedby={`${id}-told`}
          onInput={(event) => {
            typed.value = event.currentTarget.value;
            short.value = false;
            clear();
          }}
        />
        {me.value && <p class="small">{m.open_replaces()}</p>}
        <button type="submit" class="button wide" disabled={busy || digits.length === 0}>
          {m.open_action()}
        </button>
        <div id={`${id}-told`} role="status" class="block">
          {short.value && <p class="wrong">{m.open_short({ count: digits.length })}</p>}
          {busy && <p>{m.open_working()}</p>}
          {error !== null && <p class="notice care">{wrong ? m.open_wrong() : <Problem kind={kindOf(error)} />}</p>}
        </div>
        {busy && <progress max={1} value={progress.value} aria-label={m.open_progress()} />}
      </form>
    </Page>
  );
}
