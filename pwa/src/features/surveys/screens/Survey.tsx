import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import type { Conversation, SurveyAnswer, SurveyQuestion } from "../../../api/wire";
import { useTask } from "../../../design";
import { m } from "../../../i18n";
import { Failed } from "../../../i18n/Problem";
import { online } from "../../../sync/state";
import { halfWritten, write } from "../../chat/halfWritten";
import { answerSurvey } from "../actions";

const questions: Record<SurveyQuestion, () => string> = {
  "would-have-called": m.survey_called,
  "would-have-told": m.survey_told,
  helped: m.survey_helped,
};
const answers: [SurveyAnswer, () => string][] = [
  ["yes", m.survey_yes],
  ["no", m.survey_no],
  ["unsure", m.survey_unsure],
];

/** One question at a time, answered or let be in one press. */
export function Survey({ talk: { conversation_id, asks = [] } }: { talk: Conversation }) {
  const { busy, error, run } = useTask();
  const box = useRef<HTMLElement>(null);
  const thanks = useSignal(false);
  const place = (question: SurveyQuestion) => `survey/${conversation_id}/${question}`;
  const question = asks.find((one) => one in questions && !halfWritten(place(one)));
  const done = (one: SurveyQuestion) => {
    write(place(one), "1");
    // What was pressed is gone; whoever reads by ear hears what stands there now.
    box.current?.focus({ preventScroll: true });
  };
  const says = (one: SurveyQuestion, answer: SurveyAnswer) =>
    void run(() => answerSurvey(conversation_id, one, answer)).then((went) => {
      if (!went) return;
      thanks.value = true;
      done(one);
    });
  if (!question || !online.value)
    return thanks.value ? (
      <p class="notice good" role="status">
        {m.survey_thanks()}
      </p>
    ) : null;
  return (
    <section class="notice survey" aria-label={m.survey_title()} tabIndex={-1} ref={box}>
      <p class="small">{m.survey_title()}</p>
      <p class="strong" id="survey-question">
        {questions[question]()}
      </p>
      <div class="row" role="group" aria-labelledby="survey-question">
        {answers.map(([answer, words]) => (
          <button key={answer} type="button" class="button plain" disabled={busy} onClick={() => says(question, answer)}>
            {words()}
          </button>
        ))}
      </div>
      <Failed error={error} />
      <p class="small">{m.survey_sums()}</p>
      <button type="button" class="button quiet" disabled={busy} onClick={() => done(question)}>
        {m.survey_skip()}
      </button>
    </section>
  );
}
