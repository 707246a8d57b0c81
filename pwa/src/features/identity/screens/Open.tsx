import { useSignal } from "@preact/signals";
import { useEffect, useId, useRef } from "preact/hooks";
import { go } from "../../../app/router";
import { Ask, Page, useTask } from "../../../design";
import { m } from "../../../i18n";
import { Problem, kindOf } from "../../../i18n/Problem";
import { conversations } from "../../chat/queries";
import { draft, reports } from "../../reports/queries";
import { openWithCode } from "../actions";
import { code, codeState, me } from "../queries";
import { CodeDigits } from "./CodeCard";

export function Open() {
  const typed = useSignal("");
  const short = useSignal(false);
  const progress = useSignal(0);
  const asking = useSignal(false);
  const leaving = useRef(new AbortController());
  const { busy, error, run, clear } = useTask();
  const id = useId();
  const digits = typed.value.replace(/\D/g, "");
  const wrong = error !== null && kindOf(error) === "code-wrong";

  // Another account takes this one's place, and without its code there would be no way back to it.
  const present = code.value;
  const unsaved =
    present !== null && codeState.value !== "confirmed" && (conversations.value.length > 0 || reports.value.length > 0 || draft.value !== null);

  useEffect(() => () => leaving.current.abort(), []);

  const open = async () => {
    asking.value = false;
    progress.value = 0;
    const opened = await run(() =>
      openWithCode(
        digits,
        (share: number) => {
          progress.value = Math.min(1, share);
        },
        leaving.current.signal,
      ),
    );
    if (opened) go("/talks", "replace");
  };
  const submit = () => {
    short.value = digits.length !== 16;
    if (short.value) return;
    if (unsaved && digits !== present) asking.value = true;
    else void open();
  };

  return (
    <Page title={m.open_title()} up="/" lead={m.open_lead()}>
      <form
        class="block"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
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
            short.value = asking.value = false;
            clear();
          }}
        />
        {me.value && <p class="small">{m.open_replaces()}</p>}
        {asking.value && present !== null ? (
          <Ask ask={m.open_unsaved()} yes={m.open_anyway()} onYes={() => void open()} onNo={() => (asking.value = false)}>
            <CodeDigits digits={present} />
          </Ask>
        ) : (
          <button type="submit" class="button wide" disabled={busy || digits.length === 0}>
            {m.open_action()}
          </button>
        )}
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
