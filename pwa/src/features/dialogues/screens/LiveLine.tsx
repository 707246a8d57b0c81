import { useSignal } from "@preact/signals";
import { Icon, useLoad } from "../../../design";
import { m } from "../../../i18n";
import { online } from "../../../sync/state";
import { readDialogues } from "../actions";
import type { Dialogue } from "../queries";
import { titleOf } from "./words";

/** One that goes on now, in one line where it moves nothing that is pressed. Without an answer there is nothing to say. */
export function LiveLine() {
  const live = useSignal<Dialogue | undefined>(undefined);
  useLoad(async () => online.value && (live.value = (await readDialogues()).items.find(({ state }) => state === "live")), [online.value]);
  if (!live.value) return null;
  const { text, lang } = titleOf(live.value);
  return (
    <a class="talk-row new" href={`/dialogues/${live.value.dialogue_id}`}>
      <span class="talk-row-words">
        <small>{m.dialogue_now()}</small>
        <b lang={lang}>{text}</b>
      </span>
      <Icon name="next" />
    </a>
  );
}
