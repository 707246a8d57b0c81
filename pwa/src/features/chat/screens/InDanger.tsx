import { useEffect } from "preact/hooks";
import { kept } from "../../../app/kept";
import { m } from "../../../i18n";
import { now } from "../../../i18n/time";
import { forSelfHarm } from "../../quarters/helplines";
import { lacks, patienceEnds, waiting } from "../lacks";
import type { Conversation, MessageRow } from "../queries";
import { Call112 } from "./Danger";

/** The same as time goes by. The shared clock ticks slowly: it is set right when a minute is over. */
export function useLack(talk: Conversation | undefined, list: MessageRow[]): "reader" | "answer" | null {
  const { unread, unanswered } = talk?.in_danger ? waiting(list) : {};
  useEffect(() => {
    const bells = [unread, unanswered].flatMap((message) => {
      const left = message ? patienceEnds(message) - Date.now() : 0;
      return left > 0 ? [setTimeout(() => (now.value = Date.now()), left)] : [];
    });
    return () => bells.forEach(clearTimeout);
  }, [unread?.recorded_at, unanswered?.recorded_at]);
  return lacks(talk, list, now.value);
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
