import { signal } from "@preact/signals";

/** Where we are. Plain links work everywhere: `followLinks` turns their presses into steps of the history. */
export const path = signal(location.pathname);

/** False until the first step inside the app: then a new page takes the focus to its heading. */
let moved = false;
export const hasMoved = (): boolean => moved;

export function go(to: string, how: "push" | "replace" = "push"): void {
  const url = new URL(to, location.href);
  if (url.pathname === path.peek()) return;
  // Which time the app is used in this browser is the mark of head/head.ts, and goes along.
  const { steps = 0, turn } = history.state ?? {};
  history[how === "push" ? "pushState" : "replaceState"]({ steps: steps + (how === "push" ? 1 : 0), turn }, "", url.pathname + url.hash);
  moved = true;
  path.value = url.pathname;
}

/** One step back when the step before was ours, else up to a page that is. */
export function back(up: string): void {
  if (history.state?.steps > 0) history.back();
  else go(up, "replace");
}

addEventListener("popstate", () => {
  moved = true;
  path.value = location.pathname;
});

export function followLinks(event: MouseEvent): void {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const link = event.target instanceof Element ? event.target.closest("a") : null;
  if (!link || link.target || link.origin !== location.origin || link.protocol.startsWith("tel") || link.hash) return;
  event.preventDefault();
  go(link.pathname);
}

/** `match("/talk/:id", "/talk/7")` is `{ id: "7" }`. */
export function match(pattern: string, at: string): Record<string, string> | null {
  const want = pattern.split("/");
  const have = at.replace(/(.)\/$/, "$1").split("/");
  if (want.length !== have.length) return null;
  const found: Record<string, string> = {};
  for (const [i, part] of want.entries()) {
    const piece = have[i] ?? "";
    if (!part.startsWith(":")) {
      if (part !== piece) return null;
      continue;
    }
    try {
      found[part.slice(1)] = decodeURIComponent(piece);
    } catch {
      // Half an escape is no address of ours.
      return null;
    }
  }
  return found;
}
