import { useEffect, useState } from "preact/hooks";
import { draft } from "../queries";

interface Place {
  steps?: number;
  turn?: number;
  /** The step of the report, and how many of our own entries lie before it. */
  step?: number;
  depth?: number;
}

const place = (): Place => (history.state as Place | null) ?? {};
/** Steps are of a draft: where there is none, whatever the history says, it begins at the first. */
const stepHere = (): number => (draft.peek() ? (place().step ?? 1) : 1);

/** Each step is one of the history, so that the phone's own back button goes one step back in the report and never out of it. */
export function useSteps(): { step: number; goTo: (step: number) => void } {
  const [step, setStep] = useState(stepHere);
  const none = draft.value === null;
  useEffect(() => {
    // Sent or thrown away, here or in another tab.
    if (none) setStep(1);
  }, [none]);
  useEffect(() => {
    const follow = () => setStep(stepHere());
    addEventListener("popstate", follow);
    return () => removeEventListener("popstate", follow);
  }, []);
  const goTo = (to: number) => {
    const { steps = 0, depth = 0, turn } = place();
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
