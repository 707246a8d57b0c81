import { AppBars } from "../../../app/Banners";
import { ExitHint } from "../../../app/Exit";
import { operator } from "../../../app/operator";
import { go } from "../../../app/router";
import { Sos } from "../../../app/Sos";
import { Icon, Title } from "../../../design";
import { kept } from "../../../app/kept";
import { m } from "../../../i18n";
import { draftRows } from "../../../sync/mirror";
import { lazy } from "../../../app/lazy";
import { draft, refusedReports, reports } from "../../reports/queries";
import { DutyLine } from "../../duty/screens/Line";
import { shared } from "../../../sync/shared";
import { CodeCard, DeviceAdded } from "../../identity/screens/cards";
import { sendMessage } from "../actions";
import { conversations } from "../queries";
import { answered as answerTo, forget, triage } from "../danger";
import { Composer } from "./Composer";
import { Danger } from "./Danger";

/** What stands here only for who has been here before. */
export const loadRows = () => import("./Rows");
const TalkRows = lazy(() => loadRows().then((part) => part.TalkRows));
const RefusedReports = lazy(() => loadRows().then((part) => part.RefusedReports));
export const loadOpening = () => import("../../quarters/screens/Opening");
const OpenLine = lazy(() => loadOpening().then((part) => part.OpenLine), "quiet");
const Others = lazy(() => loadOpening().then((part) => part.Closed), "quiet");
/** Who answers while nobody reads here. It comes when that is known, so it stands where it moves nothing that is pressed. */
export const Closed = () => <Others alone={answerTo("danger") === "yes"} />;

const Quiet = lazy(() => import("../../mutes/screens/Quiet").then((part) => part.Quiet), "quiet");

/** Where the first words are written. What was answered beside them goes with them, and so does the link that led here. */
export function Start({ title, lead, room }: { title: string; lead: string; room?: string | undefined }) {
  const first = (text: string, saved: () => void): Promise<string> =>
    sendMessage(text, undefined, () => (saved(), forget()), { ...triage(), ...(room === undefined ? {} : { room }) });
  return (
    <section class="card start">
      <Title>{title}</Title>
      <p class="lead">{lead}</p>
      <p class="open">
        <OpenLine />
      </p>
      <Danger />
      <ExitHint />
      {conversations.value.some((talk) => talk.muted) && <Quiet />}
      <Composer place="new" big send={async (text, saved) => go(`/talk/${await first(text, saved)}`)} />
      {answerTo("danger") !== "yes" && <DutyLine />}
      <p class="small">
        {m.home_facts()} <a href="/privacy">{m.home_facts_link()}</a>
      </p>
    </section>
  );
}

/** Help first, then whether there is danger, then writing. Nothing has to be answered. */
export function Home() {
  const talks = conversations.value;
  const answered = talks.filter((talk) => talk.unread);
  return (
    <main id="main" class="page home">
      <Sos alone={answerTo("danger") === "yes"} />
      <AppBars />
      <DeviceAdded />
      {refusedReports.value.length > 0 && <RefusedReports />}
      {answered.length > 0 && <TalkRows talks={answered} label={m.talk_row_reply()} />}
      <Start title={m.home_title()} lead={m.home_lead()} />
      {(talks.length > 0 || reports.value.length > 0) && <CodeCard />}
      <nav class="ways" aria-label={m.home_ways()}>
        <a class="way" href={draftRows.value.length > 1 ? "/reports" : "/tell"}>
          <Icon name="tell" />
          <span>
            <b>{draft.value ? m.home_draft() : m.home_tell()}</b>
            <small>{draft.value ? kept(m.home_draft_text) : m.home_tell_text()}</small>
          </span>
        </a>
        <a class="way" href="/tips">
          <Icon name="tips" />
          <span>
            <b>{m.home_tips()}</b>
            <small>{m.home_tips_text()}</small>
          </span>
        </a>
      </nav>
      {talks.length > answered.length && (
        <section class="block">
          <h2>{m.home_talks()}</h2>
          <TalkRows talks={talks.filter((talk) => !talk.unread)} />
        </section>
      )}
      <p class="home-foot">
        <a href="/open">{m.home_open()}</a>
        {!shared && <a href="/shared">{m.home_shared()}</a>}
        <span>{m.home_run_by({ operator })}</span>
      </p>
      <Closed />
    </main>
  );
}
