import type { RedHandover } from "../../../api/wire";
import { Icon } from "../../../design";
import { m } from "../../../i18n";
import { age } from "../../../i18n/time";
import { conversations } from "../../chat/queries";
import { receivers } from "../card";
import { redCards, useFresh } from "../queries";

/** Cards that nobody outside has taken, of all talks, before all officers: one of them has to phone. */
export function RedCards() {
  const talks = conversations.value.filter((talk) => talk.red_since !== undefined);
  const which = talks.map((talk) => `${talk.conversation_id} ${talk.revision}`).join();
  return (
    <div role="status">
      {talks.length > 0 && (
        <section class="block" aria-label={m.card_red_title()}>
          <h2>{m.desk_count({ title: m.card_red_title(), count: talks.length })}</h2>
          <Rows which={which} talks={talks.map(({ conversation_id, red_since = "" }) => ({ conversation_id, made_at: red_since }))} />
        </section>
      )}
    </div>
  );
}

/** Which card of a talk it is is known a moment later, or not without a network; that there is one is known at once. */
type Row = Pick<RedHandover, "conversation_id" | "made_at"> & Partial<RedHandover>;

function Rows({ which, talks }: { which: string; talks: Row[] }) {
  const { now: cards } = useFresh(redCards, which);
  const rows = talks.flatMap((talk): Row[] => {
    const own = cards?.filter((card) => card.conversation_id === talk.conversation_id) ?? [];
    return own.length > 0 ? own : [talk];
  });
  return (
    <ul class="rows">
      {rows
        .sort((a, b) => Date.parse(a.made_at) - Date.parse(b.made_at))
        .map(({ conversation_id, handover_id, made_at, made_by, number, receiver }) => (
          <li key={handover_id ?? conversation_id}>
            <a class="talk-row red" href={`/desk/talk/${conversation_id}/cards`}>
              <Icon name="warn" />
              <span class="talk-row-words">
                <b>{receiver !== undefined && number !== undefined ? m.card_red_row({ receiver: receivers[receiver].name, number }) : m.card_red_short()}</b>
                <small>
                  {m.card_red_since({ age: age(made_at) })}
                  {made_by !== undefined && ` · ${m.officer({ number: made_by })}`}
                </small>
              </span>
              <Icon name="next" />
            </a>
          </li>
        ))}
    </ul>
  );
}
