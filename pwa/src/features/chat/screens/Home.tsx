import { AppBars } from "../../../app/Banners";
import { ExitHint } from "../../../app/Exit";
import { operator } from "../../../app/operator";
import { go } from "../../../app/router";
import { Sos } from "../../../app/Sos";
import { Icon, Title } from "../../../design";
import { kept } from "../../../app/kept";
import { m } from "../../../i18n";
import { draftRows } from "../../../sync/mirror";
import { draft, reports } from "../../reports/queries";
import { RefusedReports } from "../../reports/screens/RefusedReports";
import { shared } from "../../../sync/shared";
import { CodeCard, DeviceAdded } from "../../identity/screens/cards";
import { sendMessage } from "../actions";
import { conversations } from "../queries";
import { Composer } from "./Composer";
import { TalkRow } from "./TalkRow";

/** Help first, then writing; nothing is asked before the first message. */
export function Home() {
  const talks = conversations.value;
  const answered = talks.filter((talk) => talk.unread);
  return (
    <main id="main" class="page home">
      <Sos />
      <AppBars />
      <DeviceAdded />
      <RefusedReports />
      {answered.length > 0 && (
        <ul class="rows" aria-label={m.talk_row_reply()}>
          {answered.map((talk) => (
            <TalkRow key={talk.conversation_id} talk={talk} />
          ))}
        </ul>
      )}
      <section class="card start">
        <Title>{m.home_title()}</Title>
        <p class="lead">{m.home_lead()}</p>
        <ExitHint />
        <Composer place="new" big send={async (text, saved) => go(`/talk/${await sendMessage(text, undefined, saved)}`)} />
        <p class="small">
          {m.home_facts()} <a href="/privacy">{m.home_facts_link()}</a>
        </p>
      </section>
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
          <ul class="rows">
            {talks
              .filter((talk) => !talk.unread)
              .map((talk) => (
                <TalkRow key={talk.conversation_id} talk={talk} />
              ))}
          </ul>
        </section>
      )}
      <p class="home-foot">
        <a href="/open">{m.home_open()}</a>
        {!shared && <a href="/shared">{m.home_shared()}</a>}
        <span>{m.home_run_by({ operator })}</span>
      </p>
    </main>
  );
}
