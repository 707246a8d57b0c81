import { Unreached } from "../../api/problem";
import type { TalkEnd } from "../../api/wire";
import { look } from "../../sync/engine";
import { pageCore } from "../../sync/mirror";
import { newId } from "../../sync/outbox";
import { api } from "../../sync/session";
import { lookAtShifts } from "../quarters/shifts";

const PATH = "/api/v1/work";

/**
 * Who has a talk is settled among people who wait for the answer, so none of it waits in the outbox. A press that gets no answer is
 * asked again under the same id, for the same words: it happens once.
 */
let last = { asked: "", id: "" };

export async function atOnce(path: string, body?: object): Promise<void> {
  const core = await pageCore();
  const asked = path + JSON.stringify(body ?? null);
  if (last.asked !== asked) last = { asked, id: newId(core) };
  const fresh = { asked: "", id: "" };
  try {
    await api(core, path, { method: "POST", headers: { "idempotency-key": last.id }, ...(body ? { body } : {}) });
    last = fresh;
  } catch (error) {
    // What was refused stays refused under its id; the next press is another one.
    if (!(error instanceof Unreached)) last = fresh;
    throw error;
  }
  await look();
}

const does = (path: string, body?: object): Promise<void> => atOnce(PATH + path, body);
const worded = (note: string): { note?: string } => (note ? { note } : {});

export const passOn = (id: string, to: string, note: string): Promise<void> => does(`/conversations/${id}/pass`, { to, ...worded(note) });
export const giveBack = (id: string, note: string): Promise<void> => does(`/conversations/${id}/give-back`, worded(note));
export const writeNote = (id: string, text: string, mentions: string[]): Promise<void> => does(`/conversations/${id}/notes`, { text, mentions });
export const haveReadNotes = (id: string): Promise<void> => does(`/conversations/${id}/notes/read`);

/** Written down before a colleague's talk is read; it marks nothing. */
export async function lookIn(id: string): Promise<void> {
  await api(await pageCore(), `${PATH}/conversations/${id}/look-in`, { method: "POST" });
}

export async function endShift(shift: string, talks: TalkEnd[]): Promise<void> {
  await does(`/shifts/${shift}/end`, { talks });
  await lookAtShifts();
}
