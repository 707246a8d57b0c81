import { describe, expect, it } from "vitest";
import brought from "../../../../api/replies/1.json";
import type { CannedReply } from "../../api/wire";
import { BEST, chosen, filled } from "./choose";

const all = brought.map((reply) => ({ ...reply, revision: 1, ended: false })) as CannedReply[];
const names = (list: CannedReply[]) => list.slice(0, BEST).map((reply) => reply.name);
const known = { number: "07", opening: "2026-11-30T15:00:00Z" };

describe("canned replies", () => {
  it("stand in the order in which they fit the talk", () => {
    expect(names(chosen(all, { priority: "p1", self_harm: false, head: 1 }, false))).toEqual(["Jag läser nu", "Ring 112", "Lås och håll er inne"]);
    expect(names(chosen(all, { priority: "p1", self_harm: false, head: 4 }, true))[0]).toBe("Ring 112");
    expect(names(chosen(all, { priority: "p1", self_harm: true, head: 1 }, true))[0]).toBe("Du är inte ensam");
    expect(names(chosen(all, { priority: "p4", self_harm: false, head: 4 }, true))).toEqual(["En vuxen", "Tack för frågan", "Jag läser nu"]);
  });

  it("stand nowhere when they are offered no more", () => {
    const without = all.map((reply) => ({ ...reply, ended: reply.name === "Ring 112" }));
    expect(chosen(without, { priority: "p1", self_harm: false, head: 1 }, true).some(({ name }) => name === "Ring 112")).toBe(false);
  });

  it("are filled in with what is known, in their own language", () => {
    const closing = all.find(({ name }) => name === "Vi stänger snart") as CannedReply;
    expect(filled(closing, "sv", known)).toContain("måndag 16:00");
    expect(filled(closing, "en", known)).toContain("Monday");
    expect(filled(closing, "en", { ...known, opening: undefined })).toContain("see the first page");
    for (const reply of all) for (const language of ["sv", "easy", "en"] as const) expect(filled(reply, language, known)).not.toMatch(/[{}]/);
    expect(filled(all[0] as CannedReply, "sv", known)).toContain("polis 07");
  });
});
