import type { AnswerHandover, AnnounceDialogue, AnswerIdea, AskQuestion, IntroduceYouth, JoinTalk, MakeHandover, PassReportOn, PublishPoll, PublishPost, PublishTip, RecallTip, RecordDuty, RegisterReport, SendMessage, SubmitReport } from "../../api/wire";

/** What an action may hold that somebody has written; `why` a lower priority, a take-over or an end, `name` whoever took a card, or a youth's own. */
export type Written = Partial<
  SendMessage & SubmitReport & Omit<PublishPost, "files"> & PublishTip & PublishPoll & AnswerIdea & AnnounceDialogue & AskQuestion & RecallTip & MakeHandover & AnswerHandover & JoinTalk & RecordDuty & PassReportOn & RegisterReport & IntroduceYouth & { why: string }
>;

/** The words of an action that is not sent; one that is only a press has none. */
export const wordsOf = ({ text, what, question, card, told, title, reason, why, to, police_number, correction, answer, film_url, name, reach }: Written): string =>
  text ?? what ?? question ?? card?.what ?? told ?? title ?? reason ?? why ?? to ?? police_number ?? correction ?? answer ?? film_url ?? [name, reach].filter(Boolean).join("\n");

/** What a report says in words beside what happened. */
export const besideOf = ({ links, answers }: Pick<Written, "links" | "answers">): string[] =>
  [...(links ?? []), ...(answers ?? []).map((answer) => answer.words ?? "")].map((words) => words.trim()).filter(Boolean);
