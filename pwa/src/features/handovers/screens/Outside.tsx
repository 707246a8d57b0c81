import { Icon, useTask } from "../../../design";
import { m } from "../../../i18n";
import { Failed } from "../../../i18n/Problem";
import { when } from "../../../i18n/time";
import type { Conversation } from "../../chat/queries";
import { askPlace } from "../actions";
import { acts } from "../queries";

/** What leads out of a talk: its cards, and the question for the youth's place. */
export function Outside({ talk, mine }: { talk: Conversation; mine: boolean }) {
  const id = talk.conversation_id;
  const { busy, error, run } = useTask();
  const asking = acts(id, "location-ask").length > 0;
  const asked = asking || talk.location_state === "asked";
  const red = talk.red_since !== undefined;
  const refused = acts(id, "handover-make", true).length > 0;
  return (
    <div class="outside">
      <a class={red || refused ? "button alarm" : "button plain"} href={`/desk/talk/${id}/cards`}>
        {refused ? m.card_refused_short() : red ? m.card_red_short() : m.card_open()}
      </a>
      {mine &&
        talk.state === "taken" &&
        (asked ? (
          <p class="small">
            <Icon name="clock" />
            {m.place_asked({ when: when(asking ? Date.now() : (talk.location_asked_at ?? Date.now())) })}
          </p>
        ) : (
          <button type="button" class="button plain" disabled={busy} onClick={() => void run(() => askPlace(id))}>
            {m.place_ask()}
          </button>
        ))}
      <Failed error={error} />
    </div>
  );
}
