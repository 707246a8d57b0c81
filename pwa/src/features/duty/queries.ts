import { computed, signal } from "@preact/signals";
import { call } from "../../api/client";
import type { DutyMatter, DutyRecord, DutyState, DutyText, PutDutyText, RecordDuty } from "../../api/wire";
import { keep, kept } from "../../sync/core";
import { outbox, pageCore } from "../../sync/mirror";
import { api, reach } from "../../sync/session";
import type { Conversation } from "../chat/queries";
import { BROUGHT } from "./text";

export type { DutyMatter, DutyRecord, DutyText } from "../../api/wire";

const PATH = "/api/v1/duty";

/** As the server last said it. */
const said = signal<DutyText | null>(null, {
  watched: () => {
    void pageCore()
      .then((core) => kept(core, "duty"))
      .then((found) => (said.value ??= found ?? null))
      .catch(() => undefined);
  },
});
export const dutyText = computed(() => said.value ?? BROUGHT);

export async function loadDutyText(): Promise<void> {
  const core = await pageCore();
  const text = await reach(core, () => call<DutyText>(core.fetch, `${PATH}/text`));
  said.value = text;
  await keep(core, "duty", text);
}

export async function putDutyText(command: PutDutyText): Promise<void> {
  const core = await pageCore();
  said.value = await api<DutyText>(core, `${PATH}/text`, { method: "PUT", body: command });
  await keep(core, "duty", said.value);
}

export const recordsOf = async (id: string): Promise<DutyRecord[]> => (await api<{ items: DutyRecord[] }>(await pageCore(), `${PATH}/conversations/${id}/records`)).items;

/** How a matter stands in a talk, with what this phone has done since. */
export function dutyOf(talk: Conversation, matter: DutyMatter): DutyState | undefined {
  let state = matter === "child-harmed" ? talk.child_duty : talk.crime_duty;
  for (const row of outbox.value) {
    if (row.kind !== "duty-record" || row.state === "attention" || row.lane !== `conversation:${talk.conversation_id}`) continue;
    const record = JSON.parse(row.body) as RecordDuty;
    if (record.matter === matter) state = record.decision === undefined ? "raised" : "decided";
  }
  return state;
}
