import { m } from "../../../i18n";
import { LONGEST_ALT, noAlt, type AltDraft, type WordsDraft } from "../draft";

interface Written {
  file_id: string;
  film: boolean;
  /** Which picture, counted from one. */
  number: number;
  draft: WordsDraft;
  set: (part: Partial<WordsDraft>) => void;
}

/** What a picture or a film shows, for those who do not see it. */
export function Alt({ file_id, film, number, draft, set }: Written) {
  const own = draft.alts[file_id] ?? noAlt;
  const write = (part: Partial<AltDraft>) => set({ alts: { ...draft.alts, [file_id]: { ...own, ...part } } });
  return (
    <>
      <label class="field">
        {film ? m.post_alt_film() : m.post_alt({ number })}
        <span class="hint">{m.post_alt_hint()}</span>
        <input type="text" lang="sv" maxLength={LONGEST_ALT} autocomplete="off" value={own.alt} onInput={(event) => write({ alt: event.currentTarget.value })} />
      </label>
      <label class="field">
        {m.post_alt_en()}
        <input type="text" lang="en" maxLength={LONGEST_ALT} autocomplete="off" value={own.alt_en} onInput={(event) => write({ alt_en: event.currentTarget.value })} />
      </label>
    </>
  );
}
