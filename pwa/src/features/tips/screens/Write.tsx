import { useSignal } from "@preact/signals";
import { Confirm, Page, useTask } from "../../../design";
import { m } from "../../../i18n";
import { fieldOf } from "../../../i18n/field";
import { Failed, Problem } from "../../../i18n/Problem";
import { now, until } from "../../../i18n/time";
import { online } from "../../../sync/state";
import { halfForm, keepForm } from "../../chat/halfForm";
import { write } from "../../chat/halfWritten";
import { me } from "../../identity/queries";
import { dropTip, publishTip } from "../actions";
import { audienceOf, empty, hasWords, lacks, times, toDraft, toPublish, type Lack, type TipDraft } from "../draft";
import { publishing, type Topic } from "../queries";
import { ForWhom } from "./ForWhom";
import { Reach } from "./Reach";
import { Texts } from "./Texts";
import { topicName, topics } from "./topics";

const PLACE = "tip/new";

const lackWords: Record<Lack, (() => string) | null> = {
  topic: m.tip_needed,
  text: m.tip_needed_text,
  // It stands at the text.
  "too-long": null,
  from: m.tip_needed_from,
  until: m.tip_needed_until,
};

export function WriteTip() {
  const draft = { ...empty, ...halfForm<Partial<TipDraft>>(PLACE) };
  const needed = useSignal(false);
  const done = useSignal("");
  const { busy, error, run } = useTask();
  const set = (part: Partial<TipDraft>) => {
    done.value = "";
    keepForm(PLACE, { ...draft, ...part });
  };
  const missing = lacks(draft, now.value);
  const publish = async () => {
    needed.value = missing.length > 0;
    const tip = needed.value ? null : toPublish(draft);
    if (tip === null || !(await run(() => publishTip(tip)))) return;
    done.value = !online.value ? m.tip_published_here() : tip.publish_at === undefined ? m.tip_published() : m.tip_published_later({ when: until(tip.publish_at) });
    write(PLACE, "");
  };

  return (
    <Page title={m.tip_title()} lead={m.tip_lead()}>
      <nav class="chips" aria-label={m.nav_tips()}>
        <a class="button plain" href="/desk/tips">
          {m.tips_all()}
        </a>
        <a class="button plain" href="/desk/posts">
          {m.posts_desk()}
        </a>
        <a class="button plain" href="/desk/polls">
          {m.polls_desk()}
        </a>
        <a class="button plain" href="/desk/dialogues">
          {m.dialogues_desk()}
        </a>
        <a class="button plain" href="/desk/ideas">
          {m.ideas_box()}
        </a>
      </nav>
      <RefusedTips full={hasWords(draft)} edit={set} />
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
        <ForWhom draft={draft} set={set} />
        <Reach audience={audienceOf(draft)} />
        <Texts names={{ text: m.tip_text(), text_easy: m.tip_text_easy(), text_en: m.tip_text_en() }} of={draft} onWrite={(name, text) => set({ [name]: text })} />
        <ActionChoice draft={draft} set={set} />
        <WhenChoice draft={draft} set={set} />
        {me.value?.role === "lead" && (
          <div class="choices">
            <label class="choice">
              <input type="checkbox" checked={draft.urgent} onChange={() => set({ urgent: !draft.urgent })} />
              {m.tip_urgent()}
            </label>
            <p class="hint">{m.tip_urgent_hint()}</p>
          </div>
        )}
        <div role="status">
          {needed.value &&
            missing.map((lack) => {
              const words = lackWords[lack];
              return (
                words && (
                  <p class="wrong" key={lack}>
                    {words()}
                  </p>
                )
              );
            })}
          {done.value !== "" && <p class="notice good">{done.value}</p>}
        </div>
        <Failed error={error} />
        <button type="submit" class="button wide" disabled={busy || missing.includes("too-long")}>
          {m.tip_publish()}
        </button>
      </form>
    </Page>
  );
}

/** A tip that was refused goes back into the form, where its words can be changed. */
function RefusedTips({ full, edit }: { full: boolean; edit: (draft: TipDraft) => void }) {
  const { busy, error, run } = useTask();
  const again = (action_id: string, draft: TipDraft) =>
    void run(async () => {
      edit(draft);
      await dropTip(action_id);
    });
  return (
    <>
      {publishing.value
        .filter(({ refused }) => refused)
        .map(({ action_id, problem_kind, body }) => (
          <div key={action_id} class="notice care" role="alert">
            <p>
              <b>{m.tip_refused()}</b> <Problem kind={problem_kind} />
            </p>
            <p>{body.text}</p>
            {full ? (
              <Confirm label={m.tip_refused_edit()} ask={m.tip_refused_over()} yes={m.tip_refused_edit()} onYes={() => again(action_id, toDraft(body))} busy={busy} />
            ) : (
              <button type="button" class="button" disabled={busy} onClick={() => again(action_id, toDraft(body))}>
                {m.tip_refused_edit()}
              </button>
            )}
          </div>
        ))}
      <Failed error={error} />
    </>
  );
}

interface Part {
  draft: TipDraft;
  set: (part: Partial<TipDraft>) => void;
}

const ActionChoice = ({ draft, set }: Part) => (
  <fieldset>
    <legend>{m.tip_action()}</legend>
    <div class="choices">
      {(
        [
          ["chat", m.tip_action_chat()],
          ["report", m.tip_action_report()],
          ["read", m.tip_action_read_name()],
        ] as const
      ).map(([kind, name]) => (
        <label class="choice" key={kind}>
          <input type="radio" name="action" checked={draft.action === kind} onChange={() => set({ action: kind })} />
          {name}
        </label>
      ))}
    </div>
  </fieldset>
);

function WhenChoice({ draft, set }: Part) {
  const end = times(draft, now.value).until;
  return (
    <fieldset>
      <legend>{m.tip_when()}</legend>
      <div class="choices">
        {([false, true] as const).map((later) => (
          <label class="choice" key={String(later)}>
            <input type="radio" name="when" checked={draft.later === later} onChange={() => set({ later })} />
            {later ? m.tip_later() : m.tip_now()}
          </label>
        ))}
        {draft.later && (
          <label class="field">
            {m.tip_publish_at()}
            <input type="datetime-local" value={draft.publish_at} onInput={(event) => set({ publish_at: event.currentTarget.value })} />
          </label>
        )}
        <label class="field">
          {m.tip_expires_at()}
          <span class="hint">{m.tip_expires_hint()}</span>
          <input type="datetime-local" value={draft.expires_at || (Number.isNaN(end) ? "" : fieldOf(end))} onInput={(event) => set({ expires_at: event.currentTarget.value })} />
        </label>
      </div>
    </fieldset>
  );
}
