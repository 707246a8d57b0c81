import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { Empty, Lamp, Loading, Mark, useTask } from "../../../design";
import { NotFetched } from "../../../app/NotFetched";
import { m } from "../../../i18n";
import { when } from "../../../i18n/time";
import { reasonWords } from "../../files/words";
import { bundleReasons, type BundleReason } from "../../reports/bundle";
import { outcomeWords } from "../../work/outcomes";
import { listLooks, type AuditEntry } from "../queries";

const acts: Record<AuditEntry["act"], () => string> = {
  read: m.look_read,
  change: m.look_change,
  release: m.look_release,
  join: m.look_join,
  erase: m.look_erase,
};
/** What was done, where there is a word for it that says more than its kind. */
const details: Record<string, () => string> = {
  "message-send": m.look_answered,
  "conversation-take": m.look_took,
  "conversation-close": m.look_closed,
  "conversation-pass": m.look_passed,
  "conversation-give-back": m.look_gave_back,
  "holder-unheard": m.look_holder_gone,
  "note-write": m.look_noted,
  "look-in": m.look_looked_in,
  "conversation-read": m.look_read,
  "report-read": m.look_reading,
  "report-open-talk": m.look_asked,
  "report-pass-on": m.look_report_passed,
  "report-register": m.look_registered,
  "report-close": m.look_report_closed,
  "tag": m.look_tagged,
  "hold": m.look_held,
  "hold-lift": m.look_lifted,
  "review": m.look_reviewed,
  "erasure-refuse": m.look_kept,
  "report-bundle": m.look_bundle,
  "original": m.look_original,
  "file-withhold": m.look_withheld,
  "investigator-name": m.look_named,
  "investigator-end": m.look_unnamed,
};

const bundleWords = (reason: string): string => (bundleReasons[reason as BundleReason] ?? m.bundle_other)();

/** A talk is closed with how it ended, and an original opened or a report taken with why: that stands behind. */
export function lookWords({ act, detail = "" }: Pick<AuditEntry, "act" | "detail">): string {
  const [what = "", how] = detail.split(" ");
  const words = what === "original" ? reasonWords : what === "report-bundle" ? bundleWords : outcomeWords;
  return [(details[what] ?? acts[act])(), ...(how === undefined ? [] : [`(${words(how)})`])].join(" ");
}

/** Who looked at one thing and what was done with it, newest first. */
export function Looks({ subject_id }: { subject_id: string }) {
  const entries = useSignal<AuditEntry[] | null>(null);
  const next = useSignal<string | undefined>(undefined);
  const { busy, error, run } = useTask();
  const more = () =>
    run(async () => {
      const page = await listLooks(subject_id, next.value);
      entries.value = [...(entries.value ?? []), ...page.items];
      next.value = page.next;
    });
  useEffect(() => {
    void more();
  }, [subject_id]);

  return (
    <>
      {busy && !entries.value && <Loading />}
      {error !== null && <NotFetched error={error} again={() => void more()} />}
      {entries.value?.length === 0 && <Empty title={m.looks_none()} />}
      <ol class="looks">
        {entries.value?.map(({ entry_id, public_number, act, detail, at }) => (
          <li key={entry_id}>
            {public_number ? <Lamp number={public_number} /> : <Mark lit={false} />}
            <span>
              <b>{public_number ? m.officer({ number: public_number }) : m.looks_program()}</b> {lookWords({ act, ...(detail === undefined ? {} : { detail }) })}
              <small>
                <time dateTime={at}>{when(at)}</time>
              </small>
            </span>
          </li>
        ))}
      </ol>
      {next.value !== undefined && (
        <button type="button" class="button plain" disabled={busy} onClick={() => void more()}>
          {m.looks_more()}
        </button>
      )}
    </>
  );
}
