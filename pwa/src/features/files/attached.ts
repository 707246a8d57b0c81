import type { NamedFile } from "../../api/wire";
import { files, self } from "../../sync/mirror";
import type { FileRow } from "../../sync/rows";
import { isChosen } from "./chosen";

/** What was chosen for the next message of a talk. It stands on this phone until it is sent or taken away. */
export const attachedTo = (conversation_id: string): FileRow[] =>
  files.value.filter((file) => file.conversation_id === conversation_id && file.sha256 !== "" && isChosen(file, self.value?.account_id));

/** As a message names them. */
export const named = (rows: NamedFile[]) =>
  rows.length > 0 ? { files: rows.map(({ file_id, sha256, size, media_type }) => ({ file_id, sha256, size, media_type })) } : {};
