import type { IdeaKind } from "../../api/wire";
import { halfForm } from "../chat/halfForm";

export interface IdeaDraft {
  kind: IdeaKind;
  text: string;
}
export const PLACE = "idea/new";
export const draftOf = (): IdeaDraft => ({ kind: "idea", text: "", ...halfForm<Partial<IdeaDraft>>(PLACE) });
/** The words of one that is not sent. */
export const begunIdea = (): string => draftOf().text.trim();
