import { describe, expect, it } from "vitest";
import type { ActionKind, Report } from "../../api/wire";
import type { OutboxRow } from "../../sync/rows";
import { laidOver } from "./overlay";

const at = "2026-11-30T08:00:00.000Z";
const told: Report = {
  report_id: "r1",
  number: "R-7K4M-92XR",
  state: "received",
  revision: 4,
  event_kind: "threat",
  what: "Hot",
  happened: { certainty: "unknown" },
  files: [],
  damaged: false,
  as_tip: true,
  self_harm: false,
  in_danger: false,
  submitted_at: at,
  recorded_at: at,
};

const row = (kind: ActionKind, body: object, state: OutboxRow["state"] = "queued"): OutboxRow => ({
  action_id: kind,
  account_id: "a1",
  lane: "report:r1",
  kind,
  v: 1,
  after: [],
  recorded_at: at,
  body: JSON.stringify({ report_id: "r1", ...body }),
  state,
  attempt: 0,
  faults: 0,
});

describe("what was done with a report on this phone", () => {
  const acts: [ActionKind, body: object, Partial<Report>][] = [
    ["report-read", {}, { state: "being-read", reader: "07" }],
    ["report-open-talk", { conversation_id: "t1" }, { state: "question-asked", reader: "07", conversation_id: "t1" }],
    ["report-pass-on", { to: "bedrägerigruppen" }, { state: "passed-on", reader: "07", passed_to: "bedrägerigruppen" }],
    ["report-register", { police_number: "5000-K1-26" }, { state: "registered", reader: "07", as_tip: false, police_number: "5000-K1-26", registered_at: at }],
    ["report-close", { outcome: "tip-taken", why: "Tack" }, { state: "closed", reader: "07", outcome: "tip-taken", closing_words: "Tack", closed_at: at }],
    ["report-introduce", { name: "Kim", reach: "efter skolan" }, { as_tip: false, introduction: { name: "Kim", reach: "efter skolan" } }],
    ["report-join", { incident_id: "i1", title: "Festen" }, { incident_id: "i1", incident_title: "Festen" }],
  ];

  for (const [kind, body, change] of acts)
    it(`stands as done until the server says otherwise: ${kind}`, () => {
      expect(laidOver(told, row(kind, body), "07")).toEqual({ ...told, ...change, revision: 5 });
      for (const state of ["sending", "sent"] as const) expect(laidOver(told, row(kind, body, state), "07")).toMatchObject(change);
      expect(laidOver(told, row(kind, body, "attention"), "07")).toEqual(told);
    });

  it("has the one who did something with it last as its reader", () => {
    const read = { ...told, state: "question-asked" as const, reader: "12" };
    for (const kind of ["report-read", "report-open-talk", "report-pass-on", "report-register", "report-close"] as const)
      expect(laidOver(read, row(kind, {}), "07")).toMatchObject({ reader: "07", revision: 5 });
    expect(laidOver(read, row("report-introduce", { name: "Kim" })).reader).toBe("12");
  });

  it("changes nothing where it changes nothing on the server either", () => {
    const passed = { ...told, state: "passed-on" as const, passed_to: "x" };
    expect(laidOver(passed, row("report-read", {}), "07")).toEqual(passed);
    expect(laidOver(told, row("report-ask-erasure", {}), "07")).toEqual(told);
    expect(laidOver({ ...told, incident_id: "i1" }, row("report-leave", { incident_id: "i2" }), "07").incident_id).toBe("i1");
  });

  it("is taken out of its incident with all that is told of it", () => {
    const joined = { ...told, incident_id: "i1", incident_number: "H-1", incident_title: "Festen" };
    expect(laidOver(joined, row("report-leave", { incident_id: "i1" }), "07")).toEqual({ ...told, revision: 5 });
  });

  it("counts each act into the revision that the next one is done upon", () => {
    const acts = [row("report-read", {}), row("report-pass-on", { to: "x" }), row("report-close", { outcome: "tip-taken", why: "Tack" })];
    expect(acts.reduce((now, act) => laidOver(now, act, "07"), told)).toMatchObject({ state: "closed", passed_to: "x", revision: 7 });
  });
});
