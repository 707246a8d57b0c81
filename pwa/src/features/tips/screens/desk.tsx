import { useSignal } from "@preact/signals";
import { useEffect, useId } from "preact/hooks";
import { Loading, Page, Trouble, useTask } from "../../../design";
import { m } from "../../../i18n";
import { Problem, kindOf } from "../../../i18n/Problem";
import { online } from "../../../sync/state";
import { dropTip, publishTip } from "../actions";
import { places, refusedTips, type Places, type RefusedTip } from "../queries";
import { topicName, topics, type Topic } from "./topics";

const MOST = 60;
export const wordsIn = (text: string): number => text.trim().split(/\s+/).filter(Boolean).length;

type Action = "chat" | "report" | "read";

export function WriteTip() {
  const where = useSignal<Places | null>(null);
  const topic = useSignal<Topic | "">("");
  const county = useSignal("");
  const municipality = useSignal("");
  const text = useSignal("");
  const action = useSignal<Action>("read");
  const needed = useSignal(false);
  const done = useSignal(false);
  const fetching = useTask();
  const { busy, error, run } = useTask();
  const id = useId();
  const load = () => fetching.run(async () => (where.value = await places()));
  useEffect(() => {
    void load();
  }, []);

  const count = wordsIn(text.value);
  const tooLong = count > MOST;
  const publish = async () => {
    const chosen = topic.value;
    needed.value = !chosen || !municipality.value || count === 0;
    if (needed.value || !chosen || tooLong) return;
    done.value = await run(() =>
      publishTip({ topic: chosen, municipality: municipality.value, text: text.value.trim(), action: action.value }),
    );
    if (done.value) text.value = "";
  };

  // A tip that was refused goes back into the form, where its words can be changed.
  const takeBack = (action_id: string, tip: RefusedTip) =>
    run(async () => {
      await dropTip(action_id);
      topic.value = tip.topic;
      county.value = where.value?.counties.find((one) => one.municipalities.some((place) => place.code === tip.municipality))?.code ?? "";
      municipality.value = tip.municipality;
      text.value = tip.text;
      action.value = tip.action;
    });

  return (
    <Page title={m.tip_title()} lead={m.tip_lead()}>
      {refusedTips.value.map(({ action_id, problem_kind, tip }) => (
        <div key={action_id} class="notice care" role="alert">
          <p>
            <b>{m.tip_refused()}</b> <Problem kind={problem_kind} />
          </p>
          <p>{tip.text}</p>
          <button type="button" class="button" disabled={busy} onClick={() => void takeBack(action_id, tip)}>
            {m.tip_refused_edit()}
          </button>
        </div>
      ))}
      {fetching.busy && <Loading />}
      {fetching.error !== null && <Trouble text={m.tips_failed()} again={() => void load()} />}
      <form
        class="block"
        onSubmit={(event) => {
          event.preventDefault();
          void publish();
        }}
      >
        <label class="field">
          {m.tip_topic()}
          <select value={topic.value} onChange={(event) => (topic.value = event.currentTarget.value as Topic | "")}>
            <option value="">–</option>
            {topics.map((one) => (
              <option key={one} value={one}>
                {topicName(one)}
              </option>
            ))}
          </select>
        </label>
        <div class="pair">
          <label class="field">
            {m.tip_county()}
            <select
              value={county.value}
              onChange={(event) => {
                county.value = event.currentTarget.value;
                municipality.value = "";
              }}
            >
              <option value="">–</option>
              {where.value?.counties.map((one) => (
                <option key={one.code} value={one.code}>
                  {one.name}
                </option>
              ))}
            </select>
          </label>
          <label class="field">
            {m.tip_place()}
            <select value={municipality.value} disabled={!county.value} onChange={(event) => (municipality.value = event.currentTarget.value)}>
              <option value="">–</option>
              {where.value?.counties
                .find((one) => one.code === county.value)
                ?.municipalities.map((place) => (
                  <option key={place.code} value={place.code}>
                    {place.name}
                  </option>
                ))}
            </select>
          </label>
        </div>
        <label class="field">
          {m.tip_text()}
          <textarea
            rows={5}
            autocomplete="off"
            value={text.value}
            aria-describedby={`${id}-words`}
            aria-invalid={tooLong}
            onInput={(event) => {
              text.value = event.currentTarget.value;
              done.value = false;
            }}
          />
        </label>
        <p id={`${id}-words`} class={tooLong ? "small wrong" : "small"}>
          {tooLong ? m.tip_too_long({ count }) : m.tip_words({ count })}
        </p>
        <fieldset>
          <legend>{m.tip_action()}</legend>
          <div class="choices">
            {(
              [
                ["chat", m.tip_action_chat()],
                ["report", m.tip_action_report()],
                ["read", m.tip_action_read_name()],
              ] as const
            ).map(([kind, name]) => (
              <label class="choice" key={kind}>
                <input type="radio" name="action" checked={action.value === kind} onChange={() => (action.value = kind)} />
                {name}
              </label>
            ))}
          </div>
        </fieldset>
        <div role="status">
          {needed.value && <p class="wrong">{m.tip_needed()}</p>}
          {done.value && <p class="notice good">{online.value ? m.tip_published() : m.tip_published_here()}</p>}
          {error !== null && (
            <p class="notice care">
              <Problem kind={kindOf(error)} />
            </p>
          )}
        </div>
        <button type="submit" class="button wide" disabled={busy || tooLong}>
          {m.tip_publish()}
        </button>
      </form>
    </Page>
  );
}
