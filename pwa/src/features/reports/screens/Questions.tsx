import type { Signal } from "@preact/signals";
import { useId } from "preact/hooks";
import type { Answer, Question } from "../../../api/wire";
import { m } from "../../../i18n";
import { fieldOf } from "../../../i18n/field";
import { linksOf, MOST_LINKS } from "../body";
import type { DraftPatch } from "../drafts";
import type { Draft } from "../queries";
import { answerTo, withAnswer } from "../questionnaire";
import { AreaField } from "./Area";
import { LinksField } from "./Links";
import { PictureStep, type InPlace } from "./PictureStep";
import { said } from "./words";

/** What the server takes. */
const LONGEST = 8000;
const LONGEST_PLACE = 300;
/** Of words, where the question does not say. */
const LONGEST_WORDS = 2000;

/** Whether there is anything to go on with, or the question is passed by. */
export function isAnswered({ id, form }: Question, draft: Draft): boolean {
  if (form === "account") return true;
  if (form === "time") return draft.happened !== undefined;
  if (form === "place") return Boolean(draft.place?.trim());
  if (form === "area") return Boolean(draft.area);
  if (form === "links") return linksOf(draft.links).length > 0;
  if (form === "files") return draft.pictures.length > 0;
  const { options = [], words = "" } = answerTo(draft.answers, id);
  return options.length > 0 || words.trim() !== "";
}

interface Asking {
  question: Question;
  draft: Draft;
  save: (patch: DraftPatch) => void;
  /** The account was left empty. */
  needed: boolean;
  /** The question before a picture is on the screen. */
  asking: Signal<boolean>;
}

/** One question, in the form that it has. Every keystroke goes into the draft. */
export function QuestionForm({ question, draft, save, needed, asking }: Asking) {
  const hint = question.hint && said(question.hint);
  const answer = (answered: Omit<Answer, "question_id">) => save({ answers: withAnswer(draft.answers, { question_id: question.id, ...answered }) });
  switch (question.form) {
    case "account":
      return <Account hint={hint} what={draft.what} needed={needed} onWrite={(what) => save({ what })} />;
    case "time":
      return <Time question={question} draft={draft} save={save} />;
    case "place":
      return <Words label={said(question.ask)} hint={hint} longest={LONGEST_PLACE} value={draft.place} onWrite={(place) => save({ place })} />;
    case "area":
      return <AreaField code={draft.area} hint={hint} onChoose={(area) => save({ area })} />;
    case "links":
      return <LinksField links={draft.links} hint={hint} onChange={(links) => save({ links })} />;
    case "files":
      return (
        <>
          {hint && <p class="lead">{hint}</p>}
          <PictureStep asking={asking} add={(told) => addInPlace(told, draft.links, save)} />
        </>
      );
    case "words":
      return (
        <Words
          label={said(question.ask)}
          hint={hint}
          longest={question.longest ?? LONGEST_WORDS}
          value={answerTo(draft.answers, question.id).words}
          onWrite={(words) => answer({ words })}
          tall
        />
      );
    case "one":
    case "many":
      return <Options question={question} chosen={answerTo(draft.answers, question.id).options ?? []} onChoose={(options) => answer({ options })} />;
  }
}

/** In the place of a picture of a naked child: where it is and whose it is goes among the links. */
function addInPlace({ link, user, platform }: InPlace, before: string[] | undefined, save: (patch: DraftPatch) => void): boolean {
  const account = platform && user ? `${platform}: ${user}` : user || platform;
  const links = [...linksOf(before), ...[link, account].filter(Boolean)];
  if (links.length > MOST_LINKS) return false;
  save({ links });
  return true;
}

function Account({ hint, what, needed, onWrite }: { hint: string | undefined; what: string; needed: boolean; onWrite: (what: string) => void }) {
  const id = useId();
  return (
    <label class="field">
      {m.tell_what_label()}
      {hint && (
        <span class="hint" id={`${id}-what`}>
          {hint}
        </span>
      )}
      <textarea
        rows={6}
        maxLength={LONGEST}
        // What browsers keep of a field to fill it again is not sealed.
        autocomplete="off"
        value={what}
        aria-describedby={needed ? `${id}-what ${id}-needed` : `${id}-what`}
        aria-invalid={needed}
        onInput={(event) => onWrite(event.currentTarget.value)}
      />
      {needed && (
        <span class="small wrong" id={`${id}-needed`} role="alert">
          {m.tell_what_needed()}
        </span>
      )}
    </label>
  );
}

type Writing = { label: string; hint: string | undefined; longest: number; value: string | undefined; onWrite: (words: string) => void; tall?: boolean };

function Words({ label, hint, longest, value = "", onWrite, tall }: Writing) {
  const id = useId();
  const field = {
    maxLength: longest,
    autocomplete: "off",
    value,
    "aria-label": label,
    ...(hint === undefined ? {} : { "aria-describedby": `${id}-hint` }),
    onInput: (event: { currentTarget: { value: string } }) => onWrite(event.currentTarget.value),
  } as const;
  return (
    <div class="field">
      {hint && (
        <span class="hint" id={`${id}-hint`}>
          {hint}
        </span>
      )}
      {tall ? <textarea rows={3} {...field} /> : <input type="text" {...field} />}
    </div>
  );
}

function Options({ question, chosen, onChoose }: { question: Question; chosen: string[]; onChoose: (options: string[]) => void }) {
  const one = question.form === "one";
  const id = useId();
  const press = (option: string, on: boolean) => onChoose(one ? [option] : on ? [...chosen, option] : chosen.filter((other) => other !== option));
  return (
    <fieldset aria-describedby={question.hint && `${id}-hint`}>
      <legend class="sr">{said(question.ask)}</legend>
      {question.hint && (
        <p class="hint" id={`${id}-hint`}>
          {said(question.hint)}
        </p>
      )}
      <div class="choices">
        {question.options?.map((option) => (
          <label class="choice" key={option.id}>
            <input
              type={one ? "radio" : "checkbox"}
              name={id}
              checked={chosen.includes(option.id)}
              onChange={(event) => press(option.id, event.currentTarget.checked)}
            />
            {said(option.label)}
          </label>
        ))}
      </div>
      {one && chosen.length > 0 && (
        <button type="button" class="button quiet" onClick={() => onChoose([])}>
          {m.tell_take_back()}
        </button>
      )}
    </fieldset>
  );
}

function Time({ question, draft: { happened }, save }: Pick<Asking, "question" | "draft" | "save">) {
  const id = useId();
  const certainty = happened?.certainty;
  const ways = [
    ["exact", m.tell_when_exact()],
    ["about", m.tell_when_about()],
    ["unknown", m.tell_when_unknown()],
  ] as const;
  return (
    <fieldset>
      <legend class="sr">{said(question.ask)}</legend>
      <div class="choices">
        {ways.map(([way, words]) => (
          <label class="choice" key={way}>
            <input type="radio" name={id} checked={certainty === way} onChange={() => save({ happened: { ...happened, certainty: way } })} />
            {words}
          </label>
        ))}
      </div>
      {certainty === "exact" && (
        <label class="field gap">
          {m.tell_when_at()}
          <input
            type="datetime-local"
            value={happened?.at ? fieldOf(happened.at) : ""}
            onInput={(event) => {
              const value = event.currentTarget.value;
              if (value) save({ happened: { ...happened, certainty: "exact", at: new Date(value).toISOString() } });
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
            value={happened?.words ?? ""}
            onInput={(event) => save({ happened: { ...happened, certainty: "about", words: event.currentTarget.value } })}
          />
        </label>
      )}
    </fieldset>
  );
}
