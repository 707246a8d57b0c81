import "fake-indexeddb/auto";
import { describe, expect, it } from "vitest";
import { openDb, openDisk } from "./db";

const names = async (): Promise<(string | undefined)[]> => (await indexedDB.databases()).map(({ name }) => name);

describe("the worker's database", () => {
  it("is the page's: what no page has made is left unmade", async () => {
    await expect(openDisk("unmade")).rejects.toThrow();
    expect(await names()).not.toContain("unmade");
    const page = await openDb("unmade");
    expect(page.durable).toBe(true);
    const worker = await openDisk("unmade");
    await page.write(["raw"], (tx) => tx.put("raw", { stream: "desk", pos: 1, event: "e" }));
    expect(await worker.read(["raw"], (tx) => tx.all("raw"))).toHaveLength(1);
    page.close();
    worker.close();
  });
});
