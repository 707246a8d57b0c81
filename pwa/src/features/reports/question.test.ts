import { beforeAll, beforeEach, expect, it, vi } from "vitest";
import type { Conversation } from "../../api/wire";

vi.stubGlobal("navigator", { onLine: true });
vi.stubGlobal("document", { documentElement: { lang: "sv" } });
vi.stubGlobal("__VERSION__", "test");

let rows: typeof import("../../sync/mirror").conversationRows;
let outbox: typeof import("../../sync/mirror").outbox;
let questionOf: typeof import("./question").questionOf;

beforeAll(async () => {
  ({ conversationRows: rows, outbox } = await import("../../sync/mirror"));
  ({ questionOf } = await import("./question"));
});

beforeEach(() => {
  outbox.value = [];
});

const opened = { conversation_id: "t1", state: "taken", head: 0, last_text: "", last_by: "officer", last_at: "", opened_at: "" } as Conversation;
const of = (...talks: Conversation[]) => {
  rows.value = talks;
  return questionOf({ conversation_id: "t1" });
};

it("is on its way until it is written, and asked until the youth has written after it", () => {
  expect(of(opened)).toBe("coming");
  expect(of({ ...opened, head: 1, last_text: "Vem skriver?" })).toBe("asked");
  expect(of({ ...opened, head: 1, last_files: 1 }), "a picture alone asks, too").toBe("asked");
  expect(of({ ...opened, head: 2, last_text: "Ingen", last_by: "youth" })).toBe("answered");
  expect(of({ ...opened, head: 3, last_text: "Och när?" })).toBe("asked");
  expect(of({ ...opened, state: "closed", head: 1, last_text: "Vem skriver?" })).toBe("over");
});

it("counts an answer that only waits on this phone", () => {
  rows.value = [{ ...opened, head: 1, last_text: "Vem skriver?" }];
  const body = JSON.stringify({ conversation_id: "t1", message_id: "m2", text: "Ingen" });
  outbox.value = [{ action_id: "a1", account_id: "noa", lane: "conversation:t1", kind: "message-send", v: 1, after: [], recorded_at: "2026-11-30T08:00:00Z", body, state: "queued", attempt: 0, faults: 0 }];
  expect(questionOf({ conversation_id: "t1" })).toBe("answered");
});

it("is taken for asked where the talk is not known here", () => {
  expect(of()).toBe("asked");
});
