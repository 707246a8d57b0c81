import { locale, m } from "../../../i18n";
import type { Post, PostFile } from "../queries";
import { altOf } from "../read";
import { KeptFilm } from "./KeptFilm";

export function Film({ post: { post_id, captions_revision, film_as_sent }, file }: { post: Post; file: PostFile }) {
  const alt = altOf(file, locale.value);
  return (
    <KeptFilm
      film={file}
      at={`/api/v1/posts/${post_id}/files/${file.file_id}`}
      captions={captions_revision === undefined ? undefined : `/api/v1/posts/${post_id}/captions?revision=${captions_revision}`}
      asSent={film_as_sent}
      alt={alt}
      offline={m.post_film_offline({ alt })}
    />
  );
}
