import { kept } from "../../../app/kept";
import { Confirm, Icon, useLoad, useTask } from "../../../design";
import { m } from "../../../i18n";
import { Failed, Problem } from "../../../i18n/Problem";
import { readable } from "../../../i18n/readable";
import { when } from "../../../i18n/time";
import { homePos } from "../../../sync/mirror";
import { online, pushes } from "../../../sync/state";
import { Call112 } from "../../chat/screens/Danger";
import { me } from "../../identity/queries";
import { drop, takeBack } from "../actions";
import { asking, mineOf, takings, type AskedQuestion, type Dialogue } from "../queries";
import { hidingNames, stateWords } from "./words";

/** One's own questions with what became of each, what waits on this phone first. */
export function Own({ dialogue, questions }: { dialogue: Dialogue; questions: AskedQuestion[] }) {
  const { dialogue_id } = dialogue;
  const of = mineOf(dialogue_id);
  const own = asking.value.filter((one) => one.body.dialogue_id === dialogue_id);
  const going = own.filter(({ refused }) => !refused);
  const youth = me.value?.role === "youth";
  const { error } = useLoad(async () => youth && of.load(), [youth, online.value, pushes.value, homePos.value, going.length, takings.value.length, dialogue.state]);
  const items = youth ? (of.list.value?.items ?? []) : [];
  const listed = new Set(items.map(({ question_id }) => question_id));
  const waiting = going.filter(({ body }) => !listed.has(body.question_id));
  if (items.length + waiting.length === 0) return error !== null && youth && online.value ? <Failed error={error} /> : null;
  const textOf = (id: string | undefined) => [...questions, ...items].find(({ question_id }) => question_id === id)?.text;
  return (
    <section class="block unprinted">
      <h2>{m.questions_own()}</h2>
      <ul class="rows" aria-live="polite">
        {waiting.map(({ action_id, body, recorded_at }) => (
          <li class="tip question" key={action_id}>
            <span class="tag">{kept(m.unsent_waiting)}</span>
            <p class="dialogue-words">{body.text}</p>
            <span class="small">{when(recorded_at)}</span>
          </li>
        ))}
        {items.map((one) => (
          <OwnQuestion key={one.question_id} question={one} archived={dialogue.state === "archived"} into={textOf(one.merged_into)} />
        ))}
      </ul>
    </section>
  );
}

function OwnQuestion({ question, archived, into }: { question: AskedQuestion; archived: boolean; into: string | undefined }) {
  const { busy, error, run } = useTask();
  const { question_id, state, harm, hiding, conversation_id, asked_at } = question;
  const taking = takings.value.filter(({ body }) => body.question_id === question_id);
  const going = taking.some(({ refused }) => !refused);
  return (
    <li class="tip question">
      <span class="tag">{going ? m.idea_going_back() : stateWords(question, archived, into)}</span>
      <p class="dialogue-words">{readable(question.text)}</p>
      {hiding !== undefined && <p class="small">{hidingNames[hiding]()}</p>}
      {harm && (
        <div class="notice care">
          <p class="strong">{m.idea_danger()}</p>
          {conversation_id !== undefined && <p>{m.question_harm()}</p>}
          <Call112 />
        </div>
      )}
      {conversation_id !== undefined && (
        <a class={harm ? "button" : "button plain"} href={`/talk/${conversation_id}`}>
          <Icon name="talk" />
          {m.idea_talk_open()}
        </a>
      )}
      {asked_at !== undefined && <span class="small">{when(asked_at)}</span>}
      {taking
        .filter(({ refused }) => refused)
        .map(({ action_id, problem_kind }) => (
          <div key={action_id} class="notice care" role="alert">
            <p>
              <b>{m.question_back_refused()}</b> <Problem kind={problem_kind} />
            </p>
            <button type="button" class="button plain" disabled={busy} onClick={() => void run(() => drop(action_id))}>
              {m.act_refused_seen()}
            </button>
          </div>
        ))}
      {state === "waiting" && !going && <Confirm quiet label={m.idea_take_back()} ask={m.question_take_back_ask()} yes={m.idea_take_back()} busy={busy} onYes={() => void run(() => takeBack(question_id))} />}
      <Failed error={error} />
    </li>
  );
}
