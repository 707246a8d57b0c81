import "../../../design/polls.css";
import { NotFetched } from "../../../app/NotFetched";
import { NotHere } from "../../../app/NotHere";
import { Stale } from "../../../app/Stale";
import { Empty, Icon, Loading, Page, useLoad } from "../../../design";
import { locale, m } from "../../../i18n";
import { inWords } from "../../../i18n/inWords";
import { day, now, until } from "../../../i18n/time";
import { online } from "../../../sync/state";
import { loadPolls, polls, votes, type Poll } from "../queries";
import { stateOf } from "../read";
import { questionOf } from "./words";

export { OnePoll } from "./One";

/** What the patrol asks all youths. */
export function Polls() {
  const { busy, error, load } = useLoad(loadPolls, [online.value]);
  // Those of a room stand there.
  const all = polls.value.filter(({ dialogue_id }) => dialogue_id === undefined).map((poll) => ({ poll, state: stateOf(poll, now.value) }));
  const open = all.filter(({ state }) => state === "open");
  const over = all.filter(({ state }) => state === "over");
  const none = open.length + over.length === 0;
  return (
    <Page title={m.polls_title()} up="/tips" lead={m.polls_lead()}>
      {error !== null && (none ? <NotFetched error={error} again={load} /> : <Stale text={m.tips_copy()} again={load} />)}
      {busy && none && <Loading />}
      {!busy && error === null && none && <Empty title={m.polls_empty()} text={m.polls_empty_text()} />}
      <ul class="rows">
        {open.map(({ poll }) => (
          <Row key={poll.poll_id} poll={poll} open />
        ))}
      </ul>
      {over.length > 0 && (
        <section class="block">
          <h2>{m.polls_over()}</h2>
          <ul class="rows">
            {over.map(({ poll }) => (
              <Row key={poll.poll_id} poll={poll} open={false} />
            ))}
          </ul>
        </section>
      )}
      <NotHere />
    </Page>
  );
}

function Row({ poll, open }: { poll: Poll; open: boolean }) {
  const { text, lang } = inWords(questionOf(poll), locale.value, false);
  const voted = votes.value[poll.poll_id] !== undefined;
  return (
    <li>
      <a class="talk-row" href={`/polls/${poll.poll_id}`}>
        <span class="talk-row-words">
          <b lang={lang}>{text}</b>
          <small>
            {open ? m.polls_until({ when: until(poll.closes_at) }) : m.polls_ended({ when: day(poll.closes_at) })}
            {voted && ` · ${m.polls_voted()}`}
          </small>
        </span>
        <Icon name={voted ? "check" : "next"} />
      </a>
    </li>
  );
}
