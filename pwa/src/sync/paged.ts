import { signal, type ReadonlySignal } from "@preact/signals";

interface Page<Item> {
  items: Item[];
  next?: string;
}

interface Known<Item> {
  items: Item[];
  next: string | undefined;
}

export interface Paged<Item> {
  /** As far as it was read. It is fetched anew whenever somebody is told of a change, and stands meanwhile. */
  list: ReadonlySignal<Known<Item> | null>;
  /** From the top, as many as stood here. */
  load(): Promise<void>;
  more(): Promise<void>;
  /** Nothing stands, and what was asked for before tells nothing. */
  clear(): void;
}

/** A list that the server gives page by page. */
export function paged<Item>(read: (next?: string) => Promise<Page<Item>>): Paged<Item> {
  const list = signal<Known<Item> | null>(null);
  let asked = 0;
  return {
    list,
    async load() {
      const turn = ++asked;
      let { items, next } = await read();
      while (next !== undefined && items.length < (list.peek()?.items.length ?? 0)) {
        const page: Page<Item> = await read(next);
        [items, next] = [[...items, ...page.items], page.next];
      }
      // An older question that is answered later tells nothing new.
      if (turn === asked) list.value = { items, next };
    },
    async more() {
      const before = list.peek();
      if (before?.next === undefined) return;
      const page = await read(before.next);
      // What was read anew meanwhile goes on from another place.
      if (list.peek() === before) list.value = { items: [...before.items, ...page.items], next: page.next };
    },
    clear() {
      asked += 1;
      list.value = null;
    },
  };
}
