import { useSignal, type Signal } from "@preact/signals";
import { halfWritten, write } from "../../chat/halfWritten";
import { m } from "../../../i18n";
import { PictureStep, type InPlace, type Owner, type Stage } from "../../reports/screens/PictureStep";
import { attach, detach } from "../attach";
import { attachedTo } from "../attached";
import { BARE_TYPES, PICKED } from "../kinds";

/** What a message has room for. */
const LONGEST = 4000;

/** What was chosen for the next message, and the way to choose it. */
export function Attaching({ id, side, stage }: { id: string; side: "youth" | "officer"; stage: Signal<Stage> }) {
  const asking = useSignal(false);
  const owner: Owner = {
    id: () => id,
    chosen: () => attachedTo(id).slice(0, 1),
    most: 1,
    take: (file, onProgress) => attach(id, file, onProgress),
    drop: () => detach(id),
    types: side === "youth" ? PICKED : BARE_TYPES,
    words: {
      title: side === "youth" ? m.attach_youth : m.attach_officer,
      text: side === "youth" ? m.attach_as_it_is : m.attach_drawn_anew,
      choose: m.attach_choose,
      drop: m.attach_drop,
      add: m.attach_add_words,
      added: m.attach_added_words,
      full: m.attach_full,
    },
  };
  const add = ({ link, user, platform }: InPlace) => {
    const given = (text: string) => text || m.ask_not_given();
    const words = m.ask_block({ link: given(link), user: given(user), platform: given(platform) });
    const all = [halfWritten(id), words].filter(Boolean).join("\n\n");
    if ([...all].length > LONGEST) return false;
    write(id, all);
    return true;
  };
  return (
    <div class={stage.value === "closed" ? "attached" : undefined}>
      <PictureStep add={add} asking={asking} owner={owner} from={stage} />
    </div>
  );
}
