import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { SentFile } from "../../../api/wire";
import { m } from "../../../i18n";
import { Failed } from "../../../i18n/Problem";
import { useTouch } from "../../identity/useTouch";
import { saveOriginal, type OpeningReason } from "../actions";
import { reasons } from "../words";

/** For an officer, a file as it was sent: with a reason and a touch of the passkey, as a file on this device, and never in a page. */
export function Original({ file, label = m.original_open() }: { file: SentFile; label?: string }) {
  const open = useSignal(false);
  const saved = useSignal(false);
  const reason = useSignal<OpeningReason | null>(null);
  const { busy, error, closed, does, drop } = useTouch();
  const opener = useRef<HTMLButtonElement>(null);
  const form = useRef<HTMLFormElement>(null);
  const moved = useRef(false);
  useEffect(() => {
    if (open.value) form.current?.querySelector("input")?.focus();
    else if (moved.current) opener.current?.focus();
    moved.current ||= open.value;
  }, [open.value]);
  const shut = () => {
    drop();
    open.value = false;
  };
  const fetch = async () => {
    const why = reason.value;
    if (why === null || !(await does(() => saveOriginal(file.file_id, why)))) return;
    saved.value = true;
    open.value = false;
  };
  return (
    <>
      {open.value ? (
        <form
          class="notice"
          ref={form}
          aria-label={m.original_open()}
          onSubmit={(event) => {
            event.preventDefault();
            if (!busy) void fetch();
          }}
        >
          <p>{m.original_text()}</p>
          {file.scan !== "clean" && file.withheld !== true && <p class="strong">{m.file_not_scanned()}</p>}
          <fieldset>
            <legend>{m.original_why()}</legend>
            <div class="chips">
              {Object.entries(reasons).map(([one, words]) => (
                <label class="chip" key={one}>
                  <input
                    type="radio"
                    name={`${file.file_id}-why`}
                    checked={reason.value === one}
                    onChange={() => (reason.value = one as OpeningReason)}
                  />
                  {words()}
                </label>
              ))}
            </div>
          </fieldset>
          {closed && (
            <p class="notice" role="alert">
              {m.staff_locked()}
            </p>
          )}
          <Failed error={error} />
          <div class="row">
            <button type="submit" class="button" disabled={busy || reason.value === null}>
              {closed ? m.desk_picture_unlock() : m.original_save()}
            </button>
            <button type="button" class="button plain" disabled={busy} onClick={shut}>
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
      <div role="status">{saved.value && <p class="small">{m.original_saved()}</p>}</div>
    </>
  );
}
