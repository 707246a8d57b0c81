import type { ComponentChildren } from "preact";
import { locale, m } from "../../../i18n";
import { inWords } from "../../../i18n/inWords";
import { readable } from "../../../i18n/readable";
import { supportOf, type Idea } from "../queries";
import { kindNames } from "./words";

/** Before it is shown its writer alone supports it. */
const isCounted = ({ state }: Idea): boolean => state === "shown" || state === "answered" || state === "merged";

/** An idea as all see it, with what else there is to say of it. */
export const IdeaCard = ({ idea, tag, facts = [], children }: { idea: Idea; tag?: string; facts?: string[]; children?: ComponentChildren }) => (
  <li class="tip idea">
    <div class="row">
      {tag !== undefined && <span class="tag">{tag}</span>}
      <span class="small">{kindNames[idea.kind]()}</span>
    </div>
    <p>{readable(idea.text)}</p>
    <span class="small">{[...(isCounted(idea) ? [m.idea_support({ count: supportOf(idea) })] : []), ...facts].join(" · ")}</span>
    {idea.answer !== undefined && <Answer idea={idea} />}
    {children}
  </li>
);

/** What became of it, in the patrol's words. */
function Answer({ idea }: { idea: Idea }) {
  const { text, lang } = inWords({ text: idea.answer ?? "", text_en: idea.answer_en }, locale.value, false);
  return (
    <blockquote class="idea-answer">
      <b>{m.idea_we_did()}</b>
      <p lang={lang}>{text}</p>
    </blockquote>
  );
}
