import { describe, expect, it } from "vitest";
import { paged } from "./paged";

interface Page {
  items: number[];
  next?: string;
}

/** A server that answers when it is told to. */
function held() {
  const asked: { next: string | undefined; answer: (page: Page) => void }[] = [];
  const list = paged<number>((next) => new Promise((answer) => asked.push({ next, answer })));
  return { list, asked };
}

async function withTwo() {
  const { list, asked } = held();
  const first = list.load();
  asked[0]?.answer({ items: [1, 2], next: "b" });
  await first;
  return { list, asked };
}

describe("a list in pages", () => {
  it("is whole when more is asked for while it is read anew", async () => {
    const { list, asked } = await withTwo();
    const anew = list.load();
    const more = list.more();
    asked[2]?.answer({ items: [3] });
    await more;
    expect(list.list.value?.items).toEqual([1, 2, 3]);
    asked[1]?.answer({ items: [0, 1], next: "c" });
    await new Promise((go) => setTimeout(go));
    expect(asked[3]?.next, "as many as stood here").toBe("c");
    asked[3]?.answer({ items: [2, 3] });
    await anew;
    expect(list.list.value).toEqual({ items: [0, 1, 2, 3], next: undefined });
  });

  it("takes no page that goes on from another place", async () => {
    const { list, asked } = await withTwo();
    const more = list.more();
    const anew = list.load();
    asked[2]?.answer({ items: [9, 1], next: "c" });
    await anew;
    asked[1]?.answer({ items: [3] });
    await more;
    expect(list.list.value).toEqual({ items: [9, 1], next: "c" });
  });

  it("is empty for whoever comes after, also of what was on its way", async () => {
    const { list, asked } = await withTwo();
    const [anew, more] = [list.load(), list.more()];
    list.clear();
    for (const { answer } of asked) answer({ items: [7] });
    await Promise.all([anew, more]);
    expect(list.list.value).toBeNull();
  });
});
