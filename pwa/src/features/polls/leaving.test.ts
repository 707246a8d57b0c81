import { beforeAll, expect, it, vi } from "vitest";
import type { Self } from "../../sync/rows";

vi.stubGlobal("navigator", { onLine: true });
vi.stubGlobal("document", { documentElement: { lang: "sv" }, hidden: false, addEventListener: () => undefined });
vi.stubGlobal("sessionStorage", { getItem: () => null, setItem: () => undefined, removeItem: () => undefined });
vi.stubGlobal("localStorage", { getItem: () => null, setItem: () => undefined, removeItem: () => undefined });
vi.stubGlobal("__VERSION__", "test");

let mirror: typeof import("../../sync/mirror");
let polls: typeof import("./queries");
let ideas: typeof import("../ideas/queries");
const self = (account_id: string) => ({ account_id, device_id: account_id, role: "youth" }) as Self;

beforeAll(async () => {
  [mirror, polls, ideas] = await Promise.all([import("../../sync/mirror"), import("./queries"), import("../ideas/queries")]);
}, 60_000);

it("nothing of what somebody voted and supported stands when she has left, and what she began as nobody does", () => {
  const voted = () => {
    polls.votes.value = { p1: [0] };
    ideas.supports.value = ["i1"];
  };
  voted();
  mirror.self.value = self("a");
  expect([polls.votes.value, ideas.supports.value]).toEqual([{ p1: [0] }, ["i1"]]);
  mirror.self.value = null;
  expect([polls.votes.value, ideas.supports.value]).toEqual([{}, []]);
  mirror.self.value = self("b");
  voted();
  mirror.self.value = self("c");
  expect([polls.votes.value, ideas.supports.value]).toEqual([{}, []]);
});
