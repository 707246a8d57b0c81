import { describe, expect, it, vi } from "vitest";
import type { Handover } from "../../api/wire";
import sv from "../../../messages/sv.json";
import en from "../../../messages/en.json";
import type { OutboxRow } from "../../sync/rows";
import { overlaid } from "./overlay";

vi.stubGlobal("navigator", { language: "sv" });
vi.stubGlobal("document", { documentElement: { lang: "sv" } });
const { asRead, MOST_SECONDS, promises, secondsOf, spelled, withReady } = await import("./card");

describe("a card", () => {
  it("has a number that is said sign by sign", () => {
    expect(spelled("7K4M-92XR")).toBe("7 Kalle 4 Martin, 9 2 Xerxes Rudolf");
  });

  it("names every letter that an incident number may hold", () => {
    expect(spelled("CDFGHJKMNPRTWX").split(" ").filter((name) => name.length < 2)).toEqual([]);
  });

  it("is read in half a minute at two and a half words a second", () => {
    expect(secondsOf(["ett två tre fyra fem"])).toBe(2);
    const short = asRead({ what: "Tjugo personer bråkar, en har kniv", where: "Parkeringen bakom Kvantum" }, "112", "7K4M-92XR");
    expect(secondsOf(short)).toBeLessThan(MOST_SECONDS);
    expect(secondsOf(asRead({ what: "ord ".repeat(75) }, "112"))).toBeGreaterThan(MOST_SECONDS);
  });

  it("says only what is known, what happens first", () => {
    const lines = asRead({ what: "Slagsmål", danger: "Kniv" }, "114-14");
    expect(lines).toHaveLength(3);
    expect(lines[0]).toContain("114 14");
    expect(lines[1]).toContain("Slagsmål");
    expect(lines[2]).toContain("Kniv");
  });
});

describe("what a youth is told", () => {
  it.each(["En bil är skickad", "Polisbilen kommer", "Patrullen kommer snart", "Patrull åker nu", "Hjälpen är på väg", "De kommer", "They are coming", "Help is on the way", "A car is there soon", "An officer will come"])(
    "is warned of where it may be read as a promise: %s",
    (text) => expect(promises(text)).toBe(true),
  );
  it.each(["Jag ser bilden som du skickade", "De kommer att bestämma", "Gå dit där du är trygg", "I care about this", "I have read what you wrote"])("is not warned of for nothing: %s", (text) => expect(promises(text)).toBe(false));
  it("promises nobody in any ready text", () => {
    for (const messages of [sv, en] as Record<string, string>[])
      for (const key of ["told_car_sent", "told_advice", "told_none"]) expect(promises(messages[key] ?? ""), messages[key]).toBe(false);
  });
});

describe("what waits on the phone", () => {
  const card: Handover = { handover_id: "a", conversation_id: "t", number: "7K4M-92XR", receiver: "112", made_at: "2026-11-29T21:40:00Z", red: true, card: { what: "Slagsmål" }, answers: [] };
  const row = (kind: OutboxRow["kind"], body: object, state: OutboxRow["state"] = "queued"): OutboxRow => ({
    action_id: kind, account_id: "x", lane: "conversation:t", kind, v: 1, after: [], recorded_at: "2026-11-29T21:42:00Z", body: JSON.stringify({ conversation_id: "t", ...body }), state, attempt: 0, faults: 0,
  });

  it("is a card without a number, in the place of the older", () => {
    const made = row("handover-make", { handover_id: "b", receiver: "112", replaces: "a", card: { what: "Fler kommer" } });
    const [newer, older] = overlaid([card], [made]);
    expect(newer).toMatchObject({ handover_id: "b", red: true, waits: "card" });
    expect(newer?.number).toBeUndefined();
    expect(older).toMatchObject({ red: false, replaced_by: "b" });
    expect(overlaid([{ ...card, handover_id: "b" }], [made]), "it has arrived").toHaveLength(1);
  });

  it("is the name of who took it, unless another stands there first", () => {
    const took = row("handover-acknowledge", { handover_id: "a", name: "Bo" });
    expect(overlaid([card], [took])[0]).toMatchObject({ red: false, taken_by: "Bo", waits: "name" });
    expect(overlaid([{ ...card, red: false, acknowledged_at: "2026-11-29T21:41:00Z", taken_by: "Li" }], [took])[0]).toMatchObject({ taken_by: "Li" });
  });

  it("is what came back, once", () => {
    const answer = { handover_id: "a", came_back: "advice", told: "Stäng dörren" };
    expect(overlaid([card], [row("handover-answer", answer)])[0]?.answers).toMatchObject([{ told: "Stäng dörren", waits: "handover-answer" }]);
    const shown = overlaid([card], [row("handover-answer", answer)]);
    expect(overlaid(shown, [row("handover-answer", answer)])).toEqual(shown);
    const arrived = { ...card, answers: [{ at: "2026-11-29T21:42:01Z", came_back: "advice" as const, told: "Stäng dörren" }] };
    expect(overlaid([arrived], [row("handover-answer", answer, "sent")])[0]?.answers).toHaveLength(1);
  });

  it("is nothing that the server said no to", () => {
    expect(overlaid([card], [row("handover-acknowledge", { handover_id: "a", name: "Bo" }, "attention")])).toEqual([card]);
  });
});

it("puts a ready text after what somebody has written, and in the place of another ready one", () => {
  const all = ["En bil är skickad.", "A car is sent."];
  expect(withReady("", "A car is sent.", all)).toBe("A car is sent.");
  expect(withReady(" En bil är skickad.\n", "A car is sent.", all)).toBe("A car is sent.");
  expect(withReady("De ringer dig på Skolgatan.", "A car is sent.", all)).toBe("De ringer dig på Skolgatan.\n\nA car is sent.");
});
