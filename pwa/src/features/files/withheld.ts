import { computed, signal, type ReadonlySignal } from "@preact/signals";
import { outbox } from "../../sync/mirror";
import type { OutboxRow } from "../../sync/rows";

/** Marked while this page was open: between the server's yes and the row that tells of it nothing may be seen again. */
const pressed = signal<string[]>([]);
export const press = (file_id: string): void => void (pressed.value = [...pressed.peek(), file_id]);

const marks = computed(() => outbox.value.filter((row) => row.kind === "file-withhold"));
const fileOf = (row: OutboxRow): string => (JSON.parse(row.body) as { file_id: string }).file_id;
const refused = computed(() => new Set(marks.value.filter((row) => row.state === "attention").map(fileOf)));

/** Marks that are on their way. */
export const waiting: ReadonlySignal<Set<string>> = computed(() => new Set(marks.value.filter((row) => row.state !== "attention").map(fileOf)));

/** Files that were marked here, and whose mark the server has not said no to: from the press on nobody sees them on this phone. */
export const marked: ReadonlySignal<Set<string>> = computed(() => new Set([...waiting.value, ...pressed.value.filter((id) => !refused.value.has(id))]));
