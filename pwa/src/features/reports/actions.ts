import type { Happened } from "../../api/wire";
import { getKept, putKept } from "../../sync/core";
import { kick } from "../../sync/engine";
import { PIECE } from "../../sync/files";
import { hex, uuidV7 } from "../../sync/ids";
import { draftRow, outbox, pageCore, pageLocale, picture, refresh, writing } from "../../sync/mirror";
import { dropRefused, enqueue, forgetFile, OUTBOX_STORES, putAction, selfOrNew } from "../../sync/outbox";
import type { DraftRow, FileRow } from "../../sync/rows";
import { api } from "../../sync/session";

export interface DraftPatch {
  what?: string;
  happened?: Happened;
  place?: string;
}

let last: Promise<unknown> = Promise.resolve();

/** One after the other, so that an older keystroke never lands upon a newer. */
function inTurn<T>(work: () => Promise<T>): Promise<T> {
  writing.drafts += 1;
  const turn = last.then(work).finally(() => {
    writing.drafts -= 1;
  });
  last = turn.catch(() => undefined);
  return turn;
}

async function newDraft(): Promise<DraftRow> {
  const core = await pageCore();
  return { report_id: uuidV7(core.fill, core.now()), started_at: new Date(core.now()).toISOString(), what: "" };
}

async function write(change: (row: DraftRow) => DraftRow): Promise<void> {
  const core = await pageCore();
  const fresh = await newDraft();
  const row = await core.db.write(["kept"], async (tx) => {
    const next = change((await getKept(tx, "draft")) ?? draftRow.peek() ?? fresh);
    await putKept(tx, "draft", next);
    return next;
  });
  if (writing.drafts === 1) draftRow.value = row;
}

/** Resolves once it is on the disk. The field shows it at once. */
export function saveDraft(patch: DraftPatch): Promise<void> {
  const shown = draftRow.peek();
  if (shown) draftRow.value = { ...shown, ...patch };
  return inTurn(() => write((row) => ({ ...row, ...patch })));
}

async function sha256(bytes: ArrayBuffer): Promise<string> {
  // Browsers give `subtle` to secure pages only; a phone in a test network has none.
  if (crypto.subtle) return hex(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)));
  const { sha256: sum } = await import("@noble/hashes/sha2.js");
  return hex(sum(new Uint8Array(bytes)));
}

const BY_NAME: Record<string, string> = { heic: "image/heic", jpg: "image/jpeg", jpeg: "image/jpeg", png: "image/png", webp: "image/webp", gif: "image/gif", mp4: "video/mp4" };

/** Takes the picture's bytes into the draft just as they are. */
export async function attachPicture(file: File): Promise<void> {
  const core = await pageCore();
  const bytes = await file.arrayBuffer();
  const made: FileRow = {
    file_id: uuidV7(core.fill, core.now()),
    report_id: "",
    account_id: "",
    sha256: await sha256(bytes),
    size: bytes.byteLength,
    media_type: file.type || (BY_NAME[file.name.split(".").pop()?.toLowerCase() ?? ""] ?? "application/octet-stream"),
    state: "draft",
    offset: 0,
  };
  await inTurn(async () => {
    const fresh = await newDraft();
    const row = await core.db.write(["kept", "files", "chunks"], async (tx) => {
      const before = (await getKept(tx, "draft")) ?? fresh;
      if (before.file_id !== undefined) await forgetFile(tx, before.file_id);
      for (let n = 0; n * PIECE < bytes.byteLength; n++)
        await tx.put("chunks", { file_id: made.file_id, n, bytes: bytes.slice(n * PIECE, (n + 1) * PIECE) });
      await tx.put("files", { ...made, report_id: before.report_id });
      const next: DraftRow = { ...before, file_id: made.file_id };
      await putKept(tx, "draft", next);
      return next;
    });
    picture.value = { file_id: made.file_id, media_type: made.media_type, size: made.size, bytes };
    draftRow.value = { ...row, ...(draftRow.peek() ?? {}), file_id: made.file_id };
  });
  await refresh();
}

export async function dropPicture(): Promise<void> {
  const core = await pageCore();
  await inTurn(() =>
    core.db.write(["kept", "files", "chunks"], async (tx) => {
      const row = await getKept(tx, "draft");
      if (row?.file_id === undefined) return;
      await forgetFile(tx, row.file_id);
      const { file_id: _gone, ...rest } = row;
      await putKept(tx, "draft", rest);
    }),
  );
  picture.value = null;
  await refresh();
}

export async function discardDraft(): Promise<void> {
  const core = await pageCore();
  await inTurn(() =>
    core.db.write(["kept", "files", "chunks"], async (tx) => {
      const row = await getKept(tx, "draft");
      if (row?.file_id !== undefined) await forgetFile(tx, row.file_id);
      await tx.del("kept", "draft");
    }),
  );
  draftRow.value = null;
  picture.value = null;
  await refresh();
}

function told(happened: Happened | undefined): Happened {
  if (!happened || happened.certainty === "unknown" || (happened.certainty === "exact" && !happened.at)) return { certainty: "unknown" };
  const words = happened.words?.trim();
  return { certainty: happened.certainty, ...(happened.at ? { at: happened.at } : {}), ...(words ? { words } : {}) };
}

/** The draft becomes a report that waits to be sent: one transaction, so that it is never both or neither. */
export async function submitDraft(): Promise<string> {
  const core = await pageCore();
  const report_id = await inTurn(() =>
    core.db.write(OUTBOX_STORES, async (tx) => {
      const row = await getKept(tx, "draft");
      if (!row?.what.trim()) throw new Error("there is nothing to send");
      const owner = await selfOrNew(core, tx, pageLocale());
      const file = row.file_id === undefined ? undefined : await tx.get("files", row.file_id);
      const place = row.place?.trim();
      const body = {
        report_id: row.report_id,
        event_kind: "threat",
        what: row.what.trim(),
        happened: told(row.happened),
        ...(place ? { place } : {}),
        files: file ? [{ file_id: file.file_id, sha256: file.sha256, size: file.size, media_type: file.media_type }] : [],
      };
      await putAction(core, tx, owner, { kind: "report-submit", lane: `report:${row.report_id}`, body });
      if (file) await tx.put("files", { ...file, report_id: row.report_id, account_id: owner.account_id, state: "waiting" });
      await tx.del("kept", "draft");
      return row.report_id;
    }),
  );
  draftRow.value = null;
  picture.value = null;
  core.changed();
  await refresh();
  void kick("write");
  return report_id;
}

/** Takes back a report that was refused. */
export async function discardReport(report_id: string): Promise<void> {
  const row = outbox.peek().find((one) => one.kind === "report-submit" && one.lane === `report:${report_id}`);
  if (row) await dropRefused(await pageCore(), row.action_id);
  await refresh();
}

/** The officer says that a person is reading it. */
export async function markReading(report_id: string): Promise<void> {
  const core = await pageCore();
  const seen = await core.db.read(["reports"], (tx) => tx.get("reports", report_id));
  const body = { report_id, expected_revision: seen?.revision ?? 0 };
  await enqueue(core, pageLocale(), { kind: "report-read", lane: `report:${report_id}`, body });
  void kick("write");
}

/** An address for the picture that holds for five minutes. */
export async function pictureUrl(file_id: string): Promise<string> {
  const { url } = await api<{ url: string }>(await pageCore(), `/api/v1/files/${file_id}/link`, { method: "POST" });
  return url;
}
