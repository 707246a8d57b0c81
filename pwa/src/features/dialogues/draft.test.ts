import { describe, expect, it } from "vitest";
import { fieldOf } from "../../i18n/field";
import { empty, lacks, toAnnounce, toDraft, type DialogueDraft } from "./draft";

const NOW = Date.parse("2026-11-30T12:00:00Z");
const DAY = 86_400_000;
const draft = (changes: Partial<DialogueDraft> = {}): DialogueDraft => ({ ...empty, title: "Fråga oss", starts_at: fieldOf(NOW + DAY), ...changes });

describe("a dialogue that is announced", () => {
  it("says what it lacks", () => {
    expect(lacks(empty, NOW)).toEqual(["title", "starts_at"]);
    expect(lacks(draft(), NOW)).toEqual([]);
    for (const odd of [-2, 181]) expect(lacks(draft({ starts_at: fieldOf(NOW + odd * DAY) }), NOW), `${odd}`).toEqual(["starts_at"]);
    expect(lacks(draft({ film_url: "film.example.org" }), NOW)).toEqual(["film_url"]);
    expect(lacks(draft({ film_url: " https://film.example.org/live.m3u8 " }), NOW)).toEqual([]);
  });

  it("leaves out what may be empty", () => {
    expect(toAnnounce(draft({ title: " Fråga oss ", about: " " }))).toEqual({ title: "Fråga oss", starts_at: "2026-12-01T12:00:00.000Z" });
  });

  it("comes back into the form as it was sent when it was refused", () => {
    const whole = draft({ title_en: "Ask us", about: "En timme.", about_en: "An hour.", film_url: "https://film.example.org/live.m3u8" });
    expect(toDraft(toAnnounce(whole))).toEqual(whole);
  });
});
