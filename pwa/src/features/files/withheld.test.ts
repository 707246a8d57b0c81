import { beforeEach, expect, it, vi } from "vitest";
import type { OutboxRow } from "../../sync/rows";

vi.stubGlobal("navigator", { onLine: true });
const { outbox } = await import("../../sync/mirror");
const { marked, press, waiting } = await import("./withheld");

const mark = (state: OutboxRow["state"], action_id = "a1"): OutboxRow => ({
  action_id,
  account_id: "kim",
  lane: "file:f1",
  kind: "file-withhold",
  v: 1,
  after: [],
  recorded_at: "2026-11-30T08:00:00Z",
  body: JSON.stringify({ file_id: "f1" }),
  state,
  attempt: 0,
  faults: 0,
});

beforeEach(() => {
  outbox.value = [];
});

it("hides a file from the press on, also before the row that tells of it has come", () => {
  outbox.value = [mark("queued")];
  expect([marked.value.has("f1"), waiting.value.has("f1")]).toEqual([true, true]);
  press("f1");
  outbox.value = [];
  expect([marked.value.has("f1"), waiting.value.has("f1")]).toEqual([true, false]);
});

it("shows it again where the server said no", () => {
  press("f1");
  outbox.value = [mark("attention")];
  expect(marked.value.has("f1")).toBe(false);
  outbox.value = [];
  expect(marked.value.has("f1"), "the refusal was dismissed").toBe(false);
});

it("hides it when it is marked once more, while the first refusal still stands", () => {
  outbox.value = [mark("attention")];
  press("f1");
  outbox.value = [mark("attention"), mark("queued", "a2")];
  outbox.value = [mark("attention")];
  expect(marked.value.has("f1")).toBe(true);
});
