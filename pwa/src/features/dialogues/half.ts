import type { Dialogue } from "../../api/wire";
import { halfForm } from "../chat/halfForm";
import { toDraft, type DialogueDraft } from "./draft";

/** Where what is half written stands. */
export const NEW = "dialogue/new";
export const placeOf = (dialogue_id: string): string => `dialogue/${dialogue_id}`;

export const draftOfChange = (dialogue: Dialogue): DialogueDraft => ({ ...toDraft(dialogue, dialogue.revision), ...halfForm<Partial<DialogueDraft>>(placeOf(dialogue.dialogue_id)) });

/** A question that is not sent, and why one that was came back. */
export interface QuestionDraft {
  text: string;
  problem?: string | undefined;
  until?: string | undefined;
}
export const askPlace = (dialogue_id: string): string => `dialogue-ask/${dialogue_id}`;
export const questionOf = (dialogue_id: string): QuestionDraft => ({ text: "", ...halfForm<Partial<QuestionDraft>>(askPlace(dialogue_id)) });
