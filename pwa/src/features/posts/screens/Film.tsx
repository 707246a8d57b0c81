import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { locale, m } from "../../../i18n";
import { sizeWords } from "../../../i18n/size";
import { online } from "../../../sync/state";
import type { Post, PostFile } from "../queries";
import { altOf, pathOf, sourcesOf, stillOf } from "../read";

/** A film by the browser's own buttons. Nothing of it is fetched before somebody presses, and the lightest first. */
export function Film({ post, file }: { post: Post; file: PostFile }) {
  const video = useRef<HTMLVideoElement>(null);
  const sources = sourcesOf(file);
  const chosen = useSignal(sources[0]?.rendition ?? "full");
  const failed = useSignal(false);
  const alt = altOf(file, locale.value);
  const poster = stillOf(post.post_id, file);
  const lightest = sources[0];

  useEffect(() => {
    // Some browsers show captions only to those who have asked before.
    const track = video.current?.textTracks[0];
    if (track) track.mode = "showing";
  }, [post.captions_revision]);
  useEffect(() => {
    failed.value = false;
  }, [online.value]);

  /** It goes on where it was. */
  const choose = (rendition: typeof chosen.value) => {
    const film = video.current;
    const [at, playing] = [film?.currentTime ?? 0, film ? !film.paused : false];
    failed.value = false;
    chosen.value = rendition;
    if (!film || at === 0) return;
    film.addEventListener(
      "loadedmetadata",
      () => {
        film.currentTime = at;
        if (playing) void film.play().catch(() => undefined);
      },
      { once: true },
    );
    // After the address has changed.
    queueMicrotask(() => film.load());
  };

  return (
    <div class="post-film">
      <video
        ref={video}
        controls
        preload="none"
        playsInline
        src={pathOf(post.post_id, file, chosen.value)}
        poster={poster?.path}
        width={poster?.width ?? 16}
        height={poster?.height ?? 9}
        aria-label={alt}
        onError={() => (failed.value = true)}
      >
        {post.captions_revision !== undefined && (
          <track kind="captions" default src={`/api/v1/posts/${post.post_id}/captions?revision=${post.captions_revision}`} srcLang="sv" label={m.post_captions()} />
        )}
      </video>
      <div role="status">
        {!online.value ? <p class="notice">{m.post_film_offline({ alt })}</p> : failed.value && <p class="notice care">{m.post_film_failed()}</p>}
      </div>
      {post.film_as_sent && <p class="notice care">{m.post_film_as_sent()}</p>}
      {sources.length > 1 ? (
        <fieldset class="post-quality">
          <legend>{m.post_film_quality()}</legend>
          <div class="chips">
            {sources.map(({ rendition, size }) => (
              <label class="chip" key={rendition}>
                <input type="radio" name={file.file_id} checked={chosen.value === rendition} onChange={() => choose(rendition)} />
                {rendition === "small" ? m.post_film_small({ size: sizeWords(size) }) : m.post_film_full({ size: sizeWords(size) })}
              </label>
            ))}
          </div>
        </fieldset>
      ) : (
        lightest && <p class="small">{m.post_film_size({ size: sizeWords(lightest.size) })}</p>
      )}
    </div>
  );
}
