import { describe, expect, it } from "vitest";
import type { Conversation, MessageRow, MessageState } from "./queries";
import { lacks } from "./lacks";

const BEGAN = Date.parse("2026-11-27T22:00:00Z");
const talk = (more: Partial<Conversation>): Conversation => ({ state: "taken", in_danger: true, unread_danger: false, unanswered_danger: false, ...more }) as Conversation;
/** What was said, so many seconds after it began. */
const said = (seconds: number, mine: boolean, state: MessageState = "read"): MessageRow =>
  ({ mine, state, recorded_at: new Date(BEGAN + seconds * 1000).toISOString() }) as MessageRow;

const EARLY = BEGAN + 59_999;
const LATE = BEGAN + 60_000;

describe("what a talk in danger lacks", () => {
  it("is a reader at once where it tells of danger, also where an older server's row says no more", () => {
    expect(lacks(talk({ unread_danger: true }), [said(0, true, "arrived")], EARLY)).toBe("reader");
    expect(lacks({ state: "waiting", unread_danger: true } as Conversation, [], EARLY)).toBe("reader");
    expect(lacks(talk({ unread_danger: true, state: "closed" }), [said(0, true)], LATE)).toBeNull();
  });

  it("is an answer a minute after the first of her words since an officer wrote, however often she writes again", () => {
    const list = [said(-100, false), said(0, true), said(40, true)];
    expect(lacks(talk({ unanswered_danger: true }), list, EARLY)).toBeNull();
    expect(lacks(talk({ unanswered_danger: true }), list, LATE)).toBe("answer");
    expect(lacks(talk({ unanswered_danger: true }), [...list, said(50, false)], LATE)).toBeNull();
  });

  it("is no answer to thanks, and a reader where her later words lie unread or unsent for a minute", () => {
    expect(lacks(talk({}), [said(-10, false), said(0, true)], LATE)).toBeNull();
    for (const state of ["arrived", "saved"] as const) expect(lacks(talk({}), [said(-10, false), said(0, true, state)], LATE)).toBe("reader");
    const after = [said(-10, false), said(0, true), said(50, true, "arrived")];
    expect(lacks(talk({}), after, LATE)).toBeNull();
    expect(lacks(talk({}), after, LATE + 50_000)).toBe("reader");
    expect(lacks(talk({ in_danger: false }), [said(0, true, "arrived")], LATE)).toBeNull();
  });
});
