import { Icon } from "../../../design";
import type { Dialogue } from "../queries";
import { timeWords, titleOf } from "./words";

export function Row({ dialogue, to }: { dialogue: Dialogue; to: string }) {
  const { text, lang } = titleOf(dialogue);
  return (
    <li>
      <a class={dialogue.state === "live" ? "talk-row new" : "talk-row"} href={to}>
        <span class="talk-row-words">
          <b lang={lang}>{text}</b>
          <small>{timeWords(dialogue)}</small>
        </span>
        <Icon name="next" />
      </a>
    </li>
  );
}
