import { describe, expect, it } from "vitest";
import type { Poll } from "../../api/wire";
import { percent, stateOf, withPoll } from "./read";

const NOW = Date.parse("2026-11-30T12:00:00Z");
const at = (hours: number): string => new Date(NOW + hours * 3_600_000).toISOString();
const poll = (poll_id: string, revision = 1): Poll => ({ poll_id, kind: "one", question: "Vad?", options: [], opens_at: at(-1), closes_at: at(1), revision });

describe("a poll", () => {
  it("is planned, open, over, or was stopped before it began", () => {
    const of = (from: number, until: number) => stateOf({ opens_at: at(from), closes_at: at(until) }, NOW);
    expect([of(1, 2), of(-1, 1), of(0, 1), of(-2, -1), of(-2, 0), of(3, -1)]).toEqual(["planned", "open", "open", "over", "over", "stopped"]);
  });

  it("has shares of those who voted, of nobody none", () => {
    expect([percent(1, 3), percent(3, 3), percent(0, 0)]).toEqual([33, 100, 0]);
  });

  it("takes its own place in the list, or the first", () => {
    expect(withPoll([poll("a"), poll("b")], poll("b", 2)).map(({ poll_id, revision }) => [poll_id, revision])).toEqual([["a", 1], ["b", 2]]);
    expect(withPoll([poll("a")], poll("c")).map(({ poll_id }) => poll_id)).toEqual(["c", "a"]);
  });
});
