import { useSignal } from "@preact/signals";
import { Icon } from "../../../design";
import { Easy } from "../../../design/Easy";
import { locale, m } from "../../../i18n";
import { inWords } from "../../../i18n/inWords";
import { until, when } from "../../../i18n/time";
import type { Tip } from "../queries";
import { nameIn, type County } from "./counties";
import { topicName } from "./topics";

/** A tip as its reader sees it. `whole`: by itself on the screen. */
export function TipCard({ tip, counties, whole = false }: { tip: Tip; counties: County[] | null; whole?: boolean }) {
  const easy = useSignal(false);
  const { text, lang } = inWords(tip, locale.value, easy.value);
  const corrected = tip.recalled_at !== undefined;
  const places = tip.municipalities.map((code) => nameIn(counties, code)).join(", ");
  return (
    <>
      <div class="row">
        <span class="tag">{topicName(tip.topic)}</span>
        <span class="small">{places || m.tips_for_all()}</span>
      </div>
      {corrected && (
        <div class="notice care">
          <p class="strong">{m.tips_recalled()}</p>
          <p>{m.tips_recalled_text()}</p>
        </div>
      )}
      <p lang={lang}>{text}</p>
      {tip.text_easy !== undefined && <Easy on={easy} />}
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
      <span class="small">
        {m.tips_by({ when: when(tip.recalled_at ?? tip.published_at), number: tip.public_number ?? "" })}
        {whole && tip.expires_at && ` · ${m.tips_until({ when: until(tip.expires_at) })}`}
      </span>
    </>
  );
}
