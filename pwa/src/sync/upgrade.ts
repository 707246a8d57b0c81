import { getKept, putKept } from "./core";
import type { Db, Tx } from "./db";
import { PIECE } from "./files";
import type { AsideRow, DraftRow } from "./rows";

/** The one unfinished report of version 1, of whoever was here, and those that were set aside. */
type OldDraft = Omit<DraftRow, "saved_at" | "revision" | "account_id">;
type OldAside = AsideRow & { draft?: OldDraft };

/**
 * What version 1 of the database kept is brought to where version 2 looks for it: drafts before the first screen, the sealing of the
 * rest behind it. Every step may be done again, and by two tabs at once.
 */
export async function bringOver(db: Db): Promise<void> {
  await db.write(["kept", "drafts"], async (tx) => {
    const draft = (await tx.get("kept", "draft")) as OldDraft | undefined;
    if (draft) await put(tx, draft);
    await tx.del("kept", "draft");
    const aside = ((await getKept(tx, "aside")) ?? []) as OldAside[];
    for (const { self, draft } of aside) if (draft) await put(tx, draft, self.account_id);
    if (aside.length > 0) await putKept(tx, "aside", aside.map(({ self }) => ({ self })));
  });
  void sealAll(db).catch(() => undefined);
}

const put = (tx: Tx, draft: OldDraft, account_id?: string): Promise<void> =>
  tx.put("drafts", { ...draft, saved_at: draft.started_at, revision: 1, ...(account_id === undefined ? {} : { account_id }) });

/** A row that is written again is sealed. */
export async function sealAll(db: Db): Promise<void> {
  const { rows, files } = await db.read(["outbox", "files"], async (tx) => ({ rows: await tx.all("outbox"), files: await tx.all("files") }));
  for (const { seq } of rows)
    await db.write(["outbox"], async (tx) => {
      const row = seq === undefined ? undefined : await tx.get("outbox", seq);
      if (row) await tx.put("outbox", row);
    });
  for (const { file_id, size } of files)
    for (let n = 0; n * PIECE < size; n++) {
      const piece = await db.read(["chunks"], (tx) => tx.get("chunks", [file_id, n]));
      if (!piece) break;
      await db.write(["files", "chunks"], async (tx) => {
        const now = await tx.get("files", file_id);
        // Delivered or thrown away meanwhile: then nothing of it may come back.
        if (now && now.state !== "done" && now.state !== "refused") await tx.put("chunks", piece);
      });
    }
  await db.write(["kept"], (tx) => putKept(tx, "sealed", true));
}
