import { useSignal, type Signal } from "@preact/signals";
import { useEffect, useId, useRef } from "preact/hooks";
import { Icon, useTask } from "../../../design";
import { locale, m } from "../../../i18n";
import { problemText, kindOf } from "../../../i18n/Problem";
import { halfForm, keepForm } from "../../chat/halfForm";
import { write } from "../../chat/halfWritten";
import { attachPicture, dropPicture, pictureOf } from "../picture";
import { MOST_FILES } from "../body";
import { formOf, PICKED, Unfit, type Form } from "../../files/kinds";
import { FileLine, Media } from "../../files/screens/Media";
import { draft } from "../queries";

export type Stage = "closed" | "ask" | "child" | "choose";

export interface Chosen {
  file_id: string;
  media_type: string;
  size: number;
}

/** Whose a picture becomes. */
export interface Owner {
  /** Of which report or talk. */
  id: () => string;
  chosen: () => Chosen[];
  /** How many there may be. */
  most: number;
  take: (file: File, onProgress: (share: number) => void) => Promise<void>;
  drop: (file_id: string) => Promise<void>;
  /** What the picker is told. */
  types: string[];
  words: Record<"title" | "text" | "choose" | "drop" | "add" | "added" | "full", () => string>;
}

const wordsOfDraft = { title: m.tell_picture_title, text: m.ask_no_text, choose: m.ask_choose, drop: m.tell_picture_drop, add: m.ask_add, added: m.ask_added, full: m.ask_full };

/** What a report has of pictures. */
const ofDraft: Owner = { id: () => draft.value?.report_id ?? "tell", chosen: () => draft.value?.pictures ?? [], most: MOST_FILES, take: attachPicture, drop: dropPicture, types: PICKED, words: wordsOfDraft };

/** A chosen file; what can be seen or heard is shown from the phone's own copy. */
export function ChosenPicture({ picture }: { picture: Chosen }) {
  const form = formOf(picture.media_type);
  if (form === "document") return <FileLine media_type={picture.media_type} size={picture.size} />;
  return <ChosenMedia picture={picture} form={form} />;
}

const names = { picture: m.tell_picture_chosen, film: m.tell_film_chosen, sound: m.tell_sound_chosen };

function ChosenMedia({ picture, form }: { picture: Chosen; form: Exclude<Form, "document"> }) {
  const source = useSignal<string | null>(null);
  const unreadable = useSignal(false);
  useEffect(() => {
    let url: string | null = null;
    let over = false;
    unreadable.value = false;
    void pictureOf(picture.file_id, picture.media_type).then(
      (blob) => {
        if (!over) source.value = url = URL.createObjectURL(blob);
      },
      () => (unreadable.value = true),
    );
    return () => {
      over = true;
      source.value = null;
      if (url !== null) URL.revokeObjectURL(url);
    };
  }, [picture.file_id]);
  if (unreadable.value) return <p class="small">{m.picture_unreadable()}</p>;
  if (!source.value) return null;
  return <Media media_type={picture.media_type} src={source.value} name={names[form]()} failed={() => (unreadable.value = true)} />;
}

/** "JPEG, PNG eller WEBP", as the picker asks for them. */
const typeWords = (types: string[]): string =>
  new Intl.ListFormat(locale.value, { type: "disjunction" }).format(types.map((type) => type.replace(/.*\//, "").toUpperCase()));

/** Why a file was not taken. */
export function whyNot(error: unknown, types: string[]): string {
  if (error instanceof Unfit) {
    if (error.why === "size") return m.tell_picture_size();
    if (error.why === "locked") return problemText("file-locked");
    return types === PICKED ? m.tell_file_type() : m.tell_picture_type({ types: typeWords(types) });
  }
  if (error instanceof DOMException && error.name === "QuotaExceededError") return m.tell_picture_room();
  return problemText(kindOf(error));
}

/** What is told in the place of a picture that must not be sent. */
export interface InPlace {
  link: string;
  user: string;
  platform: string;
}

type Step = { add: (told: InPlace) => boolean; asking: Signal<boolean>; owner?: Owner; from?: Signal<Stage> };

/**
 * Before any picker opens, the question that keeps pictures of naked children off this phone and off the way to us.
 * `add` is false when there is no room for it. `from`: it is opened elsewhere.
 */
export function PictureStep({ add, asking, owner = ofDraft, from }: Step) {
  const own = useSignal<Stage>("closed");
  const stage = from ?? own;
  const { words } = owner;
  const place = `${owner.id()}/instead`;
  const told = halfForm<InPlace>(place) ?? { link: "", user: "", platform: "" };
  const isTold = Object.values(told).some((text) => text.trim() !== "");
  const keep = (part: Partial<InPlace>) => keepForm(place, { ...told, ...part });
  const added = useSignal<"" | "added" | "full">("");
  const share = useSignal(0);
  const { busy, error, run } = useTask();
  const picker = useRef<HTMLInputElement>(null);
  const asked = useRef<HTMLHeadingElement>(null);
  const opener = useRef<HTMLButtonElement>(null);
  const opened = useRef(false);
  const id = useId();
  const chosen = owner.chosen();

  useEffect(() => {
    asking.value = stage.value !== "closed";
    if (asking.value) asked.current?.focus();
    else if (opened.current) opener.current?.focus();
    opened.current ||= asking.value;
  }, [stage.value]);

  const take = async (file: File | undefined) => {
    share.value = 0;
    if (file && (await run(() => owner.take(file, (now) => (share.value = now))))) stage.value = "closed";
  };
  const drop = async (file_id: string) => {
    if (await run(() => owner.drop(file_id))) opener.current?.focus();
  };
  const tell = () => {
    added.value = add({ link: told.link.trim(), user: told.user.trim(), platform: told.platform.trim() }) ? "added" : "full";
    if (added.value === "full") return;
    write(place, "");
    stage.value = "closed";
  };

  return (
    <div class="block">
      {chosen.map((picture, i) => (
        <div class="block" key={picture.file_id}>
          <ChosenPicture picture={picture} />
          {stage.value === "closed" && (
            <div class="row">
              <button
                type="button"
                class="button plain"
                disabled={busy}
                aria-label={chosen.length > 1 ? m.tell_picture_drop_one({ number: i + 1 }) : undefined}
                onClick={() => void drop(picture.file_id)}
              >
                {words.drop()}
              </button>
            </div>
          )}
        </div>
      ))}
      {stage.value === "closed" && !from && chosen.length < owner.most && (
        <button type="button" class="button plain" ref={opener} onClick={() => (stage.value = "ask")}>
          <Icon name="picture" />
          {chosen.length > 0 ? m.tell_picture_another() : m.tell_picture_add()}
        </button>
      )}
      {stage.value === "ask" && (
        <section class="card" aria-labelledby={`${id}-ask`}>
          <h2 id={`${id}-ask`} ref={asked} tabIndex={-1}>
            {m.ask_title()}
          </h2>
          <p>{m.ask_text()}</p>
          <div class="row">
            <button type="button" class="button" onClick={() => (stage.value = "child")}>
              {m.ask_yes()}
            </button>
            <button type="button" class="button" onClick={() => (stage.value = "choose")}>
              {m.ask_no()}
            </button>
            <button type="button" class="button plain" onClick={() => (stage.value = "closed")}>
              {m.cancel()}
            </button>
          </div>
        </section>
      )}
      {stage.value === "child" && (
        <section class="card" aria-labelledby={`${id}-child`}>
          <h2 id={`${id}-child`} ref={asked} tabIndex={-1}>
            {m.ask_yes_title()}
          </h2>
          <p>{m.ask_yes_text()}</p>
          <label class="field">
            {m.ask_link()}
            <input type="text" inputMode="url" maxLength={2000} autocomplete="off" value={told.link} onInput={(event) => keep({ link: event.currentTarget.value })} />
          </label>
          <label class="field">
            {m.ask_user()}
            <input type="text" maxLength={300} autocomplete="off" value={told.user} onInput={(event) => keep({ user: event.currentTarget.value })} />
          </label>
          <label class="field">
            {m.ask_platform()}
            <input type="text" maxLength={300} autocomplete="off" value={told.platform} onInput={(event) => keep({ platform: event.currentTarget.value })} />
          </label>
          <div class="row">
            <button
              type="button"
              class="button"
              disabled={!isTold}
              onClick={tell}
            >
              {words.add()}
            </button>
            <button type="button" class="button plain" onClick={() => (stage.value = "closed")}>
              {m.cancel()}
            </button>
          </div>
        </section>
      )}
      {stage.value === "choose" && (
        <section class="card" aria-labelledby={`${id}-choose`}>
          <h2 id={`${id}-choose`} ref={asked} tabIndex={-1}>
            {words.title()}
          </h2>
          <p>{words.text()}</p>
          <div class="row">
            <button type="button" class="button" disabled={busy} onClick={() => picker.current?.click()}>
              {words.choose()}
            </button>
            <button type="button" class="button plain" onClick={() => (stage.value = "closed")}>
              {m.cancel()}
            </button>
          </div>
          {busy && <progress max={1} value={share.value} aria-label={m.tell_picture_saving()} />}
          <input
            ref={picker}
            type="file"
            hidden
            accept={owner.types.join(",")}
            onChange={(event) => {
              void take(event.currentTarget.files?.[0]);
              event.currentTarget.value = "";
            }}
          />
        </section>
      )}
      <div role="status">
        {added.value === "added" && <p class="notice">{words.added()}</p>}
        {added.value === "full" && <p class="notice care">{words.full()}</p>}
        {error !== null && <p class="notice care">{whyNot(error, owner.types)}</p>}
      </div>
    </div>
  );
}
