import { useSignal } from "@preact/signals";
import { NotFetched } from "../../../app/NotFetched";
import { Empty, Loading, Page, useLoad, useTask } from "../../../design";
import { m } from "../../../i18n";
import { Failed } from "../../../i18n/Problem";
import { day, until, when } from "../../../i18n/time";
import { homePos } from "../../../sync/mirror";
import { online } from "../../../sync/state";
import { loadMorePlanned, loadPlanned, planned, publishing, recalls, type PlannedTip, type PublishTip, type TipState } from "../queries";
import { ageNames } from "./ages";
import { nameIn, useCounties, type County } from "./counties";
import { languageNames } from "./ForWhom";
import { Sums } from "./Sums";
import { topicName } from "./topics";

/** All tips, as officers see them: what will be told, what was, and what was taken back. */
export function PlannedTips() {
  const more = useTask();
  const { counties } = useCounties();
  const { error, load } = useLoad(loadPlanned, [homePos.value, online.value]);
  const list = planned.value;
  const listed = new Set(list?.items.map(({ tip }) => tip.tip_id));
  const going = publishing.value.filter(({ refused, body }) => !refused && !listed.has(body.tip_id));
  return (
    <Page title={m.tips_all()} up="/desk/tip">
      {error !== null && <NotFetched error={error} again={load} />}
      {list === null && error === null && <Loading />}
      {list?.items.length === 0 && going.length === 0 && <Empty title={m.planned_empty()} />}
      <ul class="rows">
        {going.map(({ action_id, body }) => (
          <li class="tip" key={action_id}>
            <State words={m.planned_going()} urgent={body.urgent} />
            <For of={body} counties={counties} />
            <p>{body.text}</p>
          </li>
        ))}
        {list?.items.map((one) => (
          <Row key={one.tip.tip_id} one={one} counties={counties} />
        ))}
      </ul>
      {list?.next !== undefined && (
        <button type="button" class="button plain" disabled={more.busy} onClick={() => void more.run(loadMorePlanned)}>
          {m.planned_more()}
        </button>
      )}
      <Failed error={more.error} />
    </Page>
  );
}

const stateNames: Record<TipState, () => string> = {
  planned: m.planned_planned,
  published: m.planned_published,
  expired: m.planned_expired,
  recalled: m.planned_recalled,
};

const State = ({ words, urgent }: { words: string; urgent: boolean }) => (
  <div class="row">
    <span class="tag">{words}</span>
    {urgent && <span class="badge p2">{m.tip_urgent()}</span>}
  </div>
);

type Meant = Pick<PublishTip, "topic" | "municipalities" | "age_bands" | "languages">;

/** For whom it is, in words. */
export const For = ({ of, counties }: { of: Meant; counties: County[] | null }) => (
  <p class="small">
    {[
      topicName(of.topic),
      of.municipalities.map((code) => nameIn(counties, code)).join(", ") || m.tips_for_all(),
      of.age_bands.map((age) => ageNames[age]()).join(", "),
      of.languages.map((language) => languageNames[language]()).join(", "),
    ]
      .filter(Boolean)
      .join(" · ")}
  </p>
);

export function timeWords({ tip, state }: PlannedTip): string {
  if (state === "planned") return m.planned_from({ from: until(tip.published_at), until: until(tip.expires_at) });
  if (state === "expired") return m.planned_over({ from: when(tip.published_at), until: day(tip.expires_at) });
  return m.planned_since({ from: when(tip.published_at), until: until(tip.expires_at) });
}

function Row({ one, counties }: { one: PlannedTip; counties: County[] | null }) {
  const { tip, state } = one;
  const opened = useSignal(false);
  const recalling = state !== "recalled" && recalls.value.some(({ refused, body }) => !refused && body.tip_id === tip.tip_id);
  return (
    <li class="tip">
      <State words={recalling ? m.planned_recalling() : stateNames[state]()} urgent={tip.urgent} />
      <For of={{ ...one, ...tip }} counties={counties} />
      {state === "recalled" && tip.recalled_at !== undefined && (
        <p class="small strong">{m.planned_recalled_by({ when: when(tip.recalled_at), number: one.recalled_by ?? "" })}</p>
      )}
      <p lang="sv">{tip.text}</p>
      <p class="small">
        {timeWords(one)} {tip.public_number !== undefined && m.planned_by({ number: tip.public_number })}
      </p>
      {state !== "planned" && (
        <details class="fold" onToggle={(event) => (opened.value = event.currentTarget.open)}>
          <summary>{m.planned_sums()}</summary>
          {opened.value && <Sums tip_id={tip.tip_id} what={homePos.value} />}
        </details>
      )}
      {(state === "planned" || state === "published") && !recalling && (
        <a class="button plain" href={`/desk/tips/${tip.tip_id}/recall`} aria-label={`${m.recall()}: ${tip.text}`}>
          {m.recall()}
        </a>
      )}
    </li>
  );
}
