import "../../../design/posts.css";
import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import { Confirm, useTask } from "../../../design";
import { m } from "../../../i18n";
import { Failed, Problem } from "../../../i18n/Problem";
import { files, self } from "../../../sync/mirror";
import type { FileRow } from "../../../sync/rows";
import { online } from "../../../sync/state";
import { halfForm, keepForm } from "../../chat/halfForm";
import { write } from "../../chat/halfWritten";
import { isChosen } from "../../files/chosen";
import { Unfit } from "../../files/kinds";
import { attachToShow, detachFiles, FILMS } from "../../posts/attach";
import { captionsOf } from "../../posts/captions";
import { Captions } from "../../posts/screens/Captions";
import { Play } from "../../posts/screens/Play";
import { Line, percentOf } from "../../posts/screens/Progress";
import { ChosenPicture, whyNot } from "../../reports/screens/PictureStep";
import { dropFilm, setFilm, type Filmed } from "../actions";
import { filmPlace } from "../half";
import { filming, isGoing, type Dialogue, type DialogueFilm } from "../queries";

interface Draft {
  film_url?: string;
  captions?: string;
}

const vttOf = (text: string): string | null => {
  const read = captionsOf(text);
  return "vtt" in read ? read.vtt : null;
};

/** What the film is from now on: an address may break while all look at it, and what it showed is put here afterwards. */
export function SetFilm({ dialogue }: { dialogue: Dialogue }) {
  const { dialogue_id, film_url, film } = dialogue;
  const place = filmPlace(dialogue_id);
  const half = halfForm<Draft>(place);
  const chosen = files.value.filter((file) => file.dialogue_id === dialogue_id && file.sha256 !== "" && isChosen(file, self.value?.account_id)).at(-1);
  const wrong = useSignal("");
  const { busy, error, run } = useTask();
  const going = busy || isGoing(dialogue_id);
  const edit = (part: Draft) => {
    wrong.value = "";
    // As it stands now: what was read from a file may come after other letters.
    keepForm(place, { ...halfForm<Draft>(place), ...part });
  };
  const set = (said: Filmed) => run(() => setFilm(dialogue, said)).then((done) => done && write(place, ""));
  const address = (half?.film_url ?? film_url ?? "").trim();
  const text = half?.captions ?? "";
  const submit = () => {
    const captions = text.trim() === "" ? undefined : vttOf(text);
    if (captions === null) return;
    if (chosen) {
      const { file_id, sha256, size, media_type } = chosen;
      void set({ film: { file_id, sha256, size, media_type }, ...(captions === undefined ? {} : { captions }) });
    } else if (URL.canParse(address)) void set({ film_url: address });
    else wrong.value = m.dialogue_needs_film();
  };
  const refused = filming.value.filter((one) => one.refused && one.body.dialogue_id === dialogue_id);
  const opened = useSignal(half !== undefined || chosen !== undefined);
  return (
    <details class="fold card" open={opened.value || refused.length > 0} onToggle={(event) => (opened.value = event.currentTarget.open)}>
      <summary>{m.seat_film()}</summary>
      {refused.map(({ action_id, problem_kind, refused_field, body }) => (
        <div key={action_id} class="notice care" role="alert">
          <p>
            <b>{m.seat_film_refused()}</b> {refused_field === "film_url" ? m.dialogue_wrong_film() : <Problem kind={problem_kind} />}
          </p>
          {body.film_url !== undefined && <blockquote>{body.film_url}</blockquote>}
          <button
            type="button"
            class="button"
            disabled={busy}
            onClick={() =>
              void run(async () => {
                const { film_url, captions } = body;
                if (film_url !== undefined || captions) edit({ ...(film_url === undefined ? {} : { film_url }), ...(captions ? { captions } : {}) });
                await dropFilm(action_id, body);
              })
            }
          >
            {body.film_url === undefined && !body.film && !body.captions ? m.act_refused_seen() : m.dialogue_refused_edit()}
          </button>
        </div>
      ))}
      {film && <Kept film={film} />}
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        {!chosen && (
          <label class="field">
            {m.seat_film_url()}
            <span class="hint">{m.dialogue_film_hint()}</span>
            <input type="url" inputMode="url" autocomplete="off" value={half?.film_url ?? film_url ?? ""} onInput={(event) => edit({ film_url: event.currentTarget.value })} />
          </label>
        )}
        <Choose dialogue_id={dialogue_id} chosen={chosen} />
        {chosen && <Captions text={text} onWrite={(captions) => edit({ captions })} />}
        <div role="status">{wrong.value !== "" && <p class="wrong">{wrong.value}</p>}</div>
        <button type="submit" class="button wide" disabled={going}>
          {m.seat_film_do()}
        </button>
      </form>
      {film && !chosen && <Words film={film} text={text} edit={(captions) => edit({ captions })} going={going} set={(captions) => void set({ captions })} />}
      {(film || film_url !== undefined) && (
        <Confirm quiet label={m.seat_film_none()} ask={film ? m.seat_film_kept_none_ask() : m.seat_film_none_ask()} yes={m.seat_film_none()} busy={going} onYes={() => void set({})} />
      )}
      <Failed error={error} />
    </details>
  );
}

/** How far the film that is kept with us has come. */
function Kept({ film: { file_id, state, media_type } }: { film: DialogueFilm }) {
  const own = files.value.find((file) => file.file_id === file_id);
  const percent = own && percentOf(own.offset, own.size);
  const line = (words: string, percent?: number) => (
    <ul class="post-progress">
      <Line media_type={media_type ?? own?.media_type ?? "video/mp4"} words={words} {...(percent === undefined ? {} : { percent })} />
    </ul>
  );
  if (state === "damaged" || own?.state === "refused") return line(m.post_file_refused());
  if (state === "ready") return line(m.post_file_ready());
  if (percent === undefined || percent === 100) return line(m.post_file_making());
  return line(online.value ? m.post_file_sending({ percent }) : m.post_file_waiting({ percent }), percent);
}

/** A film from this phone, in the place of an address. */
function Choose({ dialogue_id, chosen }: { dialogue_id: string; chosen: FileRow | undefined }) {
  const picker = useRef<HTMLInputElement>(null);
  const share = useSignal(0);
  const { busy, error, run } = useTask();
  const take = (file: File | undefined) => {
    share.value = 0;
    if (file) void run(() => attachToShow(file, true, { dialogue_id }, (now) => (share.value = now)));
  };
  return (
    <>
      {chosen ? (
        <div class="post-chosen">
          <ChosenPicture picture={chosen} />
          <button type="button" class="button quiet" disabled={busy} aria-label={m.post_file_drop_film()} onClick={() => void run(() => detachFiles([chosen]))}>
            {m.post_file_drop()}
          </button>
        </div>
      ) : (
        <div>
          <button type="button" class="button plain" disabled={busy} onClick={() => picker.current?.click()}>
            <Play />
            {m.seat_film_choose()}
          </button>
          <p class="hint">{m.seat_film_choose_hint()}</p>
        </div>
      )}
      {busy && share.value < 1 && <progress max={1} value={share.value} aria-label={m.post_file_saving()} />}
      <input
        ref={picker}
        type="file"
        hidden
        accept={[...FILMS, ".mov"].join(",")}
        onChange={(event) => {
          take(event.currentTarget.files?.[0]);
          event.currentTarget.value = "";
        }}
      />
      <div role="status">{error !== null && <p class="notice care">{error instanceof Unfit && error.why === "type" ? m.post_film_type() : whyNot(error, FILMS)}</p>}</div>
    </>
  );
}

interface Said {
  film: DialogueFilm;
  text: string;
  edit: (text: string) => void;
  going: boolean;
  set: (captions: string) => void;
}

/** Other captions for the film that is kept with us. */
function Words({ film, text, edit, going, set }: Said) {
  const captions = vttOf(text);
  return (
    <div class="stack">
      <Captions text={text} {...(film.captions_revision === undefined ? {} : { hint: m.post_captions_kept() })} onWrite={edit} />
      {captions !== null && (
        <button type="button" class="button" disabled={going} onClick={() => set(captions)}>
          {m.seat_film_captions_do()}
        </button>
      )}
      {film.captions_revision !== undefined && <Confirm quiet label={m.post_captions_drop()} ask={m.seat_film_captions_drop_ask()} yes={m.post_captions_drop()} busy={going} onYes={() => set("")} />}
    </div>
  );
}
