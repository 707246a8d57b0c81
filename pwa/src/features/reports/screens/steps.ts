import { useEffect, useState } from "preact/hooks";
import type { KindOfEvent, Question } from "../../../api/wire";
import { draft } from "../queries";

interface Place {
  steps?: number;
  turn?: number;
  /** The step of the report: a question's own name, for what is asked changes with what is answered. How many of our own entries lie before it. */
  step?: string;
  depth?: number;
}

const place = (): Place => (history.state as Place | null) ?? {};
/** Most steps are of a draft: where there is none, whatever the history says, it begins at the first. An entry without a name is where the draft begins. */
const stepHere = (): string => {
  const { step } = place();
  if (draft.peek()) return step ?? "first";
  return step === "kind" ? step : "start";
};
export const ofQuestion = (id: string): string => `question ${id}`;

/**
 * Where that step is now: at the start, the kinds, a question or the check. A question that is not asked any more gives way to the one
 * after it, and the first step of a draft is its first question, once it is known what it is about.
 */
export function placeOf(step: string, begun: boolean, kind: KindOfEvent | undefined, questions: Question[]): string {
  if (step === "start" || step === "kind") return step;
  if (!begun) return "start";
  if (!kind) return "kind";
  if (step === "check") return step;
  const order = kind.questions.map(ofQuestion).indexOf(step);
  const here = questions.find((question) => kind.questions.indexOf(question.id) >= order);
  return here ? ofQuestion(here.id) : "check";
}

/** Each step is one of the history, so that the phone's own back button goes one step back in the report and never out of it. */
export function useSteps(): { step: string; goTo: (step: string, from: string) => void } {
  const [step, setStep] = useState(stepHere);
  const none = draft.value === null;
  useEffect(() => {
    // Sent or thrown away, here or in another tab.
    if (none) setStep(stepHere());
  }, [none]);
  useEffect(() => {
    const follow = () => setStep(stepHere());
    addEventListener("popstate", follow);
    return () => removeEventListener("popstate", follow);
  }, []);
  const goTo = (to: string, from: string) => {
    const { steps = 0, depth = 0, turn, step: named } = place();
    // Whoever comes back finds what stood there, and not where a draft would begin.
    if (named === undefined) history.replaceState({ ...history.state, step: from }, "");
    history.pushState({ steps: steps + 1, step: to, depth: depth + 1, turn }, "");
    setStep(to);
  };
  return { step, goTo };
}

/** Back to the entry that the report began with, so that the steps of what is gone are not walked again. */
export async function leaveSteps(): Promise<void> {
  const { depth = 0 } = place();
  if (depth === 0) return;
  await new Promise<unknown>((done) => {
    addEventListener("popstate", done, { once: true });
    // A browser that has let go of the entries never answers.
    setTimeout(done, 500);
    history.go(-depth);
  });
}
