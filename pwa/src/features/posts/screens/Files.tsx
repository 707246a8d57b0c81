import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { Icon, type useTask } from "../../../design";
import { m } from "../../../i18n";
import type { FileRow } from "../../../sync/rows";
import { BARE_TYPES, formOf, Unfit } from "../../files/kinds";
import { ChosenPicture, whyNot } from "../../reports/screens/PictureStep";
import { attachToPost, detachFiles, FILMS } from "../attach";
import { MOST_PICTURES, type PostDraft } from "../draft";
import { Alt } from "./Alt";
import { Captions } from "./Captions";
import { Play } from "./Play";

interface Chosen {
  files: FileRow[];
  draft: PostDraft;
  set: (part: Partial<PostDraft>) => void;
  /** Of one that is being read or taken away. */
  task: ReturnType<typeof useTask>;
}

/** Some pictures or one film, each with what it shows; a film with its captions. */
export function Files({ files, draft, set, task: { busy, error, run } }: Chosen) {
  const picker = useRef<HTMLInputElement>(null);
  const first = useRef<HTMLButtonElement>(null);
  const film = useSignal(false);
  const share = useSignal(0);
  const dropped = useRef(false);
  useEffect(() => {
    // Not before it can take the focus.
    if (busy || !dropped.current) return;
    dropped.current = false;
    first.current?.focus();
  }, [busy]);
  const hasFilm = files.some(({ media_type }) => formOf(media_type) === "film");
  const choose = (isFilm: boolean) => {
    film.value = isFilm;
    // The picker asks for what was pressed.
    if (picker.current) picker.current.accept = (isFilm ? [...FILMS, ".mov"] : BARE_TYPES).join(",");
    picker.current?.click();
  };
  const take = (file: File | undefined) => {
    share.value = 0;
    if (file) void run(() => attachToPost(file, film.value, (now) => (share.value = now)));
  };
  const drop = (file: FileRow) =>
    void run(async () => {
      await detachFiles([file]);
      dropped.current = true;
    });
  const wrong = error instanceof Unfit && error.why === "type" && film.value ? m.post_film_type() : error !== null && whyNot(error, film.value ? FILMS : BARE_TYPES);
  return (
    <fieldset class="block">
      <legend>{m.post_files()}</legend>
      <p class="hint">{m.post_files_hint()}</p>
      {files.map((file, i) => {
        const isFilm = formOf(file.media_type) === "film";
        return (
          <div class="post-chosen" key={file.file_id}>
            <ChosenPicture picture={file} />
            <Alt file_id={file.file_id} film={isFilm} number={i + 1} draft={draft} set={set} />
            {isFilm && <Captions text={draft.captions} onWrite={(captions) => set({ captions })} />}
            <button type="button" class="button quiet" disabled={busy} aria-label={isFilm ? m.post_file_drop_film() : m.post_file_drop_name({ number: i + 1 })} onClick={() => drop(file)}>
              {m.post_file_drop()}
            </button>
          </div>
        );
      })}
      {!hasFilm && (
        <div class="row">
          {files.length < MOST_PICTURES && (
            <button type="button" class="button plain" ref={first} disabled={busy} onClick={() => choose(false)}>
              <Icon name="picture" />
              {m.post_add_picture()}
            </button>
          )}
          {files.length === 0 && (
            <button type="button" class="button plain" disabled={busy} onClick={() => choose(true)}>
              <Play />
              {m.post_add_film()}
            </button>
          )}
        </div>
      )}
      {busy && share.value < 1 && <progress max={1} value={share.value} aria-label={m.post_file_saving()} />}
      <input
        ref={picker}
        type="file"
        hidden
        onChange={(event) => {
          take(event.currentTarget.files?.[0]);
          event.currentTarget.value = "";
        }}
      />
      <div role="status">{wrong && <p class="notice care">{wrong}</p>}</div>
    </fieldset>
  );
}
