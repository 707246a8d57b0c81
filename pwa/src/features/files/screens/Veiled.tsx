import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { Problem as Refusal } from "../../../api/problem";
import type { SentFile } from "../../../api/wire";
import { Trouble, useTask } from "../../../design";
import { m } from "../../../i18n";
import { Failed } from "../../../i18n/Problem";
import { touchPasskey } from "../../identity/actions";
import { fileUrl } from "../actions";
import { useLink } from "./useLink";

/** Blurred and grey until somebody chooses to look: what comes in can be hard to see. */
export function Veiled({ file }: { file: SentFile }) {
  const url = useSignal<string | null>(null);
  const shown = useSignal(false);
  // A phone left open shows no picture: after five minutes the passkey is touched again.
  const locked = useSignal(false);
  const { busy, error, run } = useTask();
  const load = (before?: () => Promise<void>) =>
    run(async () => {
      try {
        await before?.();
        url.value = await fileUrl(file.file_id);
        locked.value = unreadable.value = false;
      } catch (refusal) {
        if (!(refusal instanceof Refusal) || refusal.kind !== "touch-needed") throw refusal;
        locked.value = true;
        shown.value = false;
        url.value = null;
      }
    });
  const { unreadable, failed, came } = useLink(() => load());
  useEffect(() => {
    if (file.complete) void load();
  }, [file.file_id, file.complete]);

  if (file.state === "refused") return <p class="notice care">{m.desk_picture_refused()}</p>;
  if (!file.complete) return <p class="notice">{m.desk_picture_waiting()}</p>;
  if (locked.value)
    return (
      <div class="block">
        <p class="notice">{m.desk_picture_locked()}</p>
        <Failed error={error} />
        <button type="button" class="button plain" disabled={busy} onClick={() => void load(touchPasskey)}>
          {m.desk_picture_unlock()}
        </button>
      </div>
    );
  const look = shown.value ? "picture" : "picture veiled";
  return (
    <div class="block">
      {error !== null && <Trouble text={m.desk_picture_failed()} again={() => void load()} />}
      {unreadable.value && <p class="notice care">{m.picture_unreadable()}</p>}
      {url.value && !unreadable.value && (
        <div class="veil">
          {file.media_type.startsWith("video/") ? (
            <video
              class={look}
              src={url.value}
              controls={shown.value}
              preload="metadata"
              aria-label={m.desk_film()}
              onError={failed}
              onLoadedData={came}
            />
          ) : (
            <img class={look} src={url.value} alt={m.desk_picture_alt()} onError={failed} onLoad={came} />
          )}
        </div>
      )}
      {!shown.value && !unreadable.value && <p class="small">{m.desk_picture_blurred()}</p>}
      {!unreadable.value && (
        <button
          type="button"
          class="button plain"
          onClick={() => {
            shown.value = !shown.value;
            if (shown.value) void load();
          }}
        >
          {shown.value ? m.desk_picture_hide() : m.desk_picture_show()}
        </button>
      )}
    </div>
  );
}
