import { Chips } from "../../../design/Chips";
import { m } from "../../../i18n";
import type { TipDraft } from "../draft";
import type { Locale } from "../queries";
import { ageNames, ages } from "./ages";
import { Municipalities } from "./Municipalities";

const languages: Locale[] = ["sv", "en"];
export const languageNames: Record<Locale, () => string> = { sv: m.reply_sv, en: m.reply_en };

/** What narrows those who asked for the topic; each says what nothing chosen means. */
export function ForWhom({ draft, set }: { draft: TipDraft; set: (part: Partial<TipDraft>) => void }) {
  return (
    <>
      <Municipalities
        legend={m.tip_places()}
        hint={draft.municipalities.length === 0 ? m.tip_places_none() : m.tip_places_some()}
        chosen={draft.municipalities}
        onChange={(municipalities) => set({ municipalities })}
      />
      <fieldset>
        <legend>{m.tip_ages()}</legend>
        <p class="hint">{draft.age_bands.length === 0 ? m.tip_ages_none() : m.tip_ages_some()}</p>
        <Chips all={ages} chosen={draft.age_bands} name={(age) => ageNames[age]()} onChange={(age_bands) => set({ age_bands })} />
      </fieldset>
      <fieldset>
        <legend>{m.tip_languages()}</legend>
        <p class="hint">{draft.languages.length === 0 ? m.tip_languages_none() : m.tip_languages_some()}</p>
        <Chips all={languages} chosen={draft.languages} name={(language) => languageNames[language]()} onChange={(languages) => set({ languages })} />
      </fieldset>
    </>
  );
}
