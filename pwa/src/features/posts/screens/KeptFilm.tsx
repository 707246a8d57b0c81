import "../../../design/film.css";
import { useSignal } from "@preact/signals";
import type { RefObject } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { m } from "../../../i18n";
import { sizeWords } from "../../../i18n/size";
import { online } from "../../../sync/state";
import type { PostFile } from "../queries";
import { sourcesOf } from "../read";

interface Kept {
  film: Pick<PostFile, "file_id" | "media_type" | "size" | "renditions">;
  /** Where its renditions are. */
  at: string;
  captions: string | undefined;
  asSent: boolean;
  alt: string;
  offline: string;
  video?: RefObject<HTMLVideoElement | null>;
}

/** A film that is kept with us, by the browser's own buttons. Nothing of it is fetched before somebody presses, and the lightest first. */
export function KeptFilm({ film, at, captions, asSent, alt, offline, video: given }: Kept) {
  const own = useRef<HTMLVideoElement>(null);
  const video = given ?? own;
  const sources = sourcesOf(film);
  const chosen = useSignal(sources[0]?.rendition ?? "full");
  const failed = useSignal(false);
  const poster = film.renditions.find(({ rendition }) => rendition === "poster");
  const lightest = sources[0];

  useEffect(() => {
    // Some browsers show captions only to those who have asked before.
    const track = video.current?.textTracks[0];
    if (track) track.mode = "showing";
  }, [captions]);
  useEffect(() => {
    failed.value = false;
  }, [online.value]);

  /** It goes on where it was. */
  const choose = (rendition: typeof chosen.value) => {
    const element = video.current;
    const [time, playing] = [element?.currentTime ?? 0, element ? !element.paused : false];
    failed.value = false;
    chosen.value = rendition;
    if (!element || time === 0) return;
    element.addEventListener(
      "loadedmetadata",
      () => {
        element.currentTime = time;
        if (playing) void element.play().catch(() => undefined);
      },
      { once: true },
    );
    // After the address has changed.
    queueMicrotask(() => element.load());
  };

  return (
    <div class="kept-film">
      <video
        ref={video}
        controls
        preload="none"
        playsInline
        src={`${at}/${chosen.value}`}
        poster={poster && `${at}/poster`}
        width={poster?.width ?? 16}
        height={poster?.height ?? 9}
        aria-label={alt}
        onError={() => (failed.value = true)}
      >
        {captions !== undefined && <track key={captions} kind="captions" default src={captions} srcLang="sv" label={m.post_captions()} />}
      </video>
      <div role="status">
        {!online.value ? <p class="notice">{offline}</p> : failed.value && <p class="notice care">{m.post_film_failed()}</p>}
      </div>
      {asSent && <p class="notice care">{m.post_film_as_sent()}</p>}
      {sources.length > 1 ? (
        <fieldset class="film-quality">
          <legend>{m.post_film_quality()}</legend>
          <div class="chips">
            {sources.map(({ rendition, size }) => (
              <label class="chip" key={rendition}>
                <input type="radio" name={film.file_id} checked={chosen.value === rendition} onChange={() => choose(rendition)} />
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
