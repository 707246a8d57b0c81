import { pageCore, refresh, self } from "../../sync/mirror";
import { newId } from "../../sync/outbox";
import type { FileRow } from "../../sync/rows";
import { forget, LOCK, putPieces } from "../reports/picture";
import { attachedTo } from "./attached";
import { drawnAnew } from "./bare";
import { judged, Unfit } from "./kinds";

/** Takes a file for the next message, in the place of the one before. A youth's as it is; an officer's only as it looks. */
export async function attach(conversation_id: string, chosen: File, onProgress: (share: number) => void): Promise<void> {
  const who = self.peek();
  if (!who) throw new Error("nobody is here");
  const file =
    who.role === "youth"
      ? chosen
      : await drawnAnew(chosen).catch(() => {
          throw new Unfit("type");
        });
  const before = attachedTo(conversation_id);
  await take(file, await judged(file), { conversation_id }, onProgress);
  for (const one of before) await forget(one.file_id);
  (await pageCore()).changed();
  await refresh();
}

/** Puts a file on this phone as one that is chosen for something that is not sent yet. */
export async function take(file: Blob, media_type: string, owner: Pick<FileRow, "conversation_id" | "post_id" | "dialogue_id">, onProgress: (share: number) => void): Promise<void> {
  const who = self.peek();
  if (!who) throw new Error("nobody is here");
  const core = await pageCore();
  const row: FileRow = {
    file_id: newId(core),
    ...owner,
    account_id: who.account_id,
    sha256: "",
    size: file.size,
    media_type,
    state: "draft",
    offset: 0,
  };
  await core.alone(LOCK, async () => {
    try {
      const whole = await putPieces(core, file, row, onProgress);
      await core.db.write(["files"], (tx) => tx.put("files", whole));
    } catch (error) {
      await forget(row.file_id).catch(() => undefined);
      throw error;
    }
  });
}

export async function detach(conversation_id: string): Promise<void> {
  for (const { file_id } of attachedTo(conversation_id)) await forget(file_id);
  (await pageCore()).changed();
  await refresh();
}
