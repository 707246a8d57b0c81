import { expect, it } from "vitest";
import { Memory } from "../../sync/db";
import type { FileRow } from "../../sync/rows";
import { forgetChosen } from "./chosen";

const file = (file_id: string, more: Partial<FileRow>): FileRow => ({ file_id, account_id: "kim", sha256: "ab", size: 3, media_type: "image/png", state: "draft", offset: 0, ...more });

it("takes only what whoever leaves chose for a message, a post or a dialogue, with its pieces", async () => {
  const db = new Memory();
  const rows = [
    file("chosen", { conversation_id: "t1" }),
    file("chosen for a post", { post_id: "new" }),
    file("chosen for a dialogue", { dialogue_id: "d1" }),
    file("another's", { conversation_id: "t1", account_id: "robin" }),
    file("on its way", { conversation_id: "t1", state: "waiting" }),
    file("of a report", { report_id: "r1" }),
  ];
  await db.write(["files", "chunks"], async (tx) => {
    for (const row of rows) {
      await tx.put("files", row);
      await tx.put("chunks", { file_id: row.file_id, n: 0, bytes: new ArrayBuffer(3) });
    }
  });
  await db.write(["files", "chunks"], (tx) => forgetChosen(tx, "kim"));
  const [left, pieces] = await db.read(["files", "chunks"], async (tx) => [await tx.all("files"), await tx.all("chunks")]);
  expect(left.map((row) => row.file_id).sort()).toEqual(["another's", "of a report", "on its way"]);
  expect(pieces).toHaveLength(3);
});
