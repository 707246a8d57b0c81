import type { SendMessage } from "../../api/wire";
import { kick } from "../../sync/engine";
import { uuidV7 } from "../../sync/ids";
import { pageCore, pageLocale, refresh } from "../../sync/mirror";
import { newId, OUTBOX_STORES, putAction, selfOrNew, type NewAction } from "../../sync/outbox";
import type { Conversation } from "../chat/queries";

/** All of them or none are safe on this phone; each is an action by itself. */
async function does(make: (id: () => string) => [action_id: string, action: NewAction][]): Promise<void> {
  const core = await pageCore();
  const actions = make(() => newId(core));
  await core.db.write(OUTBOX_STORES, async (tx) => {
    const self = await selfOrNew(core, tx, pageLocale());
    for (const [action_id, action] of actions) await putAction(core, tx, self, action_id, action);
  });
  core.changed();
  await refresh();
  void kick("write");
}

const lane = (id: string): string => `conversation:${id}`;
const laneOfReport = (id: string): string => `report:${id}`;

export const newIncident = async (): Promise<string> => {
  const core = await pageCore();
  return uuidV7(core.fill, core.now());
};

export const join = (incident_id: string, title: string, talks: string[], reports: string[]): Promise<void> =>
  does((id) => [
    ...talks.map((conversation_id): [string, NewAction] => [id(), { kind: "incident-join", lane: lane(conversation_id), body: { incident_id, conversation_id, title } }]),
    ...reports.map((report_id): [string, NewAction] => [id(), { kind: "report-join", lane: laneOfReport(report_id), body: { incident_id, report_id, title } }]),
  ]);

export const leave = (incident_id: string, conversation_id: string): Promise<void> =>
  does((id) => [[id(), { kind: "incident-leave", lane: lane(conversation_id), body: { incident_id, conversation_id } }]]);

export const leaveWithReport = (incident_id: string, report_id: string): Promise<void> =>
  does((id) => [[id(), { kind: "report-leave", lane: laneOfReport(report_id), body: { incident_id, report_id } }]]);

/** The same words to each talk; one that nobody holds is taken first, and gets them only if that is granted. */
export const answerAll = (text: string, talks: Conversation[]): Promise<void> =>
  does((id) =>
    talks.flatMap(({ conversation_id, held_by_me, holder, head, revision }) => {
      const taking = held_by_me ? [] : [id()];
      const take = taking.map((action_id): [string, NewAction] => [action_id, { kind: "conversation-take", lane: lane(conversation_id), body: { conversation_id, expected_revision: revision } }]);
      const body: SendMessage = { message_id: id(), conversation_id, text };
      // The incident shows the last words of each: what comes after them holds an answer that has waited.
      const seen = { pos: head, ...(holder === undefined ? {} : { holder }) };
      return [...take, [id(), { kind: "message-send", lane: lane(conversation_id), after: taking, body, seen }]];
    }),
  );
