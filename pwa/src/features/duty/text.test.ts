import { describe, expect, it } from "vitest";
import { BROUGHT, dutyLines } from "./text";

describe("what police must act on", () => {
  it("stands in the app from the first start, in lines with the ages filled in", () => {
    const text = { ...BROUGHT, child_age: 18, criminal_age: 13 };
    for (const language of ["sv", "en", "easy"] as const) {
      const lines = dutyLines(text, language);
      expect(lines.length).toBeGreaterThan(4);
      expect(lines.join(" ")).not.toMatch(/[{}]/);
      expect(lines.join(" ")).toContain("13");
    }
    expect(dutyLines(text, "sv").join(" ")).toContain("under 18 år");
  });
});
