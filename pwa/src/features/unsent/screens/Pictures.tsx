import { m } from "../../../i18n";
import type { FileRow } from "../../../sync/rows";

function words({ state, offset, size }: FileRow): string {
  if (state === "done") return m.picture_done();
  if (state === "refused") return m.picture_refused();
  if (state === "draft") return m.picture_draft();
  if (state === "waiting") return m.picture_behind();
  return offset > 0 ? m.picture_part({ percent: Math.floor((100 * offset) / Math.max(1, size)) }) : m.picture_waiting();
}

/** How far each picture of a report has come. */
export const Pictures = ({ files }: { files: FileRow[] }) =>
  files.length === 0 ? null : (
    <ul class="plain-list">
      {files.map((file, i) => (
        <li key={file.file_id}>{m.picture_state({ number: i + 1, state: words(file) })}</li>
      ))}
    </ul>
  );
