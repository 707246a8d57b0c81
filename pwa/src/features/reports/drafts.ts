import { signal } from "@preact/signals";
import type { SubmitReport } from "../../api/wire";
import { getKept } from "../../sync/core";
import type { StoreName, Tx } from "../../sync/db";
import { kick } from "../../sync/engine";
import { uuidV7 } from "../../sync/ids";
import { channel, draftRow, draftRows, openDraft, pageCore, pageLocale, refresh, writing, type Said } from "../../sync/mirror";
import { forgetFile, newId, OUTBOX_STORES, putAction, selfOrNew } from "../../sync/outbox";
import type { DraftRow, FileRow, OutboxRow } from "../../sync/rows";
import { reportOf, toSubmit } from "./body";
import { filesOfDraft } from "./named";
import { questionnaireOf } from "./documents";

/** The stores that a draft with its picture lies in. */
export const DRAFT_STORES: StoreName[] = ["drafts", "files", "chunks"];

export type DraftPatch = Partial<Pick<DraftRow, "what" | "happened" | "place" | "event_kind" | "questionnaire_version" | "answers" | "links" | "area" | "conversation_id" | "message_ids">>;

/** Another window has changed the draft since this one read it, and nothing was written over. */
export class Changed extends Error {}
/** Set until the person has said which of the two stands. */
export const changed = signal(false);

let last: Promise<unknown> = Promise.resolve();

/** One after the other, so that an older keystroke never lands upon a newer. */
export function inTurn<T>(work: () => Promise<T>): Promise<T> {
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

export function shownOrBegun(): DraftRow {
  const shown = draftRow.peek();
  if (shown) return shown;
  const now = Date.now();
  begun = uuidV7((bytes) => crypto.getRandomValues(bytes), now);
  openDraft.value = begun;
  const at = new Date(now).toISOString();
  return { report_id: begun, started_at: at, saved_at: at, revision: 0, what: "" };
}

type Change = (row: DraftRow, tx: Tx) => DraftRow | null | Promise<DraftRow | null>;

/**
 * Changes the draft on the disk, and with it what could not be saved before. Gives the draft as it stood, or nothing once another
 * window has sent it or thrown it away: it is never revived.
 */
export async function write(change: Change, stores: StoreName[] = ["drafts"]): Promise<DraftRow | null> {
  const core = await pageCore();
  const patch = unsaved;
  const shown = draftRow.peek();
  const saved_at = new Date().toISOString();
  try {
    const row = await core.db.write(stores, async (tx) => {
      const stored = shown && ((await tx.get("drafts", shown.report_id)) ?? (shown.report_id === begun ? shown : undefined));
      if (!stored) return null;
      // The second time that this very write is done is no change by another.
      if (stored.revision !== shown.revision && stored.saved_at !== saved_at) throw new Changed();
      const before = { ...stored, ...patch };
      const next = await change(before, tx);
      if (next) await tx.put("drafts", { ...next, saved_at, revision: shown.revision + 1 });
      else await tx.del("drafts", shown.report_id);
      return before;
    });
    if (unsaved === patch || !row) unsaved = {};
    if (row?.report_id === begun) begun = null;
    const now = draftRow.peek();
    if (shown && row && now?.report_id === row.report_id) {
      draftRow.value = { ...now, saved_at, revision: shown.revision + 1 };
      draftRows.value = [draftRow.value, ...draftRows.peek().filter((one) => one.report_id !== row.report_id)];
    }
    tellOthers();
    return row;
  } catch (error) {
    changed.value ||= error instanceof Changed;
    throw error;
  } finally {
    writing.failed = Object.keys(unsaved).length > 0;
  }
}

let telling: ReturnType<typeof setTimeout> | undefined;

/** Other windows show it too, and need not read every letter. */
function tellOthers(): void {
  telling ??= setTimeout(() => {
    telling = undefined;
    channel?.postMessage({ t: "changed" } satisfies Said);
  }, 500);
}

/** Letters that came while the disk was busy went together with one before them. */
const saveRest = (): Promise<DraftRow | null> => inTurn(async () => (Object.keys(unsaved).length > 0 ? write((now) => now) : draftRow.peek()));

/** The screen has it at once; resolves when the disk has it too. */
export async function saveDraft(patch: DraftPatch): Promise<void> {
  draftRow.value = { ...shownOrBegun(), ...patch };
  unsaved = { ...unsaved, ...patch };
  const row = await saveRest();
  if (!row) await refresh();
}

/** Another window writes on: what could not be saved here goes along, and is not written from here any more. */
export async function givesAway(): Promise<DraftPatch> {
  await last;
  const patch = unsaved;
  unsaved = {};
  writing.failed = false;
  return patch;
}

/** Of a draft that another window has changed: what stands there, or the words of this screen in its place. */
export async function chooseWords(mine: boolean): Promise<void> {
  const shown = draftRow.peek();
  unsaved = {};
  writing.failed = false;
  await refresh();
  const stored = draftRow.peek();
  changed.value = false;
  if (!mine || !shown || stored?.report_id !== shown.report_id) return;
  const { report_id, started_at, saved_at, revision, account_id, file_id, file_ids, ...words } = shown;
  await saveDraft(words);
}

/** Shows this draft in the form, or with `null` a new one. What could not be saved of the one before must be safe first. */
export async function showDraft(report_id: string | null): Promise<void> {
  await saveRest();
  openDraft.value = report_id;
  draftRow.value = draftRows.peek().find((row) => row.report_id === report_id) ?? null;
  await refresh();
}

export async function discardDraft(thrown = draftRow.peek()?.report_id): Promise<void> {
  if (thrown !== undefined && thrown === draftRow.peek()?.report_id) {
    // Gone from the screen first: what is typed from now on is another draft.
    draftRow.value = null;
    openDraft.value = null;
    unsaved = {};
    writing.failed = changed.value = false;
  }
  try {
    await inTurn(async () =>
      (await pageCore()).db.write(DRAFT_STORES, async (tx) => {
        const row = thrown === undefined ? undefined : await tx.get("drafts", thrown);
        if (!row) return;
        for (const file_id of filesOfDraft(row)) await forgetFile(tx, file_id);
        await tx.del("drafts", row.report_id);
      }),
    );
  } catch (error) {
    // It stands, so it is shown.
    if (openDraft.peek() === null && thrown !== undefined) openDraft.value = thrown;
    throw error;
  } finally {
    await refresh();
    (await pageCore()).changed();
  }
}

/** The draft becomes a report that waits to be sent: one transaction, so that it is never both or neither. */
export async function submitDraft(): Promise<string> {
  const core = await pageCore();
  const action_id = newId(core);
  const document = await questionnaireOf(draftRow.peek()?.questionnaire_version);
  const sent = await inTurn(() =>
    write(async (row, tx) => {
      if (!row.what.trim()) throw new Error("there is nothing to send");
      const owner = await selfOrNew(core, tx, pageLocale());
      const files: FileRow[] = [];
      for (const file_id of filesOfDraft(row)) {
        const file = await tx.get("files", file_id);
        if (file) files.push(file);
      }
      const body = reportOf(row, files.map(({ file_id, sha256, size, media_type }) => ({ file_id, sha256, size, media_type })), document);
      await putAction(core, tx, owner, action_id, toSubmit(body));
      for (const file of files) await tx.put("files", { ...file, report_id: row.report_id, account_id: owner.account_id, state: "waiting" });
      return null;
    }, [...OUTBOX_STORES, "drafts"]),
  );
  core.changed();
  if (!sent) {
    await refresh();
    throw new Error("the draft was sent or thrown away in another tab");
  }
  draftRow.value = null;
  openDraft.value = null;
  await refresh();
  void kick("write");
  return sent.report_id;
}

/** A refused report becomes a draft again, as another report with the same words; false when it is not there any more. */
export async function editReport(report_id: string): Promise<boolean> {
  const core = await pageCore();
  await saveRest();
  const next = newId(core);
  const saved_at = new Date().toISOString();
  const made = await inTurn(() =>
    core.db.write([...OUTBOX_STORES, "drafts"], async (tx) => {
      const refused = (await tx.all("outbox")).find((one) => isRefused(one, report_id));
      const self = await getKept(tx, "self");
      if (refused?.seq === undefined || refused.account_id !== self?.account_id) return false;
      const { files: named, ...words } = JSON.parse(refused.body) as SubmitReport;
      const files = await tx.where("files", "report_id", report_id);
      for (const file of files) await tx.put("files", { ...file, report_id: next, account_id: "", state: "draft" });
      const standing = named.map((file) => file.file_id).filter((file_id) => files.some((file) => file.file_id === file_id));
      await tx.put("drafts", { ...words, report_id: next, started_at: refused.recorded_at, saved_at, revision: 1, file_ids: standing });
      await tx.del("outbox", refused.seq);
      return true;
    }),
  );
  if (made) openDraft.value = next;
  core.changed();
  await refresh();
  return made;
}

export const isRefused = (row: OutboxRow, report_id: string): boolean =>
  row.kind === "report-submit" && row.lane === `report:${report_id}` && row.state === "attention";
