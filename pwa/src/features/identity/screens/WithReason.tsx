import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { m } from "../../../i18n";
import { Failed } from "../../../i18n/Problem";
import { useTouch } from "../useTouch";

interface Props<Reason extends string> {
  /** Names the choice; one of its own for each on a page. */
  name: string;
  label: string;
  text: string;
  why: string;
  reasons: Record<Reason, () => string>;
  press: string;
  done: string;
  does: (reason: Reason) => Promise<void>;
  /** What else is to be known before. */
  children?: ComponentChildren;
}

/** A button, and behind it why: for what leaves the app with a reason and a touch of the passkey. */
export function WithReason<Reason extends string>({ name, label, text, why, reasons, press, done, does, children }: Props<Reason>) {
  const open = useSignal(false);
  const saved = useSignal(false);
  const reason = useSignal<Reason | null>(null);
  const touch = useTouch();
  const opener = useRef<HTMLButtonElement>(null);
  const form = useRef<HTMLFormElement>(null);
  const moved = useRef(false);
  useEffect(() => {
    if (open.value) form.current?.querySelector("input")?.focus();
    else if (moved.current) opener.current?.focus();
    moved.current ||= open.value;
  }, [open.value]);
  const shut = () => {
    touch.drop();
    open.value = false;
  };
  const fetch = async () => {
    const chosen = reason.value;
    if (chosen === null || !(await touch.does(() => does(chosen)))) return;
    saved.value = true;
    reason.value = null;
    open.value = false;
  };
  return (
    <>
      {open.value ? (
        <form
          class="notice"
          ref={form}
          aria-label={label}
          onSubmit={(event) => {
            event.preventDefault();
            if (!touch.busy) void fetch();
          }}
        >
          <p>{text}</p>
          {children}
          <fieldset>
            <legend>{why}</legend>
            <div class="chips">
              {(Object.entries(reasons) as [Reason, () => string][]).map(([one, words]) => (
                <label class="chip" key={one}>
                  <input type="radio" name={name} checked={reason.value === one} onChange={() => (reason.value = one)} />
                  {words()}
                </label>
              ))}
            </div>
          </fieldset>
          {touch.closed && (
            <p class="notice" role="alert">
              {m.staff_locked()}
            </p>
          )}
          <Failed error={touch.error} />
          <div class="row">
            <button type="submit" class="button" disabled={touch.busy || reason.value === null}>
              {touch.closed ? m.desk_picture_unlock() : press}
            </button>
            <button type="button" class="button plain" disabled={touch.busy} onClick={shut}>
              {m.cancel()}
            </button>
          </div>
        </form>
      ) : (
        <button
          type="button"
          class="button plain"
          ref={opener}
          onClick={() => {
            saved.value = false;
            open.value = true;
          }}
        >
          {label}
        </button>
      )}
      <div role="status">{saved.value && <p class="small">{done}</p>}</div>
    </>
  );
}
