import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { NotFetched } from "../../../app/NotFetched";
import { Confirm, Empty, Loading, Page, useLoad, useTask } from "../../../design";
import { m } from "../../../i18n";
import { Failed, Problem } from "../../../i18n/Problem";
import { now } from "../../../i18n/time";
import { online } from "../../../sync/state";
import type { Waiting } from "../../../sync/waiting";
import { halfForm, keepForm } from "../../chat/halfForm";
import { write } from "../../chat/halfWritten";
import { Level } from "../../replies/screens/Level";
import { announce, change, drop, readDialogue, type Announced } from "../actions";
import { empty, hasWords, lacks, LONGEST_ABOUT, LONGEST_TITLE, toAnnounce, toDraft, type DialogueDraft, type Lack } from "../draft";
import { draftOfChange, NEW, placeOf } from "../half";
import { announcing, changing, type Dialogue } from "../queries";

const lackWords: Record<Lack, () => string> = { title: m.dialogue_needs_title, starts_at: m.dialogue_needs_time, film_url: m.dialogue_needs_film };

export function NewDialogue() {
  const draft = { ...empty, ...halfForm<Partial<DialogueDraft>>(NEW) };
  return (
    <Page title={m.dialogue_new()} up="/desk/dialogues" lead={m.dialogue_new_lead()}>
      <RefusedForms of={announcing.value} full={hasWords(draft)} edit={(body) => keepForm(NEW, toDraft(body))} />
      <Form draft={draft} place={NEW} submit={m.dialogue_announce()} done={() => (online.value ? m.dialogue_announced() : m.dialogue_announced_here())} send={announce} />
    </Page>
  );
}

export function ChangeDialogue({ id }: { id: string }) {
  const dialogue = useSignal<Dialogue | null | undefined>(undefined);
  const { error, load } = useLoad(async () => (dialogue.value = await readDialogue(id)), [id, online.value, changing.value.length]);
  const now = dialogue.value;
  const place = placeOf(id);
  const own = changing.value.filter(({ body }) => body.dialogue_id === id);
  return (
    <Page title={m.dialogue_change()} up={`/desk/dialogues/${id}`}>
      {now === undefined ? (
        error === null ? <Loading /> : <NotFetched error={error} again={load} />
      ) : now === null ? (
        <Empty title={m.dialogue_gone_text()} />
      ) : now.state !== "announced" ? (
        <Empty title={m.dialogue_change_late()} />
      ) : (
        <>
          <RefusedForms of={own} full={halfForm(place) !== undefined} edit={(body) => keepForm(place, toDraft(body, now.revision))} />
          <Form
            draft={draftOfChange(now)}
            place={place}
            submit={m.dialogue_change_do()}
            done={() => (online.value ? m.dialogue_changed() : m.dialogue_announced_here())}
            send={(said, { revision }) => change({ ...now, revision }, said)}
          />
        </>
      )}
    </Page>
  );
}

interface Written {
  draft: DialogueDraft;
  place: string;
  submit: string;
  done: () => string;
  send: (said: Announced, draft: DialogueDraft) => Promise<void>;
}

function Form({ draft, place, submit, done, send }: Written) {
  const needed = useSignal(false);
  const told = useSignal("");
  const { busy, error, run } = useTask();
  const set = (part: Partial<DialogueDraft>) => {
    told.value = "";
    keepForm(place, { ...draft, ...part });
  };
  const missing = lacks(draft, now.value);
  useEffect(() => {
    if (missing.length === 0) needed.value = false;
  }, [missing.length]);
  const submits = async () => {
    needed.value = missing.length > 0;
    if (needed.value || !(await run(() => send(toAnnounce(draft), draft)))) return;
    told.value = done();
    write(place, "");
  };
  const title = (name: "title" | "title_en", label: string) => (
    <label class="field">
      {label}
      <input type="text" lang={name === "title" ? "sv" : "en"} maxLength={LONGEST_TITLE} autocomplete="off" value={draft[name]} onInput={(event) => set({ [name]: event.currentTarget.value })} />
    </label>
  );
  const about = (name: "about" | "about_en", label: string) => (
    <div>
      <label class="field">
        {label}
        <textarea rows={3} lang={name === "about" ? "sv" : "en"} maxLength={LONGEST_ABOUT} autocomplete="off" value={draft[name]} onInput={(event) => set({ [name]: event.currentTarget.value })} />
      </label>
      {name === "about" && <Level text={draft.about} />}
    </div>
  );
  return (
    <form
      class="block questions"
      onSubmit={(event) => {
        event.preventDefault();
        void submits();
      }}
    >
      {title("title", m.dialogue_title_sv())}
      {about("about", m.dialogue_about_sv())}
      <label class="field">
        {m.dialogue_starts_at()}
        <input type="datetime-local" value={draft.starts_at} onInput={(event) => set({ starts_at: event.currentTarget.value })} />
      </label>
      <label class="field">
        {m.dialogue_film_url()}
        <span class="hint">{m.dialogue_film_hint()}</span>
        <input type="url" inputMode="url" autocomplete="off" value={draft.film_url} onInput={(event) => set({ film_url: event.currentTarget.value })} />
      </label>
      {title("title_en", m.dialogue_title_en())}
      {about("about_en", m.dialogue_about_en())}
      <div role="status">
        {needed.value &&
          missing.map((lack) => (
            <p class="wrong" key={lack}>
              {lackWords[lack]()}
            </p>
          ))}
        {told.value !== "" && (
          <p class="notice good">
            <span>
              {told.value} <a href="/desk/dialogues">{m.dialogues_desk()}</a>
            </span>
          </p>
        )}
      </div>
      <Failed error={error} />
      <button type="submit" class="button wide" disabled={busy}>
        {submit}
      </button>
    </form>
  );
}

/** Where the server said that it was not right. */
const whereWords: Record<string, () => string> = { film_url: m.dialogue_wrong_film, starts_at: m.dialogue_needs_time };

/** What was refused goes back into the form, where it can be changed. */
function RefusedForms<Body extends Announced>({ of, full, edit }: { of: Waiting<Body>[]; full: boolean; edit: (body: Body) => void }) {
  const { busy, error, run } = useTask();
  const again = (action_id: string, body: Body) =>
    void run(async () => {
      edit(body);
      await drop(action_id);
    });
  return (
    <>
      {of
        .filter(({ refused }) => refused)
        .map(({ action_id, problem_kind, refused_field = "", body }) => (
          <div key={action_id} class="notice care" role="alert">
            <p>
              <b>{m.dialogue_refused()}</b> {whereWords[refused_field]?.() ?? <Problem kind={problem_kind} />}
            </p>
            <p>{body.title}</p>
            {full ? (
              <Confirm label={m.dialogue_refused_edit()} ask={m.tip_refused_over()} yes={m.dialogue_refused_edit()} onYes={() => again(action_id, body)} busy={busy} />
            ) : (
              <button type="button" class="button" disabled={busy} onClick={() => again(action_id, body)}>
                {m.dialogue_refused_edit()}
              </button>
            )}
          </div>
        ))}
      <Failed error={error} />
    </>
  );
}
