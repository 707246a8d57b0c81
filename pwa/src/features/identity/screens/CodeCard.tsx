import { effect, signal } from "@preact/signals";
import { useEffect, useId, useState } from "preact/hooks";
import { Icon, useTask } from "../../../design";
import { m } from "../../../i18n";
import { Failed } from "../../../i18n/Problem";
import { visible } from "../../../sync/state";
import { confirmCode, putOffCode } from "../actions";
import { code, codePending, codeState } from "../queries";

export { DeviceAdded } from "./DeviceAdded";

/** Put off is put off until the app is opened anew or comes back after a while, not for ever. */
const putOffThisTime = signal(false);
const justSaved = signal(false);

const A_WHILE = 30 * 60_000;
let hiddenAt = Infinity;
effect(() => {
  if (visible.value && Date.now() - hiddenAt > A_WHILE) putOffThisTime.value = false;
  hiddenAt = visible.value ? Infinity : Date.now();
});

const groupsOf = (digits: string): string[] => digits.match(/.{1,4}/g) ?? [];

/** Digit by digit: a reader would make thousands of them. */
const spoken = (digits: string): string => groupsOf(digits).map((group) => [...group].join(" ")).join(", ");

export function CodeDigits({ digits }: { digits: string }) {
  const [copied, setCopied] = useState(false);
  const { error, run } = useTask();
  return (
    <div class="code-digits">
      <p class="digits" aria-label={`${m.code_group()}: ${spoken(digits)}`} role="img">
        {groupsOf(digits).map((group, i) => (
          <span key={i}>{group}</span>
        ))}
      </p>
      <button
        type="button"
        class="button plain"
        onClick={() => void run(() => navigator.clipboard.writeText(groupsOf(digits).join(" ")).then(() => setCopied(true)))}
      >
        <Icon name="copy" />
        {copied ? m.copied() : m.copy()}
      </button>
      <span class="sr" role="status">
        {copied && m.code_copied()}
      </span>
      {error !== null && <p class="small wrong">{m.problem_other()}</p>}
    </div>
  );
}

export function CodeCard() {
  const [last, setLast] = useState("");
  const [wrong, setWrong] = useState(false);
  const { busy, error, run } = useTask();
  const id = useId();
  const digits = code.value;
  // Said once; the next page has other things to say.
  useEffect(
    () => () => {
      justSaved.value = false;
    },
    [],
  );
  if (codeState.value === "confirmed" && justSaved.value)
    return (
      <p class="notice good" role="status">
        <Icon name="check" />
        {m.code_saved()}
      </p>
    );
  const wanted = codeState.value === "unseen" || (codeState.value === "put-off" && !putOffThisTime.value);
  if (!digits || !wanted) return null;

  const confirm = () =>
    run(async () => {
      const right = await confirmCode(last.trim());
      setWrong(!right);
      justSaved.value = right;
    });
  return (
    <section class="card code" aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>{m.code_title()}</h2>
      <p>{m.code_lead()}</p>
      <CodeDigits digits={digits} />
      {codePending.value && <p class="notice care">{m.device_code_pending()}</p>}
      <p class="code-warning">{m.code_warning()}</p>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void confirm();
        }}
      >
        <label for={id}>{m.code_confirm_label()}</label>
        <div class="row">
          <input
            id={id}
            class="four"
            inputMode="numeric"
            autocomplete="off"
            maxLength={4}
            value={last}
            aria-invalid={wrong}
            aria-describedby={wrong ? `${id}-wrong` : undefined}
            onInput={(event) => {
              setWrong(false);
              setLast(event.currentTarget.value.replace(/\D/g, ""));
            }}
          />
          <button type="submit" class="button" disabled={busy || last.length !== 4}>
            {m.code_confirm()}
          </button>
        </div>
        {wrong && (
          <p id={`${id}-wrong`} class="small wrong" role="alert">
            {m.code_wrong()}
          </p>
        )}
      </form>
      <button
        type="button"
        class="button quiet"
        onClick={() => {
          putOffThisTime.value = true;
          void run(putOffCode);
        }}
      >
        {m.code_later()}
      </button>
      <p class="small">{m.code_later_hint()}</p>
      <Failed error={error} />
    </section>
  );
}
