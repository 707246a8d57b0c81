import { describe, expect, it } from "vitest";
import type { AskedQuestion, Dialogue } from "../../api/wire";
import { aheadBy, markNow, markOf, secondsUntil } from "./marks";
import { asAnswered, counted, heard, ordered, pagesBetween, readAnew, steady, takesVotes, type Room } from "./room";

const dialogue: Dialogue = { dialogue_id: "d", state: "live", title: "Fråga oss", starts_at: "2026-11-30T19:00:00Z", slow_seconds: 0, revision: 3 };
const question = (question_id: string, more: Partial<AskedQuestion> = {}): AskedQuestion => ({ question_id, dialogue_id: "d", text: question_id, damaged: false, state: "shown", votes: 1, revision: 2, shown_at: `2026-11-30T19:0${question_id.slice(1)}:00Z`, ...more });
const room = (questions: AskedQuestion[] = [], more: Partial<Room> = {}): Room => ({ dialogue, questions, polls: [], epoch: 7, pos: 10, ...more });
const ids = (questions: AskedQuestion[]) => questions.map(({ question_id }) => question_id);
const told = (pos: number, what: object) => ({ pos, at: "2026-11-30T19:10:00Z", ...what });

describe("a poll of a room", () => {
  const [opens, closes] = ["2026-11-30T19:05:00Z", "2026-12-01T07:05:00Z"];
  const poll = { poll_id: "p", kind: "one" as const, question: "Ska vi fortsätta?", options: [], opens_at: opens, closes_at: closes, revision: 1 };
  it("takes votes from when it is told until it has counts or its time is over, also on a phone whose clock is behind", () => {
    expect(takesVotes(poll, Date.parse(opens) - 60_000)).toBe(true);
    expect(takesVotes({ ...poll, voters: 3 }, Date.parse(opens) - 60_000)).toBe(false);
    expect(takesVotes(poll, Date.parse(closes))).toBe(false);
  });
});

describe("a room", () => {
  it("puts what it is told in its place, once, and nothing older over what is newer", () => {
    const shown = heard(room([question("q1", { revision: 5, state: "answered" })]), told(11, { question: question("q2") }));
    expect(ids(shown.questions)).toEqual(["q1", "q2"]);
    expect(heard(shown, told(11, { gone: "q1" }))).toBe(shown);
    const later = heard(shown, told(12, { question: question("q1", { revision: 4 }) }));
    expect(later.questions[0]?.state).toBe("answered");
    expect(later.pos).toBe(12);
    expect(ids(heard(later, told(13, { gone: "q1" })).questions)).toEqual(["q2"]);
    expect(heard(later, told(13, { dialogue: { ...dialogue, revision: 2, state: "announced" } })).dialogue.state).toBe("live");
    expect(heard(later, told(13, { dialogue: { ...dialogue, revision: 4, state: "ended" } })).dialogue.state).toBe("ended");
  });

  it("has a question that was hidden again when it is shown again", () => {
    const gone = heard(room([question("q1")]), told(11, { gone: "q1" }));
    expect(ids(heard(gone, told(12, { question: question("q1", { revision: 4 }) })).questions)).toEqual(["q1"]);
  });

  it("counts votes of what stands there alone", () => {
    const now = counted(room([question("q1"), question("q2")]), { votes: [{ question_id: "q2", votes: 9 }, { question_id: "q9", votes: 5 }] });
    expect(now.questions.map(({ votes }) => votes)).toEqual([1, 9]);
  });

  it("that is read anew has what was told behind the list, and not what the list knows better", () => {
    const events = [told(11, { question: question("q1") }), told(12, { question: question("q2") })];
    expect(ids(readAnew(room([], { pos: 11 }), events).questions)).toEqual(["q2"]);
    expect(readAnew(room([], { pos: 11 }), events).pos).toBe(12);
  });

  it("asks for the pages between two positions and for no others", () => {
    expect(pagesBetween(0, 0)).toEqual([]);
    expect(pagesBetween(5, 5)).toEqual([]);
    expect(pagesBetween(0, 1)).toEqual([0]);
    expect(pagesBetween(99, 100)).toEqual([0]);
    expect(pagesBetween(100, 101)).toEqual([1]);
    expect(pagesBetween(98, 201)).toEqual([0, 1, 2]);
    expect(pagesBetween(412, 300)).toEqual([]);
  });
});

describe("the list", () => {
  it("is ordered by votes or by what was shown last, and in the archive as the film goes", () => {
    const [one, two, three] = [question("q1", { votes: 3 }), question("q2", { votes: 3 }), question("q3")];
    expect(ids(ordered([three, one, two], "votes"))).toEqual(["q2", "q1", "q3"]);
    expect(ids(ordered([two, one, three], "newest"))).toEqual(["q3", "q2", "q1"]);
    expect(ids(asAnswered([question("q4", { answer: "Ja" }), { ...three, mark_seconds: 760 }, { ...one, mark_seconds: 5 }]))).toEqual(["q1", "q3", "q4"]);
  });

  it("stands still under a reader, lets go what has gone, and counts what waits", () => {
    const all = [question("q3"), question("q1"), question("q4")];
    expect(ids(steady(all, ["q1", "q2", "q3"], true).shown)).toEqual(["q1", "q3"]);
    expect(steady(all, ["q1", "q2", "q3"], true).waiting).toBe(1);
    expect(ids(steady(all, ["q1"], false).shown)).toEqual(["q3", "q1", "q4"]);
  });
});

describe("marks", () => {
  it("read as players show them", () => {
    expect([0, 59, 760, 3725, 36_000].map(markOf)).toEqual(["0:00", "0:59", "12:40", "1:02:05", "10:00:00"]);
    expect(markOf(760.9)).toBe("12:40");
  });

  it("count from when it opened, within a day", () => {
    const opened = "2026-11-30T19:00:00Z";
    expect(markNow(opened, Date.parse("2026-11-30T19:12:40.900Z"))).toBe(760);
    expect(markNow(opened, Date.parse("2026-11-30T18:59:00Z"))).toBe(0);
    expect(markNow(opened, Date.parse("2026-12-03T19:00:00Z"))).toBe(86_400);
    expect(markNow(undefined, 5)).toBe(0);
  });

  it("go by the server's clock, as the quickest news tells it", () => {
    const now = Date.parse("2026-11-30T19:00:00Z");
    const late = aheadBy(null, "2026-11-30T18:58:50Z", now);
    expect(late).toBe(70_000);
    expect(aheadBy(late, "2026-11-30T18:59:00Z", now)).toBe(60_000);
    expect(aheadBy(late, "2026-11-30T18:57:00Z", now)).toBe(70_000);
    expect(aheadBy(null, "2026-11-30T19:00:20Z", now)).toBe(-20_000);
  });

  it("count down to a moment", () => {
    expect(secondsUntil("2026-11-30T19:00:10Z", Date.parse("2026-11-30T19:00:00.100Z"))).toBe(10);
    expect(secondsUntil("2026-11-30T19:00:10Z", Date.parse("2026-11-30T19:00:11Z"))).toBe(0);
    expect(secondsUntil(undefined, 0)).toBe(0);
  });
});
