import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { SentFile } from "../../../api/wire";
import { Trouble, useTask } from "../../../design";
import { m } from "../../../i18n";
import { Failed } from "../../../i18n/Problem";
import { files as onPhone } from "../../../sync/mirror";
import type { MessageRow } from "../../chat/queries";
import { fileUrl, save } from "../actions";
import { useLink } from "./useLink";
import { Veiled } from "./Veiled";

/** Shown at once: it is the reader's own, or of the police. */
function Open({ file }: { file: SentFile }) {
  const url = useSignal<string | null>(null);
  const { error, run } = useTask();
  const saving = useTask();
  const load = () => run(async () => void (url.value = await fileUrl(file.file_id)));
  const { unreadable, failed, came } = useLink(load);
  useEffect(() => {
    void load();
  }, [file.file_id]);
  if (error !== null) return <Trouble text={m.desk_picture_failed()} again={() => void load()} />;
  if (!url.value) return null;
  return (
    <>
      {unreadable.value ? (
        <p class="small">{m.picture_unreadable()}</p>
      ) : file.media_type.startsWith("video/") ? (
        <video class="picture" src={url.value} controls preload="metadata" aria-label={m.attach_film()} onError={failed} onLoadedData={came} />
      ) : (
        <img class="picture" src={url.value} alt={m.words_picture()} onError={failed} onLoad={came} />
      )}
      <button type="button" class="button plain" disabled={saving.busy} onClick={() => void saving.run(() => save(file))}>
        {m.attach_save()}
      </button>
      <Failed error={saving.error} />
    </>
  );
}

/** What came with a message: on its way, refused, or there. Officers see a youth's only when they press. */
export function InMessage({ message, side }: { message: MessageRow; side: "youth" | "officer" }) {
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
        if (!file.complete) {
          const percent = Math.floor((100 * Math.max(file.received, here?.offset ?? 0)) / Math.max(1, file.size));
          return (
            <p key={file.file_id} class="small" role="status">
              {message.mine ? (here?.state === "ready" ? m.attach_sending({ percent }) : m.attach_waiting()) : m.attach_coming()}
            </p>
          );
        }
        if (side === "officer" && !message.mine && message.by === "youth") return <Veiled key={file.file_id} file={file} />;
        return <Open key={file.file_id} file={file} />;
      })}
    </div>
  );
}
