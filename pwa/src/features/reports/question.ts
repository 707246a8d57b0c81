import { conversations } from "../chat/queries";
import type { ReportRow } from "./queries";

/** What has become of what an officer asks of a report: its talk is opened first, and then she writes there. */
export type QuestionState = "coming" | "asked" | "answered" | "over";

export function questionOf({ conversation_id }: Pick<ReportRow, "conversation_id">): QuestionState {
  const talk = conversations.value.find((one) => one.conversation_id === conversation_id);
  if (!talk) return "asked";
  if (talk.state === "closed") return "over";
  if (talk.head === 0 && !talk.last_text && !talk.last_files) return "coming";
  return talk.last_by === "youth" ? "answered" : "asked";
}
