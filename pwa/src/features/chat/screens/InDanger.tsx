import { kept } from "../../../app/kept";
import { m } from "../../../i18n";
import { now } from "../../../i18n/time";
import { forSelfHarm } from "../../quarters/helplines";
import type { Conversation, MessageRow } from "../queries";
import { Call112 } from "./Danger";

/** For so long after somebody has opened it an answer is waited for in silence. */
const PATIENCE_MS = 60_000;
/** Talks that have told of danger since the page was opened: of one that somebody has opened the server says no more. */
const told = new Set<string>();

/** What a talk in danger still lacks: somebody who has read it, or, a minute later, an answer. */
export function lacks(talk: Conversation | undefined, list: MessageRow[]): "reader" | "answer" | null {
  if (!talk || talk.state === "closed") return null;
  if (talk.unread_danger) {
    told.add(talk.conversation_id);
    return "reader";
  }
  const last = list[list.length - 1];
  if (!told.has(talk.conversation_id) || !last?.mine) return null;
  return now.value - Date.parse(last.recorded_at) >= PATIENCE_MS ? "answer" : null;
}

type Props = { lack: "reader" | "answer"; here: boolean; selfHarm: boolean };

/** The dangerous state, large. It is said aloud once. */
export const InDanger = ({ lack, here, selfHarm }: Props) => (
  <section class="not-read in-danger" aria-label={m.danger_label()}>
    <div>
      <p class="large" role="alert">
        {lack === "reader" ? m.danger_unread() : m.danger_unanswered()}
      </p>
      <p>{here ? kept(m.danger_here, m.danger_in_tab) : m.danger_wait()}</p>
    </div>
    <Call112 />
    {selfHarm && <Lines />}
  </section>
);

/** Who else answers now. The app says so, and nobody is to think that an officer wrote it. */
export const SelfHarm = () => (
  <section class="notice" aria-label={m.harm_title()}>
    <p class="strong">{m.harm_title()}</p>
    <Call112 />
    <Lines />
  </section>
);

const Lines = () => (
  <div class="stack">
    <p>{m.harm_text()}</p>
    <ul class="numbers">
      {forSelfHarm.map(({ name, number, tel }) => (
        <li key={tel}>
          <a class="button plain wide" href={`tel:${tel}`}>
            {m.help_call({ name: name(), number })}
          </a>
        </li>
      ))}
    </ul>
    <p class="small">{m.harm_by_app()}</p>
  </div>
);
