import type { SurveyAnswer, SurveyQuestion } from "../../api/wire";
import { look } from "../../sync/engine";
import { pageCore } from "../../sync/mirror";
import { newId } from "../../sync/outbox";
import { api } from "../../sync/session";

/** It is said at once or not at all: nobody waits for it, and on the phone nothing of it stays. */
export async function answerSurvey(conversation_id: string, asked: SurveyQuestion, answer: SurveyAnswer): Promise<void> {
  const core = await pageCore();
  await api(core, `/api/v1/chat/conversations/${conversation_id}/survey`, { method: "POST", headers: { "idempotency-key": newId(core) }, body: { asked, answer } });
  await look();
}
