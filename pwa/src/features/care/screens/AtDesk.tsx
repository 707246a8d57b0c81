import { useSignal } from "@preact/signals";
import { focusHeading, useTask } from "../../../design";
import { m } from "../../../i18n";
import { Failed } from "../../../i18n/Problem";
import { outbox } from "../../../sync/mirror";
import { conversations } from "../../chat/queries";
import { me } from "../../identity/queries";
import { useLook } from "../../quarters/useLook";
import { markHard } from "../actions";
import { answered, askedAfter, hardCases, lookAtHardCases } from "../queries";

const LOOK_MS = 60_000;

/** Asks whether a pause is wanted, at a calm moment: the officer holds nothing in danger, and nobody in danger waits. It locks nothing. */
export function Pause() {
  // What the officer does in a talk may make it one, and so does a mark, once it is with the server.
  const held = conversations.value.filter((talk) => talk.held_by_me && talk.state === "taken").length;
  const marks = outbox.value.filter((row) => row.kind === "case-hard" || row.kind === "file-withhold").length;
  useLook(LOOK_MS, lookAtHardCases, `${held} ${marks}`);
  const { error, run } = useTask();
  const taking = useSignal(false);
  const own = hardCases.value.find((one) => one.mine);
  const calm = !conversations.value.some((talk) => talk.priority === "p1" && (talk.state === "waiting" || (talk.state === "taken" && talk.held_by_me)));
  const asks = own !== undefined && calm && (askedAfter.value === undefined || own.last_at > askedAfter.value);
  const answer = (pause: boolean) =>
    void run(async () => {
      taking.value = pause;
      if (own) await answered(own.last_at);
      focusHeading();
    });
  return (
    <div role="status">
      {asks && own && (
        <section class="notice care stack" aria-label={m.pause_ask()}>
          <p class="strong">{m.pause_ask()}</p>
          <p>{m.pause_why({ count: own.count })}</p>
          <div class="row">
            <button type="button" class="button" onClick={() => answer(true)}>
              {m.pause_yes()}
            </button>
            <button type="button" class="button plain" onClick={() => answer(false)}>
              {m.pause_no()}
            </button>
          </div>
          <Failed error={error} />
        </section>
      )}
      {!asks && taking.value && (
        <p class="notice">
          {m.pause_how()} <a href="/desk/shift">{m.shift_title()}</a>
        </p>
      )}
    </div>
  );
}

/** How many hard cases: one's own, and for a lead everybody's. */
export function HardCases() {
  useLook(LOOK_MS, lookAtHardCases);
  const list = hardCases.value;
  const own = list.find((one) => one.mine)?.count ?? 0;
  const others = list.filter((one) => !one.mine);
  return (
    <section class="block">
      <h2>{m.hard_title()}</h2>
      <p>{m.hard_own({ count: own })}</p>
      {me.value?.role === "lead" && (
        <ul class="plain-list">
          {others.map((one) => (
            <li key={one.public_number}>{m.hard_of({ number: one.public_number ?? "", count: one.count })}</li>
          ))}
        </ul>
      )}
    </section>
  );
}

/** A press that says that this one was hard. */
export function MarkHard({ id }: { id: string }) {
  const { busy, error, run } = useTask();
  const done = useSignal(false);
  const waits = outbox.value.some((row) => row.kind === "case-hard" && row.lane === `conversation:${id}` && row.state !== "attention");
  const mark = async () => {
    if (await run(() => markHard(id))) done.value = true;
  };
  return (
    <div role="status">
      {done.value || waits ? (
        <p class="small">{m.hard_marked()}</p>
      ) : (
        <button type="button" class="button quiet" disabled={busy} onClick={() => void mark()}>
          {m.hard_mark()}
        </button>
      )}
      <Failed error={error} />
    </div>
  );
}
