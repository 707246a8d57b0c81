import { kept } from "../../../app/kept";
import { go } from "../../../app/router";
import { NotHere } from "../../../app/NotHere";
import { Confirm, Empty, Icon, Page, useLoad, useTask } from "../../../design";
import { m } from "../../../i18n";
import { Failed, Problem } from "../../../i18n/Problem";
import { when } from "../../../i18n/time";
import { online, pushes } from "../../../sync/state";
import { keepForm } from "../../chat/halfForm";
import { me } from "../../identity/queries";
import { dropIdea, takeBack } from "../actions";
import { draftOf, PLACE } from "../draft";
import { mine, sending, takings, type Idea } from "../queries";
import { IdeaCard } from "./Card";
import { IdeaList } from "./List";
import { hidingNames, stateWords } from "./words";

/** One's own ideas, what waits on this phone first. */
export function MyIdeas() {
  const going = sending.value.filter(({ refused }) => !refused);
  // One that has just arrived stands in the list from then on.
  const { error, load } = useLoad(async () => me.value && mine.load(), [online.value, pushes.value, going.length, takings.value.length]);
  const listed = new Set(mine.list.value?.items.map(({ idea_id }) => idea_id));
  const waiting = going.filter(({ body }) => !listed.has(body.idea_id));
  const nothing = waiting.length + sending.value.length === 0;
  return (
    <Page title={m.ideas_mine()} up="/ideas">
      <Refused />
      {waiting.length > 0 && (
        <ul class="rows">
          {waiting.map(({ action_id, body, recorded_at }) => (
            <li class="tip idea" key={action_id}>
              <span class="tag">{kept(m.unsent_waiting)}</span>
              <p>{body.text}</p>
              <span class="small">{when(recorded_at)}</span>
            </li>
          ))}
        </ul>
      )}
      {me.value === null ? (
        nothing && <Empty title={m.ideas_mine_empty()} />
      ) : (
        <IdeaList of={mine} error={error} again={load} empty={nothing ? m.ideas_mine_empty() : ""} row={(idea) => <Own key={idea.idea_id} idea={idea} />} />
      )}
      <a class="button plain" href="/ideas">
        {m.ideas_title()}
        <Icon name="next" />
      </a>
      <NotHere />
    </Page>
  );
}

/** What was refused goes back to where it can be changed. */
function Refused() {
  const { busy, error, run } = useTask();
  const again = (action_id: string, draft: object) =>
    void run(async () => {
      keepForm(PLACE, draft);
      await dropIdea(action_id);
      go("/ideas");
    });
  const full = draftOf().text.trim() !== "";
  return (
    <>
      {sending.value
        .filter(({ refused }) => refused)
        .map(({ action_id, problem_kind, body: { kind, text } }) => (
          <div key={action_id} class="notice care" role="alert">
            <p>
              <b>{m.idea_refused()}</b> <Problem kind={problem_kind} />
            </p>
            <p>{text}</p>
            {full ? (
              <Confirm label={m.idea_refused_edit()} ask={m.tip_refused_over()} yes={m.idea_refused_edit()} onYes={() => again(action_id, { kind, text })} busy={busy} />
            ) : (
              <button type="button" class="button" disabled={busy} onClick={() => again(action_id, { kind, text })}>
                {m.idea_refused_edit()}
              </button>
            )}
          </div>
        ))}
      {takings.value
        .filter(({ refused }) => refused)
        .map(({ action_id, problem_kind }) => (
          <div key={action_id} class="notice care" role="alert">
            <p>
              <b>{m.idea_back_refused()}</b> <Problem kind={problem_kind} />
            </p>
            <button type="button" class="button plain" disabled={busy} onClick={() => void run(() => dropIdea(action_id))}>
              {m.act_refused_seen()}
            </button>
          </div>
        ))}
      <Failed error={error} />
    </>
  );
}

function Own({ idea }: { idea: Idea }) {
  const { busy, error, run } = useTask();
  const going = takings.value.some(({ refused, body }) => !refused && body.idea_id === idea.idea_id);
  return (
    <IdeaCard idea={idea} tag={going ? m.idea_going_back() : stateWords(idea)} facts={idea.sent_at === undefined ? [] : [when(idea.sent_at)]}>
      {idea.hiding !== undefined && <p class="small">{hidingNames[idea.hiding]()}</p>}
      {idea.conversation_id !== undefined && (
        <a class="button plain" href={`/talk/${idea.conversation_id}`}>
          <Icon name="talk" />
          {m.idea_talk_open()}
        </a>
      )}
      {!going && <Confirm quiet label={m.idea_take_back()} ask={m.idea_take_back_ask()} yes={m.idea_take_back()} busy={busy} onYes={() => void run(() => takeBack(idea.idea_id))} />}
      <Failed error={error} />
    </IdeaCard>
  );
}
