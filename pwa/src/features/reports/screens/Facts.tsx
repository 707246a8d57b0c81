import type { ReportLink } from "../../../api/wire";
import { m } from "../../../i18n";
import { useQuestionnaire } from "../documents";
import type { ReportRow } from "../queries";
import { kindIn } from "../questionnaire";
import { AreaName } from "./Area";
import { LinkList } from "./Check";
import { answerWords, happenedWords, kindName, said } from "./words";

/** A report as it was told: by the questions of its own version, which are fetched when they are not on this phone. `understood`: with what was
 *  recognised in its links. */
export function Facts({ report, understood }: { report: ReportRow; understood?: boolean }) {
  const { document } = useQuestionnaire(report.questionnaire_version);
  return (
    <>
      {report.damaged && <p class="notice care">{report.what ? m.report_damaged_partly() : m.report_damaged()}</p>}
      <dl class="facts">
        <div>
          <dt>{m.report_kind()}</dt>
          <dd>{kindName(kindIn(document, report.event_kind), report.event_kind)}</dd>
        </div>
        {report.what && (
          <div>
            <dt>{m.report_what()}</dt>
            <dd>{report.what}</dd>
          </div>
        )}
        <div>
          <dt>{m.report_when()}</dt>
          <dd>{happenedWords(report.happened)}</dd>
        </div>
        {/* Nobody can say that there was no place when it may be among what is lost. */}
        {(report.place || !report.damaged) && (
          <div>
            <dt>{m.report_where()}</dt>
            <dd>{report.place || m.tell_no_place()}</dd>
          </div>
        )}
        {report.area && (
          <div>
            <dt>{m.report_area()}</dt>
            <dd>
              <AreaName code={report.area} />
            </dd>
          </div>
        )}
        {report.answers?.map((answer) => {
          const question = document?.questions.find((one) => one.id === answer.question_id);
          return (
            <div key={answer.question_id}>
              <dt>{question ? said(question.ask) : answer.question_id}</dt>
              <dd>{answerWords(answer, question)}</dd>
            </div>
          );
        })}
        {report.links && report.links.length > 0 && (
          <div>
            <dt>{m.report_links()}</dt>
            <dd>
              {understood ? <Understood links={report.links} /> : <LinkList links={report.links.map((link) => link.said)} />}
            </dd>
          </div>
        )}
      </dl>
    </>
  );
}

const NAMES: Record<string, string> = { onlyfans: "OnlyFans", tiktok: "TikTok", whatsapp: "WhatsApp", youtube: "YouTube" };
const platformName = (platform: string): string => NAMES[platform] ?? platform.charAt(0).toUpperCase() + platform.slice(1);

/** Links as they were written, and what they are. They are no links here: nobody is to come to such a place by a slip of the thumb. */
const Understood = ({ links }: { links: ReportLink[] }) => (
  <ul class="plain-list">
    {links.map(({ said, platform, user_name }, i) => (
      <li key={i}>
        {said}
        {(platform ?? user_name) !== undefined && <small class="understood">{[platform && platformName(platform), user_name].filter(Boolean).join(" · ")}</small>}
      </li>
    ))}
  </ul>
);

/** What a report is about, where there is only a line for it. */
export function KindOf({ report }: { report: ReportRow }) {
  const { document } = useQuestionnaire(report.questionnaire_version);
  return <>{kindName(kindIn(document, report.event_kind), report.event_kind)}</>;
}
