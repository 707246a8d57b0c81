import { useSignal } from "@preact/signals";
import { useEffect, useId, useRef } from "preact/hooks";
import type { EventKind } from "../../../api/wire";
import { kept } from "../../../app/kept";
import { back, go } from "../../../app/router";
import { Confirm, Icon, Loading, Page, Trouble, useTask } from "../../../design";
import { m } from "../../../i18n";
import { draftRow, draftRows, openDraft, refresh } from "../../../sync/mirror";
import { changed, chooseWords, discardDraft, saveDraft, showDraft, submitDraft, type DraftPatch } from "../drafts";
import { keepDocument, useQuestionnaire } from "../documents";
import { draft } from "../queries";
import { asked, kindIn } from "../questionnaire";
import { elsewhere, holdDraft, writeHere } from "../turn";
import { Begin, Kinds } from "./Begin";
import { Check } from "./Check";
import { isAnswered, QuestionForm } from "./Questions";
import { leaveSteps, ofQuestion, placeOf, useSteps } from "./steps";
import { said } from "./words";

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
  const { document, failed, again } = useQuestionnaire(now?.questionnaire_version);
  const kind = now ? kindIn(document, now.event_kind) : undefined;
  const questions = document && kind ? asked(document, kind.kind, now?.answers) : [];
  const at = placeOf(step, now !== null, kind, questions);
  const number = questions.findIndex((question) => ofQuestion(question.id) === at);
  const question = questions[number];
  const ready = at === "start" || document !== undefined;

  useEffect(() => {
    if (moved.current) heading.current?.focus();
    // What stands where the questions are still read is no step that anybody has taken.
    moved.current = ready;
  }, [at, ready, elsewhere.value]);
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
  const choose = (chosen: EventKind) => {
    if (!document) return;
    // Where it finds no room the draft does not either, and says so.
    void keepDocument(document).catch(() => undefined);
    save({ event_kind: chosen, questionnaire_version: document.version });
    const [first] = asked(document, chosen);
    if (first) goTo(ofQuestion(first.id), at);
  };
  const next = () => {
    if (question?.form === "account" && !now?.what.trim()) {
      needed.value = true;
      return;
    }
    const following = questions[number + 1];
    goTo(following ? ofQuestion(following.id) : "check", at);
  };
  const send = () =>
    run(async () => {
      const report_id = await submitDraft();
      await leaveSteps();
      go(`/report/${report_id}`, "replace");
    });
  const skips = question !== undefined && now !== null && !isAnswered(question, now);
  const skipped = question?.form === "place" ? m.tell_when_unknown() : m.tell_skip();

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
      {at === "start" && <Begin heading={heading} onWrite={() => goTo("kind", at)} />}
      {at !== "start" && !document && (failed ? <Trouble text={m.tell_questions_failed()} again={again} /> : <Loading />)}
      {at === "kind" && document && <Kinds heading={heading} document={document} chosen={now?.event_kind} onChoose={choose} />}
      {question && now && kind && (
        <>
          <div class="block">
            <p class="small" id={`${id}-step`}>
              {m.tell_step({ step: number + 1, total: questions.length })}
            </p>
            <progress max={questions.length} value={number + 1} aria-labelledby={`${id}-step`} />
          </div>
          <h2 ref={heading} tabIndex={-1}>
            {said(question.ask)}
          </h2>
          <QuestionForm key={question.id} question={question} draft={now} save={save} needed={needed.value} asking={asking} />
        </>
      )}
      {at === "check" && now && kind && (
        <>
          <h2 ref={heading} tabIndex={-1}>
            {m.tell_check_title()}
          </h2>
          <Check kind={kind} questions={questions} draft={now} change={(to) => goTo(to, at)} />
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
      <div class="row" hidden={asking.value && question?.form === "files"}>
        {at !== "start" && (
          <button type="button" class="button plain" onClick={() => back("/")}>
            <Icon name="back" />
            {m.back()}
          </button>
        )}
        {question && (
          <button type="button" class={skips ? "button plain grow" : "button grow"} onClick={next}>
            {skips ? skipped : m.tell_next()}
          </button>
        )}
        {at === "check" && kind && (
          <button type="button" class="button grow" disabled={busy || !now?.what.trim()} onClick={() => void send()}>
            {m.tell_send()}
          </button>
        )}
      </div>
      {question && kind && (
        <nav class="row" aria-label={m.tell_help()}>
          <a class="button quiet" href={`/guides/${kind.kind}`}>
            {m.tell_guide()}
          </a>
          <a class="button quiet" href="/parents">
            {m.parents_title()}
          </a>
        </nav>
      )}
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
