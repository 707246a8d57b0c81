import { useSignal } from "@preact/signals";
import { back } from "../../../app/router";
import { Page } from "../../../design";
import { locale, m } from "../../../i18n";
import { useLook } from "../../quarters/useLook";
import { dutyText, loadDutyText } from "../queries";
import { dutyLines } from "../text";

const LOOK_MS = 10 * 60_000;

/** What police must act on, told before somebody tells what is hard to tell. */
export function Duty() {
  useLook(LOOK_MS, loadDutyText);
  const easy = useSignal(false);
  const language = easy.value ? "easy" : locale.value;
  const [first, ...rest] = dutyLines(dutyText.value, language);
  return (
    <Page title={m.duty_title()} up="/">
      <div class="prose" lang={language === "en" ? "en" : "sv"}>
        <p class="strong">{first}</p>
        {rest.map((line) => (
          <p key={line}>{line}</p>
        ))}
      </div>
      {/* Easy Swedish is for whoever reads Swedish. */}
      {locale.value === "sv" && (
        <button type="button" class="button plain" aria-pressed={easy.value} onClick={() => (easy.value = !easy.value)}>
          {easy.value ? m.duty_usual() : m.duty_easy()}
        </button>
      )}
      <p class="small">{m.duty_danger()}</p>
      <button type="button" class="button" onClick={() => back("/")}>
        {m.duty_back()}
      </button>
    </Page>
  );
}
