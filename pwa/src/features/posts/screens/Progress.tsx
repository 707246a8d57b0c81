import type { NamedFile, SentFile } from "../../../api/wire";
import { m } from "../../../i18n";
import { files as onPhone } from "../../../sync/mirror";
import { online } from "../../../sync/state";
import { kindWords } from "../../files/words";

export const percentOf = (part: number, whole: number): number => Math.floor((100 * part) / Math.max(1, whole));

export const Line = ({ media_type, words, percent }: { media_type: string; words: string; percent?: number }) => (
  <li>
    <p class="small">
      <b>{kindWords(media_type)}</b> · {words}
    </p>
    {/* The words say it already. */}
    {percent !== undefined && <progress max={100} value={percent} aria-hidden="true" />}
  </li>
);

/** Files whose post has not left this phone yet. */
export const Waiting = ({ files }: { files: NamedFile[] }) =>
  files.length === 0 ? null : (
    <ul class="post-progress">
      {files.map(({ file_id, media_type }) => (
        <Line key={file_id} media_type={media_type} words={m.post_file_waits_post()} />
      ))}
    </ul>
  );

/** How far a post's files have come, as the server says, or this phone where it knows of more. */
export function Arriving({ files }: { files: SentFile[] }) {
  const here = new Map(onPhone.value.map((file) => [file.file_id, file]));
  return (
    <ul class="post-progress">
      {files.map((file) => {
        const { file_id, media_type } = file;
        const own = here.get(file_id);
        if (file.state === "refused" || own?.state === "refused" || file.copy?.state === "not-cleaned") return <Line key={file_id} media_type={media_type} words={m.post_file_refused()} />;
        if (file.complete) return <Line key={file_id} media_type={media_type} words={file.copy ? m.post_file_ready() : m.post_file_making()} />;
        const percent = percentOf(Math.max(file.received, own?.offset ?? 0), file.size);
        const words = own === undefined ? m.post_file_elsewhere({ percent }) : online.value ? m.post_file_sending({ percent }) : m.post_file_waiting({ percent });
        return <Line key={file_id} media_type={media_type} words={words} percent={percent} />;
      })}
    </ul>
  );
}
