import { useSignal } from "@preact/signals";
import type { OutcomeCode, Shift, TalkEnd } from "../../../api/wire";
import { Confirm, useTask } from "../../../design";
import { m } from "../../../i18n";
import { Failed } from "../../../i18n/Problem";
import { lastWords } from "../../../i18n/readable";
import { conversations, type Conversation } from "../../chat/queries";
import { endShift } from "../actions";
import { OUTCOMES, outcomeWords } from "../outcomes";
import { colleagues } from "../queries";

type Fate = TalkEnd["fate"];
/** What was chosen; an empty one is not chosen yet. */
interface Choice {
  fate: Fate;
  to: string;
  outcome: OutcomeCode | "";
}

/** As it is sent; nothing while something of it is open. */
function ended(conversation_id: string, choice: Choice | undefined): TalkEnd | null {
  if (choice?.fate === "pass" && choice.to) return { conversation_id, fate: "pass", to: choice.to };
  if (choice?.fate === "close" && choice.outcome) return { conversation_id, fate: "close", outcome: choice.outcome };
  return choice?.fate === "give-back" ? { conversation_id, fate: "give-back" } : null;
}

/** Nobody leaves with talks that nobody has thought of: what becomes of each is said first, and all of it happens or nothing. */
export function EndShift({ own }: { own: Shift }) {
  const open = conversations.value.filter((talk) => talk.state === "taken" && talk.held_by_me);
  const choices = useSignal<Record<string, Choice>>({});
  const { busy, error, run } = useTask();
  const ends = open.flatMap((talk) => ended(talk.conversation_id, choices.value[talk.conversation_id]) ?? []);
  const asked = open.length - ends.length;
  return (
    <section class="block">
      <h2>{m.shift_end()}</h2>
      {open.length > 0 && <p>{m.shift_end_open()}</p>}
      {open.map((talk) => (
        <OneTalk
          key={talk.conversation_id}
          talk={talk}
          choice={choices.value[talk.conversation_id]}
          choose={(choice) => (choices.value = { ...choices.value, [talk.conversation_id]: choice })}
        />
      ))}
      {asked > 0 ? (
        <p class="small">{m.shift_end_first({ count: asked })}</p>
      ) : (
        <Confirm label={m.shift_end()} ask={m.shift_end_sure()} yes={m.shift_end_yes()} onYes={() => void run(() => endShift(own.shift_id, ends))} busy={busy} />
      )}
      <Failed error={error} />
    </section>
  );
}

function OneTalk({ talk, choice, choose }: { talk: Conversation; choice: Choice | undefined; choose: (choice: Choice) => void }) {
  const out = colleagues();
  const fates: [Fate, string, boolean][] = [
    ["pass", out.length > 0 ? m.shift_end_pass() : m.pass_nobody(), out.length > 0],
    ["give-back", m.shift_end_leave(), true],
    ["close", talk.unread ? m.shift_end_unread() : m.shift_end_close(), !talk.unread],
  ];
  return (
    <fieldset class="card">
      <legend class="sr">{lastWords(talk)}</legend>
      <a class="to-talk" href={`/desk/talk/${talk.conversation_id}`}>
        <span class="two-lines">{lastWords(talk)}</span>
      </a>
      {fates.map(([fate, words, may]) => (
        <label class="choice" key={fate}>
          <input
            type="radio"
            name={talk.conversation_id}
            disabled={!may}
            checked={choice?.fate === fate}
            onChange={() => choose({ fate, to: out.length === 1 ? (out[0] ?? "") : "", outcome: "" })}
          />
          {words}
        </label>
      ))}
      {choice?.fate === "pass" && (
        <label class="field">
          {m.shift_end_to()}
          <select value={choice.to} onChange={(event) => choose({ ...choice, to: event.currentTarget.value })}>
            <option value="">{m.shift_end_choose()}</option>
            {out.map((number) => (
              <option key={number} value={number}>
                {m.officer({ number })}
              </option>
            ))}
          </select>
        </label>
      )}
      {choice?.fate === "close" && (
        <label class="field">
          {m.outcome_ask()}
          <select value={choice.outcome} onChange={(event) => choose({ ...choice, outcome: event.currentTarget.value as OutcomeCode | "" })}>
            <option value="">{m.shift_end_choose()}</option>
            {OUTCOMES.map((code) => (
              <option key={code} value={code}>
                {outcomeWords(code)}
              </option>
            ))}
          </select>
        </label>
      )}
    </fieldset>
  );
}
