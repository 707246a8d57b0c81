import type { ComponentChildren } from "preact";
import type { KindOfEvent, Question } from "../../../api/wire";
import { go } from "../../../app/router";
import { m } from "../../../i18n";
import { linksOf } from "../body";
import type { Draft } from "../queries";
import { answerTo } from "../questionnaire";
import { Act } from "./Act";
import { AreaName } from "./Area";
import { ChosenPicture } from "./PictureStep";
import { isAnswered } from "./Questions";
import { ofQuestion } from "./steps";
import { answerWords, happenedWords, said } from "./words";

/** Behind the way to what can be chosen elsewhere: who comes from here comes back here. */
export const FROM_CHECK = "#check";

/** All that goes, before it goes, and what sending it means. */
export const Check = ({ kind, questions, draft, change }: { kind: KindOfEvent; questions: Question[]; draft: Draft; change: (step: string) => void }) => (
  <>
    <dl class="facts">
      <Fact name={m.report_kind()} change={() => change("kind")}>
        {said(kind.name)}
      </Fact>
      {questions.map((question) => (
        <Fact key={question.id} name={said(question.ask)} change={() => change(ofQuestion(question.id))}>
          {isAnswered(question, draft) ? <Given question={question} draft={draft} /> : question.form === "time" || question.form === "place" ? m.tell_when_unknown() : m.tell_skipped()}
        </Fact>
      ))}
      {draft.conversation_id !== undefined && draft.message_ids && (
        <Fact name={m.report_excerpt()} change={() => go(`/talk/${draft.conversation_id}/report${FROM_CHECK}`)}>
          {m.talk_report_count({ count: draft.message_ids.length })}
        </Fact>
      )}
    </dl>
    <Act title={m.tell_act_send_title()} />
  </>
);

function Given({ question, draft }: { question: Question; draft: Draft }) {
  switch (question.form) {
    case "account":
      return <>{draft.what}</>;
    case "time":
      return <>{happenedWords(draft.happened)}</>;
    case "place":
      return <>{draft.place}</>;
    case "area":
      return <AreaName code={draft.area ?? ""} />;
    case "links":
      return <LinkList links={linksOf(draft.links)} />;
    case "files":
      return (
        <>
          {draft.pictures.map((picture) => (
            <ChosenPicture key={picture.file_id} picture={picture} />
          ))}
        </>
      );
    default:
      return <>{answerWords(withoutEmpty(answerTo(draft.answers, question.id)), question)}</>;
  }
}

const withoutEmpty = ({ words, ...answer }: ReturnType<typeof answerTo>) => ({ ...answer, ...(words?.trim() ? { words } : {}) });

export const LinkList = ({ links }: { links: string[] }) => (
  <ul class="plain-list">
    {links.map((link, i) => (
      <li key={i}>{link}</li>
    ))}
  </ul>
);

const Fact = ({ name, change, children }: { name: string; change: () => void; children: ComponentChildren }) => (
  <div>
    <dt>{name}</dt>
    <dd>{children}</dd>
    <dd class="change">
      <button type="button" class="button quiet" aria-label={m.tell_change_what({ part: name })} onClick={change}>
        {m.tell_change()}
      </button>
    </dd>
  </div>
);
