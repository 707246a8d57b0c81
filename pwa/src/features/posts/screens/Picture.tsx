import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { locale, m } from "../../../i18n";
import { online } from "../../../sync/state";
import { keptPicture } from "../pictures";
import type { PostFile } from "../queries";
import { altOf, pathOf, stillOf, type Still } from "../read";
import { Play } from "./Play";

/** A picture at its place: from the server, or the phone's own copy where the server is not heard; nothing: neither is here. */
function useStill(path: string | undefined) {
  const src = useSignal<string | null>(path ?? null);
  const own = useRef<string | null>(null);
  const letGo = () => {
    if (own.current) URL.revokeObjectURL(own.current);
    own.current = null;
  };
  useEffect(() => {
    // Another picture, or there is a network again.
    if (!own.current || online.value) src.value = path ?? null;
    return letGo;
  }, [path, online.value]);
  const failed = async () => {
    const found = path && !own.current ? await keptPicture(path).catch(() => null) : null;
    if (found) own.current = URL.createObjectURL(found);
    src.value = own.current;
  };
  return { src: src.value, failed: () => void failed() };
}

const Image = ({ still, src, alt, failed, eager }: { still: Still; src: string; alt: string; failed: () => void; eager?: boolean }) => (
  // The size comes before the picture, so that nothing moves when it is here.
  <img src={src} width={still.width} height={still.height} alt={alt} loading={eager ? "eager" : "lazy"} decoding="async" onError={failed} />
);

/** Beside a post in the list: its first picture, or what says that it is a film. The words beside it say the rest. */
export function Thumb({ post_id, file, eager = false }: { post_id: string; file: PostFile; eager?: boolean }) {
  const still = stillOf(post_id, file);
  const { src, failed } = useStill(still?.path);
  return (
    <span class={file.is_film && !(still && src) ? "post-thumb bare" : "post-thumb"}>
      {still && src && <Image still={still} src={src} alt={altOf(file, locale.value)} failed={failed} eager={eager} />}
      {still && !src && <span class="post-thumb-words">{altOf(file, locale.value)}</span>}
      {file.is_film && (
        <span class="post-film-mark">
          <Play />
          {m.posts_film()}
        </span>
      )}
    </span>
  );
}

/** In the post itself: as wide as the screen, and large by a press. */
export function PostPicture({ post_id, file, eager }: { post_id: string; file: PostFile; eager: boolean }) {
  const still = stillOf(post_id, file);
  const { src, failed } = useStill(still?.path);
  const big = useRef<HTMLDialogElement>(null);
  const opened = useSignal(false);
  const alt = altOf(file, locale.value);
  if (!still || !src) return <p class="notice post-unseen">{m.post_picture_offline({ alt })}</p>;
  const full = online.value ? pathOf(post_id, file, "full") : src;
  return (
    <>
      <button
        type="button"
        class="post-picture"
        aria-label={m.post_picture_big({ alt })}
        onClick={() => {
          opened.value = true;
          big.current?.showModal();
        }}
      >
        <Image still={still} src={src} alt={alt} failed={failed} eager={eager} />
      </button>
      <dialog ref={big} class="post-big" aria-label={alt} onClose={() => (opened.value = false)} onClick={() => big.current?.close()}>
        {opened.value && (
          <>
            <button type="button" class="button post-big-close">
              {m.post_picture_close()}
            </button>
            <img src={full} width={file.width} height={file.height} alt={alt} />
          </>
        )}
      </dialog>
    </>
  );
}
