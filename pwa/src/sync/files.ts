import { Problem, Unreached } from "../api/problem";
import { kept, type Core, type Door } from "./core";
import type { FileRow, Self } from "./rows";
import { api, SignedOut } from "./session";

export const PIECE = 256 * 1024;

interface Stored {
  file_id: string;
  offset: number;
  complete: boolean;
}

/** Sends the files whose report, message or post has arrived, from where the server says it has got to. Their bytes are never changed. */
export async function sendFiles(core: Core): Promise<void> {
  await core.alone("natpatrull-files", async () => {
    const self = await kept(core, "self");
    if (!self) return;
    try {
      if (!self.ended) return await sendOwn(core, self, api);
    } catch (error) {
      if (!(error instanceof SignedOut) || !(await kept(core, "self"))?.ended) throw error;
    }
    // Without a session they go all the same.
    const by = await core.delivery(core, self);
    if (by) await sendOwn(core, self, by);
  });
}

async function sendOwn(core: Core, self: Self, by: Door): Promise<void> {
  const rows = await core.db.read(["files"], (tx) => tx.all("files"));
  let first: Problem | undefined;
  for (const row of rows) {
    if (row.state !== "ready" || row.account_id !== self.account_id) continue;
    try {
      await sendFile(core, row, by);
    } catch (error) {
      // An answer about this file says nothing of the others; no answer does.
      if (!(error instanceof Problem)) throw error;
      first ??= error;
    }
  }
  if (first) throw first;
}

async function sendFile(core: Core, row: FileRow, by: Door): Promise<void> {
  const { file_id, report_id, conversation_id, post_id, dialogue_id, sha256, size, media_type } = row;
  try {
    let at = await by<Stored>(core, "/api/v1/files", { method: "POST", body: { file_id, report_id, conversation_id, post_id, dialogue_id, sha256, size, media_type } });
    await progress(core, row, at);
    // A server that keeps naming the same place must not hold the phone in a loop.
    for (let tries = 0; !at.complete && tries < 4 + 2 * Math.ceil(size / PIECE); tries++) {
      const bytes = await piece(core, row, at.offset);
      if (bytes.byteLength === 0) return;
      try {
        at = await by<Stored>(core, `/api/v1/files/${file_id}`, {
          method: "PATCH",
          body: bytes,
          headers: { "upload-offset": String(at.offset) },
          timeoutMs: 190_000,
        });
      } catch (error) {
        if (!(error instanceof Problem) || error.kind !== "file-offset" || typeof error.body.offset !== "number") throw error;
        at = { file_id, offset: error.body.offset, complete: error.body.offset >= size };
      }
      await progress(core, row, at);
    }
  } catch (error) {
    if (!(error instanceof Problem) || ![400, 409, 410, 413, 415, 422].includes(error.status)) throw error;
    // It will not take these bytes; the words themselves stand.
    await change(core, row.file_id, { state: "refused" });
  }
}

/** From `offset` on, across the pieces as they were stored. */
async function piece(core: Core, row: FileRow, offset: number): Promise<ArrayBuffer> {
  const first = Math.floor(offset / PIECE);
  return core.db.read(["chunks"], async (tx) => {
    const one = await tx.get("chunks", [row.file_id, first]);
    return one ? one.bytes.slice(offset - first * PIECE) : new ArrayBuffer(0);
  });
}

async function progress(core: Core, row: FileRow, at: Stored): Promise<void> {
  if (typeof at?.offset !== "number") throw new Unreached();
  await change(core, row.file_id, { offset: at.complete ? row.size : at.offset, state: at.complete ? "done" : "ready" });
}

async function change(core: Core, file_id: string, patch: Partial<FileRow>): Promise<void> {
  await core.db.write(["files", "chunks"], async (tx) => {
    const row = await tx.get("files", file_id);
    if (!row) return;
    await tx.put("files", { ...row, ...patch });
    // Arrived whole, or never to arrive: the phone keeps no second copy of what somebody was threatened with.
    if (patch.state === "done" || patch.state === "refused") await tx.drop("chunks", "file_id", file_id);
  });
  core.changed();
}
