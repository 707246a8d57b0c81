import type { Answer, Happened, Question, Questionnaire, SubmitReport } from "../../api/wire";
import type { NewAction } from "../../sync/outbox";
import type { DraftRow } from "../../sync/rows";
import { asked, sendable } from "./questionnaire";

/** The version of `report-submit` that knows of answers. */
const VERSION = 2;
/** What the server takes of links and user names, and of files. */
export const MOST_LINKS = 20;
export const MOST_FILES = 10;

/** When it happened, without what belongs to another kind of answer than the one that was chosen. */
export function told(happened: Happened | undefined): Happened {
  const words = happened?.words?.trim();
  if (happened?.certainty === "exact" && happened.at) return { certainty: "exact", at: happened.at };
  if (happened?.certainty === "about") return { certainty: "about", ...(words ? { words } : {}) };
  return { certainty: "unknown" };
}

/** Links without the fields that stand empty. */
export const linksOf = (links: string[] | undefined): string[] => (links ?? []).map((link) => link.trim()).filter(Boolean);

/** Without the document nobody can say what is asked no more: then everything that was answered goes. */
const answered = (answers: Answer[] = []): Answer[] => answers.filter(({ options, words }) => words?.trim() || (options && options.length > 0));

/** What a draft says to the police: the answers to what it is asked, and nothing of what was skipped. */
export function reportOf(row: DraftRow, files: SubmitReport["files"], document: Questionnaire | undefined): SubmitReport {
  const kind = row.event_kind ?? "other";
  const questions = document && asked(document, kind, row.answers);
  const asks = (form: Question["form"]): boolean => !questions || questions.some((question) => question.form === form);
  const version = document?.version ?? row.questionnaire_version;
  const place = asks("place") && row.place?.trim();
  const area = asks("area") && row.area;
  const links = asks("links") ? linksOf(row.links) : [];
  const { conversation_id, message_ids = [] } = row;
  const answers = questions ? sendable(questions, row.answers) : answered(row.answers);
  return {
    report_id: row.report_id,
    event_kind: kind,
    what: row.what.trim(),
    happened: told(asks("time") ? row.happened : undefined),
    ...(place ? { place } : {}),
    files,
    ...(version === undefined ? {} : { questionnaire_version: version }),
    ...(area ? { area } : {}),
    ...(answers.length > 0 ? { answers } : {}),
    ...(links.length > 0 ? { links } : {}),
    ...(conversation_id !== undefined && message_ids.length > 0 ? { conversation_id, message_ids } : {}),
  };
}

export const toSubmit = (body: SubmitReport): NewAction => ({ kind: "report-submit", v: VERSION, lane: `report:${body.report_id}`, body });
