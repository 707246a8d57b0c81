import { beforeAll, expect, it, vi } from "vitest";
import type { KindOfEvent, Question } from "../../../api/wire";

vi.stubGlobal("navigator", { onLine: true });
vi.stubGlobal("document", { documentElement: { lang: "sv" } });

let steps: typeof import("./steps");
beforeAll(async () => {
  steps = await import("./steps");
});

const kind = { kind: "threat", questions: ["what", "knows", "who", "when"] } as KindOfEvent;
const shown = (...ids: string[]) => ids.map((id) => ({ id }) as Question);

it.each([
  ["start", false, undefined, "start"],
  ["kind", false, undefined, "kind"],
  // Sent or thrown away: whatever step the history names, it begins anew.
  ["question who", false, undefined, "start"],
  ["check", false, undefined, "start"],
  // A draft of before there were kinds is asked for its own first.
  ["first", true, undefined, "kind"],
  ["check", true, undefined, "kind"],
  ["first", true, kind, "question what"],
  ["start", true, kind, "start"],
  ["kind", true, kind, "kind"],
  ["question when", true, kind, "question when"],
  ["check", true, kind, "check"],
  // Not asked any more: the next that is.
  ["question who", true, kind, "question when"],
  ["question of another kind", true, kind, "question what"],
])("%s, with a draft: %s, stands at the right place", (step, begun, its, at) => {
  expect(steps.placeOf(step, begun, its, its ? shown("what", "knows", "when") : [])).toBe(at);
});

it("goes to the check when the last question is not asked any more", () => {
  expect(steps.placeOf("question when", true, kind, shown("what", "knows"))).toBe("check");
});
