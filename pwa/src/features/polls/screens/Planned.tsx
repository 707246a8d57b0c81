import { useSignal } from "@preact/signals";
import { NotFetched } from "../../../app/NotFetched";
import { Confirm, Empty, Icon, Loading, Page, useLoad, useTask } from "../../../design";
import { m } from "../../../i18n";
import { Failed } from "../../../i18n/Problem";
import { day, now, until, when } from "../../../i18n/time";
import { homePos } from "../../../sync/mirror";
import { online } from "../../../sync/state";
import { closePoll } from "../actions";
import { closings, loadMorePlanned, loadPlanned, planned, publishingIn, type Poll } from "../queries";
import { isCounted, stateOf, type PollState } from "../read";
import { RefusedClosings } from "./Refused";
import { Results } from "./Results";
import { kindNames } from "./words";

/** All polls, as officers see them: what will be asked, what is, and what was. */
export function PlannedPolls() {
  const more = useTask();
  const { error, load } = useLoad(loadPlanned, [homePos.value, online.value]);
  const list = planned.value;
  const listed = new Set(list?.items.map(({ poll_id }) => poll_id));
  const own = publishingIn();
  const going = own.filter(({ refused, body }) => !refused && !listed.has(body.poll_id));
  return (
    <Page title={m.polls_desk()} up="/desk/tip">
      <a class="button" href="/desk/poll">
        {m.poll_write()}
        <Icon name="next" />
      </a>
      {own.some(({ refused }) => refused) && (
        <p class="notice care" role="alert">
          {m.poll_refused_here()} <a href="/desk/poll">{m.poll_refused_edit()}</a>
        </p>
      )}
      {error !== null && <NotFetched error={error} again={load} />}
      {list === null && error === null && <Loading />}
      {list?.items.length === 0 && going.length === 0 && <Empty title={m.polls_desk_empty()} />}
      <ul class="rows">
        {going.map(({ action_id, body }) => (
          <li class="tip" key={action_id}>
            <span class="tag">{m.planned_going()}</span>
            <p lang="sv">{body.question}</p>
          </li>
        ))}
        {list?.items.map((poll) => (
          <Row key={poll.poll_id} poll={poll} />
        ))}
      </ul>
      {list?.next !== undefined && (
        <button type="button" class="button plain" disabled={more.busy} onClick={() => void more.run(loadMorePlanned)}>
          {m.polls_older()}
        </button>
      )}
      <Failed error={more.error} />
    </Page>
  );
}

const stateNames: Record<PollState, () => string> = { planned: m.planned_planned, open: m.poll_state_open, over: m.poll_state_over, stopped: m.poll_state_stopped };

function timeWords({ opens_at, closes_at }: Poll, state: PollState): string {
  if (state === "planned") return m.poll_time_planned({ from: until(opens_at), until: until(closes_at) });
  if (state === "open") return m.poll_time_open({ from: when(opens_at), until: until(closes_at) });
  return state === "stopped" ? m.polls_ended({ when: day(closes_at) }) : m.poll_time_over({ from: when(opens_at), until: day(closes_at) });
}

function Row({ poll }: { poll: Poll }) {
  const state = stateOf(poll, now.value);
  const own = closings.value.filter(({ body }) => body.poll_id === poll.poll_id);
  const closing = (state === "open" || state === "planned") && own.some(({ refused }) => !refused);
  const { busy, error, run } = useTask();
  const opened = useSignal(false);
  return (
    <li class="tip">
      <span class="tag">{closing ? m.poll_state_closing() : stateNames[state]()}</span>
      <p lang="sv" class="strong">
        {poll.question}
      </p>
      <p class="small">
        {kindNames[poll.kind]()} · {timeWords(poll, state)} {poll.public_number !== undefined && m.planned_by({ number: poll.public_number })}
      </p>
      <RefusedClosings of={own} />
      {isCounted(poll) && state === "over" && (
        <details class="fold" onToggle={(event) => (opened.value = event.currentTarget.open)}>
          <summary>{m.poll_voters({ count: poll.voters ?? 0 })}</summary>
          {opened.value && <Results poll={poll} />}
        </details>
      )}
      {!closing && (state === "open" || state === "planned") && (
        <Confirm
          label={state === "open" ? m.poll_close() : m.poll_stop()}
          name={`${state === "open" ? m.poll_close() : m.poll_stop()}: ${poll.question}`}
          ask={state === "open" ? m.poll_close_ask() : m.poll_stop_ask()}
          yes={state === "open" ? m.poll_close() : m.poll_stop()}
          busy={busy}
          onYes={() => void run(() => closePoll({ poll_id: poll.poll_id, expected_revision: poll.revision }))}
        />
      )}
      <Failed error={error} />
    </li>
  );
}
