import { go } from "../../../app/router";
import { Icon } from "../../../design";
import { m } from "../../../i18n";
import { halfWritten, write } from "../../chat/halfWritten";
import { Call112 } from "../../chat/screens/Danger";
import { SelfHarm } from "../../chat/screens/InDanger";
import type { Danger } from "../danger";

/** Words that go on in the chat stand after those that are there already. */
export function toChat(text: string): void {
  write("new", [halfWritten("new"), text].filter(Boolean).join("\n\n"));
  go("/");
}

/** Who helps now, where words tell of harm: an idea may lie for days. `text` goes along to the chat, and `why` that is better. */
export function HelpNow({ danger, text, why = m.idea_danger_chat() }: { danger: Danger; text: string; why?: string }) {
  return (
    <div class="stack help-now">
      {danger.selfHarm ? (
        <SelfHarm />
      ) : (
        <div class="notice care">
          <p class="strong">{m.idea_danger()}</p>
          <Call112 />
        </div>
      )}
      <p>{why}</p>
      <button type="button" class="button wide" onClick={() => toChat(text)}>
        <Icon name="talk" />
        {m.idea_danger_go()}
      </button>
    </div>
  );
}
