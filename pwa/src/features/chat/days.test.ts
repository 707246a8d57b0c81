import { afterAll, beforeAll, expect, it } from "vitest";
import { beginOf } from "./days";

const zone = process.env["TZ"];
beforeAll(() => void (process.env["TZ"] = "Europe/Stockholm"));
afterAll(() => {
  if (zone === undefined) delete process.env["TZ"];
  else process.env["TZ"] = zone;
});

it("ends a day where the next begins, also when the clocks are set", () => {
  expect(beginOf("2026-11-24")).toBe("2026-11-23T23:00:00.000Z");
  expect(beginOf("2026-11-24", 1)).toBe("2026-11-24T23:00:00.000Z");
  expect(beginOf("2026-10-25", 1), "that day has 25 hours").toBe(beginOf("2026-10-26"));
  expect(beginOf("2026-03-29", 1), "that day has 23 hours").toBe(beginOf("2026-03-30"));
  expect(beginOf("2026-12-31", 1)).toBe(beginOf("2027-01-01"));
});
