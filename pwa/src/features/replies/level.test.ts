import { describe, expect, it } from "vitest";
import brought from "../../../../api/replies/1.json";
import { levelOf, lix } from "./level";

describe("the level of a text", () => {
  it("is the length of its sentences and the share of its long words", () => {
    // 10 words, 2 sentences, 2 of them longer than 6 letters.
    expect(lix("Hon bor här nu. Springer hennes granne ofta omkring ute?")).toBeCloseTo(10 / 2 + 20);
    expect(lix("Ring 112. Gå in. Lås dörren.")).toBeCloseTo(6 / 3);
  });

  it("is not told of a few words", () => {
    for (const text of ["", "Hej!", "Jag läser nu.", "... !"]) expect(levelOf(text), text).toBeNull();
  });

  it("is easy, medium or hard", () => {
    expect(levelOf("Gå in. Lås dörren. Öppna inte. Ring 112 om någon vill ta sig in.")).toBe("easy");
    expect(levelOf("Polisen behöver veta vilken skola du går på, vad kamraten heter och vilken eftermiddag det hände, så att kollegorna kan hjälpa dig.")).toBe("medium");
    expect(levelOf("Polismyndigheten konstaterar att förundersökningen beträffande händelsen kommer att återupptas skyndsamt.")).toBe("hard");
  });

  it("takes a line of its own for a sentence, a figure for no end, and what is filled in for a short word", () => {
    expect(lix("Gå in nu\nLås er dörr\nRing 112")).toBeCloseTo(8 / 3);
    expect(lix("Klockan är 16.30 här hos oss")).toBeCloseTo(7 / 1 + 100 / 7);
    expect(lix("Jag är {opening} och {helpline} här")).toBeCloseTo(6);
  });

  it("is easy in each text that is to be easy, and hard in none that the patrol has at hand", () => {
    for (const { easy, sv } of brought) {
      expect(levelOf(easy) ?? "easy", easy).toBe("easy");
      expect(levelOf(sv), sv).not.toBe("hard");
    }
  });
});
