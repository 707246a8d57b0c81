import type { AnswerHandover, JoinTalk, MakeHandover, PublishTip, RecordDuty, SendMessage, SubmitReport } from "../../api/wire";

/** What an action may hold that somebody has written; `why` a lower priority or a take-over, `name` whoever took a card. */
export type Written = Partial<SendMessage & SubmitReport & PublishTip & MakeHandover & AnswerHandover & JoinTalk & RecordDuty & { why: string; name: string }>;

/** The words of an action that is not sent; one that is only a press has none. */
export const wordsOf = ({ text, what, card, told, title, reason, why, name }: Written): string => text ?? what ?? card?.what ?? told ?? title ?? reason ?? why ?? name ?? "";

/** What a report says in words beside what happened. */
export const besideOf = ({ links, answers }: Pick<Written, "links" | "answers">): string[] =>
  [...(links ?? []), ...(answers ?? []).map((answer) => answer.words ?? "")].map((words) => words.trim()).filter(Boolean);
