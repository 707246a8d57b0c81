import type { SentFile } from "../../../api/wire";
import { m } from "../../../i18n";
import { WithReason } from "../../identity/screens/WithReason";
import { saveOriginal } from "../actions";
import { reasons } from "../words";

/** For an officer, a file as it was sent: with a reason and a touch of the passkey, as a file on this device, and never in a page. */
export const Original = ({ file, label = m.original_open() }: { file: SentFile; label?: string }) => (
  <WithReason
    name={`${file.file_id}-why`}
    label={label}
    text={m.original_text()}
    why={m.original_why()}
    reasons={reasons}
    press={m.original_save()}
    done={m.original_saved()}
    does={(reason) => saveOriginal(file.file_id, reason)}
  >
    {file.scan !== "clean" && file.withheld !== true && <p class="strong">{m.file_not_scanned()}</p>}
  </WithReason>
);
