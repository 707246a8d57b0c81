import { computed, type ReadonlySignal } from "@preact/signals";
import type { Role } from "../../api/wire";
import { addedRow, self, storage, worker } from "../../sync/mirror";
import { takesPart } from "../../sync/pull";
import type { CodeState, OutboxRow } from "../../sync/rows";

export type { DemoInfo, DeviceRow, Role } from "../../api/wire";
export type { CodeState } from "../../sync/rows";

export interface Me {
  account_id: string;
  device_id: string;
  role: Role;
  public_number?: string;
  demo: boolean;
}

export const me: ReadonlySignal<Me | null> = computed(() => {
  const row = self.value;
  if (!row) return null;
  const { account_id, device_id, role, demo, public_number } = row;
  return { account_id, device_id, role, demo, ...(public_number === undefined ? {} : { public_number }) };
});

/** Whether talks and reports are this one's to read at all; nobody yet is a youth to be. */
export const partaking: ReadonlySignal<boolean> = computed(() => self.value === null || takesPart(self.value));

/** The 16 digits, as long as this phone keeps them. A new code stands at once: the old one may have ended already. */
export const code: ReadonlySignal<string | null> = computed(() => self.value?.next_code ?? self.value?.code ?? null);
/** The server has not said yes to the new code yet. */
export const codePending: ReadonlySignal<boolean> = computed(() => self.value?.next_code !== undefined);
/** When another phone opened these talks, until somebody here has seen it. */
export const deviceAdded: ReadonlySignal<string | null> = computed(() => (addedRow.value?.seen === false ? addedRow.value.at : null));
export const codeState: ReadonlySignal<CodeState> = computed(() => self.value?.code_state ?? "none");
export const signedOut: ReadonlySignal<boolean> = computed(() => self.value?.ended ?? false);
export const storageState: ReadonlySignal<"ok" | "memory-only"> = storage;
export const workerState: ReadonlySignal<"ok" | "refused" | "absent"> = worker;

/** Words that can go in a sealed parcel. A report that was refused would be so again; a message tries a new talk. */
export const sealable = ({ kind, state }: OutboxRow): boolean =>
  state !== "sent" && (kind === "message-send" || (kind === "report-submit" && state !== "attention"));
