import { locale, m } from "../../../i18n";
import { inWords } from "../../../i18n/inWords";
import { clock, until, when } from "../../../i18n/time";
import { markOf } from "../marks";
import type { AskedQuestion, Dialogue, IdeaHiding, Seat } from "../queries";

export const titleOf = ({ title, title_en }: Pick<Dialogue, "title" | "title_en">) => inWords({ text: title, text_en: title_en }, locale.value, false);
export const aboutOf = ({ about = "", about_en }: Pick<Dialogue, "about" | "about_en">) => inWords({ text: about, text_en: about_en }, locale.value, false);

export const hidingNames: Record<IdeaHiding, () => string> = {
  talk: m.question_hiding_talk,
  "names-somebody": m.idea_hiding_names,
  "against-rules": m.question_hiding_rules,
  "not-understood": m.idea_hiding_unclear,
};
export const seatNames: Record<Seat, () => string> = { speaker: m.seat_speaker, reader: m.seat_reader };
export const otherSeat = (seat: Seat): Seat => (seat === "speaker" ? "reader" : "speaker");

/** When it is, in the reader's words: what comes with its weekday. */
export function timeWords({ state, starts_at, opened_at, ended_at }: Dialogue): string {
  if (state === "announced") return m.dialogue_starts({ when: until(starts_at) });
  if (state === "live") return m.dialogue_live_since({ when: clock(opened_at ?? starts_at) });
  return opened_at === undefined ? m.dialogue_never({ when: when(starts_at) }) : m.dialogue_over({ when: when(ended_at ?? opened_at) });
}

/** Where a question stands, to whoever asked it. `into`: the words of the one that it counts with. */
export function stateWords({ state, mark_seconds, answer }: AskedQuestion, archived: boolean, into?: string): string {
  if (state === "waiting" && archived) return m.question_no_time();
  if (state === "answered") return mark_seconds !== undefined ? m.question_answered_at({ mark: markOf(mark_seconds) }) : answer !== undefined ? m.question_answered_written() : m.question_answered();
  if (state === "merged") return into === undefined ? m.question_merged() : m.question_merged_with({ text: into });
  return { waiting: m.question_waiting, shown: m.idea_state_shown, "not-shown": m.idea_state_not_shown }[state]();
}
