import { computed, signal, type ReadonlySignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Quarter, Shift } from "../../api/wire";
import { pageCore, self } from "../../sync/mirror";
import { newId } from "../../sync/outbox";
import { uuidV7 } from "../../sync/ids";
import { api } from "../../sync/session";
import { useLook } from "./useLook";

export type { Quarter, Shift, ShiftTrouble } from "../../api/wire";

const PATH = "/api/v1/quarters/shifts";
const LOOK_MS = 20_000;
/** An officer whose app is in the background says so often that she is still there. */
const STILL_MS = 60_000;

/** Who is out, as the server last said; nothing: it has not said yet. */
export const shifts = signal<Shift[] | null>(null);
export const ownShift: ReadonlySignal<Shift | null> = computed(() => shifts.value?.find((shift) => shift.mine) ?? null);

export async function lookAtShifts(): Promise<void> {
  shifts.value = (await api<{ items: Shift[] }>(await pageCore(), PATH)).items;
}

/** At the desk: who is out, and a sign of life of whoever is. */
export function useShifts(at: boolean): void {
  useLook(LOOK_MS, async () => (at ? lookAtShifts() : undefined), at);
  const out = at && ownShift.value !== null;
  useEffect(() => {
    if (!out) return;
    const timer = setInterval(() => void (document.hidden && lookAtShifts().catch(() => undefined)), STILL_MS);
    return () => clearInterval(timer);
  }, [out]);
}

export const quarters = async (): Promise<Quarter[]> => (await api<{ items: Quarter[] }>(await pageCore(), "/api/v1/quarters")).items;

/** Nobody walks where the patrol has no public account. */
export const walked = (list: Quarter[]): Quarter[] => list.filter(({ account }) => account !== undefined);

// A shift begins and ends when it is pressed or not at all: none of it waits in the outbox.
async function does(what: string, body?: object): Promise<void> {
  const core = await pageCore();
  await api(core, PATH + what, { method: "POST", headers: { "idempotency-key": newId(core) }, ...(body ? { body } : {}) });
  await lookAtShifts();
}

const phone = (): { device_id: string } => ({ device_id: self.peek()?.device_id ?? "" });

export async function startShift(ends_at: Date, where: string[]): Promise<void> {
  const core = await pageCore();
  await does("", { shift_id: uuidV7(core.fill, core.now()), ...phone(), ends_at: ends_at.toISOString(), quarters: where });
}

export const answerAlarm = (id: string, proof: string): Promise<void> => does(`/${id}/alarm-answer`, { proof });
export const askAlarm = (id: string): Promise<void> => does(`/${id}/test-alarm`, phone());
