import { useSignal } from "@preact/signals";
import { NotFetched } from "../../../app/NotFetched";
import { Empty, Icon, Loading, Page, useLoad } from "../../../design";
import { m } from "../../../i18n";
import { online, pushes } from "../../../sync/state";
import { loadTip, tips } from "../queries";
import { useCounties } from "./counties";
import { TipCard } from "./TipCard";

/** Where a notice of a tip leads. Without a network it stands as this phone last read it. */
export function OneTip({ tip_id }: { tip_id: string }) {
  const there = useSignal<boolean | null>(null);
  const { counties } = useCounties();
  const { busy, error, load } = useLoad(async () => (there.value = await loadTip(tip_id)), [tip_id, online.value, pushes.value]);
  const tip = tips.value.find((one) => one.tip_id === tip_id);
  const gone = there.value !== null && !tip;
  return (
    <Page title={gone ? m.tips_gone() : m.tips_title()} up="/tips">
      {tip ? (
        <>
          {error !== null && !busy && (
            <p class="notice" role="status">
              {m.tips_copy()}
            </p>
          )}
          <article class="tip">
            <TipCard tip={tip} counties={counties} whole />
          </article>
        </>
      ) : gone ? (
        <Empty title={m.tips_gone_text()} />
      ) : error === null ? (
        <Loading />
      ) : (
        <NotFetched error={error} again={load} />
      )}
      <a class="button plain" href="/tips">
        {m.tips_all()}
        <Icon name="next" />
      </a>
    </Page>
  );
}
