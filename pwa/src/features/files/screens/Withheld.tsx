import type { SentFile } from "../../../api/wire";
import { Confirm, useTask } from "../../../design";
import { m } from "../../../i18n";
import { Failed } from "../../../i18n/Problem";
import { withhold } from "../actions";
import { marked, waiting } from "../withheld";
import { Original } from "./Original";

/** Marks a file of a youth's; it asks once more, and says first what becomes of it. */
export function Withhold({ file_id }: { file_id: string }) {
  const { busy, error, run } = useTask();
  return (
    <>
      <Confirm
        label={m.withhold_do()}
        ask={m.withhold_sure()}
        yes={m.withhold_yes()}
        quiet
        busy={busy}
        onYes={() => void run(() => withhold(file_id))}
      >
        <p>{m.withhold_copies()}</p>
        <p>{m.withhold_original()}</p>
        <p>
          {m.withhold_youth()} {m.withhold_hard()}
        </p>
      </Confirm>
      <Failed error={error} />
    </>
  );
}

/** In the place of a file that nobody sees any more. */
export const Withheld = ({ file }: { file: SentFile }) => (
  <div class="block evidence">
    <div class="notice care" role={marked.value.has(file.file_id) ? "status" : undefined}>
      {waiting.value.has(file.file_id) ? (
        <p>{m.withheld_waits()}</p>
      ) : (
        <>
          <p>{m.withheld_text()}</p>
          {marked.value.has(file.file_id) && <p class="strong">{m.hard_marked()}</p>}
        </>
      )}
    </div>
    {file.withheld === true && <Original file={file} label={m.withheld_way()} />}
  </div>
);
