import { computed, type ReadonlySignal } from "@preact/signals";
import { outbox } from "../../sync/mirror";

/** Files that were marked on this phone, and whose mark the server has not said no to: from the press on nobody sees them here. */
export const marked: ReadonlySignal<Set<string>> = computed(
  () =>
    new Set(
      outbox.value
        .filter((row) => row.kind === "file-withhold" && row.state !== "attention")
        .map((row) => (JSON.parse(row.body) as { file_id: string }).file_id),
    ),
);
