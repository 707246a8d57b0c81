import { m } from "../../../i18n";
import { levelOf } from "../level";

const names = { easy: m.level_easy, medium: m.level_medium, hard: m.level_hard } as const;

/** How a text reads, while it is written. */
export function Level({ text }: { text: string }) {
  const level = levelOf(text);
  return <p class={level === "hard" ? "small wrong level" : "small level"}>{level && m.level_words({ level: names[level]() })}</p>;
}
