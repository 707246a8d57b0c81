import { describe, expect, it } from "vitest";
import type { PublishTip } from "../../api/wire";
import { fieldOf } from "../../i18n/field";
import { audienceOf, empty, isNarrowed, lacks, times, toCorrection, toDraft, toPublish, wordsIn, type TipDraft } from "./draft";

const NOW = Date.parse("2026-11-30T12:00:00Z");
const DAY = 86_400_000;
const draft = (changes: Partial<TipDraft> = {}): TipDraft => ({ ...empty, topic: "scams", text: "Fråga kompisen först.", ...changes });
const later = (days: number): Partial<TipDraft> => ({ later: true, publish_at: fieldOf(NOW + days * DAY) });

describe("a tip that is written", () => {
  it("counts words as the server does", () => {
    expect([wordsIn(""), wordsIn("  ett  två\ntre ")]).toEqual([0, 3]);
  });

  it("says what it lacks", () => {
    expect(lacks(empty, NOW)).toEqual(["topic", "text"]);
    expect(lacks(draft(), NOW)).toEqual([]);
    expect(lacks(draft({ text: "ord ".repeat(60) }), NOW)).toEqual([]);
    expect(lacks(draft({ text_easy: "ord ".repeat(61) }), NOW)).toEqual(["too-long"]);
  });

  it("may be planned within 60 days and be shown for as long", () => {
    expect(lacks(draft(later(1)), NOW)).toEqual([]);
    for (const odd of [{ later: true, publish_at: "" }, later(-1), later(61)]) expect(lacks(draft(odd), NOW), JSON.stringify(odd)).toEqual(["from"]);
    expect(lacks(draft({ ...later(2), expires_at: fieldOf(NOW + DAY) }), NOW)).toEqual(["until"]);
    expect(lacks(draft({ ...later(2), expires_at: fieldOf(NOW + 61 * DAY) }), NOW)).toEqual([]);
    expect(lacks(draft({ expires_at: fieldOf(NOW + 61 * DAY) }), NOW)).toEqual(["until"]);
  });

  it("is shown for 14 days if nobody says", () => {
    expect(times(draft(), NOW)).toEqual({ from: NOW, until: NOW + 14 * DAY });
    expect(times(draft(later(3)), NOW).until).toBe(NOW + 17 * DAY);
  });

  it("is for all who asked for its topic, or fewer", () => {
    expect(audienceOf(empty)).toBeNull();
    const all = audienceOf(draft());
    expect(all && isNarrowed(all)).toBe(false);
    for (const narrow of [{ municipalities: ["2480"] }, { age_bands: ["13-15" as const] }, { languages: ["en" as const] }]) {
      const audience = audienceOf(draft(narrow));
      expect(audience && isNarrowed(audience), JSON.stringify(narrow)).toBe(true);
    }
  });

  it("leaves out what may be empty", () => {
    expect(toPublish(draft({ text: " Hej. ", text_en: "  " }))).toEqual({ topic: "scams", municipalities: [], age_bands: [], languages: [], text: "Hej.", action: "read", urgent: false });
    expect(toPublish(empty)).toBeNull();
    expect(toCorrection({ text: " Fel dag. ", text_en: "", text_easy: "Fel dag." })).toEqual({ correction: "Fel dag.", correction_easy: "Fel dag." });
  });

  it("comes back into the form as it was sent when it was refused", () => {
    const whole = draft({ ...later(2), municipalities: ["2480", "2580"], age_bands: ["16-17"], languages: ["sv"], text_en: "Ask first.", text_easy: "Fråga.", action: "chat", expires_at: fieldOf(NOW + 9 * DAY), urgent: true });
    const sent = toPublish(whole);
    expect(sent && toDraft({ tip_id: "t", ...sent })).toEqual(whole);
  });

  it("comes back also from a version that knew of one municipality only", () => {
    const old = { tip_id: "t", topic: "scams", municipality: "2580", text: "Hej.", action: "read" } as unknown as PublishTip;
    expect(toDraft(old)).toEqual(draft({ municipalities: ["2580"], text: "Hej." }));
  });
});
