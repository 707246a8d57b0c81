import { computed, type ReadonlySignal } from "@preact/signals";
import type { InIncident } from "../../api/wire";
import { outbox } from "../../sync/mirror";
import { conversations, type Conversation } from "../chat/queries";
import { soonest } from "../chat/screens/Urgency";
import { handled, soonest as soonestReport } from "../reports/handled";
import type { ReportRow } from "../reports/queries";

/** What something is a part of. A new incident has no number until it has arrived. */
export type Part = Omit<InIncident, "number"> & { number?: string };

/** An incident as officers' phones know it: its talks and its reports, danger first and then by age. */
export interface Incident extends Part {
  talks: Conversation[];
  reports: ReportRow[];
}

/** What each talk is a part of, with what this phone has done since laid over it. */
const parts: ReadonlySignal<Map<string, Part>> = computed(() => {
  const known = new Map<string, Part>();
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

export const partOf = (talk: Conversation): Part | undefined => parts.value.get(talk.conversation_id);

export const partOfReport = ({ incident_id, incident_number, incident_title }: ReportRow): Part | undefined =>
  incident_id === undefined
    ? undefined
    : { incident_id, ...(incident_number === undefined ? {} : { number: incident_number }), ...(incident_title === undefined ? {} : { title: incident_title }) };

export const incidents: ReadonlySignal<Incident[]> = computed(() => {
  const all = new Map<string, Incident>();
  const among = (part: Part | undefined): Incident | undefined => {
    if (!part) return undefined;
    const incident = { talks: [], reports: [], ...part, ...all.get(part.incident_id) };
    all.set(part.incident_id, incident);
    return incident;
  };
  for (const talk of [...conversations.value].sort(soonest)) among(partOf(talk))?.talks.push(talk);
  for (const report of [...handled.value].sort(soonestReport)) among(partOfReport(report))?.reports.push(report);
  return [...all.values()];
});

/** How urgent the most urgent of it is. */
export const priorityOf = ({ talks, reports }: Incident): Conversation["priority"] =>
  [...talks, ...reports].flatMap(({ state, priority }) => (state === "closed" || priority === undefined ? [] : [priority])).sort()[0];
