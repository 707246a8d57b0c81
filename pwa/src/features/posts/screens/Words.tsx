import { m } from "../../../i18n";
import { Level } from "../../replies/screens/Level";
import { LONGEST_TEXT, LONGEST_TITLE, type WordsDraft } from "../draft";

type Set = (part: Partial<WordsDraft>) => void;

/** The title and the text in each language, with how they read while they are written. */
export function Words({ draft, set }: { draft: WordsDraft; set: Set }) {
  const title = (name: "title" | "title_en", label: string) => (
    <label class="field">
      {label}
      <input type="text" lang={name === "title_en" ? "en" : "sv"} maxLength={LONGEST_TITLE} autocomplete="off" value={draft[name]} onInput={(event) => set({ [name]: event.currentTarget.value })} />
    </label>
  );
  const text = (name: "text" | "text_easy" | "text_en", label: string) => (
    <div>
      <label class="field">
        {label}
        {name === "text" && <span class="hint">{m.post_text_hint()}</span>}
        <textarea rows={5} lang={name === "text_en" ? "en" : "sv"} maxLength={LONGEST_TEXT} autocomplete="off" value={draft[name]} onInput={(event) => set({ [name]: event.currentTarget.value })} />
      </label>
      {name !== "text_en" && <Level text={draft[name]} />}
    </div>
  );
  return (
    <>
      {title("title", m.post_title_sv())}
      {text("text", m.post_text_sv())}
      {text("text_easy", m.post_text_easy())}
      {title("title_en", m.post_title_en())}
      {text("text_en", m.post_text_en())}
    </>
  );
}
