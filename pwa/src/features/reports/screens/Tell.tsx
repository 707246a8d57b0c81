import { useSignal } from "@preact/signals";
import { useEffect, useId, useRef } from "preact/hooks";
import { go } from "../../../app/router";
import { Confirm, Icon, Page, useTask } from "../../../design";
import { ExitHint } from "../../../app/Exit";
import { kept } from "../../../app/kept";
import { m } from "../../../i18n";
import { draftRow, draftRows, openDraft, refresh } from "../../../sync/mirror";
import { changed, chooseWords, discardDraft, saveDraft, showDraft, submitDraft, type DraftPatch } from "../drafts";
import { draft, reports } from "../queries";
import { elsewhere, holdDraft, writeHere } from "../turn";
import { happenedWords } from "./Facts";
import { ChosenPicture, PictureStep } from "./PictureStep";
import { RefusedReports } from "./RefusedReports";
import { leaveSteps, useSteps } from "./steps";

const STEPS = 5;
/** What the server takes. */
const LONGEST = 8000;

/** What a datetime-local field shows of a moment, in the phone's own time. */
function localField(at: string | undefined): string {
  if (!at) return "";
  const time = new Date(at);
  return new Date(time.getTime() - time.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** One question at a time; every keystroke is on the phone before the next thing is asked. */
export function Tell() {
  const { step, goTo } = useSteps();
  const saving = useSignal<"" | "saving" | "saved" | "failed">("");
  const needed = useSignal(false);
  const asking = useSignal(false);
  const heading = useRef<HTMLHeadingElement>(null);
  const moved = useRef(false);
  const { busy, error, run } = useTask();
  const discarding = useTask();
  const choosing = useTask();
  const id = useId();
  const now = draft.value;

  useEffect(() => {
    if (moved.current) heading.current?.focus();
    moved.current = true;
  }, [step, elsewhere.value]);
  useEffect(() => {
    // What is on the screen stays there, whatever another window writes.
    if (!now) return;
    openDraft.value = now.report_id;
    return holdDraft(now.report_id);
  }, [now?.report_id]);
  useEffect(
    () => () => {
      // Who comes back to the form finds what was not sent.
      if (draftRow.peek()) return;
      openDraft.value = undefined;
      void refresh();
    },
    [],
  );

  const save = (patch: DraftPatch) => {
    saving.value = "saving";
    needed.value = false;
    saveDraft(patch).then(
      () => (saving.value = "saved"),
      () => (saving.value = "failed"),
    );
  };
  const certainty = now?.happened?.certainty;
  const next = () => {
    if (step === 1 && !now?.what?.trim()) {
      needed.value = true;
      return;
    }
    goTo(step + 1);
  };
  const titles = [m.tell_what_title(), m.tell_when_title(), m.tell_where_title(), m.tell_picture_title(), m.tell_check_title()];
  const send = () =>
    run(async () => {
      const report_id = await submitDraft();
      await leaveSteps();
      go(`/report/${report_id}`, "replace");
    });
  const addWords = (words: string): boolean => {
    const what = `${now?.what ?? ""}\n\n${words}`.trim();
    if (what.length > LONGEST) return false;
    save({ what });
    return true;
  };

  const another = () =>
    choosing.run(async () => {
      await showDraft(null);
      saving.value = "";
      await leaveSteps();
      heading.current?.focus();
    });
  const others = (
    <div class="row">
      {now && (
        <button type="button" class="button quiet" disabled={choosing.busy} onClick={() => void another()}>
          {m.tell_another()}
        </button>
      )}
      {draftRows.value.length > (now ? 1 : 0) && (
        <a class="button quiet" href="/reports">
          {m.tell_drafts({ count: draftRows.value.length })}
        </a>
      )}
    </div>
  );

  if (now && elsewhere.value)
    return (
      <Page title={m.tell_title()} up="/">
        <section class="notice">
          <h2 ref={heading} tabIndex={-1}>
            {m.tell_elsewhere_title()}
          </h2>
          <p>{m.tell_elsewhere_text()}</p>
          <button type="button" class="button" disabled={choosing.busy} onClick={() => void choosing.run(writeHere)}>
            {m.tell_elsewhere_here()}
          </button>
        </section>
        <dl class="facts">
          <div>
            <dt>{m.report_what()}</dt>
            <dd>{now.what}</dd>
          </div>
        </dl>
        {others}
      </Page>
    );

  return (
    <Page title={m.tell_title()} up="/">
      {step === 1 && (
        <>
          <p class="lead">{kept(m.tell_lead, m.tell_lead_in_tab)}</p>
          <ExitHint />
          <RefusedReports />
          {reports.value.length > 0 && <a class="button quiet" href="/reports">{m.reports_title()}</a>}
        </>
      )}
      {changed.value && (
        <section class="notice care" role="alert">
          <p class="strong">{m.tell_changed_title()}</p>
          <p>{m.tell_changed_text()}</p>
          <div class="row">
            <button type="button" class="button" disabled={choosing.busy} onClick={() => void choosing.run(() => chooseWords(true))}>
              {m.tell_changed_mine()}
            </button>
            <button type="button" class="button plain" disabled={choosing.busy} onClick={() => void choosing.run(() => chooseWords(false))}>
              {m.tell_changed_theirs()}
            </button>
          </div>
        </section>
      )}
      <div class="block">
        <p class="small" id={`${id}-step`}>
          {m.tell_step({ step, total: STEPS })}
        </p>
        <progress max={STEPS} value={step} aria-labelledby={`${id}-step`} />
      </div>
      <h2 ref={heading} tabIndex={-1}>
        {titles[step - 1]}
      </h2>

      {step === 1 && (
        <label class="field">
          {m.tell_what_label()}
          <span class="hint" id={`${id}-what`}>
            {m.tell_what_hint()}
          </span>
          <textarea
            rows={6}
            maxLength={LONGEST}
            // What browsers keep of a field to fill it again is not sealed.
            autocomplete="off"
            value={now?.what ?? ""}
            aria-describedby={needed.value ? `${id}-what ${id}-needed` : `${id}-what`}
            aria-invalid={needed.value}
            onInput={(event) => save({ what: event.currentTarget.value })}
          />
          {needed.value && (
            <span class="small wrong" id={`${id}-needed`} role="alert">
              {m.tell_what_needed()}
            </span>
          )}
        </label>
      )}

      {step === 2 && (
        <fieldset>
          <legend class="sr">{m.tell_when_title()}</legend>
          <div class="choices">
            {(
              [
                ["exact", m.tell_when_exact()],
                ["about", m.tell_when_about()],
                ["unknown", m.tell_when_unknown()],
              ] as const
            ).map(([kind, words]) => (
              <label class="choice" key={kind}>
                <input
                  type="radio"
                  name="certainty"
                  checked={certainty === kind}
                  onChange={() => save({ happened: { ...now?.happened, certainty: kind } })}
                />
                {words}
              </label>
            ))}
          </div>
          {certainty === "exact" && (
            <label class="field gap">
              {m.tell_when_at()}
              <input
                type="datetime-local"
                value={localField(now?.happened?.at)}
                onInput={(event) => {
                  const value = event.currentTarget.value;
                  if (value) save({ happened: { ...now?.happened, certainty: "exact", at: new Date(value).toISOString() } });
                }}
              />
            </label>
          )}
          {certainty === "about" && (
            <label class="field gap">
              {m.tell_when_words()}
              <span class="hint">{m.tell_when_words_hint()}</span>
              <input
                type="text"
                maxLength={300}
                autocomplete="off"
                value={now?.happened?.words ?? ""}
                onInput={(event) => save({ happened: { ...now?.happened, certainty: "about", words: event.currentTarget.value } })}
              />
            </label>
          )}
        </fieldset>
      )}

      {step === 3 && (
        <label class="field">
          {m.tell_where_label()}
          <span class="hint">{m.tell_where_hint()}</span>
          <input
            type="text"
            maxLength={300}
            autocomplete="off"
            value={now?.place ?? ""}
            onInput={(event) => save({ place: event.currentTarget.value })}
          />
        </label>
      )}

      {step === 4 && (
        <>
          <p class="lead">{m.tell_picture_lead()}</p>
          <PictureStep asking={asking} addWords={addWords} />
        </>
      )}

      {step === STEPS && (
        <>
          <dl class="facts">
            <Fact name={m.report_what()} words={now?.what ?? ""} change={() => goTo(1)} />
            <Fact name={m.report_when()} words={happenedWords(now?.happened)} change={() => goTo(2)} />
            <Fact name={m.report_where()} words={now?.place || m.tell_no_place()} change={() => goTo(3)} />
            <Fact name={m.report_picture()} words={now?.picture ? "" : m.tell_no_picture()} change={() => goTo(4)}>
              <ChosenPicture />
            </Fact>
          </dl>
          <p class="small">{m.tell_not_police_report()}</p>
        </>
      )}

      {saving.value !== "" && saving.value !== "failed" && <p class="small">{saving.value === "saving" ? m.tell_saving() : kept(m.tell_saved)}</p>}
      <div role="alert">{saving.value === "failed" && !changed.value && <p class="notice care">{m.tell_save_failed()}</p>}</div>
      {error !== null && (
        <p class="notice care" role="alert">
          {m.tell_failed()}
        </p>
      )}
      {discarding.error !== null && (
        <p class="notice care" role="alert">
          {m.tell_discard_failed()}
        </p>
      )}
      <div class="row" hidden={asking.value && step === 4}>
        {step > 1 && (
          <button type="button" class="button plain" onClick={() => history.back()}>
            <Icon name="back" />
            {m.back()}
          </button>
        )}
        {step < STEPS ? (
          <button type="button" class="button grow" onClick={next}>
            {m.tell_next()}
          </button>
        ) : (
          <button type="button" class="button grow" disabled={busy || !now?.what?.trim()} onClick={() => void send()}>
            {m.tell_send()}
          </button>
        )}
      </div>
      {now && (
        <Confirm
          quiet
          label={m.tell_discard()}
          ask={m.tell_discard_sure()}
          yes={m.tell_discard_yes()}
          onYes={() => {
            saving.value = "";
            void discarding.run(async () => {
              await discardDraft();
              await leaveSteps();
            });
          }}
        />
      )}
      {others}
    </Page>
  );
}

type FactProps = { name: string; words: string; change: () => void; children?: preact.ComponentChildren };

const Fact = ({ name, words, change, children }: FactProps) => (
  <div>
    <dt>{name}</dt>
    <dd>
      {words}
      {children}
    </dd>
    <dd class="change">
      <button type="button" class="button quiet" aria-label={m.tell_change_what({ part: name })} onClick={change}>
        {m.tell_change()}
      </button>
    </dd>
  </div>
);
