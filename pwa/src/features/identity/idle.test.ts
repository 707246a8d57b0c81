import { expect, it } from "vitest";
import { isLocked } from "./idle";

const at = Date.parse("2026-11-29T18:00:00Z");
const minutes = (count: number): number => at + count * 60_000;

it("locks an officer's app that nobody has touched for thirty minutes", () => {
  expect(isLocked(at, at)).toBe(false);
  expect(isLocked(at, minutes(30) - 1)).toBe(false);
  expect(isLocked(at, minutes(30))).toBe(true);
  expect(isLocked(at, minutes(24 * 60))).toBe(true);
  expect(isLocked(at, minutes(-1)), "a network has set the clock right").toBe(false);
  expect(isLocked(at, minutes(-2)), "a clock that was set back opens nothing").toBe(true);
  expect(isLocked(null, at), "nobody has come in yet").toBe(false);
});
