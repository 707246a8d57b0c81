import type { ActionKind, AnswerHandover, AnswerLocation, Card, CameBack, Fix, MakeHandover, Receiver } from "../../api/wire";
import { kick } from "../../sync/engine";
import { uuidV7 } from "../../sync/ids";
import { pageCore, pageLocale, refresh } from "../../sync/mirror";
import { enqueue } from "../../sync/outbox";

/** Safe on this phone before any screen says so; sending goes on by itself. */
async function does(kind: ActionKind, id: string, body: object, saved?: () => void): Promise<void> {
  await enqueue(await pageCore(), pageLocale(), { kind, lane: `conversation:${id}`, body: { conversation_id: id, ...body } });
  saved?.();
  await refresh();
  void kick("write");
}

const fresh = async (): Promise<string> => {
  const core = await pageCore();
  return uuidV7(core.fill, core.now());
};

export async function makeCard(id: string, receiver: Receiver, card: Card, replaces: string | undefined, saved: () => void): Promise<void> {
  const body: Omit<MakeHandover, "conversation_id"> = { handover_id: await fresh(), receiver, card, ...(replaces === undefined ? {} : { replaces }) };
  await does("handover-make", id, body, saved);
}

export const acknowledge = (id: string, handover_id: string, name: string, saved: () => void): Promise<void> =>
  does("handover-acknowledge", id, { handover_id, name }, saved);

export async function cameBack(id: string, handover_id: string, came_back: CameBack, told: string, saved: () => void): Promise<void> {
  const body: Omit<AnswerHandover, "conversation_id"> = { handover_id, came_back, ...(told ? { told } : {}) };
  await does("handover-answer", id, body, saved);
}

export const askPlace = async (id: string): Promise<void> => does("location-ask", id, { location_id: await fresh() });

/** Without a fix it says no. */
export async function answerPlace(id: string, location_id: string, fix?: Fix): Promise<void> {
  const body: Omit<AnswerLocation, "conversation_id"> = { location_id, ...(fix ? { fix } : {}) };
  await does("location-answer", id, body);
}
