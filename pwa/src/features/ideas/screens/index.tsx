import "../../../design/polls.css";
import { useEffect } from "preact/hooks";
import { NotHere } from "../../../app/NotHere";
import { Icon, Page, useLoad, useTask } from "../../../design";
import { m } from "../../../i18n";
import { kindOf, Failed } from "../../../i18n/Problem";
import { online } from "../../../sync/state";
import { me } from "../../identity/queries";
import { answered, before, load as loadList, mine, order, shown, support, supports, type Idea, type Order } from "../queries";
import { IdeaCard } from "./Card";
import { IdeaList } from "./List";
import { stateWords } from "./words";
import { WriteIdea } from "./Write";

export { MyIdeas } from "./Mine";

const orders: Order[] = ["support", "newest"];

/** What youths would like to see: written, and supported. */
export function Ideas() {
  const of = shown.value;
  const { error, load } = useLoad(() => loadList(of), [online.value, of]);
  useEffect(() => {
    // Which of them are one's own; without knowing, supporting one changes nothing.
    if (me.value) mine.load().catch(() => undefined);
  }, [online.value]);
  return (
    <Page title={m.ideas_title()} up="/tips" lead={m.ideas_lead()}>
      <WriteIdea />
      <NotHere />
      <nav class="pair" aria-label={m.ideas_title()}>
        <a class="button plain" href="/ideas/mine">
          {m.ideas_mine()}
        </a>
        <a class="button plain" href="/ideas/answered">
          {m.ideas_answered()}
        </a>
      </nav>
      <section class="block">
        <h2>{m.ideas_shown()}</h2>
        <fieldset>
          <legend>{m.ideas_order()}</legend>
          <div class="chips">
            {orders.map((one) => (
              <label class="chip" key={one}>
                <input type="radio" name="order" checked={order.value === one} onChange={() => (order.value = one)} />
                {one === "support" ? m.ideas_by_support() : m.ideas_by_newest()}
              </label>
            ))}
          </div>
        </fieldset>
        <IdeaList of={of} before={before.value.shown} error={error} again={load} empty={m.ideas_empty()} row={(idea) => <Supported key={idea.idea_id} idea={idea} />} />
      </section>
    </Page>
  );
}

function Supported({ idea }: { idea: Idea }) {
  const { busy, error, run } = useTask();
  const on = supports.value.includes(idea.idea_id);
  const own = mine.list.value?.items.some(({ idea_id }) => idea_id === idea.idea_id) ?? false;
  const offline = kindOf(error) === "network";
  return (
    <IdeaCard idea={idea}>
      {own ? (
        <span class="own-mark">
          <Icon name="check" />
          {m.idea_own()}
        </span>
      ) : (
        <button type="button" class="button plain" aria-pressed={on} aria-disabled={busy} onClick={() => void run(() => support(idea.idea_id, !on))}>
          <Icon name={on ? "check" : "tips"} />
          {on ? m.idea_supported() : m.idea_support_do()}
          <span class="sr">: {idea.text}</span>
        </button>
      )}
      {offline ? (
        <p class="notice" role="status">
          {m.idea_support_offline()}
        </p>
      ) : (
        <Failed error={error} />
      )}
    </IdeaCard>
  );
}

/** What became of ideas. */
export function AnsweredIdeas() {
  const { error, load } = useLoad(() => loadList(answered), [online.value]);
  return (
    <Page title={m.ideas_answered()} up="/ideas" lead={m.ideas_answered_lead()}>
      <IdeaList of={answered} before={before.value.answered} error={error} again={load} empty={m.ideas_answered_empty()} row={(idea) => <IdeaCard key={idea.idea_id} idea={idea} tag={stateWords(idea)} />} />
      <NotHere />
    </Page>
  );
}
