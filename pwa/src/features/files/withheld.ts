import { computed, effect, signal, type ReadonlySignal } from "@preact/signals";
import { outbox } from "../../sync/mirror";
import type { OutboxRow } from "../../sync/rows";

/** Marked while this page was open: between the server's yes and the row that tells of it nothing may be seen again. */
const pressed = signal<string[]>([]);
export const press = (file_id: string): void => void (pressed.value = [...pressed.peek(), file_id]);

const marks = computed(() => outbox.value.filter((row) => row.kind === "file-withhold"));
const fileOf = (row: OutboxRow): string => (JSON.parse(row.body) as { file_id: string }).file_id;

/** What the server said no to counts as marked no more, also when its row has gone; marked once more, it does again. */
const refused = new Set<string>();
effect(() => {
  for (const row of marks.value) {
    if (row.state !== "attention" || refused.has(row.action_id)) continue;
    refused.add(row.action_id);
    pressed.value = pressed.peek().filter((id) => id !== fileOf(row));
  }
});

const filesIn = (...states: OutboxRow["state"][]): string[] => marks.value.filter((row) => states.includes(row.state)).map(fileOf);

/** Marks that are on their way. */
export const waiting: ReadonlySignal<Set<string>> = computed(() => new Set(filesIn("queued", "sending")));

/** Files that were marked here, and whose mark the server has not said no to: from the press on nobody sees them on this phone. */
export const marked: ReadonlySignal<Set<string>> = computed(() => new Set([...filesIn("queued", "sending", "sent"), ...pressed.value]));
