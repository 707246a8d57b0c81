import { useSignal, type Signal } from "@preact/signals";
import type { RefObject } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { m } from "../../../i18n";
import { online } from "../../../sync/state";
import { KeptFilm } from "../../posts/screens/KeptFilm";
import { Play } from "../../posts/screens/Play";
import { canSeek, chooseTextOnly, play, textOnly, type FilmState } from "../film";
import { markOf } from "../marks";
import type { Dialogue, DialogueFilm } from "../queries";

/** A moment that was asked for; each press is one of its own. */
export interface Jump {
  seconds: number;
}

/** The film, once it is asked for, or none of it. `jump`: where a mark leads. */
export function Film({ dialogue, jump }: { dialogue: Dialogue; jump: Signal<Jump | null> }) {
  const { state, film_url, film } = dialogue;
  const text = useSignal(textOnly());
  const asked = useSignal(false);
  const choose = (on: boolean) => {
    chooseTextOnly(on);
    [text.value, asked.value] = [on, false];
  };
  useEffect(() => {
    // Whoever presses a mark wants to see it.
    if (jump.value) [text.value, asked.value] = [false, true];
  }, [jump.value]);
  return (
    <div class="dialogue-film unprinted">
      {text.value ? (
        <p class="notice">{m.dialogue_text_only_is()}</p>
      ) : asked.value ? (
        film_url !== undefined ? (
          <Player url={film_url} jump={jump} />
        ) : (
          film && <Recording key={film.file_id} dialogue_id={dialogue.dialogue_id} film={film} jump={jump} />
        )
      ) : (
        <button type="button" class="dialogue-poster" onClick={() => (asked.value = true)}>
          <Play />
          <span>{state === "live" && film_url !== undefined ? m.dialogue_film_live() : m.dialogue_film_play()}</span>
        </button>
      )}
      <button type="button" class="button quiet" aria-pressed={text.value} onClick={() => choose(!text.value)}>
        {text.value ? m.dialogue_text_only_off() : m.dialogue_text_only()}
      </button>
    </div>
  );
}

/** Leads into the film where a mark says; gives the moment that is not in it. */
function useJump(video: RefObject<HTMLVideoElement | null>, jump: Signal<Jump | null>): Signal<number | null> {
  const outside = useSignal<number | null>(null);
  useEffect(() => {
    const film = video.current;
    const wanted = jump.value;
    if (!film || !wanted) return;
    const stop = new AbortController();
    const seek = () => {
      if (film.readyState === 0 || film.seekable.length === 0) return;
      stop.abort();
      outside.value = canSeek(film, wanted.seconds) ? null : wanted.seconds;
      if (outside.value !== null) return;
      film.currentTime = wanted.seconds;
      void film.play().catch(() => undefined);
    };
    for (const name of ["loadedmetadata", "durationchange", "canplay"]) film.addEventListener(name, seek, { signal: stop.signal });
    film.scrollIntoView({ block: "nearest" });
    seek();
    return () => stop.abort();
  }, [jump.value]);
  return outside;
}

const Outside = ({ seconds }: { seconds: number | null }) => (seconds === null ? null : <p class="notice">{m.dialogue_film_outside({ mark: markOf(seconds) })}</p>);

/** A film that is kept with us. */
function Recording({ dialogue_id, film, jump }: { dialogue_id: string; film: DialogueFilm; jump: Signal<Jump | null> }) {
  const video = useRef<HTMLVideoElement>(null);
  const outside = useJump(video, jump);
  useEffect(() => {
    video.current?.focus({ preventScroll: true });
    void video.current?.play().catch(() => undefined);
  }, []);
  const path = `/api/v1/dialogues/${dialogue_id}`;
  return (
    <>
      <KeptFilm
        film={film}
        at={`${path}/film/${film.file_id}`}
        captions={film.captions_revision === undefined ? undefined : `${path}/captions?revision=${film.captions_revision}`}
        asSent={film.as_sent}
        alt={m.dialogue_film()}
        offline={m.dialogue_film_offline()}
        video={video}
      />
      <div role="status">
        <Outside seconds={outside.value} />
      </div>
    </>
  );
}

function Player({ url, jump }: { url: string; jump: Signal<Jump | null> }) {
  const video = useRef<HTMLVideoElement>(null);
  const state = useSignal<FilmState>("waiting");
  const outside = useJump(video, jump);
  useEffect(() => {
    const film = video.current;
    if (!film || !online.value) return;
    let stop: (() => void) | null = null;
    let left = false;
    state.value = "waiting";
    // Where the player itself does not come, neither does the film.
    play(film, url, (now) => left || (state.value = now)).then(
      (end) => (left ? end() : (stop = end)),
      () => left || (state.value = "absent"),
    );
    film.focus({ preventScroll: true });
    return () => {
      left = true;
      stop?.();
    };
  }, [url, online.value]);
  return (
    <>
      <video ref={video} controls playsInline width={16} height={9} aria-label={m.dialogue_film()} />
      <div role="status">
        {!online.value ? (
          <p class="notice">{m.dialogue_film_offline()}</p>
        ) : state.value === "absent" ? (
          <p class="notice">{m.dialogue_film_absent()}</p>
        ) : state.value === "unfit" ? (
          <p class="notice">{m.dialogue_film_unfit()}</p>
        ) : (
          <Outside seconds={outside.value} />
        )}
      </div>
    </>
  );
}
