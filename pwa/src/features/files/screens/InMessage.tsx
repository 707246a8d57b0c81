import type { SentFile } from "../../../api/wire";
import { Trouble, useTask } from "../../../design";
import { m } from "../../../i18n";
import { Failed } from "../../../i18n/Problem";
import { files as onPhone } from "../../../sync/mirror";
import type { MessageRow } from "../../chat/queries";
import { saveCopy, saveOriginal } from "../actions";
import { kindWords } from "../words";
import { FileLine, Media } from "./Media";
import { useCopy } from "./useCopy";
import { Veiled } from "./Veiled";

type Side = "youth" | "officer";

/** Shown at once: it is the reader's own, or of the police. */
function Open({ file, side }: { file: SentFile; side: Side }) {
  const { url, error, load, unreadable, failed, came } = useCopy(file);
  const saving = useTask();
  // An officer opens an original by another way; of a colleague's picture the copy is as good.
  const save = side === "youth" ? saveOriginal : saveCopy;
  const made = file.copy?.state === "made";
  if (file.scan === "infected") return <p class="small">{m.file_infected_own()}</p>;
  if (error !== null) return <Trouble text={m.desk_picture_failed()} again={() => void load()} />;
  return (
    <>
      {!made && <FileLine media_type={file.media_type} size={file.size} />}
      {!file.copy && (
        <p class="small" role="status">
          {m.file_being_made()}
        </p>
      )}
      {file.copy && !made && <p class="small">{m.file_not_shown()}</p>}
      {made && unreadable.value && <p class="small">{m.picture_unreadable()}</p>}
      {url !== null && !unreadable.value && (
        <Media media_type={file.copy?.media_type ?? file.media_type} src={url} name={kindWords(file.media_type)} failed={failed} came={came} />
      )}
      {(made || side === "youth") && (
        <button type="button" class="button plain" disabled={saving.busy} onClick={() => void saving.run(() => save(file.file_id))}>
          {m.attach_save()}
        </button>
      )}
      <Failed error={saving.error} />
    </>
  );
}

/** What came with a message: on its way, refused, or there. Officers see a youth's only when they press. */
export function InMessage({ message, side }: { message: MessageRow; side: Side }) {
  const own = new Map(onPhone.value.map((file) => [file.file_id, file]));
  return (
    <div class="message-files">
      {message.files?.map((file) => {
        const here = own.get(file.file_id);
        if (file.state === "refused" || here?.state === "refused") {
          const refused = message.mine ? (message.text ? m.attach_refused : m.attach_refused_alone) : m.desk_picture_refused;
          return (
            <p key={file.file_id} class="small">
              {refused()}
            </p>
          );
        }
        if (!file.complete && !file.withheld) {
          const percent = Math.floor((100 * Math.max(file.received, here?.offset ?? 0)) / Math.max(1, file.size));
          return (
            <p key={file.file_id} class="small" role="status">
              {message.mine ? (here?.state === "ready" ? m.attach_sending({ percent }) : m.attach_waiting()) : m.attach_coming()}
            </p>
          );
        }
        if (side === "officer" && !message.mine && message.by === "youth") return <Veiled key={file.file_id} file={file} />;
        return <Open key={file.file_id} file={file} side={side} />;
      })}
    </div>
  );
}
