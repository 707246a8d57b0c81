import { describe, expect, it } from "vitest";
import { fieldOf } from "../../i18n/field";
import { addOption, empty, lacks, optionsOf, preview, raiseOption, times, toDraft, toPublish, withoutOption, writeOption, type PollDraft } from "./draft";

const NOW = Date.parse("2026-11-30T12:00:00Z");
const DAY = 86_400_000;
const words = (text: string) => ({ text, text_en: "" });
const draft = (changes: Partial<PollDraft> = {}): PollDraft => ({ ...empty, question: "Vad vill du?", options: [words("Mer"), words("Mindre")], ...changes });

describe("a poll that is written", () => {
  it("says what it lacks", () => {
    expect(lacks(empty, NOW)).toEqual(["question", "options"]);
    expect(lacks(draft(), NOW)).toEqual([]);
    expect(lacks(draft({ options: [words("Mer"), words("  ")] }), NOW)).toEqual(["options"]);
  });

  it("may open within 60 days and be open for as long, and 14 if nobody says", () => {
    const later = (days: number) => ({ later: true, opens_at: fieldOf(NOW + days * DAY) });
    expect(times(draft(), NOW)).toEqual({ from: NOW, until: NOW + 14 * DAY });
    expect(lacks(draft(later(1)), NOW)).toEqual([]);
    for (const odd of [{ later: true, opens_at: "" }, later(-1), later(61)]) expect(lacks(draft(odd), NOW), JSON.stringify(odd)).toEqual(["from"]);
    expect(lacks(draft({ ...later(2), closes_at: fieldOf(NOW + DAY) }), NOW)).toEqual(["until"]);
    expect(lacks(draft({ closes_at: fieldOf(NOW + 61 * DAY) }), NOW)).toEqual(["until"]);
  });

  it("adds, moves, changes and takes away answers, and loses none", () => {
    const all = writeOption(addOption(draft().options), 2, { text: "Lagom" });
    expect(all.map(({ text }) => text)).toEqual(["Mer", "Mindre", "Lagom"]);
    expect(raiseOption(all, 2).map(({ text }) => text)).toEqual(["Mer", "Lagom", "Mindre"]);
    expect(raiseOption(all, 0)).toEqual(all);
    expect(withoutOption(all, 1).map(({ text }) => text)).toEqual(["Mer", "Lagom"]);
  });

  it("is of a scale with its two ends only, and keeps the others for another kind", () => {
    const scale = draft({ kind: "scale", options: [words("Inte alls"), words("Helt"), words("Mer")] });
    expect(optionsOf(scale)).toHaveLength(2);
    expect(toPublish(scale).options).toEqual([{ text: "Inte alls" }, { text: "Helt" }]);
    expect(preview(scale, NOW).options.map(({ place, text }) => [place, text])).toEqual([[0, "Inte alls"], [1, ""], [2, ""], [3, ""], [4, "Helt"]]);
  });

  it("leaves out what may be empty", () => {
    expect(toPublish(draft({ question: " Vad? ", question_en: "  " }))).toEqual({ kind: "one", question: "Vad?", options: [{ text: "Mer" }, { text: "Mindre" }] });
  });

  it("comes back into the form as it was sent when it was refused", () => {
    const whole = draft({ kind: "many", question_en: "What?", question_easy: "Vad?", options: [{ text: "Ett", text_en: "One" }, words("Två")], later: true, opens_at: fieldOf(NOW + 2 * DAY), closes_at: fieldOf(NOW + 9 * DAY) });
    expect(toDraft({ poll_id: "p", ...toPublish(whole) })).toEqual(whole);
  });
});
