import type { Note, Shift } from "../../api/wire";
import { pageCore } from "../../sync/mirror";
import { api } from "../../sync/session";
import { shifts } from "../quarters/shifts";

export type { Note } from "../../api/wire";

/** What officers wrote down about a talk and how it went from one to another, the newest first. */
export const notesOf = async (id: string): Promise<Note[]> =>
  (await api<{ items: Note[] }>(await pageCore(), `/api/v1/work/conversations/${id}/notes`)).items;

const there = ({ troubles }: Shift): boolean => !troubles.includes("unheard");

/** Public numbers of the colleagues who are out and were heard from, each once. */
export const colleagues = (): string[] => [
  ...new Set((shifts.value ?? []).filter((shift) => !shift.mine && there(shift)).flatMap(({ public_number }) => public_number ?? [])),
];
