import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { Loading, useLoad, useTask } from "../../../design";
import { NotFetched } from "../../../app/NotFetched";
import { m } from "../../../i18n";
import { Failed } from "../../../i18n/Problem";
import { when } from "../../../i18n/time";
import { lower, raise } from "../changes";
import { halfWritten, write } from "../halfWritten";
import { decisionsOf, type Conversation, type Priority, type TriageDecision } from "../queries";

const priorities: Priority[] = ["p1", "p2", "p3", "p4"];
export const names = { p1: m.priority_1, p2: m.priority_2, p3: m.priority_3, p4: m.priority_4 } as const;
const short = (priority: Priority): string => priority.toUpperCase();

const reasons: Record<string, () => string> = {
  "not-asked": m.reason_not_asked,
  "danger-now": m.reason_danger_now,
  "hurt-or-weapon": m.reason_hurt_or_weapon,
  "danger-unsure": m.reason_danger_unsure,
  "hurt-unsure": m.reason_hurt_unsure,
  "no-danger": m.reason_no_danger,
  "nobody-hurt": m.reason_nobody_hurt,
  "only-asking": m.reason_only_asking,
  "self-harm": m.reason_self_harm,
  "weapon-words": m.reason_weapon_words,
  "violence-words": m.reason_violence_words,
  "at-the-door-words": m.reason_at_the_door_words,
  raised: m.reason_raised,
  lowered: m.reason_lowered,
};
/** One of a newer server stands as its code rather than not at all. */
const reasonWords = (list: string[] = []): string => list.map((reason) => reasons[reason]?.() ?? reason).join(", ");

/** The order of the queue: how soon it needs a person, and then how long it has waited. */
export const soonest = (a: Conversation, b: Conversation): number =>
  (a.priority ?? "p4").localeCompare(b.priority ?? "p4") || (a.queue_key ?? "").localeCompare(b.queue_key ?? "");

export const Badge = ({ priority }: { priority: Priority | undefined }) =>
  priority === undefined ? null : (
    <span class={`badge ${priority}`}>
      <span aria-hidden="true">{short(priority)}</span>
      <span class="sr">{names[priority]()}. </span>
    </span>
  );

/** Why it is as urgent as it is, and where. */
export const whyWords = ({ reasons, where }: Pick<Conversation, "reasons" | "where">): string =>
  [reasonWords(reasons), where && m.urgency_where({ where })].filter(Boolean).join(" · ");

/** How urgent a talk is and why, with the way to change it: up at one press, down with a reason. */
export function Urgency({ talk }: { talk: Conversation }) {
  const open = useSignal(false);
  return (
    <details class="urgency" name="talk-fold" onToggle={(event) => (open.value = event.currentTarget.open)}>
      <summary>
        <Badge priority={talk.priority} />
        <span>{whyWords(talk)}</span>
      </summary>
      {open.value && <Change talk={talk} />}
    </details>
  );
}

function Change({ talk }: { talk: Conversation }) {
  const id = talk.conversation_id;
  const down = useSignal<Priority | null>(null);
  const place = `${id}/lower`;
  const why = halfWritten(place);
  const { busy, error, run } = useTask();
  const reason = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    reason.current?.focus();
  }, [down.value]);
  const over = () => {
    down.value = null;
    write(place, "");
  };
  const press = (priority: Priority) => {
    if (priority === talk.priority) return;
    if (priority > (talk.priority ?? "p4")) down.value = priority;
    else {
      over();
      void run(() => raise(id, priority));
    }
  };
  return (
    <div class="stack">
      {talk.self_harm && <p>{m.urgency_self_harm()}</p>}
      <div class="levels" role="group" aria-label={m.urgency_change()}>
        {priorities.map((priority) => (
          <button key={priority} type="button" class="button plain" aria-pressed={priority === talk.priority} disabled={busy} onClick={() => press(priority)}>
            {names[priority]()}
          </button>
        ))}
      </div>
      {down.value && (
        <form
          class="stack"
          onSubmit={(event) => {
            event.preventDefault();
            const to = down.value;
            if (to && why.trim())
              void run(async () => {
                await lower(id, to, why.trim());
                over();
              });
          }}
        >
          <label class="field">
            {m.urgency_why({ priority: short(down.value) })}
            <textarea ref={reason} rows={2} maxLength={1000} autocomplete="off" value={why} onInput={(event) => write(place, event.currentTarget.value)} />
          </label>
          <div class="row">
            <button type="submit" class="button" disabled={busy || !why.trim()}>
              {m.urgency_lower({ priority: short(down.value) })}
            </button>
            <button type="button" class="button plain" onClick={over}>
              {m.cancel()}
            </button>
          </div>
        </form>
      )}
      <Failed error={error} />
      <Decisions id={id} revision={talk.revision} />
    </div>
  );
}

function Decisions({ id, revision }: { id: string; revision: number }) {
  const list = useSignal<TriageDecision[] | null>(null);
  const { error, load } = useLoad(async () => (list.value = await decisionsOf(id)), [id, revision]);
  return (
    <>
      <h2>{m.urgency_decisions()}</h2>
      {list.value === null && error === null && <Loading />}
      {error !== null && <NotFetched error={error} again={load} />}
      <ul class="rows">
        {list.value?.map((one) => (
          <li key={one.at + one.priority}>
            <p>
              <Badge priority={one.priority} />
              {one.by === "officer" ? m.by_at({ number: one.public_number ?? "", when: when(one.at) }) : m.urgency_by_rules({ version: one.rules_version, when: when(one.at) })}
            </p>
            <p class="small">{reasonWords(one.reasons)}</p>
            {one.why !== undefined && <blockquote>{one.why}</blockquote>}
          </li>
        ))}
      </ul>
      {list.value?.length === 0 && <p class="small">{m.urgency_none()}</p>}
    </>
  );
}
