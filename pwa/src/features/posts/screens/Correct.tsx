import { useSignal } from "@preact/signals";
import { NotFetched } from "../../../app/NotFetched";
import { focusHeading, Loading, Page, useLoad, useTask } from "../../../design";
import { m } from "../../../i18n";
import { Failed, Problem, problemText } from "../../../i18n/Problem";
import { homePos } from "../../../sync/mirror";
import { online } from "../../../sync/state";
import { halfForm, keepForm } from "../../chat/halfForm";
import { write } from "../../chat/halfWritten";
import { correctPost, dropPost } from "../actions";
import { correctionOf, lacksOfCorrection, LONGEST_WHY, toCorrection, type CorrectionDraft } from "../draft";
import { corrections, loadPlannedPost, planned, type Post } from "../queries";
import { Alt } from "./Alt";
import { Captions } from "./Captions";
import { Lacking } from "./Lacking";
import { Thumb } from "./Picture";
import { Words } from "./Words";

const placeOf = (post_id: string): string => `post-correct/${post_id}`;

/** Lets a post say something else; what it said before stays to be read, with why. */
export function CorrectPost({ id }: { id: string }) {
  const read = useSignal(false);
  const { error, load } = useLoad(async () => (await loadPlannedPost(id), (read.value = true)), [id, homePos.value, online.value]);
  const one = planned.value?.items.find(({ post }) => post.post_id === id);
  const going = corrections.value.some(({ refused, body }) => !refused && body.post_id === id);
  const known = one !== undefined || read.value;
  const over = one?.state === "withdrawn" || one?.state === "expired";
  return (
    <Page title={m.post_correct_title()} up="/desk/posts" lead={m.post_correct_lead()}>
      {/* Its words may go on from what the post says now. */}
      {known && <RefusedCorrections post_id={id} {...(one && !over && { edit: (draft) => keep(one.post, { ...draft, revision: one.post.revision }) })} />}
      {one === undefined ? (
        error !== null ? (
          <NotFetched error={error} again={load} />
        ) : read.value ? (
          <p class="notice">{problemText("not-found")}</p>
        ) : (
          <Loading />
        )
      ) : over ? (
        <p class="notice">{m.post_correct_not()}</p>
      ) : going ? (
        <p class="notice good" role="status">
          <span>
            {online.value ? m.post_correcting() : m.post_correcting_here()} <a href="/desk/posts">{m.posts_desk()}</a>
          </span>
        </p>
      ) : (
        <Form post={one.post} shown={one.state === "published"} />
      )}
    </Page>
  );
}

const draftOf = (post: Post): CorrectionDraft => ({ ...correctionOf(post), ...halfForm<Partial<CorrectionDraft>>(placeOf(post.post_id)) });
const keep = (post: Post, part: Partial<CorrectionDraft>): void => keepForm(placeOf(post.post_id), { ...draftOf(post), ...part });

function Form({ post, shown }: { post: Post; shown: boolean }) {
  const draft = draftOf(post);
  const needed = useSignal(false);
  const { busy, error, run } = useTask();
  const set = (part: Partial<CorrectionDraft>) => keep(post, part);
  const missing = lacksOfCorrection(draft, post);
  const send = async () => {
    needed.value = missing.length > 0;
    if (!needed.value && (await run(() => correctPost(toCorrection(draft, post))))) write(placeOf(post.post_id), "");
  };
  return (
    <form
      class="block questions"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <Words draft={draft} set={set} />
      {post.files.map((file, i) => (
        <div class="post-chosen" key={file.file_id}>
          {shown && <Thumb post_id={post.post_id} file={file} />}
          <Alt file_id={file.file_id} film={file.is_film} number={i + 1} draft={draft} set={set} />
          {file.is_film && !draft.drops && (
            <Captions text={draft.captions} {...(post.captions_revision === undefined ? {} : { hint: m.post_captions_kept() })} onWrite={(captions) => set({ captions })} />
          )}
          {file.is_film && post.captions_revision !== undefined && (
            <label class="choice">
              <input type="checkbox" checked={draft.drops} onChange={() => set({ drops: !draft.drops })} />
              {m.post_captions_drop()}
            </label>
          )}
        </div>
      ))}
      <label class="field">
        {m.post_why()}
        <textarea rows={2} lang="sv" maxLength={LONGEST_WHY} autocomplete="off" value={draft.why} onInput={(event) => set({ why: event.currentTarget.value })} />
      </label>
      <div role="status">{needed.value && <Lacking missing={missing} />}</div>
      <Failed error={error} />
      <button type="submit" class="button wide" disabled={busy}>
        {m.post_correct_do()}
      </button>
    </form>
  );
}

/** A correction that was refused goes back into the form, or, where there is none, is seen before it goes. */
function RefusedCorrections({ post_id, edit }: { post_id: string; edit?: (draft: Partial<CorrectionDraft>) => void }) {
  const { busy, error, run } = useTask();
  return (
    <>
      {corrections.value
        .filter(({ refused, body }) => refused && body.post_id === post_id)
        .map(({ action_id, problem_kind, body }) => (
          <div key={action_id} class="notice care" role="alert">
            <p>
              <b>{m.post_correct_refused()}</b> <Problem kind={problem_kind} />
            </p>
            <p>{body.why}</p>
            <button
              type="button"
              class="button plain"
              disabled={busy}
              onClick={() =>
                void run(async () => {
                  edit?.(wordsOf(body));
                  await dropPost(action_id);
                  focusHeading();
                })
              }
            >
              {edit ? m.post_correct_edit() : m.act_refused_seen()}
            </button>
          </div>
        ))}
      <Failed error={error} />
    </>
  );
}

const wordsOf = ({ title, title_en = "", text, text_en = "", text_easy = "", alts = [], captions, why }: (typeof corrections.value)[number]["body"]): Partial<CorrectionDraft> => ({
  title,
  title_en,
  text,
  text_en,
  text_easy,
  alts: Object.fromEntries(alts.map(({ file_id, alt, alt_en = "" }) => [file_id, { alt, alt_en }])),
  captions: captions ?? "",
  drops: captions === "",
  why,
});
