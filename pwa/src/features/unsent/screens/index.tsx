import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { kept } from "../../../app/kept";
import { Empty, Icon, Page, useTask } from "../../../design";
import { m } from "../../../i18n";
import { Problem, problemText } from "../../../i18n/Problem";
import { readable } from "../../../i18n/readable";
import { stamp } from "../../../i18n/stamp";
import { when } from "../../../i18n/time";
import { draftRows, files, outbox, self } from "../../../sync/mirror";
import { online, sendNow, waitingCount } from "../../../sync/state";
import { texts as halfWritten } from "../../chat/halfWritten";
import { begunQuestions } from "../../dialogues/half";
import { begunIdea } from "../../ideas/draft";
import { happenedWords } from "../../reports/screens/words";
import { asText, own, unsentOf, type Unsent } from "../list";
import { Unsure } from "./Keeping";
import { Pictures } from "./Pictures";

const names: Record<Unsent["what"], () => string> = {
  "message-send": m.unsent_message,
  "conversation-take": m.unsent_press,
  "conversation-close": m.unsent_press,
  "conversation-read": m.unsent_message,
  "conversation-ask-erasure": m.unsent_ask,
  "conversation-raise": m.unsent_press,
  "conversation-lower": m.unsent_press,
  "handover-make": m.unsent_card,
  "handover-acknowledge": m.unsent_press,
  "handover-answer": m.unsent_press,
  "incident-join": m.unsent_incident,
  "incident-leave": m.unsent_press,
  "duty-record": m.unsent_duty,
  "case-hard": m.unsent_press,
  "file-withhold": m.unsent_press,
  "location-ask": m.unsent_press,
  "location-answer": m.unsent_place,
  "report-submit": m.report_title,
  "report-read": m.unsent_press,
  "report-open-talk": m.unsent_press,
  "report-pass-on": m.unsent_report,
  "report-register": m.unsent_report,
  "report-close": m.unsent_report,
  "report-introduce": m.unsent_introduction,
  "report-join": m.unsent_incident,
  "report-leave": m.unsent_press,
  "report-ask-erasure": m.unsent_ask,
  "tip-publish": m.unsent_tip,
  "tip-recall": m.unsent_recall,
  "poll-publish": m.unsent_poll,
  "poll-close": m.unsent_press,
  "post-publish": m.unsent_post,
  "post-correct": m.unsent_post,
  "post-withdraw": m.unsent_post_withdraw,
  "idea-send": m.unsent_idea,
  "idea-take-back": m.unsent_press,
  "idea-show": m.unsent_press,
  "idea-hide": m.unsent_press,
  "idea-merge": m.unsent_press,
  "idea-answer": m.unsent_idea_answer,
  "idea-open-talk": m.unsent_press,
  "dialogue-announce": m.unsent_dialogue,
  "dialogue-change": m.unsent_dialogue,
  "dialogue-open": m.unsent_press,
  "dialogue-end": m.unsent_press,
  "dialogue-archive": m.unsent_press,
  "dialogue-seat": m.unsent_press,
  "dialogue-pin": m.unsent_press,
  "dialogue-slow": m.unsent_press,
  "dialogue-film": m.unsent_dialogue_film,
  "question-ask": m.unsent_question,
  "question-take-back": m.unsent_press,
  "question-show": m.unsent_press,
  "question-hide": m.unsent_press,
  "question-merge": m.unsent_press,
  "question-assign": m.unsent_press,
  "question-answer": m.unsent_question_answer,
  "question-mute": m.unsent_press,
  draft: m.unsent_draft,
  "half-written": m.unsent_half,
  pictures: m.unsent_pictures,
  "message-pictures": m.unsent_message_pictures,
  "post-files": m.unsent_post_files,
};

function stateWords({ state }: Unsent): string {
  if (state === "sending") return m.state_sending();
  if (state === "held") return m.unsent_title();
  if (state === "attention") return m.state_attention();
  return kept(state === "half" ? m.unsent_here : m.unsent_waiting);
}

const head = (one: Unsent): string => {
  const why = one.state === "attention" ? `: ${problemText(one.problem_kind)}` : "";
  return `${names[one.what]()}${one.at ? `, ${m.written_at({ when: stamp(one.at) })}` : ""} (${stateWords(one)}${why})`;
};

function facts({ happened, place, what, pictures, beside = [] }: Unsent): string[] {
  if (what !== "report-submit" && what !== "draft") return [];
  const at = happened?.certainty === "exact" && happened.at ? stamp(happened.at) : happenedWords(happened);
  return [
    `${m.report_when()}: ${at}`,
    `${m.report_where()}: ${place || m.tell_no_place()}`,
    ...beside,
    ...(pictures.length > 0 ? [m.unsent_no_pictures()] : []),
  ];
}

/** All words in one text: to the clipboard, or, where that is refused, on the screen and marked. */
function Export({ list }: { list: Unsent[] }) {
  const { error, run } = useTask();
  const copied = useSignal(false);
  const text = asText(list, head, facts);
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    if (error === null) return;
    field.current?.focus();
    field.current?.select();
  }, [error]);
  if (!text) return null;
  return (
    <section class="block">
      <button
        type="button"
        class="button plain"
        onClick={() => {
          copied.value = false;
          void run(async () => {
            await navigator.clipboard.writeText(text);
            copied.value = true;
          });
        }}
      >
        <Icon name="copy" />
        {m.unsent_copy()}
      </button>
      <p class="small" role="status">
        {copied.value ? m.unsent_copied() : m.unsent_copy_hint()}
      </p>
      {error !== null && (
        <label class="field">
          {m.unsent_by_hand()}
          <textarea ref={field} rows={8} readOnly value={text} onFocus={(event) => event.currentTarget.select()} />
        </label>
      )}
    </section>
  );
}

const One = ({ one }: { one: Unsent }) => (
  <li class="card unsent">
    <div>
      <h2>{names[one.what]()}</h2>
      <p class="small">
        <b>{stateWords(one)}</b>
        {one.at && (
          <>
            {" · "}
            <time dateTime={one.at}>{m.written_at({ when: when(one.at) })}</time>
          </>
        )}
      </p>
    </div>
    {one.text && <p class="four-lines">{readable(one.text)}</p>}
    <Pictures files={one.pictures} />
    {one.state === "held" && <p class="notice care">{m.unsent_held()}</p>}
    {one.state === "attention" && (
      <p class="notice care">
        <Problem kind={one.problem_kind} />
      </p>
    )}
    {one.to && (
      <a href={one.to} aria-label={`${m.unsent_open()}: ${names[one.what]()}`}>
        {m.unsent_open()}
      </a>
    )}
  </li>
);

/** What only this phone has: each with its time, how it stands, and the way to take the words along. */
export function UnsentPage() {
  const role = self.value?.role ?? "youth";
  const list = unsentOf({
    outbox: outbox.value,
    files: own(files.value, self.value?.account_id),
    drafts: draftRows.value,
    halfWritten: halfWritten.value,
    idea: begunIdea(),
    questions: begunQuestions(),
    officer: role !== "youth",
  });
  return (
    <Page title={m.unsent_title()} up={role === "youth" ? "/more" : "/desk/me"}>
      {list.length === 0 ? (
        <Empty title={m.unsent_none()} />
      ) : (
        <>
          <p class="lead">{kept(m.unsent_lead, m.unsent_lead_in_tab)}</p>
          <Unsure />
          <Export list={list} />
          {/* Without a network the bar above holds it. */}
          {waitingCount.value > 0 && online.value && (
            <button type="button" class="button wide" onClick={() => void sendNow()}>
              {m.offline_send_now()}
            </button>
          )}
          <ul class="rows">
            {list.map((one) => (
              <One key={one.key} one={one} />
            ))}
          </ul>
        </>
      )}
    </Page>
  );
}
