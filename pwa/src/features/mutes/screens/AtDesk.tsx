import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { Mute, MuteReason } from "../../../api/wire";
import { NotFetched } from "../../../app/NotFetched";
import { useTask } from "../../../design";
import { m } from "../../../i18n";
import { Failed } from "../../../i18n/Problem";
import { until, when } from "../../../i18n/time";
import type { Conversation } from "../../chat/queries";
import { halfWritten, write } from "../../chat/halfWritten";
import { useFresh } from "../../handovers/queries";
import { me } from "../../identity/queries";
import { endMute, muteAccount, newMute } from "../actions";
import { mutedIn, mutesOf, runningMutes } from "../queries";
import { LENGTHS, REASONS, reasonWords } from "../words";

/** That the youth may not write, for whoever reads the talk; and the way to end it. */
export function MutedHere({ talk }: { talk: Conversation }) {
  const muted = mutedIn(talk);
  const { busy, error, run } = useTask();
  if (!muted) return null;
  return (
    <section class="notice stack" aria-label={m.mute_running_label()}>
      <p class="strong">{m.mute_running({ when: until(muted.until), reason: reasonWords(muted.reason) })}</p>
      <p class="small">{talk.priority === "p1" ? m.mute_in_danger() : m.mute_but_danger()}</p>
      <button type="button" class="button plain" disabled={busy} onClick={() => void run(() => endMute(muted.mute_id, talk.conversation_id))}>
        {m.mute_end()}
      </button>
      <Failed error={error} />
    </section>
  );
}

/** Whoever holds the talk, or a lead, keeps its youth from writing for a while. */
export function MuteFold({ talk, mine }: { talk: Conversation; mine: boolean }) {
  const open = useSignal(false);
  const fold = useRef<HTMLDetailsElement>(null);
  useEffect(() => {
    if (open.value) fold.current?.scrollIntoView({ block: "start" });
  }, [open.value]);
  if (me.value?.role !== "lead" && !(mine && talk.state === "taken")) return null;
  return (
    <details class="fold mute" ref={fold} onToggle={(event) => (open.value = event.currentTarget.open)}>
      <summary>{m.mute_open()}</summary>
      {open.value && <Form talk={talk} done={() => fold.current && (fold.current.open = false)} />}
    </details>
  );
}

function Form({ talk, done }: { talk: Conversation; done: () => void }) {
  const id = talk.conversation_id;
  const length = useSignal<number | null>(null);
  const reason = useSignal<MuteReason | null>(null);
  const made = useSignal("");
  const place = `${id}/mute`;
  const note = halfWritten(place);
  const { busy, error, run } = useTask();
  const ready = length.value !== null && reason.value !== null && !busy;
  const submit = () =>
    run(async () => {
      const chosen = length.value === null ? undefined : LENGTHS[length.value];
      if (!chosen || reason.value === null) return;
      made.value ||= await newMute();
      const { kind, hours } = chosen;
      const words = note.trim();
      await muteAccount({ mute_id: made.value, conversation_id: id, kind, hours, reason: reason.value, ...(words ? { note: words } : {}) });
      write(place, "");
      done();
    });
  return (
    <form
      class="stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) void submit();
      }}
    >
      <p class="small">{m.mute_hint()}</p>
      <fieldset>
        <legend>{m.mute_how_long()}</legend>
        <div class="chips">
          {LENGTHS.map(({ words }, nth) => (
            <label class="chip" key={nth}>
              <input type="radio" name={`${id}-length`} checked={length.value === nth} onChange={() => (length.value = nth)} />
              {words()}
            </label>
          ))}
        </div>
      </fieldset>
      <fieldset>
        <legend>{m.mute_why()}</legend>
        <div class="chips">
          {REASONS.map((one) => (
            <label class="chip" key={one}>
              <input type="radio" name={`${id}-reason`} checked={reason.value === one} onChange={() => (reason.value = one)} />
              {reasonWords(one)}
            </label>
          ))}
        </div>
      </fieldset>
      <label class="field">
        {m.mute_note()}
        <textarea rows={2} maxLength={1000} autocomplete="off" value={note} onInput={(event) => write(place, event.currentTarget.value)} />
      </label>
      <button type="submit" class="button" disabled={!ready}>
        {m.mute_do()}
      </button>
      <Failed error={error} />
      <Earlier talk={talk} />
    </form>
  );
}

/** How it went before: nobody decides about her without knowing. */
function Earlier({ talk }: { talk: Conversation }) {
  const { now: list, error, again } = useFresh(() => mutesOf(talk.conversation_id), `${talk.revision}`);
  if (list === null) return error === null ? null : <NotFetched error={error} again={again} />;
  if (list.length === 0) return null;
  return (
    <ul class="rows" aria-label={m.mute_earlier()}>
      {list.map((one) => (
        <li key={one.mute_id}>
          <OneMute mute={one} />
        </li>
      ))}
    </ul>
  );
}

const OneMute = ({ mute }: { mute: Mute }) => (
  <>
    <p>
      {reasonWords(mute.reason)} · {m.mute_from_to({ from: when(mute.at), to: until(mute.until) })}
    </p>
    {mute.note !== undefined && <blockquote>{mute.note}</blockquote>}
    <p class="small">
      {m.by_at({ number: mute.by ?? "", when: when(mute.at) })}
      {mute.ended_at !== undefined && ` · ${m.mute_ended({ number: mute.ended_by ?? "", when: when(mute.ended_at) })}`}
    </p>
  </>
);

/** Who may not write at this moment, for the lead. */
export function RunningMutes({ told }: { told: number }) {
  const { now: list } = useFresh(runningMutes, `${told}`);
  if (!list || list.length === 0) return null;
  return (
    <section class="block">
      <h2>{m.desk_count({ title: m.mute_all(), count: list.length })}</h2>
      <ul class="rows">
        {list.map((one) => (
          <li key={one.mute_id}>
            <a class="talk-row" href={`/desk/talk/${one.conversation_id}`}>
              <span class="talk-row-words">
                <b>{m.mute_running({ when: until(one.until), reason: reasonWords(one.reason) })}</b>
                <small>{m.by_at({ number: one.by ?? "", when: when(one.at) })}</small>
              </span>
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}
