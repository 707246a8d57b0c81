import "../../../design/polls.css";
import { signal } from "@preact/signals";
import { Page, useLoad } from "../../../design";
import { m } from "../../../i18n";
import { when } from "../../../i18n/time";
import { homePos } from "../../../sync/mirror";
import { online } from "../../../sync/state";
import { Badge, whyWords } from "../../chat/screens/Urgency";
import { box, decisions, type Idea, type IdeaState } from "../queries";
import { IdeaCard } from "./Card";
import { Decide, RefusedDecisions } from "./Decide";
import { IdeaList } from "./List";
import { hidingNames, stateWords } from "./words";

const states: IdeaState[] = ["waiting", "shown", "answered", "not-shown"];
const names: Record<IdeaState, () => string> = {
  waiting: m.ideas_box_waiting,
  shown: m.ideas_box_shown,
  answered: m.ideas_box_answered,
  "not-shown": m.ideas_box_not_shown,
  merged: m.ideas_box_merged,
};
const looked = signal<IdeaState>("waiting");

/** What youths would like to see, for officers to decide about. */
export function BoxOfIdeas() {
  const of = box(looked.value);
  const { error, load } = useLoad(of.load, [of, homePos.value, online.value]);
  const listed = new Set(of.list.value?.items.map(({ idea_id }) => idea_id));
  return (
    <Page title={m.ideas_box()} up="/desk/tip" lead={m.ideas_box_lead()}>
      {/* What was decided elsewhere meanwhile stands in another list now. */}
      <RefusedDecisions about={(id) => !listed.has(id)} />
      <fieldset>
        <legend>{m.ideas_box_which()}</legend>
        <div class="chips">
          {states.map((state) => (
            <label class="chip" key={state}>
              <input type="radio" name="state" checked={looked.value === state} onChange={() => (looked.value = state)} />
              {names[state]()}
            </label>
          ))}
        </div>
      </fieldset>
      <IdeaList of={of} error={error} again={load} empty={m.ideas_box_empty()} row={(idea) => <Row key={idea.idea_id} idea={idea} />} />
    </Page>
  );
}

function Row({ idea }: { idea: Idea }) {
  const going = decisions.value.some(({ refused, body }) => !refused && body.idea_id === idea.idea_id);
  const facts = [...(idea.sent_at === undefined ? [] : [when(idea.sent_at)]), ...(idea.public_number === undefined ? [] : [m.idea_decided_by({ number: idea.public_number })])];
  const why = whyWords({ ...(idea.reasons === undefined ? {} : { reasons: idea.reasons }) });
  return (
    <IdeaCard idea={idea} tag={going ? m.planned_going() : stateWords(idea)} facts={facts}>
      {why !== "" && (
        <p class="small strong">
          <Badge priority={idea.priority} /> {why}
        </p>
      )}
      {idea.hiding !== undefined && <p class="small">{hidingNames[idea.hiding]()}</p>}
      <RefusedDecisions about={(id) => id === idea.idea_id} />
      {!going && <Decide idea={idea} />}
    </IdeaCard>
  );
}
