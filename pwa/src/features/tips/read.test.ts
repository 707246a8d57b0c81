import { describe, expect, it } from "vitest";
import type { Tip } from "../../api/wire";
import { inWords } from "../../i18n/inWords";
import { isFor, shown, withTip } from "./read";

const NOW = Date.parse("2026-11-30T12:00:00Z");
const tip = (changes: Partial<Tip> = {}): Tip => ({
  tip_id: "1",
  topic: "scams",
  municipalities: ["2480"],
  text: "Vanlig",
  action: "read",
  published_at: "2026-11-24T20:14:00.000Z",
  expires_at: "2026-12-10T20:14:00.000Z",
  urgent: false,
  revision: 1,
  ...changes,
});

describe("the tips of a phone", () => {
  it("are shown until they are over, also without a network", () => {
    expect(shown([tip(), tip({ tip_id: "2", expires_at: "2026-11-30T12:00:00.000Z" })], NOW).map((one) => one.tip_id)).toEqual(["1"]);
  });

  it("are still read when an older version fetched them", () => {
    const { municipalities: _, expires_at: __, ...old } = tip();
    expect(shown([{ ...old, municipality: "2580" } as unknown as Tip], NOW)[0]?.municipalities).toEqual(["2580"]);
  });

  it("are for the municipalities that they name, or for all", () => {
    expect([isFor(tip(), "2480"), isFor(tip(), "2580"), isFor(tip({ municipalities: [] }), "2580"), isFor(tip(), "")]).toEqual([true, false, true, true]);
  });

  it("are in the reader's language, or in easy Swedish when it is asked for", () => {
    const all = tip({ text_en: "Usual", text_easy: "Lätt" });
    expect([inWords(all, "sv", false), inWords(all, "en", false), inWords(all, "en", true)].map(({ text, lang }) => `${lang} ${text}`)).toEqual(["sv Vanlig", "en Usual", "sv Lätt"]);
    expect(inWords(tip(), "en", true)).toEqual({ text: "Vanlig", lang: "sv" });
  });

  it("give way to what came of them", () => {
    const correction = tip({ text: "Fel dag", revision: 2 });
    expect(withTip([tip(), tip({ tip_id: "2" })], correction).map((one) => one.text)).toEqual(["Fel dag", "Vanlig"]);
    expect(withTip([tip({ tip_id: "2" })], correction).map((one) => one.tip_id)).toEqual(["1", "2"]);
  });
});
