import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { Confirm, Page, useTask } from "../../../design";
import { m } from "../../../i18n";
import { Failed, Problem } from "../../../i18n/Problem";
import { now, until } from "../../../i18n/time";
import { online } from "../../../sync/state";
import { halfForm, keepForm } from "../../chat/halfForm";
import { write } from "../../chat/halfWritten";
import { quarters, type Quarter } from "../../quarters/shifts";
import { ChosenPicture } from "../../reports/screens/PictureStep";
import { quarterWords } from "../../rooms/screens/WhichQuarter";
import { useCounties } from "../../tips/screens/counties";
import { Municipalities } from "../../tips/screens/Municipalities";
import { topicName, topics } from "../../tips/screens/topics";
import { dropPost, publishPost } from "../actions";
import { chosenFiles, detachFiles } from "../attach";
import { empty, hasWords, lacks, preview, toDraft, toPublish, type PostDraft } from "../draft";
import { publishing, type PublishPost, type Topic } from "../queries";
import { Article } from "./Article";
import { Files } from "./Files";
import { Lacking } from "./Lacking";
import { Words } from "./Words";

const PLACE = "post/new";

interface Part {
  draft: PostDraft;
  set: (part: Partial<PostDraft>) => void;
}

export function WritePost() {
  const draft = { ...empty, ...halfForm<Partial<PostDraft>>(PLACE) };
  const files = chosenFiles();
  const needed = useSignal(false);
  const done = useSignal("");
  const { busy, error, run } = useTask();
  const reading = useTask();
  const set = (part: Partial<PostDraft>) => {
    done.value = "";
    // As it stands now: what was read from a file may come after other letters.
    keepForm(PLACE, { ...empty, ...halfForm<Partial<PostDraft>>(PLACE), ...part });
  };
  const missing = lacks(draft, files, now.value);
  const publish = async () => {
    if (reading.busy) return;
    needed.value = missing.length > 0;
    const post = needed.value ? null : toPublish(draft, files);
    if (post === null || !(await run(() => publishPost(post)))) return;
    done.value = !online.value ? m.post_published_here() : post.publish_at === undefined ? m.post_published() : m.post_published_later({ when: until(post.publish_at) });
    write(PLACE, "");
  };
  return (
    <Page title={m.post_write()} up="/desk/posts" lead={m.post_write_lead()}>
      <RefusedPosts full={hasWords(draft) || files.length > 0} edit={set} />
      <form
        class="block questions"
        onSubmit={(event) => {
          event.preventDefault();
          void publish();
        }}
      >
        <label class="field">
          {m.tip_topic()}
          <select value={draft.topic} onChange={(event) => set({ topic: event.currentTarget.value as Topic | "" })}>
            <option value="">–</option>
            {topics.map((one) => (
              <option key={one} value={one}>
                {topicName(one)}
              </option>
            ))}
          </select>
        </label>
        <Words draft={draft} set={set} />
        <Files files={files} draft={draft} set={set} task={reading} />
        <WhichQuarter draft={draft} set={set} />
        <Municipalities
          legend={m.post_places()}
          hint={draft.municipalities.length === 0 ? m.post_places_none() : m.post_places_some()}
          chosen={draft.municipalities}
          onChange={(municipalities) => set({ municipalities })}
        />
        <WhenChoice draft={draft} set={set} />
        <Preview draft={draft} />
        <div role="status">
          {needed.value && <Lacking missing={missing} />}
          {reading.busy && <p class="small">{m.post_file_wait()}</p>}
          {done.value !== "" && (
            <p class="notice good">
              <span>
                {done.value} <a href="/desk/posts">{m.post_follow()}</a>
              </span>
            </p>
          )}
        </div>
        <Failed error={error} />
        <button type="submit" class="button wide" disabled={busy} aria-disabled={reading.busy}>
          {m.post_publish()}
        </button>
      </form>
    </Page>
  );
}

/** A post that was refused goes back into the form with its files, where it can be changed. */
function RefusedPosts({ full, edit }: { full: boolean; edit: (draft: PostDraft) => void }) {
  const { busy, error, run } = useTask();
  const again = (action_id: string, post: PublishPost) =>
    void run(async () => {
      await detachFiles(chosenFiles());
      edit(toDraft(post));
      await dropPost(action_id, post);
    });
  return (
    <>
      {publishing.value
        .filter(({ refused }) => refused)
        .map(({ action_id, problem_kind, body }) => (
          <div key={action_id} class="notice care" role="alert">
            <p>
              <b>{m.post_refused()}</b> <Problem kind={problem_kind} />
            </p>
            <p>{body.title}</p>
            {full ? (
              <Confirm label={m.post_refused_edit()} ask={m.post_refused_over()} yes={m.post_refused_edit()} onYes={() => again(action_id, body)} busy={busy} />
            ) : (
              <button type="button" class="button" disabled={busy} onClick={() => again(action_id, body)}>
                {m.post_refused_edit()}
              </button>
            )}
          </div>
        ))}
      <Failed error={error} />
    </>
  );
}

/** Where the patrol walks that it is about. A post is about none of them as well, so nothing is said where they do not come. */
function WhichQuarter({ draft, set }: Part) {
  const list = useSignal<Quarter[]>([]);
  const { run } = useTask();
  useEffect(() => void run(async () => (list.value = await quarters())), [online.value]);
  if (list.value.length === 0) return null;
  return (
    <label class="field">
      {m.post_quarter()}
      <select value={draft.quarter_id} onChange={(event) => set({ quarter_id: event.currentTarget.value })}>
        <option value="">–</option>
        {list.value.map(({ quarter_id }) => (
          <option key={quarter_id} value={quarter_id}>
            {quarterWords(list.value, quarter_id)}
          </option>
        ))}
      </select>
    </label>
  );
}

const WhenChoice = ({ draft, set }: Part) => (
  <fieldset>
    <legend>{m.post_when()}</legend>
    <div class="choices">
      {([false, true] as const).map((later) => (
        <label class="choice" key={String(later)}>
          <input type="radio" name="when" checked={draft.later === later} onChange={() => set({ later })} />
          {later ? m.tip_later() : m.tip_now()}
        </label>
      ))}
      {draft.later && (
        <label class="field">
          {m.post_publish_at()}
          <input type="datetime-local" value={draft.publish_at} onInput={(event) => set({ publish_at: event.currentTarget.value })} />
        </label>
      )}
      <label class="field">
        {m.post_expires_at()}
        <span class="hint">{m.post_expires_hint()}</span>
        <input type="datetime-local" value={draft.expires_at} onInput={(event) => set({ expires_at: event.currentTarget.value })} />
      </label>
    </div>
  </fieldset>
);

/** As a youth sees it, with the phone's own copies of its files. */
function Preview({ draft }: { draft: PostDraft }) {
  const opened = useSignal(false);
  const { counties } = useCounties(opened.value);
  const post = preview(draft, now.value);
  return (
    <details class="fold card" onToggle={(event) => (opened.value = event.currentTarget.open)}>
      <summary>{m.post_preview()}</summary>
      {opened.value && (
        <Article post={{ ...post, title: post.title || m.post_title_sv() }} counties={counties}>
          {chosenFiles().map((file) => (
            <ChosenPicture key={file.file_id} picture={file} />
          ))}
        </Article>
      )}
    </details>
  );
}
