import "fake-indexeddb/auto";
import { beforeAll, expect, it, vi } from "vitest";
import type { HardCases } from "../../api/wire";
import { newSelf } from "../../sync/outbox";

vi.stubGlobal("navigator", { onLine: true });
vi.stubGlobal("document", { documentElement: { lang: "sv" } });
vi.stubGlobal("__VERSION__", "test");
const cases: HardCases[] = [{ mine: true, count: 2, last_at: "2026-11-24T02:00:00Z" }];
vi.mock("../../sync/session", async (real) => ({ ...(await real<object>()), api: async () => ({ items: cases }) }));

let care: typeof import("./queries");
let mirror: typeof import("../../sync/mirror");

async function signsIn(account_id: string): Promise<void> {
  const core = await mirror.pageCore();
  await core.db.write(["kept"], (tx) => tx.put("kept", { ...newSelf(core, "sv"), account_id, role: "officer" }, "self"));
  await mirror.refresh();
}

beforeAll(async () => {
  mirror = await import("../../sync/mirror");
  care = await import("./queries");
});

it("asks each officer of a phone by herself, and once", async () => {
  await signsIn("kim");
  await care.lookAtHardCases();
  expect(care.hardCases.value).toEqual(cases);
  await care.answered("2026-11-24T02:00:00Z");
  expect(care.askedAfter.value).toBe("2026-11-24T02:00:00Z");

  await signsIn("robin");
  expect(care.hardCases.value, "a colleague's cases stand there until her own are counted").toEqual([]);
  await care.lookAtHardCases();
  expect(care.askedAfter.value, "a colleague has answered for her").toBeUndefined();

  await signsIn("kim");
  await care.lookAtHardCases();
  expect(care.askedAfter.value, "asked again").toBe("2026-11-24T02:00:00Z");
});
