import { sha256 } from "@noble/hashes/sha2.js";
import type { Core } from "../../sync/core";
import { PIECE } from "../../sync/files";
import { hex } from "../../sync/ids";
import { conversationRows, draftRow, pageCore, refresh } from "../../sync/mirror";
import { forgetFile, newId } from "../../sync/outbox";
import type { DraftRow, FileRow } from "../../sync/rows";
import { DRAFT_STORES, inTurn, shownOrBegun, write } from "./drafts";
import { judged } from "../files/kinds";
import { filesOfDraft } from "./named";

/** Held while a picture is read: what it has put on the disk by then is named by no draft yet. */
export const LOCK = "natpatrull-picture";

/** Puts a file on the disk; gives its row, to be named in the step that says whose it is. */
export async function putPieces(core: Core, file: Blob, row: FileRow, onProgress: (share: number) => void): Promise<FileRow> {
  const sum = sha256.create();
  await core.db.write(["files"], (tx) => tx.put("files", row));
  for (let n = 0; n * PIECE < file.size; n++) {
    const bytes = await file.slice(n * PIECE, (n + 1) * PIECE).arrayBuffer();
    sum.update(new Uint8Array(bytes));
    await core.db.write(["chunks"], (tx) => tx.put("chunks", { file_id: row.file_id, n, bytes }));
    onProgress(((n + 1) * PIECE) / file.size);
  }
  return { ...row, sha256: hex(sum.digest()) };
}

/** Takes the picture's bytes into the draft just as they are, piece by piece: the whole is never in memory. `onProgress` tells 0 to 1. */
export async function attachPicture(file: File, onProgress: (share: number) => void = () => undefined): Promise<void> {
  const media_type = await judged(file);
  const core = await pageCore();
  const file_id = newId(core);
  const row: FileRow = { file_id, report_id: "", account_id: "", sha256: "", size: file.size, media_type, state: "draft", offset: 0 };
  await core.alone(LOCK, async () => {
    try {
      const whole = await putPieces(core, file, row, onProgress);
      draftRow.value = shownOrBegun();
      const kept = await inTurn(() =>
        write(async (before, tx) => {
          if (!(await tx.get("files", file_id))) throw new Error("its pieces are gone");
          await tx.put("files", { ...whole, report_id: before.report_id });
          return named(before, [...filesOfDraft(before), file_id]);
        }, DRAFT_STORES),
      );
      const shown = draftRow.peek();
      if (!kept) await forget(file_id);
      else if (shown?.report_id === kept.report_id) draftRow.value = named(shown, [...filesOfDraft(shown), file_id]);
    } catch (error) {
      await forget(file_id).catch(() => undefined);
      throw error;
    }
  });
  await refresh();
}

export const forget = async (file_id: string): Promise<void> => (await pageCore()).db.write(["files", "chunks"], (tx) => forgetFile(tx, file_id));

export async function dropPicture(gone: string): Promise<void> {
  const without = (row: DraftRow): DraftRow => named(row, filesOfDraft(row).filter((file_id) => file_id !== gone));
  await inTurn(() =>
    write(async (row, tx) => {
      await forgetFile(tx, gone);
      return without(row);
    }, DRAFT_STORES),
  );
  draftRow.value = without(shownOrBegun());
  await refresh();
}

const named = ({ file_id: _alone, ...row }: DraftRow, file_ids: string[]): DraftRow => ({ ...row, file_ids });

/** The chosen picture, put together for the screen by the browser, which need not hold it in memory. */
export async function pictureOf(file_id: string, media_type: string): Promise<Blob> {
  const { db } = await pageCore();
  const parts: Blob[] = [];
  for (;;) {
    const piece = await db.read(["chunks"], (tx) => tx.get("chunks", [file_id, parts.length]));
    if (!piece) return new Blob(parts, { type: media_type });
    parts.push(new Blob([piece.bytes]));
  }
}

/** The app ended while a picture was being read: what no draft names goes. */
export async function sweepPictures(): Promise<void> {
  const core = await pageCore();
  const closed = new Set(conversationRows.peek().filter((talk) => talk.state === "closed").map((talk) => talk.conversation_id));
  await core.alone(LOCK, () =>
    core.db.write(DRAFT_STORES, async (tx) => {
      const named = new Set((await tx.all("drafts")).flatMap(filesOfDraft));
      for (const { file_id, state, conversation_id, post_id, dialogue_id, sha256 } of await tx.all("files"))
        // What was taken whole for a message waits for its words, as long as the talk takes any, and what was for a post or a dialogue for its own.
        if (state === "draft" && !named.has(file_id) && !(sha256 && (post_id || dialogue_id || (conversation_id && !closed.has(conversation_id))))) await forgetFile(tx, file_id);
    }),
  );
}
