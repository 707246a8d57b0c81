import { useSignal } from "@preact/signals";
import type { RefObject } from "preact";
import { useEffect, useRef } from "preact/hooks";

/** Whoever touched the list so short a while ago is about to press something in it. */
const TOUCH_MS = 10_000;

/**
 * Whether somebody reads within a list: it is scrolled, touched or holds the focus. `ids`: what there is now, in its order. `stand` is
 * what stood when the reading began; `joins` takes in what has come since.
 */
export function useReader(list: RefObject<HTMLElement | null>, ids: string): { stand: string[]; reads: boolean; joins: () => void } {
  const reads = useSignal(false);
  const stand = useSignal<string[]>([]);
  const latest = useRef(ids);
  const touched = useRef(0);
  latest.current = ids;
  const split = () => latest.current.split(",").filter(Boolean);
  useEffect(() => {
    const look = () => {
      const { current } = list;
      if (!current) return;
      const now = current.getBoundingClientRect().top < 0 || current.contains(document.activeElement) || performance.now() - touched.current < TOUCH_MS;
      if (now && !reads.peek()) stand.value = split();
      reads.value = now;
    };
    touched.current = -TOUCH_MS;
    const touch = () => {
      touched.current = performance.now();
      look();
    };
    const stop = new AbortController();
    const { signal } = stop;
    // What scrolls is a part of the page, and tells nobody above it.
    document.addEventListener("scroll", look, { signal, capture: true, passive: true });
    list.current?.addEventListener("focusin", look, { signal });
    list.current?.addEventListener("focusout", () => setTimeout(look), { signal });
    list.current?.addEventListener("pointerdown", touch, { signal, passive: true });
    const timer = setInterval(look, TOUCH_MS / 4);
    return () => {
      stop.abort();
      clearInterval(timer);
    };
  }, []);
  return {
    stand: stand.value,
    reads: reads.value,
    joins: () => {
      stand.value = split();
    },
  };
}
