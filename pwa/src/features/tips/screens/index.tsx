import { useSignal } from "@preact/signals";
import { Empty, Icon, Loading, Page, Trouble, useLoad } from "../../../design";
import { m } from "../../../i18n";
import { pushes } from "../../../sync/state";
import { loadTips, tips } from "../queries";
import { isFor } from "../read";
import { nameIn, useCounties } from "./counties";
import { TipCard } from "./TipCard";
import { topicName } from "./topics";

export { OneTip } from "./One";

export function Tips() {
  const topic = useSignal("");
  const municipality = useSignal("");
  const { counties } = useCounties();
  const { busy, error, load } = useLoad(loadTips, [pushes.value]);

  const all = tips.value;
  const shown = all.filter((tip) => (!topic.value || tip.topic === topic.value) && isFor(tip, municipality.value));
  const choice = (label: string, chosen: { value: string }, any: string, found: string[], name: (one: string) => string) => (
    <label class="field">
      {label}
      <select value={chosen.value} onChange={(event) => (chosen.value = event.currentTarget.value)}>
        <option value="">{any}</option>
        {[...new Set(found)].map((one) => (
          <option key={one} value={one}>
            {name(one)}
          </option>
        ))}
      </select>
    </label>
  );

  return (
    <Page title={m.tips_title()}>
      <nav class="ways" aria-label={m.posts_title()}>
        <a class="way" href="/posts">
          <Icon name="picture" />
          <span>
            <b>{m.posts_title()}</b>
            <small>{m.posts_way_text()}</small>
          </span>
        </a>
        <a class="way" href="/dialogues">
          <Icon name="talk" />
          <span>
            <b>{m.dialogues_title()}</b>
            <small>{m.dialogues_way_text()}</small>
          </span>
        </a>
        <a class="way" href="/polls">
          <Icon name="check" />
          <span>
            <b>{m.polls_title()}</b>
            <small>{m.polls_way_text()}</small>
          </span>
        </a>
        <a class="way" href="/ideas">
          <Icon name="tell" />
          <span>
            <b>{m.ideas_title()}</b>
            <small>{m.ideas_way_text()}</small>
          </span>
        </a>
      </nav>
      <a class="button plain" href="/notices">
        {m.tips_notices()}
      </a>
      {all.length > 1 && (
        <div class="pair">
          {choice(
            m.tips_filter_topic(),
            topic,
            m.tips_all_topics(),
            all.map((tip) => tip.topic),
            topicName,
          )}
          {choice(
            m.tips_filter_place(),
            municipality,
            m.tips_all_places(),
            all.flatMap((tip) => tip.municipalities),
            (code) => nameIn(counties, code),
          )}
        </div>
      )}
      {error !== null && <Trouble text={m.tips_failed()} again={load} />}
      {busy && all.length === 0 && <Loading />}
      {!busy && error === null && shown.length === 0 && <Empty title={m.tips_empty()} text={m.tips_empty_text()} />}
      <ul class="rows">
        {shown.map((tip) => (
          <li class="tip" key={tip.tip_id}>
            <TipCard tip={tip} counties={counties} />
          </li>
        ))}
      </ul>
    </Page>
  );
}
