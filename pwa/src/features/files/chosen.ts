import type { Tx } from "../../sync/db";
import { forgetFile } from "../../sync/outbox";
import type { FileRow } from "../../sync/rows";

/** Chosen for a message or a post that this one has not sent. */
export const isChosen = (file: FileRow, account_id: string | undefined): boolean =>
  file.state === "draft" && (file.conversation_id !== undefined || file.post_id !== undefined) && file.account_id === account_id;

/** What was chosen goes with the words that were never sent. Needs the stores `files` and `chunks`. */
export async function forgetChosen(tx: Tx, account_id: string): Promise<void> {
  for (const file of await tx.all("files")) if (isChosen(file, account_id)) await forgetFile(tx, file.file_id);
}
