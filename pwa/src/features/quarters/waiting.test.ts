import { expect, it } from "vitest";
import type { Wait } from "../../api/wire";
import { heardNow } from "./waiting";

const at = Date.parse("2026-11-29T20:58:00Z");
const later = (minutes: number): number => at + minutes * 60_000;
const mine = { state: "waiting", read: false, unread_danger: false } as const;
const second: Wait = { ...mine, place: 2, least_minutes: 0, most_minutes: 10, open: true, staffed: true };
const night: Wait = { ...mine, open: false, staffed: false, nobody_reads_before: "2026-11-30T15:00:00Z" };
const closed = { open: false, staffed: false, next_opening: "2026-11-30T15:00:00Z", server_time: "2026-11-29T21:01:00Z" };

it("tells a place in the queue only as long as it is news", () => {
  expect(heardNow({ wait: second, at }, closed, later(1))).toMatchObject({ wait: second, state: { open: true } });
  expect(heardNow({ wait: second, at }, closed, later(3)), "it has closed since: no place stands there").toEqual({ wait: null, state: closed });
  expect(heardNow({ wait: second, at }, null, later(3)), "nothing is known any more").toEqual({ wait: null, state: null });
});

it("keeps what is closed closed without a network, and no longer than until its hour", () => {
  expect(heardNow({ wait: night, at }, null, later(60)).state).toMatchObject({ open: false, next_opening: night.nobody_reads_before });
  expect(heardNow({ wait: night, at }, null, later(24 * 60))).toEqual({ wait: null, state: null });
});

it("tells what is known of all until the server has said how this one waits", () => {
  expect(heardNow(null, closed, at)).toEqual({ wait: null, state: closed });
});
