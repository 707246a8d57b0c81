import { computed, type ReadonlySignal } from "@preact/signals";
import type { Report, SubmitReport } from "../../api/wire";
import { draftRow, files, outbox, reportRows } from "../../sync/mirror";
import type { DraftRow, OutboxRow } from "../../sync/rows";
import { filesOfDraft } from "./named";

export type { Happened, Report, ReportState } from "../../api/wire";

export interface Draft extends DraftRow {
  pictures: { file_id: string; media_type: string; size: number }[];
}

export interface ReportRow extends Report {
  /** How far it has come from here; `arrived` once the server has it. */
  sync: "saved" | "sending" | "arrived" | "needs-attention";
  problem_kind?: string;
  /** Set while it is only on this phone. */
  action_id?: string;
}

function fromOutbox(row: OutboxRow): ReportRow {
  const { links, ...body } = JSON.parse(row.body) as SubmitReport;
  const sync = ({ queued: "saved", sending: "sending", sent: "arrived", attention: "needs-attention" } as const)[row.state];
  return {
    ...body,
    state: "received",
    revision: 0,
    damaged: false,
    // The server draws its number and looks for danger in it.
    number: "",
    self_harm: false,
    in_danger: false,
    as_tip: true,
    ...(links ? { links: links.map((said) => ({ said })) } : {}),
    submitted_at: row.recorded_at,
    recorded_at: row.recorded_at,
    files: body.files.map((file) => ({ ...file, received: 0, complete: false, state: "arriving" as const })),
    sync,
    action_id: row.action_id,
    ...(row.problem_kind === undefined ? {} : { problem_kind: row.problem_kind }),
  };
}

/** Reports as they were told. What has been done with them since is laid over them in handled.ts, which no first page needs. */
export const reports: ReadonlySignal<ReportRow[]> = computed(() => {
  const rows = new Map<string, ReportRow>();
  for (const row of outbox.value) {
    if (row.kind !== "report-submit") continue;
    const report = fromOutbox(row);
    rows.set(report.report_id, report);
  }
  for (const report of reportRows.value) rows.set(report.report_id, { ...report, sync: "arrived" });
  const sent = new Map(files.value.map((file) => [file.file_id, file]));
  return [...rows.values()]
    .map((report) => ({
      ...report,
      // What this phone has sent is known here before the server's row says so.
      files: report.files.map((file) => {
        const own = sent.get(file.file_id);
        if (!own) return file;
        const state = own.state === "refused" ? ("refused" as const) : file.state;
        return { ...file, state, received: Math.max(file.received, own.offset), complete: file.complete || own.state === "done" };
      }),
    }))
    .sort((a, b) => b.recorded_at.localeCompare(a.recorded_at));
});

/** Reports that the server said no to: a person decides what becomes of them. */
export const refusedReports: ReadonlySignal<ReportRow[]> = computed(() => reports.value.filter((report) => report.sync === "needs-attention"));

export const draft: ReadonlySignal<Draft | null> = computed(() => {
  const row = draftRow.value;
  if (!row) return null;
  const pictures = filesOfDraft(row).flatMap((id) => files.value.filter((file) => file.file_id === id));
  return { ...row, pictures };
});
