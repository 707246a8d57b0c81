import { expect, it } from "vitest";
import { asKnown } from "./opening";

const at = Date.parse("2026-11-29T18:00:00Z");
const later = (minutes: number): number => at + minutes * 60_000;
const evening = { open: true, staffed: true, open_until: "2026-11-29T21:00:00Z", server_time: "2026-11-29T18:00:00Z" };
const night = { open: false, staffed: false, next_opening: "2026-11-30T15:00:00Z", server_time: "2026-11-29T18:00:00Z" };

it("says of the hours no more than this phone can know", () => {
  expect(asKnown({ state: evening, at }, later(1)), "it is news").toEqual(evening);
  expect(asKnown({ state: evening, at }, later(30)), "nobody knows who is there half an hour later").toMatchObject({ open: true, staffed: false, as_of: "2026-11-29T18:00:00.000Z" });
  expect(asKnown({ state: evening, at }, later(181)), "it has closed since, or was kept open").toBeNull();
  expect(asKnown({ state: night, at }, later(30))).toMatchObject({ open: false, next_opening: night.next_opening });
  expect(asKnown({ state: night, at }, later(22 * 60)), "it has opened since, or not").toBeNull();
  expect(asKnown({ state: { ...night, next_opening: undefined } as never, at }, later(9999)), "closed without an end").toMatchObject({ open: false });
  expect(asKnown({ state: evening, at }, later(-30)), "a clock that was set back makes nothing new").toMatchObject({ staffed: false });
});
