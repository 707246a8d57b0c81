import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { Refused } from "../../../app/Refused";
import { useTask } from "../../../design";
import { m } from "../../../i18n";
import { Failed } from "../../../i18n/Problem";
import { halfForm, keepForm } from "../../chat/halfForm";
import { halfWritten, write } from "../../chat/halfWritten";
import { introduce } from "../actions";
import type { ReportRow } from "../queries";

interface Half {
  name: string;
  reach: string;
}

/** Whether the police know whose report it is, what that means, and the way to say it. */
export function Who({ report }: { report: ReportRow }) {
  const { report_id, introduction } = report;
  const place = `report:${report_id}/who`;
  const telling = useSignal(halfWritten(place) !== "");
  const opener = useRef<HTMLButtonElement>(null);
  const was = useRef(false);
  useEffect(() => {
    if (was.current && !telling.value) opener.current?.focus();
    was.current = telling.value;
  }, [telling.value]);
  const over = () => {
    write(place, "");
    telling.value = false;
  };
  return (
    <section class="card">
      {introduction ? (
        <>
          <h2>{m.report_who_said()}</h2>
          <p class="strong">{introduction.name}</p>
          {introduction.reach && <p>{introduction.reach}</p>}
        </>
      ) : (
        report.as_tip && (
          <>
            <h2>{m.report_tip()}</h2>
            <p>{m.report_tip_text()}</p>
          </>
        )
      )}
      <Refused lane={`report:${report_id}`} only="report-introduce" />
      {telling.value ? (
        <Tells report={report} place={place} over={over} />
      ) : (
        <button type="button" class="button plain" ref={opener} onClick={() => (telling.value = true)}>
          {introduction ? m.report_who_again() : m.report_who()}
        </button>
      )}
    </section>
  );
}

function Tells({ report: { report_id, introduction }, place, over }: { report: ReportRow; place: string; over: () => void }) {
  const { name, reach } = halfForm<Half>(place) ?? { name: introduction?.name ?? "", reach: introduction?.reach ?? "" };
  const keep = (part: Partial<Half>) => keepForm(place, { name, reach, ...part });
  const { busy, error, run } = useTask();
  const first = useRef<HTMLInputElement>(null);
  useEffect(() => first.current?.focus(), []);
  const ready = name.trim() !== "";
  return (
    <form
      class="stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (ready)
          void run(async () => {
            await introduce(report_id, { name: name.trim(), ...(reach.trim() ? { reach: reach.trim() } : {}) });
            over();
          });
      }}
    >
      <p class="small">{m.report_who_hint()}</p>
      <label class="field">
        {m.report_who_name()}
        <input ref={first} type="text" maxLength={200} autocomplete="off" value={name} onInput={(event) => keep({ name: event.currentTarget.value })} />
      </label>
      <label class="field">
        {m.report_who_reach()}
        <span class="hint">{m.report_who_reach_hint()}</span>
        <input type="text" maxLength={300} autocomplete="off" value={reach} onInput={(event) => keep({ reach: event.currentTarget.value })} />
      </label>
      <div class="row">
        <button type="submit" class="button" disabled={busy || !ready}>
          {m.report_who_send()}
        </button>
        <button type="button" class="button plain" onClick={over}>
          {m.cancel()}
        </button>
      </div>
      <Failed error={error} />
    </form>
  );
}
