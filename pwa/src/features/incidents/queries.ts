import { computed, type ReadonlySignal } from "@preact/signals";
import type { InIncident } from "../../api/wire";
import { outbox } from "../../sync/mirror";
import { conversations, type Conversation } from "../chat/queries";
import { soonest } from "../chat/screens/Urgency";

/** An incident as officers' phones know it: its talks, danger first and then by age. A new one has no number until it has arrived. */
export interface Incident extends Omit<InIncident, "number"> {
  number?: string;
  talks: Conversation[];
}

/** What each talk is a part of, with what this phone has done since laid over it. */
const parts: ReadonlySignal<Map<string, Omit<Incident, "talks">>> = computed(() => {
  const known = new Map<string, Omit<Incident, "talks">>();
  for (const { conversation_id, incident } of conversations.value) if (incident) known.set(conversation_id, incident);
  for (const row of outbox.value) {
    if (row.state === "attention" || (row.kind !== "incident-join" && row.kind !== "incident-leave")) continue;
    const { conversation_id, incident_id, title } = JSON.parse(row.body) as { conversation_id: string; incident_id: string; title?: string };
    const before = known.get(conversation_id);
    if (row.kind === "incident-leave") known.delete(conversation_id);
    else known.set(conversation_id, { ...(before?.incident_id === incident_id ? before : {}), incident_id, ...(title === undefined ? {} : { title }) });
  }
  return known;
});

export const partOf = (talk: Conversation): Omit<Incident, "talks"> | undefined => parts.value.get(talk.conversation_id);

export const incidents: ReadonlySignal<Incident[]> = computed(() => {
  const all = new Map<string, Incident>();
  for (const talk of [...conversations.value].sort(soonest)) {
    const part = parts.value.get(talk.conversation_id);
    if (!part) continue;
    const known = all.get(part.incident_id);
    all.set(part.incident_id, { ...part, ...known, talks: [...(known?.talks ?? []), talk] });
  }
  return [...all.values()];
});
