import { useSignal } from "@preact/signals";
import { useEffect, useId, useRef } from "preact/hooks";
import { give } from "../../../app/give";
import { useTask } from "../../../design";
import { m } from "../../../i18n";
import { files } from "../../../sync/mirror";
import type { ReportRow } from "../queries";
import { asText, nameOf, receiptOf } from "../receipt";

/** Where the phone has a sheet for it she chooses herself where it goes; else it is saved. */
async function handOver(bytes: Blob, name: string): Promise<"gone" | "thought better"> {
  const file = new File([bytes], name, { type: bytes.type });
  if (navigator.canShare?.({ files: [file] }) === true)
    try {
      await navigator.share({ files: [file] });
      return "gone";
    } catch (error) {
      if (error instanceof DOMException && error.name === "AbortError") return "thought better";
    }
  give(bytes, name);
  return "gone";
}

/** Proof that a report was received, to keep outside the app: it says first that others may see it there. */
export function Receipt({ report }: { report: ReportRow }) {
  const asking = useSignal(false);
  const saved = useSignal(false);
  const { busy, error, run, clear } = useTask();
  const opener = useRef<HTMLButtonElement>(null);
  const first = useRef<HTMLButtonElement>(null);
  const asked = useRef(false);
  const question = useId();
  useEffect(() => {
    if (asking.value) first.current?.focus();
    else if (asked.current) opener.current?.focus();
    asked.current ||= asking.value;
  }, [asking.value]);
  // The server draws its number: before it has, there is nothing to prove.
  if (report.sync !== "arrived" || report.number === "") return null;
  const save = (form: "picture" | "text") =>
    void run(async () => {
      const now = Date.now();
      const receipt = receiptOf(report, files.peek(), location.host, now);
      const bytes =
        form === "text"
          ? new Blob([asText(receipt)], { type: "text/plain" })
          : await (await import("../receiptPicture")).drawReceipt(receipt);
      if ((await handOver(bytes, nameOf(now, form === "text" ? "txt" : "png"))) === "gone") {
        saved.value = true;
        asking.value = false;
      }
    });
  return (
    <div class="block">
      {asking.value ? (
        <div class="notice care" role="group" aria-labelledby={question}>
          <p id={question} class="strong">
            {m.receipt_ask()}
          </p>
          <p>{m.receipt_what()}</p>
          <div class="row">
            <button type="button" class="button" disabled={busy} onClick={() => save("picture")}>
              {m.receipt_as_picture()}
            </button>
            <button type="button" class="button" disabled={busy} onClick={() => save("text")}>
              {m.receipt_as_text()}
            </button>
            <button type="button" class="button plain" ref={first} onClick={() => (asking.value = false)}>
              {m.cancel()}
            </button>
          </div>
          <div role="alert">{error !== null && <p>{m.receipt_failed()}</p>}</div>
        </div>
      ) : (
        <button
          type="button"
          class="button plain"
          ref={opener}
          onClick={() => {
            clear();
            saved.value = false;
            asking.value = true;
          }}
        >
          {m.receipt_save()}
        </button>
      )}
      <div role="status">{saved.value && <p class="small">{m.receipt_saved()}</p>}</div>
    </div>
  );
}
