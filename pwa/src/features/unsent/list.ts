import type { ActionKind, Happened } from "../../api/wire";
import type { DraftRow, FileRow, OutboxRow } from "../../sync/rows";
import { namedIn } from "../../sync/outbox";
import { chosenFor } from "../files/chosen";
import { filesOfDraft } from "../reports/named";
import { besideOf, wordsOf, type Written } from "./words";

/** waiting: goes by itself. held: stands because the talk has moved on. attention: refused, a person decides. half: not sent by anybody yet. */
export type UnsentState = "waiting" | "sending" | "held" | "attention" | "half";

export interface Unsent {
  key: string;
  what: ActionKind | "draft" | "half-written" | "pictures" | "message-pictures" | "post-files";
  /** When it was written; words that stand in a field have no such time. */
  at?: string;
  state: UnsentState;
  problem_kind?: string;
  text: string;
  happened?: Happened;
  place?: string;
  /** Links, and what else was answered in words. */
  beside?: string[];
  /** Where it can be read, changed and taken back. */
  to: string | null;
  pictures: FileRow[];
}

interface Held {
  outbox: OutboxRow[];
  files: FileRow[];
  drafts: DraftRow[];
  halfWritten: Record<string, string>;
  /** One that is begun. */
  idea: string;
  questions: { dialogue_id: string; text: string }[];
  officer: boolean;
}

const states = { queued: "waiting", sending: "sending", attention: "attention" } as const;

/** Where what is no talk and no report stands. */
const places: Partial<Record<ActionKind, (body: Written) => string>> = {
  "tip-publish": () => "/desk/tip",
  "tip-recall": ({ tip_id }) => `/desk/tips/${tip_id}/recall`,
  "poll-publish": () => "/desk/poll",
  "poll-close": () => "/desk/polls",
  "post-publish": () => "/desk/posts/new",
  "post-correct": ({ post_id }) => `/desk/posts/${post_id}/correct`,
  "post-withdraw": () => "/desk/posts",
  "idea-send": () => "/ideas/mine",
  "idea-take-back": () => "/ideas/mine",
  "idea-show": () => "/desk/ideas",
  "idea-hide": () => "/desk/ideas",
  "idea-merge": () => "/desk/ideas",
  "idea-answer": () => "/desk/ideas",
  "dialogue-announce": () => "/desk/dialogues/new",
  "dialogue-change": ({ dialogue_id }) => `/desk/dialogues/${dialogue_id}/change`,
  "dialogue-open": ({ dialogue_id }) => `/desk/dialogues/${dialogue_id}`,
  "dialogue-end": ({ dialogue_id }) => `/desk/dialogues/${dialogue_id}`,
  "dialogue-archive": ({ dialogue_id }) => `/desk/dialogues/${dialogue_id}`,
  "dialogue-seat": ({ dialogue_id }) => `/desk/dialogues/${dialogue_id}`,
  "dialogue-film": ({ dialogue_id }) => `/desk/dialogues/${dialogue_id}`,
  "question-answer": () => "/desk/dialogues",
  "question-ask": ({ dialogue_id }) => `/dialogues/${dialogue_id}`,
};

/** Those of this one, and a draft's, which has nobody's name before its owner has one. What a colleague chose for a message is nobody else's. */
export const own = (files: FileRow[], account: string | undefined): FileRow[] =>
  files.filter((file) => file.account_id === account || (file.state === "draft" && chosenFor(file) === undefined));

/** All that only this phone has, the oldest first: what was sent and has not arrived, the drafts, and what stands in a field. */
export function unsentOf({ outbox, files, drafts, halfWritten, idea, questions, officer }: Held): Unsent[] {
  const talk = (id: string) => (officer ? `/desk/talk/${id}` : `/talk/${id}`);
  const report = (id: string) => (officer ? `/desk/report/${id}` : `/report/${id}`);
  const rows: Unsent[] = [];
  const told = new Set<string>();
  for (const row of outbox) {
    if (row.state === "sent" || row.kind === "conversation-read") continue;
    const body = JSON.parse(row.body) as Written;
    const pictures = files.filter((file) => namedIn(body).some((one) => one.file_id === file.file_id));
    for (const file of pictures) told.add(file.file_id);
    rows.push({
      key: row.action_id,
      what: row.kind,
      at: row.recorded_at,
      state: row.state === "attention" && row.problem_kind === "news" ? "held" : states[row.state],
      ...(row.problem_kind === undefined ? {} : { problem_kind: row.problem_kind }),
      text: wordsOf(body),
      ...(body.happened ? { happened: body.happened } : {}),
      ...(body.place === undefined ? {} : { place: body.place }),
      beside: besideOf(body),
      to: body.conversation_id ? talk(body.conversation_id) : body.report_id ? report(body.report_id) : places[row.kind]?.(body) ?? null,
      pictures,
    });
  }
  for (const row of drafts)
    rows.push({
      key: row.report_id,
      what: "draft",
      at: row.saved_at,
      state: "half",
      text: row.what,
      ...(row.happened ? { happened: row.happened } : {}),
      ...(row.place === undefined ? {} : { place: row.place }),
      beside: besideOf(row),
      to: drafts.length > 1 ? "/reports" : "/tell",
      pictures: filesOfDraft(row).flatMap((id) => files.filter((file) => file.file_id === id)),
    });
  rows.sort((a, b) => (a.at ?? "").localeCompare(b.at ?? ""));
  // Their report is with the police, and they are still on the way.
  const late = files.filter((file) => (file.state === "waiting" || file.state === "ready") && !told.has(file.file_id));
  const about = ({ post_id, dialogue_id, conversation_id, report_id = "" }: FileRow) =>
    post_id !== undefined ? "/desk/posts" : dialogue_id !== undefined ? `/desk/dialogues/${dialogue_id}` : conversation_id === undefined ? report(report_id) : talk(conversation_id);
  const kindOf = (file: FileRow): Unsent["what"] => (file.post_id !== undefined ? "post-files" : file.dialogue_id !== undefined ? "dialogue-film" : file.conversation_id !== undefined ? "message-pictures" : "pictures");
  for (const [to, what] of new Map(late.map((file) => [about(file), kindOf(file)])))
    rows.push({ key: to, what, state: "waiting", text: "", to, pictures: files.filter((file) => file.state !== "draft" && !told.has(file.file_id) && about(file) === to) });
  // Chosen for a message, a post or a dialogue, and not sent yet.
  for (const file of files)
    if (file.state === "draft" && file.sha256 && chosenFor(file) !== undefined)
      rows.push({ key: file.file_id, what: kindOf(file), state: "half", text: "", to: file.post_id ? "/desk/posts/new" : about(file), pictures: [file] });
  for (const [place, text] of Object.entries(halfWritten))
    if (text.trim()) rows.push({ key: place, what: "half-written", state: "half", text, to: place === "new" ? "/" : talk(place), pictures: [] });
  if (idea) rows.push({ key: "idea", what: "idea-send", state: "half", text: idea, to: "/ideas", pictures: [] });
  for (const { dialogue_id, text } of questions) rows.push({ key: dialogue_id, what: "question-ask", state: "half", text, to: `/dialogues/${dialogue_id}`, pictures: [] });
  return rows;
}

/** The words that are not sent, as one text to take elsewhere; `head` and `facts` in the reader's language. */
export const asText = (list: Unsent[], head: (one: Unsent) => string, facts: (one: Unsent) => string[]): string =>
  list
    .filter(({ text }) => text.trim())
    .map((one) => [head(one), one.text.trim(), ...facts(one)].join("\n"))
    .join("\n\n");
