import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { NotFetched } from "../../../app/NotFetched";
import { go } from "../../../app/router";
import { Icon, Loading, useTask } from "../../../design";
import { m } from "../../../i18n";
import { Failed, Problem } from "../../../i18n/Problem";
import { halfForm, keepForm } from "../../chat/halfForm";
import { write } from "../../chat/halfWritten";
import { quarterWords, useQuarters } from "../../rooms/screens/WhichQuarter";
import { answerIdea, dropIdea, hideIdea, mergeIdea, showIdea, talkAbout } from "../actions";
import { box, decisions, type Decision, type Idea, type IdeaHiding, type IdeaOutcome } from "../queries";
import { hidingNames, LONGEST, outcomeNames } from "./words";

interface AnswerDraft {
  /** Of what it began with: what a colleague answers meanwhile is not undone in silence. */
  revision: number;
  outcome: IdeaOutcome;
  /** Empty: none. */
  quarter_id: string;
  answer: string;
  answer_en: string;
}
const placeOf = ({ idea_id }: Pick<Idea, "idea_id">): string => `idea-answer/${idea_id}`;
const draftOf = (idea: Idea): AnswerDraft => ({ revision: idea.revision, outcome: idea.outcome ?? "done", quarter_id: idea.quarter_id ?? "", answer: idea.answer ?? "", answer_en: idea.answer_en ?? "", ...halfForm<Partial<AnswerDraft>>(placeOf(idea)) });

/** A decision; what held the focus goes with it, and the list stays where it is. */
function useDecision() {
  const { run, ...task } = useTask();
  const decide = async (work: () => Promise<unknown>): Promise<boolean> => {
    const done = await run(work);
    if (done) document.querySelector<HTMLElement>("main h1")?.focus({ preventScroll: true });
    return done;
  };
  return { ...task, decide };
}

/** What an officer can make of an idea where it stands. */
export function Decide({ idea }: { idea: Idea }) {
  const { busy, error, decide } = useDecision();
  const { state, conversation_id } = idea;
  const open = state === "waiting" || state === "shown";
  // What tells of harm is talked about before anything else.
  const harm = (idea.reasons ?? []).length > 0;
  const show = (state === "waiting" || (state === "not-shown" && conversation_id === undefined)) && (
    <button key="show" type="button" class={harm ? "button plain" : "button"} disabled={busy} onClick={() => void decide(() => showIdea(idea))}>
      <Icon name="check" />
      {m.idea_show()}
    </button>
  );
  const talk =
    conversation_id !== undefined ? (
      <a key="talk" class={harm ? "button" : "button plain"} href={`/desk/talk/${conversation_id}`}>
        <Icon name="talk" />
        {m.idea_talk_go()}
      </a>
    ) : (
      <button key="talk" type="button" class={harm ? "button" : "button plain"} disabled={busy} onClick={() => void decide(async () => go(`/desk/talk/${await talkAbout(idea)}`))}>
        <Icon name="talk" />
        {m.idea_talk()}
      </button>
    );
  return (
    <div class="stack decide">
      {harm ? [talk, show] : [show, talk]}
      <Failed error={error} />
      {(open || state === "answered") && <Answer idea={idea} />}
      {open && <Merge idea={idea} />}
      {state !== "merged" && state !== "not-shown" && <Hide idea={idea} />}
    </div>
  );
}

function Hide({ idea }: { idea: Idea }) {
  const hiding = useSignal<IdeaHiding | null>(null);
  const { busy, error, decide } = useDecision();
  return (
    <details class="fold">
      <summary>{m.idea_hide()}</summary>
      <div class="stack">
        <fieldset>
          <legend>{m.idea_hide_why()}</legend>
          <div class="choices">
            {(Object.keys(hidingNames) as IdeaHiding[]).map((one) => (
              <label class="choice" key={one}>
                <input type="radio" name={`hide-${idea.idea_id}`} checked={hiding.value === one} onChange={() => (hiding.value = one)} />
                {hidingNames[one]()}
              </label>
            ))}
          </div>
        </fieldset>
        <Failed error={error} />
        <button type="button" class="button plain" disabled={busy || hiding.value === null} onClick={() => void decide(async () => hiding.value && (await hideIdea(idea, { hiding: hiding.value })))}>
          {m.idea_hide_do()}
        </button>
      </div>
    </details>
  );
}

/** The others that it may say the same as: those that are shown, of its kind. */
function Merge({ idea }: { idea: Idea }) {
  const opened = useSignal(false);
  return (
    <details class="fold" onToggle={(event) => (opened.value = event.currentTarget.open)}>
      <summary>{m.idea_merge()}</summary>
      {opened.value && <Into idea={idea} />}
    </details>
  );
}

function Into({ idea }: { idea: Idea }) {
  const into = useSignal("");
  const reading = useTask();
  const { busy, error, decide } = useDecision();
  const [shown, answered] = [box("shown"), box("answered")];
  const load = () => void reading.run(() => Promise.all([shown.load(), answered.load()]));
  useEffect(load, []);
  const lists = [shown.list.value, answered.list.value];
  if (reading.error !== null) return <NotFetched error={reading.error} again={load} />;
  if (lists.some((list) => list === null)) return <Loading />;
  const others = lists.flatMap((list) => list?.items ?? []).filter((one) => one.kind === idea.kind && one.idea_id !== idea.idea_id);
  if (others.length === 0) return <p class="small">{m.idea_merge_none()}</p>;
  return (
    <div class="stack">
      <fieldset>
        <legend>{m.idea_merge_which()}</legend>
        <div class="choices">
          {others.map((one) => (
            <label class="choice" key={one.idea_id}>
              <input type="radio" name={`into-${idea.idea_id}`} checked={into.value === one.idea_id} onChange={() => (into.value = one.idea_id)} />
              {one.text}
            </label>
          ))}
        </div>
      </fieldset>
      <Failed error={error} />
      <button type="button" class="button plain" disabled={busy || into.value === ""} onClick={() => void decide(() => mergeIdea(idea, { into: into.value }))}>
        {m.idea_merge_do()}
      </button>
    </div>
  );
}

function Answer({ idea }: { idea: Idea }) {
  const place = placeOf(idea);
  const draft = draftOf(idea);
  const half = halfForm(place) !== undefined;
  const opened = useSignal(half);
  const needed = useSignal(false);
  const { busy, error, decide } = useDecision();
  const set = (part: Partial<AnswerDraft>) => {
    needed.value = false;
    keepForm(place, { ...draft, ...part });
  };
  const send = async () => {
    const [answer, english] = [draft.answer.trim(), draft.answer_en.trim()];
    needed.value = answer === "";
    if (needed.value) return;
    if (await decide(() => answerIdea({ idea_id: idea.idea_id, revision: draft.revision }, { outcome: draft.outcome, answer, ...(english ? { answer_en: english } : {}), ...(draft.quarter_id ? { quarter_id: draft.quarter_id } : {}) }))) write(place, "");
  };
  return (
    <details class="fold" open={half} onToggle={(event) => (opened.value = event.currentTarget.open)}>
      <summary>{m.idea_answer()}</summary>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        <fieldset>
          <legend>{m.idea_outcome()}</legend>
          <div class="choices">
            {(Object.keys(outcomeNames) as IdeaOutcome[]).map((one) => (
              <label class="choice" key={one}>
                <input type="radio" name={`outcome-${idea.idea_id}`} checked={draft.outcome === one} onChange={() => set({ outcome: one })} />
                {outcomeNames[one]()}
              </label>
            ))}
          </div>
        </fieldset>
        {idea.kind === "quarter" && opened.value && <OwnQuarter chosen={draft.quarter_id} onChange={(quarter_id) => set({ quarter_id })} />}
        <label class="field">
          {m.idea_answer_text()}
          <textarea rows={3} lang="sv" maxLength={LONGEST} autocomplete="off" value={draft.answer} onInput={(event) => set({ answer: event.currentTarget.value })} />
        </label>
        <label class="field">
          {m.idea_answer_en()}
          <textarea rows={3} lang="en" maxLength={LONGEST} autocomplete="off" value={draft.answer_en} onInput={(event) => set({ answer_en: event.currentTarget.value })} />
        </label>
        <div role="status">{needed.value && <p class="wrong">{m.idea_answer_needed()}</p>}</div>
        <Failed error={error} />
        <button type="submit" class="button" disabled={busy}>
          {m.idea_answer_do()}
        </button>
      </form>
    </details>
  );
}

/** Where the patrol is now, if a place was wished for. */
function OwnQuarter({ chosen, onChange }: { chosen: string; onChange: (quarter_id: string) => void }) {
  const { list, waiting } = useQuarters();
  const all = list.value;
  if (all === null) return <>{waiting}</>;
  return (
    <label class="field">
      {m.idea_quarter()}
      <select value={chosen} onChange={(event) => onChange(event.currentTarget.value)}>
        <option value="">–</option>
        {all.map(({ quarter_id }) => (
          <option key={quarter_id} value={quarter_id}>
            {quarterWords(all, quarter_id)}
          </option>
        ))}
      </select>
    </label>
  );
}

/** What was refused is seen before it goes; words of an answer go back into the form. */
export function RefusedDecisions({ about }: { about: (idea_id: string) => boolean }) {
  const { busy, error, run } = useTask();
  const drop = ({ action_id, kind, body: { idea_id, outcome = "done", quarter_id = "", answer = "", answer_en = "" } }: Decision) =>
    void run(async () => {
      if (kind === "idea-answer") keepForm(placeOf({ idea_id }), { outcome, quarter_id, answer, answer_en });
      await dropIdea(action_id);
    });
  return (
    <>
      {decisions.value
        .filter(({ refused, body }) => refused && about(body.idea_id))
        .map((row) => (
          <div key={row.action_id} class="notice care" role="alert">
            <p>
              <b>{m.idea_decision_refused()}</b> <Problem kind={row.problem_kind} />
            </p>
            {row.body.answer !== undefined && <blockquote>{row.body.answer}</blockquote>}
            <button type="button" class="button plain" disabled={busy} onClick={() => drop(row)}>
              {row.kind === "idea-answer" ? m.idea_answer_edit() : m.act_refused_seen()}
            </button>
          </div>
        ))}
      <Failed error={error} />
    </>
  );
}
