import { useState } from "preact/hooks";
import { useTask } from "../design";
import { m } from "../i18n";
import { Failed } from "../i18n/Problem";

/** Takes words that are not sent along, beside the presses that do something else with them. */
export function CopyWords({ words }: { words: string }) {
  const [copied, setCopied] = useState(false);
  const { error, run } = useTask();
  return (
    <>
      <button type="button" class="button plain" onClick={() => void run(() => navigator.clipboard.writeText(words).then(() => setCopied(true)))}>
        {copied ? m.copied() : m.copy()}
      </button>
      <Failed error={error} />
    </>
  );
}
