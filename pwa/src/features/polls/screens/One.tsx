import { useSignal } from "@preact/signals";
import { NotFetched } from "../../../app/NotFetched";
import { NotHere } from "../../../app/NotHere";
import { Stale } from "../../../app/Stale";
import { Empty, focusHeading, Icon, Loading, Page, useLoad, useTask } from "../../../design";
import { Easy } from "../../../design/Easy";
import { locale, m } from "../../../i18n";
import { inWords } from "../../../i18n/inWords";
import { Failed, kindOf } from "../../../i18n/Problem";
import { day, now, until } from "../../../i18n/time";
import { online } from "../../../sync/state";
import { halfForm, keepForm } from "../../chat/halfForm";
import { write } from "../../chat/halfWritten";
import { loadPoll, polls, vote, votes, type Poll } from "../queries";
import { isCounted, stateOf } from "../read";
import { Choices } from "./Choices";
import { Results } from "./Results";
import { questionOf } from "./words";

export function OnePoll({ poll_id }: { poll_id: string }) {
  const there = useSignal<boolean | null>(null);
  const poll = polls.value.find((one) => one.poll_id === poll_id);
  const state = poll && stateOf(poll, now.value);
  // What ends while it is looked at has its counts now.
  const { busy, error, load } = useLoad(async () => (there.value = await loadPoll(poll_id)), [poll_id, online.value, state === "over"]);
  const gone = there.value !== null && !poll;
  return (
    <Page title={gone ? m.poll_gone() : m.polls_title()} up="/polls">
      {poll ? (
        <Asked poll={poll} open={state === "open"} {...(error !== null && !busy && { again: load })} />
      ) : gone ? (
        <Empty title={m.poll_gone_text()} />
      ) : error === null ? (
        <Loading />
      ) : (
        <NotFetched error={error} again={load} />
      )}
      <a class="button plain" href="/polls">
        {m.polls_all()}
        <Icon name="next" />
      </a>
      <NotHere />
    </Page>
  );
}

/** `again`: it stands as this phone read it last, and can be asked for. `time`: until when, in other words. `then`: once it is voted. `heading`: of which level
 *  its question is. */
export function Asked({ poll, open, again, time, then = focusHeading, heading: Heading = "h2" }: { poll: Poll; open: boolean; again?: () => void; time?: string; then?: () => void; heading?: "h2" | "h3" }) {
  const easy = useSignal(false);
  const { text, lang } = inWords(questionOf(poll), locale.value, easy.value);
  const own = votes.value[poll.poll_id];
  return (
    <article class="tip poll">
      <Heading lang={lang}>{text}</Heading>
      {poll.question_easy !== undefined && <Easy on={easy} />}
      <span class="small">
        {time ?? (open ? m.polls_until({ when: until(poll.closes_at) }) : m.polls_ended({ when: day(poll.closes_at) }))}
        {poll.public_number !== undefined && ` · ${m.poll_by({ number: poll.public_number })}`}
      </span>
      {again && <Stale text={m.tips_copy()} again={again} />}
      {open && own === undefined && !isCounted(poll) ? (
        <Vote poll={poll} easy={easy.value} then={then} />
      ) : (
        <div class="block" role="status">
          {open && (own?.length ? <p class="notice good">{m.poll_thanks()}</p> : <p class="notice">{m.poll_already()}</p>)}
          {isCounted(poll) ? <Results poll={poll} {...(own ? { own } : {})} easy={easy.value} /> : <p>{m.poll_counts_later()}</p>}
        </div>
      )}
    </article>
  );
}

function Vote({ poll, easy, then }: { poll: Poll; easy: boolean; then: () => void }) {
  const place = `poll/${poll.poll_id}`;
  const chosen = halfForm<number[]>(place) ?? [];
  const needed = useSignal(false);
  const { busy, error, run, clear } = useTask();
  const failed = kindOf(error);
  const send = async () => {
    needed.value = chosen.length === 0;
    if (needed.value) return;
    const sent = await run(async () => {
      try {
        await vote(poll.poll_id, chosen);
      } catch (problem) {
        // What came too late is shown as what it is.
        if (kindOf(problem) !== "poll-closed") throw problem;
        await loadPoll(poll.poll_id);
      }
    });
    if (!sent) return;
    write(place, "");
    then();
  };
  return (
    <form
      class="block"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <fieldset>
        <legend>{poll.kind === "many" ? m.poll_choose_many() : poll.kind === "scale" ? m.poll_choose_step() : m.poll_choose_one()}</legend>
        <Choices
          poll={poll}
          chosen={chosen}
          easy={easy}
          onChoose={(places) => {
            clear();
            needed.value = false;
            keepForm(place, places);
          }}
        />
      </fieldset>
      <div role="status">
        {needed.value && <p class="wrong">{m.poll_needed()}</p>}
        {failed === "network" && <p class="notice">{m.poll_offline()}</p>}
      </div>
      {failed !== "network" && <Failed error={error} />}
      <button type="submit" class="button wide" disabled={busy}>
        {m.poll_vote()}
      </button>
      <p class="small">{m.poll_privacy()}</p>
    </form>
  );
}
