import { describe, expect, it, vi } from "vitest";
import type { SendingSums } from "../../../api/wire";

vi.stubGlobal("navigator", { language: "sv" });
vi.stubGlobal("document", { documentElement: { lang: "sv" } });

const { m } = await import("../../../i18n");
const { sumWords, toldWords } = await import("./sumWords");

const sums = (changes: Partial<SendingSums> = {}): SendingSums => ({
  kind: "tip",
  state: "done",
  begins_at: "2026-11-30T12:00:00.000Z",
  told: { phones: 320, least: 20 },
  not_reached: { least: 20 },
  ...changes,
});

describe("what became of a tip, in words", () => {
  it("is about how many phones it reached, and how many it did not", () => {
    expect(sumWords(sums())).toEqual([m.sums_told({ count: 320 })]);
    expect(sumWords(sums({ not_reached: { phones: 40, least: 20 } }))).toEqual([m.sums_told({ count: 320 }), m.sums_lost({ count: 40 })]);
    expect(sumWords(sums({ state: "sending" }))[0]).toBe(m.sums_sending());
    expect(sumWords(sums({ state: "stopped" }))[0]).toBe(m.sums_stopped());
  });

  it("has no figure of so few that one could be told apart", () => {
    const few = sums({ told: { least: 20 } });
    expect(sumWords(few)).toEqual([m.sums_told_few({ least: 20 })]);
    expect(sumWords({ ...few, state: "too-few" })).toEqual([m.sums_too_few({ least: 20 })]);
    expect(sumWords({ ...few, state: "waiting" })).toEqual([m.sums_waiting()]);
  });

  it("says before a tip is taken back how many have had it", () => {
    expect(toldWords([sums()])).toBe(m.recall_told({ count: 320 }));
    expect(toldWords([sums({ told: { least: 20 } })])).toBe(m.recall_told_few({ least: 20 }));
    for (const none of [[], [sums({ state: "waiting" })], [sums({ state: "too-few" })]]) expect(toldWords(none)).toBe(m.recall_told_none());
    expect(toldWords(null)).toBe(m.recall_told_unknown());
  });
});
