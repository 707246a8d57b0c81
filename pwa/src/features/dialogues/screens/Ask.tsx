import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { kept } from "../../../app/kept";
import { Confirm, Icon, useTask } from "../../../design";
import { m } from "../../../i18n";
import { Failed, Problem } from "../../../i18n/Problem";
import { until } from "../../../i18n/time";
import { online } from "../../../sync/state";
import { keepForm } from "../../chat/halfForm";
import { write } from "../../chat/halfWritten";
import { me } from "../../identity/queries";
import { dangerIn } from "../../ideas/danger";
import { HelpNow, toChat } from "../../ideas/screens/HelpNow";
import { acceptRules, ask, drop, rulesAccepted } from "../actions";
import { LONGEST_QUESTION } from "../draft";
import { askPlace, questionOf, type QuestionDraft } from "../half";
import { asking, mineOf, type Dialogue } from "../queries";
import { useSecondsUntil } from "./useSeconds";

/** Refusals that end by themselves, each said in words of its own. */
const TIMED = ["muted", "slow-down"];

const rules = [m.house_rule_1, m.house_rule_2, m.house_rule_3];

/** Where a question is written. What was refused stands in the field again, with why. */
export function Ask({ dialogue }: { dialogue: Dialogue }) {
  const { dialogue_id, state } = dialogue;
  const place = askPlace(dialogue_id);
  const draft = questionOf(dialogue_id);
  const accepted = useSignal<boolean | null>(null);
  const needed = useSignal(false);
  const sent = useSignal("");
  const { busy, error, run } = useTask();
  useEffect(() => void rulesAccepted().then((known) => (accepted.value = known), () => (accepted.value = false)), []);
  const set = (text: string) => {
    [sent.value, needed.value] = ["", false];
    // A pause goes on; what was wrong with other words was with those.
    keepForm(place, draft.problem !== undefined && TIMED.includes(draft.problem) ? { ...draft, text } : { text });
  };
  const back = useCameBack(dialogue_id, draft);
  const open = state === "live";
  const text = draft.text.trim();
  const told = draft.text || sent.value;
  const danger = dangerIn(told);
  const slowUntil = useSlow(dialogue);
  const muted = draft.problem === "muted";
  const ends = draft.problem !== undefined && TIMED.includes(draft.problem) ? draft.until : undefined;
  // A phone whose clock is behind waits no longer for it.
  const left = Math.max(Math.min(useSecondsUntil(slowUntil), dialogue.slow_seconds), useSecondsUntil(ends));
  const isMuted = muted && (draft.until === undefined || left > 0);
  const waits = open && (left > 0 || isMuted) && danger === null;
  if (me.value !== null && me.value.role !== "youth") return null;
  if (state === "announced") return <p class="small">{m.question_ask_before()}</p>;
  if (!open && text === "" && back === null) return null;
  const send = async () => {
    needed.value = text === "";
    if (needed.value || waits) return;
    const done = await run(async () => {
      if (!accepted.value) await acceptRules();
      await ask(dialogue_id, text);
    });
    if (!done) return;
    accepted.value = true;
    write(place, "");
    sent.value = text;
  };
  return (
    <section class="card dialogue-ask unprinted" aria-labelledby="dialogue-ask">
      <h2 id="dialogue-ask">{m.question_ask_title()}</h2>
      {back}
      <form
        class="block"
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        <label class="field">
          {m.question_ask_label()}
          <span class="hint">{m.question_ask_hint()}</span>
          <textarea rows={3} maxLength={LONGEST_QUESTION} autocomplete="off" value={draft.text} onInput={(event) => set(event.currentTarget.value)} />
        </label>
        <div class="dialogue-told" role="status">
          {danger && <HelpNow danger={danger} text={told} why={m.question_ask_danger_chat()} />}
          {needed.value && <p class="wrong">{m.idea_needed()}</p>}
          {!open && <p class="notice">{m.question_ask_closed()}</p>}
          {open && isMuted && <p class="notice">{draft.until === undefined ? m.question_ask_muted_to_end() : m.question_ask_muted_until({ when: until(draft.until) })}</p>}
          {open && draft.problem === "dialogue-not-open" && <p class="notice">{m.question_ask_was_closed()}</p>}
          {/* One that came back stands in the field again. */}
          {sent.value !== "" && text === "" && <p class="notice good">{online.value ? m.question_ask_sent() : kept(m.question_ask_sent_here)}</p>}
        </div>
        {waits && !isMuted && <p class="small strong">{m.question_ask_slow({ count: left })}</p>}
        <Failed error={error} />
        {open && accepted.value === false && (
          <div class="dialogue-rules">
            <b>{m.house_rules()}</b>
            <ul>
              {rules.map((rule, i) => (
                <li key={i}>{rule()}</li>
              ))}
            </ul>
          </div>
        )}
        {open ? (
          <button type="submit" class={danger ? "button plain wide" : "button wide"} disabled={busy || accepted.value === null} aria-disabled={waits}>
            {accepted.value === false ? m.question_ask_accept() : m.question_ask_send()}
            <Icon name="send" />
          </button>
        ) : (
          <button type="button" class="button plain wide" onClick={() => toChat(text)}>
            <Icon name="talk" />
            {m.idea_danger_go()}
          </button>
        )}
        <p class="small">{m.question_ask_privacy()}</p>
      </form>
    </section>
  );
}

/** What was refused: into the field by itself when that is empty, else beside it. */
function useCameBack(dialogue_id: string, draft: QuestionDraft) {
  const { busy, error, run } = useTask();
  const refused = asking.value.filter((one) => one.refused && one.body.dialogue_id === dialogue_id);
  const empty = draft.text.trim() === "";
  const [first] = refused;
  const takeIn = (one: (typeof refused)[number]) =>
    void run(async () => {
      keepForm(askPlace(dialogue_id), { text: one.body.text, problem: one.problem_kind, until: one.refused_until });
      await drop(one.action_id);
    });
  useEffect(() => {
    if (first && empty) takeIn(first);
  }, [first?.action_id, empty]);
  const why = draft.problem !== undefined && ![...TIMED, "dialogue-not-open"].includes(draft.problem);
  if (refused.length === 0 && !why && error === null) return null;
  return (
    <>
      {why && (
        <p class="notice care" role="alert">
          <span>
            <b>{m.question_ask_refused()}</b> <Problem kind={draft.problem} />
          </span>
        </p>
      )}
      {!empty &&
        refused.map((one) => (
          <div key={one.action_id} class="notice care" role="alert">
            <p>
              <b>{m.question_ask_refused()}</b> <Problem kind={one.problem_kind} />
            </p>
            <p>{one.body.text}</p>
            <Confirm label={m.question_ask_refused_edit()} ask={m.tip_refused_over()} yes={m.question_ask_refused_edit()} busy={busy} onYes={() => takeIn(one)} />
          </div>
        ))}
      <Failed error={error} />
    </>
  );
}

/** Until when slow mode keeps this phone, by what it asked last. */
function useSlow({ dialogue_id, slow_seconds }: Dialogue): string | undefined {
  if (slow_seconds === 0) return undefined;
  const going = asking.value.filter((one) => !one.refused && one.body.dialogue_id === dialogue_id).map((one) => one.recorded_at);
  const asked = (mineOf(dialogue_id).list.value?.items ?? []).map((one) => one.asked_at ?? "");
  const last = [...going, ...asked].sort().at(-1);
  return last ? new Date(Date.parse(last) + 1000 * slow_seconds).toISOString() : undefined;
}
