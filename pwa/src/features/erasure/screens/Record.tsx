import { useComputed, useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect, useId } from "preact/hooks";
import { Confirm, focusHeading, Loading, Page, useTask } from "../../../design";
import { NotFetched } from "../../../app/NotFetched";
import { m } from "../../../i18n";
import { lastWords, readable } from "../../../i18n/readable";
import { Failed, kindOf } from "../../../i18n/Problem";
import { day, when } from "../../../i18n/time";
import { Looks } from "../../audit/screens/Looks";
import { online } from "../../../sync/state";
import { me } from "../../identity/queries";
import { useTouch } from "../../identity/useTouch";
import { eraseRecord, getRecord, holdOf, holdRecord, liftHold, refuseErasure, tagRecord } from "../actions";
import { recordOf, undecided, type Erasure, type Hold, type LeadsReason, type PersonRole, type Regime, type SubjectKind, type TagRecord } from "../queries";
import { recordTitles } from "./titles";
import { reasons, regimes, roles } from "./words";

type Of = { kind: SubjectKind; id: string };
type Row = Awaited<ReturnType<typeof getRecord>>;

const Fold = ({ title, open, children }: { title: string; open?: boolean; children: ComponentChildren }) => {
  // What is folded asks the server for nothing.
  const seen = useSignal(open ?? false);
  return (
    <details class="fold card" open={seen.value} onToggle={(event) => (seen.value = event.currentTarget.open)}>
      <summary>
        <h2>{title}</h2>
      </summary>
      {seen.value && <div class="stack">{children}</div>}
    </details>
  );
};

function Tags({ kind, id, row, onSaved }: Of & { row: Row; onSaved: (tags: TagRecord) => void }) {
  const chosen = useSignal<Partial<TagRecord>>({});
  const saved = useSignal(false);
  const { busy, error, run } = useTask();
  const save = () =>
    run(async () => {
      onSaved(await tagRecord(kind, id, chosen.value));
      chosen.value = {};
      saved.value = true;
    });
  const choose = (tag: Partial<TagRecord>) => {
    chosen.value = { ...chosen.value, ...tag };
    saved.value = false;
  };
  return (
    <section class="card">
      <h2>{m.record_tags()}</h2>
      <label class="field">
        {m.record_regime()}
        <select value={chosen.value.regime ?? row.regime ?? "crime"} onChange={(event) => choose({ regime: event.currentTarget.value as Regime })}>
          {Object.entries(regimes).map(([name, text]) => (
            <option key={name} value={name}>
              {text()}
            </option>
          ))}
        </select>
      </label>
      <label class="field">
        {m.record_role()}
        <select
          value={chosen.value.person_role ?? row.person_role ?? "unknown"}
          onChange={(event) => choose({ person_role: event.currentTarget.value as PersonRole })}
        >
          {Object.entries(roles).map(([name, text]) => (
            <option key={name} value={name}>
              {text()}
            </option>
          ))}
        </select>
      </label>
      <p class="small">{m.record_tags_hint()}</p>
      <div class="row">
        <button type="button" class="button plain" disabled={busy || Object.keys(chosen.value).length === 0} onClick={() => void save()}>
          {m.record_save()}
        </button>
        <span role="status" class="strong">
          {saved.value && m.record_saved()}
        </span>
      </div>
      <Failed error={error} />
    </section>
  );
}

/** The youth waits for an answer: it is the first thing on the page until somebody has given one. */
function Decide({ kind, id, row, onDone }: Of & { row: Row; onDone: () => Promise<unknown> }) {
  const reason = useSignal("");
  const { busy, error, run } = useTask();
  return (
    <section class="card asks">
      <h2>{m.record_asked_title()}</h2>
      <p>{m.record_asked({ when: when(row.erasure_asked_at ?? "") })}</p>
      <label class="field">
        {m.refuse_reason()}
        <textarea rows={3} autocomplete="off" maxLength={1000} value={reason.value} onInput={(event) => (reason.value = event.currentTarget.value)} />
        <span class="hint">{m.refuse_hint()}</span>
      </label>
      <button
        type="button"
        class="button"
        disabled={busy || reason.value.trim() === ""}
        onClick={() => void run(() => refuseErasure(kind, id, reason.value.trim()).then(onDone).then(focusHeading))}
      >
        {m.refuse_do()}
      </button>
      <p class="small">{m.record_asked_or()}</p>
      <Failed error={error} />
    </section>
  );
}

const dateOf = (time: number): string => new Date(time - new Date(time).getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
const DAY = 86_400_000;
/** The end of a chosen day, where the officer is. */
const endOf = (date: string): string => new Date(`${date}T23:59:59`).toISOString();

function HoldForm({ id, kind, hold, onDone }: Of & { hold: Hold | null; onDone: () => Promise<unknown> }) {
  const until = useSignal(hold ? dateOf(Date.parse(hold.until)) : "");
  const reason = useSignal(hold?.reason ?? "");
  const { busy, error, run } = useTask();
  return (
    <>
      <label class="field">
        {m.hold_until()}
        <input
          type="date"
          value={until.value}
          min={dateOf(Date.now())}
          max={dateOf(Date.now() + 365 * DAY)}
          onInput={(event) => (until.value = event.currentTarget.value)}
        />
      </label>
      <label class="field">
        {m.hold_reason()}
        <textarea rows={2} autocomplete="off" maxLength={1000} value={reason.value} onInput={(event) => (reason.value = event.currentTarget.value)} />
      </label>
      <button
        type="button"
        class="button plain"
        disabled={busy || !until.value || reason.value.trim() === ""}
        onClick={() =>
          void run(async () => {
            await holdRecord(kind, id, { reason: reason.value.trim(), until: endOf(until.value) });
            await onDone();
            focusHeading();
          })
        }
      >
        {hold ? m.hold_change() : m.hold_set()}
      </button>
      <Failed error={error} />
    </>
  );
}

function Holding({ kind, id, hold, load }: Of & { hold: Hold | null; load: () => Promise<unknown> }) {
  const changing = useSignal(false);
  const { error, run } = useTask();
  const done = async () => {
    changing.value = false;
    await load();
  };
  if (!hold || changing.value)
    return (
      <>
        <p>{m.hold_text()}</p>
        <HoldForm kind={kind} id={id} hold={hold} onDone={done} />
      </>
    );
  return (
    <>
      <p class="strong">{m.hold_stands({ when: day(hold.until) })}</p>
      <blockquote>{readable(hold.reason)}</blockquote>
      <p class="small">{m.by_at({ number: hold.by ?? "", when: when(hold.at) })}</p>
      <div class="row">
        <button type="button" class="button plain" onClick={() => (changing.value = true)}>
          {m.hold_change()}
        </button>
        <Confirm label={m.hold_lift()} ask={m.hold_lift_sure()} yes={m.hold_lift_yes()} onYes={() => void run(() => liftHold(kind, id).then(load))} />
      </div>
      <Failed error={error} />
    </>
  );
}

const choices: LeadsReason[] = ["asked", "mistake", "decision"];

function Erasing({ kind, id, row, hold, onDone }: Of & { row: Row; hold: Hold | null; onDone: (erased: Erasure) => void }) {
  const name = useId();
  const reason = useSignal<LeadsReason | null>(undecided(row) ? "asked" : null);
  const { busy, error, closed, does } = useTouch();
  const erase = () =>
    void does(async () => {
      if (!reason.value) return;
      onDone(await eraseRecord(kind, id, reason.value));
      focusHeading();
    });
  if (hold) return <p>{m.erase_held({ when: day(hold.until) })}</p>;
  return (
    <>
      <p>{m.erase_text()}</p>
      <fieldset>
        <legend>{m.erase_why()}</legend>
        <div class="choices">
          {choices.map((choice) => (
            <label class="choice" key={choice}>
              <input type="radio" name={name} checked={reason.value === choice} onChange={() => (reason.value = choice)} />
              {reasons[choice]()}
            </label>
          ))}
        </div>
      </fieldset>
      {closed ? (
        <>
          <p class="notice" role="alert">
            {m.erase_locked()}
          </p>
          <button type="button" class="button" disabled={busy} onClick={erase}>
            {m.erase_unlock()}
          </button>
        </>
      ) : (
        reason.value && (
          <Confirm
            label={m.erase_title()}
            ask={"files" in row ? m.erase_sure_report({ count: row.files.length }) : m.erase_sure_talk()}
            yes={m.erase_yes()}
            onYes={erase}
            busy={busy}
          />
        )
      )}
      <p class="strong asked" role="status">
        {busy && m.erase_busy()}
      </p>
      {error !== null && kindOf(error) === "network" ? (
        <p class="notice care" role="alert">
          {m.erase_unanswered()}
        </p>
      ) : (
        <Failed error={error} />
      )}
    </>
  );
}

/** What only leads see and do. */
function Leads({ kind, id, row, onErased }: Of & { row: Row; onErased: (erased: Erasure) => void }) {
  const hold = useSignal<Hold | null>(null);
  const known = useSignal(false);
  const { busy, error, run } = useTask();
  const load = () =>
    run(async () => {
      hold.value = await holdOf(id);
      known.value = true;
    });
  useEffect(() => {
    void load();
  }, [id]);
  const files = "files" in row ? row.files : [];
  return (
    <>
      {busy && !known.value && <Loading />}
      {error !== null && <NotFetched error={error} again={() => void load()} />}
      {known.value && (
        <>
          <Fold title={hold.value ? m.hold_title_held() : m.hold_title()} open={hold.value !== null}>
            <Holding kind={kind} id={id} hold={hold.value} load={load} />
          </Fold>
          <Fold title={m.erase_title()}>
            <Erasing kind={kind} id={id} row={row} hold={hold.value} onDone={onErased} />
          </Fold>
        </>
      )}
      <Fold title={m.looks_title()}>
        <Looks key={`${hold.value?.at} ${row.erasure_refused_at}`} subject_id={id} />
        {files.map((file, n) => (
          <section class="stack" key={file.file_id}>
            <h3>{m.looks_picture({ number: n + 1 })}</h3>
            <Looks subject_id={file.file_id} />
          </section>
        ))}
      </Fold>
    </>
  );
}

const places: Record<SubjectKind, string> = { conversation: "/desk/talk", report: "/desk/report" };

/** What stands about a talk or a report: the law it falls under, how long it is kept, and who has looked. The server is asked, whatever this phone holds. */
function Record({ kind, id }: Of) {
  const here = useComputed(() => recordOf(kind, id)).value;
  const there = useSignal<Row | null>(null);
  const erased = useSignal<Erasure | null>(null);
  const { busy, error, run } = useTask();
  const load = () => run(async () => (there.value = await getRecord(kind, id)));
  const row = there.value;
  useEffect(() => {
    if (!erased.value) void load();
    // Anew when the youth has asked, and when somebody has answered or erased it.
  }, [here?.erasure_asked_at, here?.erasure_refused_at, here === undefined]);
  useEffect(() => {
    if (online.value && error !== null && !row) void load();
  }, [online.value]);
  const lead = me.value?.role === "lead";
  const title = recordTitles[kind]();
  if (erased.value)
    return (
      <Page title={title} up="/desk">
        <div class="notice" role="status">
          <p class="strong">{m.erase_done()}</p>
          <p>{kind === "report" ? m.erase_done_report({ count: erased.value.files }) : m.erase_done_talk({ count: erased.value.messages })}</p>
        </div>
        <a class="button plain" href="/desk/records">
          {m.records_title()}
        </a>
      </Page>
    );
  if (kindOf(error) === "not-found")
    return (
      <Page title={title} up="/desk">
        <p class="notice" role="status">
          {kind === "report" ? m.report_missing() : m.talk_missing()}
        </p>
      </Page>
    );
  const shown = here ?? row;
  return (
    <Page title={title} up={here ? `${places[kind]}/${id}` : lead ? "/desk/records" : "/desk"}>
      {shown && <p class="two-lines lead">{"what" in shown ? readable(shown.what) : lastWords(shown)}</p>}
      {busy && !row && <Loading />}
      {error !== null && <NotFetched error={error} again={() => void load()} />}
      {row && (
        <>
          {lead && undecided(row) && <Decide kind={kind} id={id} row={row} onDone={load} />}
          {row.erasure_refused_at !== undefined && (
            <section class="notice">
              <p class="strong">{m.record_kept({ when: when(row.erasure_refused_at) })}</p>
              <blockquote>{readable(row.erasure_refusal)}</blockquote>
            </section>
          )}
          <Tags kind={kind} id={id} row={row} onSaved={(tags) => (there.value = { ...row, ...tags })} />
          {lead && <Leads kind={kind} id={id} row={row} onErased={(done) => (erased.value = done)} />}
        </>
      )}
    </Page>
  );
}

export const TalkRecord = ({ id }: { id: string }) => <Record kind="conversation" id={id} />;
export const ReportRecord = ({ id }: { id: string }) => <Record kind="report" id={id} />;
