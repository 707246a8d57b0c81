import { useSignal } from "@preact/signals";
import type { SentFile } from "../../../api/wire";
import { Refused } from "../../../app/Refused";
import { Trouble } from "../../../design";
import { m } from "../../../i18n";
import { Failed, kindOf } from "../../../i18n/Problem";
import { formOf } from "../kinds";
import { marked } from "../withheld";
import { FileLine, Media } from "./Media";
import { Original } from "./Original";
import { useCopy } from "./useCopy";
import { Withheld, Withhold } from "./Withheld";

/** A youth's file for an officer: its copy, what it is as it was sent, and the mark that hides it from everybody. */
export function Veiled({ file }: { file: SentFile }) {
  if (file.withheld === true || marked.value.has(file.file_id)) return <Withheld file={file} />;
  if (file.state === "refused") return <p class="notice care">{m.desk_picture_refused()}</p>;
  if (!file.complete) return <p class="notice">{m.desk_picture_waiting()}</p>;
  if (file.scan === "infected")
    return (
      <div class="block">
        <FileLine media_type={file.media_type} size={file.size} />
        <p class="notice care">{m.file_infected()}</p>
      </div>
    );
  return (
    <div class="block evidence">
      {file.copy?.state === "made" ? (
        <Copy file={file} />
      ) : (
        <>
          <FileLine media_type={file.media_type} size={file.size} />
          <p class="notice" role="status">
            {file.copy ? m.file_not_cleaned() : m.file_being_made()}
          </p>
        </>
      )}
      <Original file={file} />
      <Withhold file_id={file.file_id} />
      <Refused lane={`file:${file.file_id}`} />
    </div>
  );
}

const film = { name: m.desk_film, blurred: m.desk_film_blurred, show: m.desk_film_show, hide: m.desk_film_hide };
const picture = { name: m.desk_picture_alt, blurred: m.desk_picture_blurred, show: m.desk_picture_show, hide: m.desk_picture_hide };

/** Blurred and grey until somebody chooses to look: what comes in can be hard to see. A sound is heard only by a press anyway. */
function Copy({ file }: { file: SentFile }) {
  const shown = useSignal(false);
  const { url, error, load, unreadable, failed, came } = useCopy(file);
  const form = formOf(file.media_type);
  const words = form === "film" ? film : picture;
  const veils = form === "film" || form === "picture";
  if (unreadable.value) return <p class="notice care">{m.picture_unreadable()}</p>;
  return (
    <>
      {error !== null && (/^file-/.test(kindOf(error)) ? <Failed error={error} /> : <Trouble text={m.desk_picture_failed()} again={() => void load()} />)}
      {url !== null && (
        <div class="veil">
          <Media
            media_type={file.copy?.media_type ?? file.media_type}
            src={url}
            name={veils ? words.name() : m.desk_sound()}
            veiled={veils && !shown.value}
            failed={failed}
            came={came}
          />
        </div>
      )}
      {veils && !shown.value && <p class="small">{words.blurred()}</p>}
      {veils && (
        <button
          type="button"
          class="button plain"
          onClick={() => {
            shown.value = !shown.value;
            if (shown.value) void load();
          }}
        >
          {shown.value ? words.hide() : words.show()}
        </button>
      )}
    </>
  );
}
