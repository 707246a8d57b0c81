import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { Card, Receiver } from "../../../api/wire";
import { NotFetched } from "../../../app/NotFetched";
import { Refused } from "../../../app/Refused";
import { focusHeading, Loading, Page, useTask } from "../../../design";
import { m } from "../../../i18n";
import { Failed, Problem } from "../../../i18n/Problem";
import { clock } from "../../../i18n/time";
import { looked, outbox } from "../../../sync/mirror";
import { online } from "../../../sync/state";
import type { OutboxRow } from "../../../sync/rows";
import { discard } from "../../chat/actions";
import { conversations, leaveConversation, messagesOf, openConversation, type Conversation } from "../../chat/queries";
import { LONGEST_LINE } from "../card";
import { begin, begun, line, setLine } from "../draft";
import { cardIn, overlaid, type CardRow } from "../overlay";
import { acts, cardsOf, useFresh } from "../queries";
import { CardForm } from "./CardForm";
import { OneCard } from "./OneCard";
import { WhereSheIs } from "./WhereSheIs";

const cut = (text: string | undefined): string => [...(text ?? "")].slice(0, LONGEST_LINE).join("");

/** What the talk itself says; the officer has the last word on each line. */
function known(talk: Conversation): Partial<Card> {
  const list = messagesOf(talk.conversation_id).peek().filter((message) => message.text);
  const last = list.filter((message) => !message.mine && message.by === "youth").at(-1);
  const told = list.filter((message) => message.by === "officer").at(-1);
  return {
    where: talk.where ?? "",
    when: last ? m.card_when_wrote({ time: clock(last.recorded_at) }) : "",
    last_words: cut(last?.text),
    youth_told: cut(told?.text),
  };
}

/** The cards of a talk to 112 and 114 14, the newest first, and the one that is being written. */
export function Cards({ id }: { id: string }) {
  const talk = conversations.value.find((row) => row.conversation_id === id);
  const { now, fresh, error, again } = useFresh(() => cardsOf(id), `${id} ${talk?.revision}`);
  const rows = outbox.value.filter((row) => row.lane === `conversation:${id}`);
  // What was laid over the cards goes when the talk has changed; until they are read anew, they stay as they were shown.
  const shown = useRef<CardRow[]>([]);
  const cards = (shown.current = overlaid(fresh ? (now ?? []) : shown.current, rows));
  const refused = acts(id, "handover-make", true);
  const asked = useSignal(false);
  const started = useRef(false);
  const mine = talk?.state === "taken" && talk.held_by_me;
  const stream = `conversation:${id}`;
  const read = looked.value.includes(stream) || messagesOf(id).value.length > 0 || !online.value;
  const none = cards.length === 0 && refused.length === 0 && (now !== null || error !== null || !online.value);

  useEffect(() => {
    openConversation(id);
    return () => leaveConversation(id);
  }, [id]);
  // The first card opens by itself: whoever comes here has somebody on the phone.
  useEffect(() => {
    if (!talk || !mine || !read || !none || started.current) return;
    started.current = true;
    void begin(id, talk.priority === "p1" ? "112" : "114-14", known(talk));
  }, [mine, read, none]);

  const start = (to: Receiver, card: Partial<Card>, replaces?: string) => {
    asked.value = true;
    void begin(id, to, card, replaces);
  };
  const writing = begun(id) !== undefined;
  const free = (["112", "114-14"] as const).find((one) => !cards.some((card) => card.red && card.receiver === one));
  return (
    <Page title={m.card_open()} up={`/desk/talk/${id}`} lead={m.card_lead()}>
      {!talk && <p class="notice care">{m.talk_missing()}</p>}
      {refused.map((row) => (
        <RefusedCard key={row.action_id} id={id} row={row} writing={writing} />
      ))}
      <Refused lane={stream} />
      {talk && <WhereSheIs talk={talk} use={writing ? (text) => setLine(id, "where", cut([line(id, "where"), text].filter(Boolean).join(", "))) : null} />}
      {mine && writing && <CardForm id={id} cards={cards} asked={asked.value} />}
      {talk && !mine && talk.state !== "closed" && <p class="notice">{m.card_not_held()}</p>}
      {now === null && error === null && (online.value ? <Loading /> : <p class="notice care">{m.card_offline()}</p>)}
      {error !== null && <NotFetched error={error} again={again} />}
      {cards.map((card) => (
        <OneCard
          key={card.handover_id}
          card={card}
          mine={mine ?? false}
          newer={cards.find((one) => one.handover_id === card.replaced_by)?.number}
          change={mine && !writing && card.number !== undefined ? () => start(card.receiver, card.card ?? {}, card.handover_id) : null}
        />
      ))}
      {talk && mine && !writing && free && (cards.length > 0 || none) && (
        <button type="button" class="button plain" onClick={() => start(free, known(talk))}>
          {m.card_new()}
        </button>
      )}
    </Page>
  );
}

/** A card that the server said no to: its words go back to where they can be changed, and are never thrown away with it. */
function RefusedCard({ id, row, writing }: { id: string; row: OutboxRow; writing: boolean }) {
  const { busy, error, run } = useTask();
  const backToWriting = async () => {
    const { receiver, card, replaces } = cardIn(row);
    await begin(id, receiver, card, replaces);
    await discard(row.action_id);
    focusHeading();
  };
  return (
    <div class="notice care" role="alert">
      <p>
        <b>{m.card_refused_short()}.</b> <Problem kind={row.problem_kind} />
      </p>
      <p>{cardIn(row).card.what}</p>
      {!writing && (
        <button type="button" class="button plain" disabled={busy} onClick={() => void run(backToWriting)}>
          {m.card_refused_back()}
        </button>
      )}
      <Failed error={error} />
    </div>
  );
}
