import { describe, expect, it } from "vitest";
import type { DraftRow, FileRow, OutboxRow } from "../../sync/rows";
import { asText, own, unsentOf } from "./list";

const row = (action_id: string, more: Partial<OutboxRow>): OutboxRow => ({
  action_id,
  account_id: "a",
  lane: "conversation:t1",
  kind: "message-send",
  v: 1,
  after: [],
  recorded_at: `2026-11-24T02:00:0${action_id}Z`,
  body: JSON.stringify({ conversation_id: "t1", message_id: action_id, text: `ord ${action_id}` }),
  state: "queued",
  attempt: 0,
  faults: 0,
  ...more,
});
const file = (file_id: string, report_id: string, state: FileRow["state"]): FileRow => ({
  file_id,
  report_id,
  account_id: "a",
  sha256: "",
  size: 10,
  media_type: "image/png",
  state,
  offset: 0,
});
const report = (action_id: string, more: Partial<OutboxRow> = {}) =>
  row(action_id, { kind: "report-submit", lane: "report:r1", body: JSON.stringify({ report_id: "r1", what: "De hotar mig", happened: { certainty: "unknown" }, place: "Ett spel", files: [{ file_id: "f1" }] }), ...more });
const draft: DraftRow = { report_id: "r9", started_at: "2026-11-24T00:00:00Z", saved_at: "2026-11-24T01:00:00Z", revision: 1, what: "Halvvägs", file_id: "f9" };
const nothing = { outbox: [], files: [], drafts: [], halfWritten: {}, idea: "", questions: [], officer: false };

describe("what is not sent", () => {
  it("is listed whole, the oldest first, with where it can be read and how it stands", () => {
    const list = unsentOf({
      outbox: [row("2", { state: "attention", problem_kind: "news" }), row("1", { state: "sending" }), report("3", { state: "attention", problem_kind: "text-too-long" }), row("4", {})],
      files: [],
      drafts: [draft],
      halfWritten: { t1: "  ", new: "Jag tänkte" },
      idea: "Spela med oss",
      questions: [{ dialogue_id: "d", text: "När är ni ute?" }],
      officer: false,
    });
    expect(list.map(({ what, state, to }) => [what, state, to])).toEqual([
      ["draft", "half", "/tell"],
      ["message-send", "sending", "/talk/t1"],
      ["message-send", "held", "/talk/t1"],
      ["report-submit", "attention", "/report/r1"],
      ["message-send", "waiting", "/talk/t1"],
      ["half-written", "half", "/"],
      ["idea-send", "half", "/ideas"],
      ["question-ask", "half", "/dialogues/d"],
    ]);
  });

  it("holds nothing that has arrived, and no reading marks", () => {
    expect(unsentOf({ ...nothing, outbox: [row("1", { state: "sent" }), row("2", { kind: "conversation-read" })] })).toEqual([]);
  });

  it("leads to where polls and ideas stand, with their words", () => {
    const outbox = [
      row("1", { kind: "poll-publish", lane: "polls", body: JSON.stringify({ poll_id: "p", question: "Vad vill ni?" }) }),
      row("2", { kind: "idea-send", lane: "idea:i", body: JSON.stringify({ idea_id: "i", kind: "idea", text: "Fler filmer" }) }),
      row("4", { kind: "question-ask", lane: "question:q", body: JSON.stringify({ question_id: "q", dialogue_id: "d", text: "Får man fråga?" }) }),
      row("5", { kind: "dialogue-announce", lane: "dialogue:d", body: JSON.stringify({ dialogue_id: "d", title: "Fråga oss" }) }),
      row("3", { kind: "idea-answer", lane: "idea:i", body: JSON.stringify({ idea_id: "i", answer: "De kommer" }) }),
    ];
    expect(unsentOf({ ...nothing, outbox }).map(({ text, to }) => [text, to])).toEqual([
      ["Vad vill ni?", "/desk/poll"],
      ["Fler filmer", "/ideas/mine"],
      ["De kommer", "/desk/ideas"],
      ["Får man fråga?", "/dialogues/d"],
      ["Fråga oss", "/desk/dialogues/new"],
    ]);
  });

  it("leads an officer to the officers' pages", () => {
    expect(unsentOf({ ...nothing, outbox: [row("1", {})], officer: true })[0]?.to).toBe("/desk/talk/t1");
  });

  it("tells each picture's state under its report, and of pictures whose report is there", () => {
    const files = [file("f1", "r1", "waiting"), file("f2", "r2", "ready"), file("f3", "r2", "done"), file("f4", "r3", "done")];
    const list = unsentOf({ ...nothing, outbox: [report("1")], files });
    expect(list.map(({ what, pictures }) => [what, ...pictures.map((one) => one.file_id)])).toEqual([
      ["report-submit", "f1"],
      ["pictures", "f2", "f3"],
    ]);
  });

  it("tells of pictures of talks, sent and only chosen", () => {
    const of = (file_id: string, state: FileRow["state"]): FileRow => {
      const { report_id: _none, ...rest } = file(file_id, "", state);
      return { ...rest, sha256: "ab", conversation_id: "t1" };
    };
    const named = row("1", { body: JSON.stringify({ conversation_id: "t1", message_id: "1", text: "", files: [{ file_id: "f1" }] }) });
    const list = unsentOf({ ...nothing, outbox: [named], files: [of("f1", "waiting"), of("f2", "ready"), of("f3", "draft")] });
    expect(list.map(({ what, state, to, pictures }) => [what, state, to, ...pictures.map((one) => one.file_id)])).toEqual([
      ["message-send", "waiting", "/talk/t1", "f1"],
      ["message-pictures", "waiting", "/talk/t1", "f2"],
      ["message-pictures", "half", "/talk/t1", "f3"],
    ]);
  });

  it("tells of a post's files, sent and only chosen", () => {
    const of = (file_id: string, state: FileRow["state"], post_id: string): FileRow => {
      const { report_id: _none, ...rest } = file(file_id, "", state);
      return { ...rest, sha256: "ab", post_id };
    };
    const post = row("1", { kind: "post-publish", body: JSON.stringify({ post_id: "p1", title: "Hej", text: "Vi ses.", files: [{ file: { file_id: "f1" }, alt: "En gata" }] }) });
    const list = unsentOf({ ...nothing, officer: true, outbox: [post], files: [of("f1", "waiting", "p1"), of("f2", "ready", "p2"), of("f3", "draft", "new")] });
    expect(list.map(({ what, state, text, to, pictures }) => [what, state, text, to, ...pictures.map((one) => one.file_id)])).toEqual([
      ["post-publish", "waiting", "Vi ses.", "/desk/posts/new", "f1"],
      ["post-files", "waiting", "", "/desk/posts", "f2"],
      ["post-files", "half", "", "/desk/posts/new", "f3"],
    ]);
    expect(own([of("f3", "draft", "new")], "b"), "what a colleague chose").toEqual([]);
  });

  it("tells of a dialogue's film, sent and only chosen", () => {
    const of = (file_id: string, state: FileRow["state"]): FileRow => {
      const { report_id: _none, ...rest } = file(file_id, "", state);
      return { ...rest, sha256: "ab", dialogue_id: "d1" };
    };
    const set = row("1", { kind: "dialogue-film", lane: "dialogue:d1", body: JSON.stringify({ dialogue_id: "d1", expected_revision: 3, film: { file_id: "f1" } }) });
    const list = unsentOf({ ...nothing, officer: true, outbox: [set], files: [of("f1", "waiting"), of("f2", "ready"), of("f3", "draft")] });
    expect(list.map(({ what, state, to, pictures }) => [what, state, to, ...pictures.map((one) => one.file_id)])).toEqual([
      ["dialogue-film", "waiting", "/desk/dialogues/d1", "f1"],
      ["dialogue-film", "waiting", "/desk/dialogues/d1", "f2"],
      ["dialogue-film", "half", "/desk/dialogues/d1", "f3"],
    ]);
    expect(own([of("f3", "draft")], "b"), "what a colleague chose").toEqual([]);
  });

  it("holds no picture that somebody else chose for a message", () => {
    const chosen = { ...file("f1", "", "draft"), conversation_id: "t1" };
    const begun = { ...file("f2", "r1", "draft"), account_id: "" };
    const files = [chosen, begun, file("f3", "r2", "ready")];
    expect(own(files, "a")).toEqual(files);
    expect(own(files, "b")).toEqual([begun]);
    expect(own(files, undefined)).toEqual([begun]);
  });

  it("is given as text with all words, their times and how they stand", () => {
    const list = unsentOf({ ...nothing, outbox: [row("1", {}), report("2")], drafts: [draft], halfWritten: { new: "Jag tänkte" } });
    const text = asText(list, ({ key, at }) => `[${key} ${at}]`, ({ place }) => (place ? [`Var: ${place}`] : []));
    expect(text).toBe(
      "[r9 2026-11-24T01:00:00Z]\nHalvvägs\n\n[1 2026-11-24T02:00:01Z]\nord 1\n\n[2 2026-11-24T02:00:02Z]\nDe hotar mig\nVar: Ett spel\n\n[new undefined]\nJag tänkte",
    );
  });

  it("holds the words that went with a press, whatever they are called", () => {
    const held = (words: object) => unsentOf({ ...nothing, outbox: [row("1", { state: "attention", body: JSON.stringify({ conversation_id: "t1", ...words }) })] })[0]?.text;
    expect([{ told: "De kommer" }, { reason: "Barn" }, { why: "Det är lugnt" }, { name: "Kim, RLC" }].map(held)).toEqual(["De kommer", "Barn", "Det är lugnt", "Kim, RLC"]);
  });

  it("has no text of presses without words", () => {
    const list = unsentOf({ ...nothing, outbox: [row("1", { kind: "conversation-take", body: JSON.stringify({ conversation_id: "t1" }) })] });
    expect(list).toHaveLength(1);
    expect(asText(list, () => "x", () => [])).toBe("");
  });
});
