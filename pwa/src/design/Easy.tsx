import type { Signal } from "@preact/signals";
import { m } from "../i18n";

/** The same words in easy Swedish, and back. */
export const Easy = ({ on }: { on: Signal<boolean> }) => (
  <button type="button" class="button quiet" onClick={() => (on.value = !on.value)}>
    {on.value ? m.tips_easy_off() : m.tips_easy()}
  </button>
);
