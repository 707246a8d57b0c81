import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";
import type { OutcomeCode } from "../../../api/wire";
import { go } from "../../../app/router";
import { focusHeading, Icon, useTask } from "../../../design";
import { m } from "../../../i18n";
import { Failed } from "../../../i18n/Problem";
import { halfForm, keepForm } from "../../chat/halfForm";
import { halfWritten, write } from "../../chat/halfWritten";
import { conversations } from "../../chat/queries";
import { partOfReport } from "../../incidents/queries";
import { OUTCOMES, outcomeWords } from "../../work/outcomes";
import { askAbout, close, passOn, register } from "../actions";
import type { ReportRow } from "../queries";

/** Whether its talk goes on: then what there is to ask is asked there. */
const isTalkedOf = ({ conversation_id }: ReportRow): boolean => conversations.value.some((talk) => talk.conversation_id === conversation_id && talk.state !== "closed");

/** What an officer makes of a report. One that is closed stays as it was closed. */
export function Handle({ report }: { report: ReportRow }) {
  const { busy, error, run } = useTask();
  if (report.state === "closed") return null;
  return (
    <section class="block" aria-label={m.desk_report_do()}>
      <h2>{m.desk_report_do()}</h2>
      {!isTalkedOf(report) && (
        <div class="card">
          <button type="button" class="button" disabled={busy} onClick={() => void run(async () => go(`/desk/talk/${await askAbout(report)}`))}>
            <Icon name="talk" />
            {m.desk_report_ask()}
          </button>
          <p class="small">{m.desk_report_ask_hint()}</p>
          <Failed error={error} />
        </div>
      )}
      <OneLine report={report} place="pass" title={m.desk_report_pass()} label={m.desk_report_pass_to()} longest={200} does={passOn} />
      <OneLine
        report={report}
        place="register"
        title={m.desk_report_register()}
        label={m.desk_report_register_number()}
        hint={m.desk_report_register_hint()}
        longest={60}
        does={register}
      />
      <Close report={report} />
      {!partOfReport(report) && (
        <a class="button quiet" href={`/desk/join/${report.report_id}`}>
          {m.desk_report_part()}
        </a>
      )}
    </section>
  );
}

type Line = {
  report: ReportRow;
  place: string;
  title: string;
  label: string;
  hint?: string;
  longest: number;
  does: (report: ReportRow, words: string) => Promise<void>;
};

function OneLine({ report, place, title, label, hint, longest, does }: Line) {
  const at = placeOf(report, place);
  const text = halfWritten(at);
  const id = useId();
  return (
    <Form title={title} place={at} ready={text.trim() !== ""} send={() => does(report, text.trim())}>
      <label class="field">
        {label}
        <input type="text" maxLength={longest} autocomplete="off" value={text} aria-describedby={hint && id} onInput={(event) => write(at, event.currentTarget.value)} />
      </label>
      {hint && (
        <p class="hint" id={id}>
          {hint}
        </p>
      )}
    </Form>
  );
}

interface End {
  outcome: OutcomeCode | "";
  why: string;
}

/** It is not closed without an outcome, nor without a word to its youth. */
function Close({ report }: { report: ReportRow }) {
  const at = placeOf(report, "close");
  const { outcome, why } = halfForm<End>(at) ?? { outcome: "", why: "" };
  const keep = (part: Partial<End>) => keepForm(at, { outcome, why, ...part });
  return (
    <Form title={m.desk_report_close()} place={at} ready={outcome !== "" && why.trim() !== ""} send={async () => outcome && close(report, { outcome, why: why.trim() })}>
      <label class="field">
        {m.outcome_ask()}
        <select value={outcome} onChange={(event) => keep({ outcome: event.currentTarget.value as End["outcome"] })}>
          <option value="">{m.shift_end_choose()}</option>
          {OUTCOMES.map((code) => (
            <option key={code} value={code}>
              {outcomeWords(code)}
            </option>
          ))}
        </select>
      </label>
      <label class="field">
        {m.desk_report_why()}
        <textarea rows={3} maxLength={2000} autocomplete="off" value={why} onInput={(event) => keep({ why: event.currentTarget.value })} />
      </label>
    </Form>
  );
}

const placeOf = ({ report_id }: ReportRow, what: string): string => `report:${report_id}/${what}`;

/** A form behind a press. It stands open while something is half written in it. */
function Form({ title, place, ready, send, children }: { title: string; place: string; ready: boolean; send: () => Promise<unknown>; children: ComponentChildren }) {
  const { busy, error, run } = useTask();
  const fold = useRef<HTMLDetailsElement>(null);
  const [open, setOpen] = useState(() => halfWritten(place) !== "");
  useEffect(
    () => () => {
      // It goes when the report is closed.
      if (fold.current?.contains(document.activeElement)) focusHeading();
    },
    [],
  );
  return (
    <details class="fold card" ref={fold} open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{title}</summary>
      {open && (
        <form
          class="stack"
          onSubmit={(event) => {
            event.preventDefault();
            if (!ready) return;
            void run(async () => {
              await send();
              write(place, "");
              setOpen(false);
              fold.current?.querySelector("summary")?.focus();
            });
          }}
        >
          {children}
          <button type="submit" class="button" disabled={busy || !ready}>
            {title}
          </button>
          <Failed error={error} />
        </form>
      )}
    </details>
  );
}
