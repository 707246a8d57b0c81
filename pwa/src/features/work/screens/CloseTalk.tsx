import { useEffect, useRef } from "preact/hooks";
import { useSignal } from "@preact/signals";
import type { OutcomeCode } from "../../../api/wire";
import { m } from "../../../i18n";
import { OUTCOMES, outcomeWords } from "../outcomes";

/** A talk closes at two presses: that it does, and how it ended. */
export function CloseTalk({ onClose }: { onClose: (outcome: OutcomeCode) => void }) {
  const asking = useSignal(false);
  const opener = useRef<HTMLButtonElement>(null);
  const question = useRef<HTMLParagraphElement>(null);
  const was = useRef(false);
  useEffect(() => {
    (asking.value ? question : was.current ? opener : null)?.current?.focus();
    if (asking.value) question.current?.scrollIntoView({ block: "start" });
    was.current = asking.value;
  }, [asking.value]);
  if (!asking.value)
    return (
      <button type="button" class="button plain" ref={opener} onClick={() => (asking.value = true)}>
        {m.desk_close()}
      </button>
    );
  return (
    <div class="notice outcomes" role="group" aria-label={m.outcome_ask()}>
      <p class="strong" ref={question} tabIndex={-1}>
        {m.outcome_ask()}
      </p>
      <p class="small">{m.outcome_hint()}</p>
      <div class="codes">
        {OUTCOMES.map((code) => (
          <button key={code} type="button" class="button plain" onClick={() => onClose(code)}>
            {outcomeWords(code)}
          </button>
        ))}
      </div>
      <button type="button" class="button quiet" onClick={() => (asking.value = false)}>
        {m.cancel()}
      </button>
    </div>
  );
}
