import { files, pageCore, refresh, self } from "../../sync/mirror";
import type { FileRow } from "../../sync/rows";
import { take } from "../files/attach";
import { drawnAnew } from "../files/bare";
import { isChosen } from "../files/chosen";
import { formOf, judged, Unfit } from "../files/kinds";
import { forget } from "../reports/picture";

/** The post that a file is of before it is sent. */
export const NEW = "new";

/** What was chosen for the post that is being written, in the order in which it was. It stands on this phone until it is sent or taken away. */
export const chosenFiles = (): FileRow[] =>
  files.value.filter((file) => file.post_id === NEW && file.sha256 !== "" && isChosen(file, self.value?.account_id)).sort((a, b) => a.file_id.localeCompare(b.file_id));

export const FILMS = ["video/mp4", "video/webm", "video/quicktime"];

/** Takes a picture only as it looks, and a film as it is: the server lets go what a film tells beside itself. */
export async function attachToShow(chosen: File, film: boolean, owner: Pick<FileRow, "post_id" | "dialogue_id">, onProgress: (share: number) => void): Promise<void> {
  const type = await judged(chosen);
  if (film ? !FILMS.includes(type) : formOf(type) !== "picture") throw new Unfit("type");
  const file = film
    ? chosen
    : await drawnAnew(chosen).catch(() => {
        throw new Unfit("type");
      });
  await take(file, film ? type : await judged(file), owner, onProgress);
  (await pageCore()).changed();
  await refresh();
}

export const attachToPost = (chosen: File, film: boolean, onProgress: (share: number) => void): Promise<void> => attachToShow(chosen, film, { post_id: NEW }, onProgress);

export async function detachFiles(rows: Pick<FileRow, "file_id">[]): Promise<void> {
  for (const { file_id } of rows) await forget(file_id);
  (await pageCore()).changed();
  await refresh();
}
