import { useEffect, useRef } from "preact/hooks";
import { Icon } from "../../../design";
import { sizeWords } from "../../../i18n/size";
import { formOf } from "../kinds";
import { kindWords } from "../words";

interface Props {
  media_type: string;
  src: string;
  /** What it is called for those who do not see it. */
  name: string;
  veiled?: boolean;
  failed: () => void;
  came?: () => void;
}

/** A picture, a film or a sound as it stands in a page. */
export function Media({ media_type, src, name, veiled = false, failed, came }: Props) {
  const look = veiled ? "picture veiled" : "picture";
  const film = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    if (veiled) film.current?.pause();
  }, [veiled]);
  switch (formOf(media_type)) {
    case "film":
      return <video ref={film} class={look} src={src} controls={!veiled} preload="metadata" aria-label={name} onError={failed} onLoadedData={came} />;
    case "sound":
      return <audio class="sound" src={src} controls preload="metadata" aria-label={name} onError={failed} onLoadedMetadata={came} />;
    default:
      return <img class={look} src={src} alt={name} onError={failed} onLoad={came} />;
  }
}

/** A file that shows nothing of itself: what it is and how large. */
export const FileLine = ({ media_type, size }: { media_type: string; size: number }) => (
  <p class="file-line">
    <Icon name="file" />
    <b>{kindWords(media_type)}</b>
    <span class="small">{sizeWords(size)}</span>
  </p>
);
