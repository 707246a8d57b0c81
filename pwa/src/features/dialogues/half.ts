import type { Dialogue } from "../../api/wire";
import { halfForm } from "../chat/halfForm";
import { words } from "../chat/halfWritten";
import { toDraft, type DialogueDraft } from "./draft";

/** Where what is half written stands. */
export const NEW = "dialogue/new";
export const placeOf = (dialogue_id: string): string => `dialogue/${dialogue_id}`;

export const draftOfChange = (dialogue: Dialogue): DialogueDraft => ({ ...toDraft(dialogue, dialogue.revision), ...halfForm<Partial<DialogueDraft>>(placeOf(dialogue.dialogue_id)) });

export const filmPlace = (dialogue_id: string): string => `dialogue-film/${dialogue_id}`;

/** A question that is not sent, and why one that was came back. */
export interface QuestionDraft {
  text: string;
  problem?: string | undefined;
  until?: string | undefined;
}
const ASKS = "dialogue-ask/";
export const askPlace = (dialogue_id: string): string => ASKS + dialogue_id;
export const questionOf = (dialogue_id: string): QuestionDraft => ({ text: "", ...halfForm<Partial<QuestionDraft>>(askPlace(dialogue_id)) });

/** The questions that are not sent, each of its dialogue. */
export const begunQuestions = (): { dialogue_id: string; text: string }[] =>
  Object.keys(words.value)
    .filter((place) => place.startsWith(ASKS))
    .map((place) => place.slice(ASKS.length))
    .map((dialogue_id) => ({ dialogue_id, text: questionOf(dialogue_id).text.trim() }))
    .filter(({ text }) => text !== "");
