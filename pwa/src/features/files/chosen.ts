import type { Core } from "../../sync/core";
import type { Tx } from "../../sync/db";
import { forgetFile } from "../../sync/outbox";
import type { FileRow } from "../../sync/rows";

/** What a file is of that is no report's. */
export const chosenFor = ({ conversation_id, post_id, dialogue_id }: FileRow): string | undefined => conversation_id ?? post_id ?? dialogue_id;

/** Chosen for a message, a post or a dialogue, and not sent by this one. */
export const isChosen = (file: FileRow, account_id: string | undefined): boolean => file.state === "draft" && chosenFor(file) !== undefined && file.account_id === account_id;

/** Files whose words were refused are chosen again, as they were for `owner`. */
export async function chooseAgain({ db }: Core, named: string[], owner: Pick<FileRow, "post_id" | "dialogue_id">): Promise<void> {
  await db.write(["files"], async (tx) => {
    for (const file of await tx.all("files")) if (named.includes(file.file_id) && file.state === "waiting") await tx.put("files", { ...file, ...owner, state: "draft" });
  });
}

/** What was chosen goes with the words that were never sent. Needs the stores `files` and `chunks`. */
export async function forgetChosen(tx: Tx, account_id: string): Promise<void> {
  for (const file of await tx.all("files")) if (isChosen(file, account_id)) await forgetFile(tx, file.file_id);
}
