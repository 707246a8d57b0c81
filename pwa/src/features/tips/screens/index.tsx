import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { Empty, Icon, Loading, Page, Trouble, useTask } from "../../../design";
import { m } from "../../../i18n";
import { when } from "../../../i18n/time";
import { loadTips, places, tips, type Places } from "../queries";
import { topicName } from "./topics";

export function Tips() {
  const { busy, error, run } = useTask();
  const where = useSignal<Places | null>(null);
  const topic = useSignal("");
  const municipality = useSignal("");
  const load = () => run(loadTips);
  useEffect(() => {
    void load();
    // Apart from the tips: the phone's own copy names the places also without a network.
    places().then(
      (found) => (where.value = found),
      () => undefined,
    );
  }, []);

  const names = new Map(where.value?.counties.flatMap((county) => county.municipalities.map((place) => [place.code, place.name] as const)));
  const all = tips.value;
  const shown = all.filter(
    (tip) => (!topic.value || tip.topic === topic.value) && (!municipality.value || tip.municipality === municipality.value),
  );
  const used = (field: "topic" | "municipality") => [...new Set(all.map((tip) => tip[field]))];

  return (
    <Page title={m.tips_title()}>
      <a class="button plain" href="/notices">
        {m.tips_notices()}
      </a>
      {all.length > 1 && (
        <div class="pair">
          <label class="field">
            {m.tips_filter_topic()}
            <select value={topic.value} onChange={(event) => (topic.value = event.currentTarget.value)}>
              <option value="">{m.tips_all_topics()}</option>
              {used("topic").map((name) => (
                <option key={name} value={name}>
                  {topicName(name)}
                </option>
              ))}
            </select>
          </label>
          <label class="field">
            {m.tips_filter_place()}
            <select value={municipality.value} onChange={(event) => (municipality.value = event.currentTarget.value)}>
              <option value="">{m.tips_all_places()}</option>
              {used("municipality").map((code) => (
                <option key={code} value={code}>
                  {names.get(code) ?? code}
                </option>
              ))}
            </select>
          </label>
        </div>
      )}
      {error !== null && <Trouble text={m.tips_failed()} again={() => void load()} />}
      {busy && all.length === 0 && <Loading />}
      {!busy && error === null && shown.length === 0 && <Empty title={m.tips_empty()} text={m.tips_empty_text()} />}
      <ul class="rows">
        {shown.map((tip) => (
          <li class="tip" key={tip.tip_id}>
            <div class="row">
              <span class="tag">{topicName(tip.topic)}</span>
              <span class="small">{names.get(tip.municipality) ?? ""}</span>
            </div>
            <p>{tip.text}</p>
            {tip.action === "chat" && (
              <a class="button plain" href="/">
                <Icon name="talk" />
                {m.tip_action_chat()}
              </a>
            )}
            {tip.action === "report" && (
              <a class="button plain" href="/tell">
                <Icon name="tell" />
                {m.tip_action_report()}
              </a>
            )}
            <span class="small">{m.tips_by({ when: when(tip.published_at), number: tip.public_number })}</span>
          </li>
        ))}
      </ul>
    </Page>
  );
}
