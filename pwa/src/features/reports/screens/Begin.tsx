import type { Ref } from "preact";
import type { EventKind, Questionnaire } from "../../../api/wire";
import { ExitHint } from "../../../app/Exit";
import { kept } from "../../../app/kept";
import { Icon } from "../../../design";
import { m } from "../../../i18n";
import { reports } from "../queries";
import { Act } from "./Act";
import { RefusedReports } from "./RefusedReports";
import { said } from "./words";

type Heading = { heading: Ref<HTMLHeadingElement> };

/** Write here, or talk to somebody: the first choice. */
export const Begin = ({ heading, onWrite }: Heading & { onWrite: () => void }) => (
  <>
    <p class="lead">{kept(m.tell_lead, m.tell_lead_in_tab)}</p>
    <ExitHint />
    <RefusedReports />
    {reports.value.length > 0 && (
      <a class="button quiet" href="/reports">
        {m.reports_title()}
      </a>
    )}
    <h2 ref={heading} tabIndex={-1}>
      {m.tell_how_title()}
    </h2>
    <div class="ways">
      <button type="button" class="way" onClick={onWrite}>
        <Icon name="tell" />
        <span>
          <b>{m.tell_how_write()}</b>
          <small>{m.tell_how_write_text()}</small>
        </span>
      </button>
      <a class="way" href="/">
        <Icon name="talk" />
        <span>
          <b>{m.tell_how_talk()}</b>
          <small>{m.tell_how_talk_text()}</small>
        </span>
      </a>
    </div>
    <Act title={m.tell_act_title()} />
  </>
);

/** What it is about: one press, and the first question stands there. */
export const Kinds = ({ heading, document, chosen, onChoose }: Heading & { document: Questionnaire; chosen: EventKind | undefined; onChoose: (kind: EventKind) => void }) => (
  <>
    <h2 ref={heading} tabIndex={-1}>
      {m.tell_kind_title()}
    </h2>
    <ul class="rows">
      {document.kinds.map(({ kind, name, hint }) => (
        <li key={kind}>
          <button type="button" class="talk-row" aria-current={kind === chosen ? "true" : undefined} onClick={() => onChoose(kind)}>
            <span class="talk-row-words">
              <b>{said(name)}</b>
              <small>{said(hint)}</small>
            </span>
            <Icon name={kind === chosen ? "check" : "next"} />
          </button>
        </li>
      ))}
    </ul>
    <a class="button quiet" href="/guides">
      {m.guides_title()}
    </a>
  </>
);
