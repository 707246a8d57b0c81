import "../../../design/polls.css";
import { useSignal } from "@preact/signals";
import { Confirm, useTask } from "../../../design";
import { m } from "../../../i18n";
import { Failed } from "../../../i18n/Problem";
import { now } from "../../../i18n/time";
import { halfForm, keepForm } from "../../chat/halfForm";
import { write } from "../../chat/halfWritten";
import { closePoll } from "../../polls/actions";
import { empty, hasWords, lacks, LONGEST_QUESTION, toPublish, type PollDraft } from "../../polls/draft";
import { closings, publishingIn } from "../../polls/queries";
import { isCounted } from "../../polls/read";
import { Options } from "../../polls/screens/Options";
import { RefusedClosings, RefusedPolls } from "../../polls/screens/Refused";
import { Results } from "../../polls/screens/Results";
import { kindNames } from "../../polls/screens/words";
import { askAll } from "../actions";
import type { Poll, Room } from "../queries";
import { takesVotes } from "../room";

/** The polls of a room: those that there are, and a new one while it goes on. */
export function SeatPolls({ at, may }: { at: Room; may: boolean }) {
  const { dialogue_id, state } = at.dialogue;
  const listed = new Set(at.polls.map(({ poll_id }) => poll_id));
  const own = publishingIn(dialogue_id);
  return (
    <>
      <ul class="rows">
        {own
          .filter(({ refused, body }) => !refused && !listed.has(body.poll_id))
          .map(({ action_id, body }) => (
            <li class="tip" key={action_id}>
              <span class="tag">{m.planned_going()}</span>
              <p lang="sv">{body.question}</p>
            </li>
          ))}
        {[...at.polls]
          .sort((a, b) => b.opens_at.localeCompare(a.opens_at))
          .map((poll) => (
            <Row key={poll.poll_id} poll={poll} over={state !== "live"} may={may} />
          ))}
      </ul>
      {may && state === "live" ? <Write dialogue_id={dialogue_id} own={own} /> : <RefusedPolls polls={own} />}
    </>
  );
}

function Row({ poll, over, may }: { poll: Poll; over: boolean; may: boolean }) {
  const open = !over && takesVotes(poll, now.value);
  const own = closings.value.filter(({ body }) => body.poll_id === poll.poll_id);
  const closing = open && own.some(({ refused }) => !refused);
  const { busy, error, run } = useTask();
  return (
    <li class="tip">
      <span class="tag">{closing ? m.poll_state_closing() : open ? m.poll_state_open() : m.poll_state_over()}</span>
      <p lang="sv" class="strong">
        {poll.question}
      </p>
      <RefusedClosings of={own} />
      {!open && isCounted(poll) && <Results poll={poll} />}
      {open && may && !closing && (
        <Confirm
          label={m.poll_close()}
          name={`${m.poll_close()}: ${poll.question}`}
          ask={m.poll_close_ask()}
          yes={m.poll_close()}
          busy={busy}
          onYes={() => void run(() => closePoll({ poll_id: poll.poll_id, expected_revision: poll.revision }))}
        />
      )}
      <Failed error={error} />
    </li>
  );
}

function Write({ dialogue_id, own }: { dialogue_id: string; own: ReturnType<typeof publishingIn> }) {
  const place = `dialogue-poll/${dialogue_id}`;
  const half = halfForm<Partial<PollDraft>>(place);
  const draft: PollDraft = { ...empty, ...half };
  const needed = useSignal(false);
  const { busy, error, run } = useTask();
  const set = (part: Partial<PollDraft>) => {
    needed.value = false;
    keepForm(place, { ...draft, ...part });
  };
  const send = async () => {
    // Its time is the room's.
    needed.value = lacks({ ...draft, later: false, closes_at: "" }, now.value).length > 0;
    if (needed.value || !(await run(() => askAll({ ...toPublish({ ...draft, later: false, closes_at: "" }), dialogue_id })))) return;
    write(place, "");
  };
  return (
    <details class="fold card" open={half !== undefined}>
      <summary>{m.poll_write()}</summary>
      <RefusedPolls polls={own} full={hasWords(draft)} edit={set} />
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        <fieldset>
          <legend>{m.poll_kind()}</legend>
          <div class="chips">
            {(Object.keys(kindNames) as PollDraft["kind"][]).map((kind) => (
              <label class="chip" key={kind}>
                <input type="radio" name="room-poll-kind" checked={draft.kind === kind} onChange={() => set({ kind })} />
                {kindNames[kind]()}
              </label>
            ))}
          </div>
        </fieldset>
        {(["question", "question_en"] as const).map((name) => (
          <label class="field" key={name}>
            {name === "question" ? m.poll_question() : m.poll_question_en()}
            <textarea rows={2} lang={name === "question" ? "sv" : "en"} maxLength={LONGEST_QUESTION} autocomplete="off" value={draft[name]} onInput={(event) => set({ [name]: event.currentTarget.value })} />
          </label>
        ))}
        <Options options={draft.options} scale={draft.kind === "scale"} onChange={(options) => set({ options })} />
        <div role="status">{needed.value && <p class="wrong">{m.room_poll_needed()}</p>}</div>
        <Failed error={error} />
        <button type="submit" class="button wide" disabled={busy}>
          {m.room_poll_do()}
        </button>
      </form>
    </details>
  );
}
