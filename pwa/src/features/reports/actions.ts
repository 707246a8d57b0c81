import type { Happened, SubmitReport } from "../../api/wire";
import { getKept, putKept } from "../../sync/core";
import type { StoreName, Tx } from "../../sync/db";
import { kick } from "../../sync/engine";
import { PIECE } from "../../sync/files";
import { hex, uuidV7 } from "../../sync/ids";
import { draftRow, outbox, pageCore, pageLocale, picture, refresh, writing } from "../../sync/mirror";
import { dropRefused, enqueue, forgetFile, OUTBOX_STORES, putAction, selfOrNew } from "../../sync/outbox";
import type { DraftRow, OutboxRow } from "../../sync/rows";
import { api } from "../../sync/session";
import { reportOf } from "./queries";

/** What the server takes of one picture. */
const LARGEST_PICTURE = 100 * 1024 * 1024;
/** The stores that a draft with its picture lies in. */
const DRAFT_STORES: StoreName[] = ["kept", "files", "chunks"];

export interface DraftPatch {
  what?: string;
  happened?: Happened;
  place?: string;
}

let last: Promise<unknown> = Promise.resolve();

/** One after the other, so that an older keystroke never lands upon a newer. */
function inTurn<T>(work: () => Promise<T>): Promise<T> {
  writing.drafts += 1;
  writing.turns += 1;
  const turn = last.then(work).finally(() => {
    writing.drafts -= 1;
  });
  last = turn.catch(() => undefined);
  return turn;
}

/** What the screen has and the disk has not. */
let unsaved: DraftPatch = {};
/** The draft that was begun on this screen and has never been on the disk. */
let begun: string | null = null;

function shownOrBegun(): DraftRow {
  const shown = draftRow.peek();
  if (shown) return shown;
  const now = Date.now();
  begun = uuidV7((bytes) => crypto.getRandomValues(bytes), now);
  return { report_id: begun, started_at: new Date(now).toISOString(), what: "" };
}

/** The screen's draft with its every letter, or nothing once another tab has sent it or thrown it away: it is never revived. */
async function standing(tx: Tx, patch: DraftPatch): Promise<DraftRow | null> {
  const shown = draftRow.peek();
  const row = (await getKept(tx, "draft")) ?? (shown?.report_id === begun ? shown : undefined);
  return row && row.report_id === shown?.report_id ? { ...row, ...patch } : null;
}

type Change = (row: DraftRow, tx: Tx) => DraftRow | null | Promise<DraftRow | null>;

/** Changes the draft on the disk, and with it what could not be saved before. Gives the draft as it stood, if it still does. */
async function write(change: Change, stores: StoreName[] = ["kept"]): Promise<DraftRow | null> {
  const core = await pageCore();
  const patch = unsaved;
  try {
    const row = await core.db.write(stores, async (tx) => {
      const before = await standing(tx, patch);
      if (!before) return null;
      const next = await change(before, tx);
      if (next) await putKept(tx, "draft", next);
      else await tx.del("kept", "draft");
      return before;
    });
    if (unsaved === patch || !row) unsaved = {};
    if (row?.report_id === begun) begun = null;
    return row;
  } finally {
    writing.failed = Object.keys(unsaved).length > 0;
  }
}

/** The screen has it at once; resolves when the disk has it too. */
export async function saveDraft(patch: DraftPatch): Promise<void> {
  draftRow.value = { ...shownOrBegun(), ...patch };
  unsaved = { ...unsaved, ...patch };
  // Letters that came while the disk was busy went together with one before them.
  const row = await inTurn(async () => (Object.keys(unsaved).length > 0 ? write((now) => now) : draftRow.peek()));
  if (!row) await refresh();
}

async function sha256(bytes: ArrayBuffer): Promise<string> {
  // Browsers give `subtle` to secure pages only; a phone in a test network has none.
  if (crypto.subtle) return hex(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)));
  const { sha256: sum } = await import("@noble/hashes/sha2.js");
  return hex(sum(new Uint8Array(bytes)));
}

const latin = (bytes: Uint8Array): string => String.fromCharCode(...bytes);

/** What a picture is by its first twelve bytes, as the server knows it: a name is only what somebody called it. */
export function typeOf(bytes: ArrayBuffer): string | null {
  const face = latin(new Uint8Array(bytes.slice(0, 12)));
  if (face.startsWith("\xff\xd8\xff")) return "image/jpeg";
  if (face.startsWith("\x89PNG\r\n\x1a\n")) return "image/png";
  if (/^GIF8[79]a/.test(face)) return "image/gif";
  if (/^RIFF.{4}WEBP/s.test(face)) return "image/webp";
  if (/^.{4}ftyp(heic|mif1|msf1)/s.test(face)) return "image/heic";
  return null;
}

/** Why a picture was not taken, in a word that the screen has a text for. */
export class Unfit extends Error {
  constructor(readonly why: "type" | "size") {
    super(why);
  }
}

/** Takes the picture's bytes into the draft just as they are. */
export async function attachPicture(file: File): Promise<void> {
  if (file.size > LARGEST_PICTURE) throw new Unfit("size");
  const core = await pageCore();
  const bytes = await file.arrayBuffer();
  const media_type = typeOf(bytes);
  if (media_type === null) throw new Unfit("type");
  const file_id = uuidV7(core.fill, core.now());
  const sum = await sha256(bytes);
  draftRow.value = shownOrBegun();
  const row = await inTurn(() =>
    write(async (before, tx) => {
      if (before.file_id !== undefined) await forgetFile(tx, before.file_id);
      for (let n = 0; n * PIECE < bytes.byteLength; n++) await tx.put("chunks", { file_id, n, bytes: bytes.slice(n * PIECE, (n + 1) * PIECE) });
      const { report_id } = before;
      await tx.put("files", { file_id, report_id, account_id: "", sha256: sum, size: bytes.byteLength, media_type, state: "draft", offset: 0 });
      return { ...before, file_id };
    }, DRAFT_STORES),
  );
  const shown = draftRow.peek();
  if (row && shown) {
    picture.value = { file_id, media_type, size: bytes.byteLength, bytes };
    draftRow.value = { ...shown, file_id };
  }
  await refresh();
}

export async function dropPicture(): Promise<void> {
  await inTurn(() =>
    write(async ({ file_id, ...rest }, tx) => {
      if (file_id !== undefined) await forgetFile(tx, file_id);
      return rest;
    }, DRAFT_STORES),
  );
  await refresh();
}

export async function discardDraft(): Promise<void> {
  const thrown = draftRow.peek()?.report_id;
  // Gone from the screen first: what is typed from now on is another draft.
  draftRow.value = null;
  picture.value = null;
  unsaved = {};
  writing.failed = false;
  try {
    await inTurn(async () =>
      (await pageCore()).db.write(DRAFT_STORES, async (tx) => {
        const row = await getKept(tx, "draft");
        if (row?.report_id !== thrown) return;
        if (row?.file_id !== undefined) await forgetFile(tx, row.file_id);
        await tx.del("kept", "draft");
      }),
    );
  } finally {
    await refresh();
  }
}

/** The draft becomes a report that waits to be sent: one transaction, so that it is never both or neither. */
export async function submitDraft(): Promise<string> {
  const core = await pageCore();
  const sent = await inTurn(() =>
    write(async (row, tx) => {
      if (!row.what.trim()) throw new Error("there is nothing to send");
      const owner = await selfOrNew(core, tx, pageLocale());
      const file = row.file_id === undefined ? undefined : await tx.get("files", row.file_id);
      const body = reportOf(row, file ? [{ file_id: file.file_id, sha256: file.sha256, size: file.size, media_type: file.media_type }] : []);
      await putAction(core, tx, owner, { kind: "report-submit", lane: `report:${row.report_id}`, body });
      if (file) await tx.put("files", { ...file, report_id: row.report_id, account_id: owner.account_id, state: "waiting" });
      return null;
    }, OUTBOX_STORES),
  );
  core.changed();
  if (!sent) {
    await refresh();
    throw new Error("the draft was sent or thrown away in another tab");
  }
  draftRow.value = null;
  picture.value = null;
  await refresh();
  void kick("write");
  return sent.report_id;
}

/** A refused report becomes a draft again, as another report with the same words; false when a draft is in the way. */
export async function editReport(report_id: string): Promise<boolean> {
  const core = await pageCore();
  const next = uuidV7(core.fill, core.now());
  const made = await inTurn(() =>
    core.db.write(OUTBOX_STORES, async (tx) => {
      const refused = (await tx.all("outbox")).find((one) => isRefused(one, report_id));
      const self = await getKept(tx, "self");
      if (refused?.seq === undefined || refused.account_id !== self?.account_id || (await getKept(tx, "draft"))) return false;
      const { what, happened, place } = JSON.parse(refused.body) as SubmitReport;
      const [file] = await tx.where("files", "report_id", report_id);
      if (file) await tx.put("files", { ...file, report_id: next, account_id: "", state: "draft" });
      await putKept(tx, "draft", {
        report_id: next,
        started_at: refused.recorded_at,
        what,
        happened,
        ...(place === undefined ? {} : { place }),
        ...(file ? { file_id: file.file_id } : {}),
      });
      await tx.del("outbox", refused.seq);
      return true;
    }),
  );
  core.changed();
  await refresh();
  return made;
}

const isRefused = (row: OutboxRow, report_id: string): boolean =>
  row.kind === "report-submit" && row.lane === `report:${report_id}` && row.state === "attention";

/** Takes back a report that was refused. */
export async function discardReport(report_id: string): Promise<void> {
  const row = outbox.peek().find((one) => isRefused(one, report_id));
  if (row) await dropRefused(await pageCore(), row.action_id);
  await refresh();
}

/** The officer says that a person is reading it. */
export async function markReading(report_id: string): Promise<void> {
  const lane = `report:${report_id}`;
  // One that is on its way says it already.
  if (outbox.peek().some((row) => row.kind === "report-read" && row.lane === lane && row.state !== "attention")) return;
  const core = await pageCore();
  const seen = await core.db.read(["reports"], (tx) => tx.get("reports", report_id));
  const body = { report_id, expected_revision: seen?.revision ?? 0 };
  await enqueue(core, pageLocale(), { kind: "report-read", lane, body });
  await refresh();
  void kick("write");
}

/** An address for the picture that holds for five minutes. */
export async function pictureUrl(file_id: string): Promise<string> {
  const { url } = await api<{ url: string }>(await pageCore(), `/api/v1/files/${file_id}/link`, { method: "POST" });
  return url;
}
