import { describe, expect, it, vi } from "vitest";
import type { Rule } from "../../api/wire";
import type { OutboxRow } from "../../sync/rows";

vi.stubGlobal("navigator", { onLine: true });
const { arrived, askedOf, standing, undecided } = await import("./queries");
const { outbox, reportRows } = await import("../../sync/mirror");

const question = (state: OutboxRow["state"]): OutboxRow => ({
  action_id: "a",
  account_id: "noa",
  lane: "conversation:t",
  kind: "conversation-ask-erasure",
  v: 1,
  after: [],
  recorded_at: "2026-11-25T10:00:00Z",
  body: "{}",
  state,
  attempt: 0,
  faults: 0,
  ...(state === "attention" ? { problem_kind: "erased" } : {}),
});
const asked = { erasure_asked_at: "2026-11-24T10:00:00Z" };
const kept = { ...asked, erasure_refused_at: "2026-11-24T12:00:00Z", erasure_refusal: "Det behövs." };

describe("a youth's question", () => {
  it("is what the server says, until this phone has asked anew", () => {
    expect(askedOf(undefined, undefined)).toEqual({ state: "not-asked" });
    expect(askedOf({}, undefined)).toEqual({ state: "not-asked" });
    expect(askedOf(asked, undefined)).toEqual({ state: "asked", at: asked.erasure_asked_at });
    expect(askedOf(kept, undefined)).toEqual({ state: "kept", at: kept.erasure_refused_at, why: "Det behövs." });
  });

  it("waits on the phone, is on its way, or was not taken, whatever was answered before", () => {
    for (const state of ["queued", "sending"] as const) expect(askedOf(kept, question(state))).toEqual({ state: "saved" });
    expect(askedOf(kept, question("sent"))).toEqual({ state: "asked", at: "2026-11-25T10:00:00Z" });
    expect(askedOf(kept, question("attention"))).toEqual({ state: "needs-attention", action_id: "a", problem_kind: "erased" });
  });

  it("is about what has arrived, as the server or its answer says", () => {
    const report = (state: OutboxRow["state"]): OutboxRow => ({ ...question(state), kind: "report-submit", lane: "report:r" });
    for (const state of ["queued", "sending", "attention"] as const) {
      outbox.value = [report(state)];
      expect(arrived("report", "r"), state).toBe(false);
    }
    outbox.value = [report("sent")];
    expect(arrived("report", "r")).toBe(true);
    outbox.value = [];
    reportRows.value = [{ report_id: "r" } as never];
    expect(arrived("report", "r")).toBe(true);
    expect(arrived("conversation", "r")).toBe(false);
  });

  it("waits for a lead until it was answered", () => {
    expect([{}, asked, kept].map(undecided)).toEqual([false, true, false]);
  });
});

describe("the rules as they stand", () => {
  const rule = (kind: Rule["kind"], valid_from: string, days?: number): Rule => ({
    kind,
    regime: "crime",
    valid_from,
    source: "a test",
    ...(days === undefined ? {} : { days }),
  });

  it("are the newest that are valid, with those that come", () => {
    const old = rule("conversation", "2025-01-01T00:00:00Z", 30);
    const now = rule("conversation", "2026-01-01T00:00:00Z", 90);
    const soon = rule("conversation", "2027-01-01T00:00:00Z", 60);
    const later = rule("conversation", "2028-01-01T00:00:00Z", 50);
    const report = rule("report", "2026-01-01T00:00:00Z");
    const found = standing([later, soon, now, old, report], Date.parse("2026-11-25T00:00:00Z"));
    expect(found).toHaveLength(2);
    expect(found).toContainEqual({ now, later: [soon, later] });
    expect(found).toContainEqual({ now: report, later: [] });
  });

  it("say nothing of a rule that is only to come", () => {
    expect(standing([rule("tip", "2027-01-01T00:00:00Z", 1)], Date.parse("2026-11-25T00:00:00Z"))).toEqual([]);
  });
});
