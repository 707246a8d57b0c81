import { signal, useSignal } from "@preact/signals";
import type { CameBack } from "../../../api/wire";
import { Icon, useTask } from "../../../design";
import { locale, m } from "../../../i18n";
import { kept } from "../../../app/kept";
import { Failed } from "../../../i18n/Problem";
import { when } from "../../../i18n/time";
import { halfWritten, write } from "../../chat/halfWritten";
import { acknowledge, cameBack } from "../actions";
import { asRead, LINES, lineNames, LONGEST_NAME, LONGEST_TOLD, promises, receivers, secondsOf, withReady } from "../card";
import type { CardRow } from "../overlay";
import { Seconds } from "./CardForm";

/** The one card that is being printed; nothing: all that count. */
const printed = signal<string | null>(null);
const print = (id: string): void => {
  printed.value = id;
  addEventListener("afterprint", () => void (printed.value = null), { once: true });
  // Once it has been drawn as it is to be printed.
  requestAnimationFrame(() => requestAnimationFrame(() => window.print()));
};

const backNames: Record<CameBack, () => string> = { "car-sent": m.back_car_sent, advice: m.back_advice, none: m.back_none };
/** What may be told with it: none of these says that anybody comes. */
const canned: Record<CameBack, typeof m.told_car_sent> = { "car-sent": m.told_car_sent, advice: m.told_advice, none: m.told_none };
const languages = ["sv", "en"] as const;
type Language = (typeof languages)[number];

type Props = { card: CardRow; mine: boolean; newer: string | undefined; change: (() => void) | null };

/** A card: what is said, who took it, what came back. `newer`: the number of the one that took its place. */
export function OneCard({ card, mine, newer, change }: Props) {
  const aloud = useSignal(false);
  const { receiver, number } = card;
  const { name, tel } = receivers[receiver];
  const current = card.replaced_by === undefined;
  const state = card.red
    ? m.card_red()
    : current
      ? card.taken_by
        ? m.card_taken({ name: card.taken_by, when: when(card.acknowledged_at ?? card.made_at) })
        : m.card_taken_unknown({ when: when(card.acknowledged_at ?? card.made_at) })
      : newer
        ? m.card_replaced_by({ number: newer })
        : m.card_replaced();
  const classes = ["card", "hand-card", card.red && "red", !current && "older", printed.value !== null && printed.value !== card.handover_id && "not-printed"];
  return (
    <article class={classes.filter(Boolean).join(" ")} aria-label={m.card_label({ receiver: name, number: number ?? m.card_no_number() })}>
      <h2>{m.card_to_receiver({ receiver: name })}</h2>
      {number === undefined ? (
        <p class="notice care">{kept(m.card_waits, m.card_waits_in_tab)}</p>
      ) : (
        <p class="incident">{number}</p>
      )}
      <p class={card.red ? "strong red-words" : "strong"} role="status">
        {state}
      </p>
      {card.waits === "name" && <p class="small">{kept(m.state_saved)}</p>}
      <p class="small">
        {m.card_made({ when: when(card.made_at) })}
        {card.made_by !== undefined && ` · ${m.officer({ number: card.made_by })}`}
      </p>
      {aloud.value && card.card ? (
        <section class="read-aloud" aria-label={m.card_aloud()}>
          {asRead(card.card, receiver, number).map((line) => (
            <p key={line}>{line}</p>
          ))}
          <Seconds seconds={secondsOf(asRead(card.card, receiver, number))} />
        </section>
      ) : card.card ? (
        <dl class="facts">
          {LINES.map((line) =>
            card.card?.[line] ? (
              <div key={line}>
                <dt>{lineNames[line]()}</dt>
                <dd>{card.card[line]}</dd>
              </div>
            ) : null,
          )}
        </dl>
      ) : (
        <p class="damaged">{m.card_damaged()}</p>
      )}
      {current && (
        <div class="row no-print">
          {card.red && (
            <a class="button" href={`tel:${tel}`}>
              <Icon name="phone" />
              {m.card_call({ receiver: name })}
            </a>
          )}
          {card.card && (
            <button type="button" class="button plain" aria-pressed={aloud.value} onClick={() => (aloud.value = !aloud.value)}>
              {m.card_aloud()}
            </button>
          )}
          <button type="button" class="button plain" onClick={() => print(card.handover_id)}>
            {m.card_print()}
          </button>
          {change && (
            <button type="button" class="button plain" onClick={change}>
              {m.card_change()}
            </button>
          )}
        </div>
      )}
      {card.red && number !== undefined && <TakenBy card={card} />}
      {card.answers.length > 0 && (
        <ul class="plain-list">
          {card.answers.map((answer) => (
            <li key={answer.at}>
              <p>
                <b>{backNames[answer.came_back]()}</b> · {answer.waits ? kept(m.state_saved) : m.by_at({ number: answer.by ?? "", when: when(answer.at) })}
              </p>
              {answer.told !== undefined && (
                <blockquote>
                  {m.back_told()} {answer.told}
                </blockquote>
              )}
            </li>
          ))}
        </ul>
      )}
      {current && !card.red && mine && <WhatCameBack card={card} />}
    </article>
  );
}

/** Whoever is on the phone asks for a name: until it stands here nobody has the card. */
function TakenBy({ card }: { card: CardRow }) {
  const place = `${card.conversation_id}/taken/${card.handover_id}`;
  const name = halfWritten(place);
  const { busy, error, run } = useTask();
  const save = () => acknowledge(card.conversation_id, card.handover_id, name.trim(), () => write(place, ""));
  return (
    <form
      class="stack no-print"
      onSubmit={(event) => {
        event.preventDefault();
        if (name.trim()) void run(save);
      }}
    >
      <label class="field">
        {m.card_who({ receiver: receivers[card.receiver].name })}
        <input autocomplete="off" maxLength={LONGEST_NAME} value={name} onInput={(event) => write(place, event.currentTarget.value)} />
      </label>
      <button type="submit" class="button" disabled={busy || !name.trim()}>
        {m.card_acknowledge()}
      </button>
      <Failed error={error} />
    </form>
  );
}

/** What came back, and what the youth may be told of it. */
function WhatCameBack({ card }: { card: CardRow }) {
  const place = `${card.conversation_id}/back/${card.handover_id}`;
  const told = halfWritten(place);
  const chosen = useSignal<CameBack | null>(null);
  const { busy, error, run } = useTask();
  const came = chosen.value;
  const ready = (which: CameBack, language: Language) => canned[which]({ receiver: receivers[card.receiver].name }, { locale: language });
  const all = (Object.keys(canned) as CameBack[]).flatMap((which) => languages.map((language) => ready(which, language)));
  const save = async (which: CameBack) => {
    if (await run(() => cameBack(card.conversation_id, card.handover_id, which, told.trim(), () => write(place, "")))) chosen.value = null;
  };
  return (
    <form
      class="stack no-print"
      onSubmit={(event) => {
        event.preventDefault();
        if (came) void save(came);
      }}
    >
      <fieldset>
        <legend>{m.back_title()}</legend>
        <div class="chips">
          {(Object.keys(backNames) as CameBack[]).map((one) => (
            <label class="chip" key={one}>
              <input type="radio" name={`back-${card.handover_id}`} checked={came === one} onChange={() => (chosen.value = one)} />
              {backNames[one]()}
            </label>
          ))}
        </div>
      </fieldset>
      {came && (
        <>
          <label class="field">
            {m.back_tell()}
            <textarea rows={4} maxLength={LONGEST_TOLD} autocomplete="off" value={told} onInput={(event) => write(place, event.currentTarget.value)} />
            <span class="hint">{m.back_tell_hint()}</span>
          </label>
          <div class="row" role="group" aria-label={m.back_canned()}>
            {languages.map((language) => {
              const text = withReady(told, ready(came, language), all);
              return (
                <button key={language} type="button" class="button plain" disabled={text.length > LONGEST_TOLD} onClick={() => write(place, text)}>
                  {language === locale.value ? m.back_canned_here() : m.back_canned_other()}
                </button>
              );
            })}
          </div>
          <div role="status">{promises(told) && <p class="notice care">{m.back_promise()}</p>}</div>
          <button type="submit" class="button" disabled={busy}>
            {told.trim() ? m.back_save_told() : m.back_save()}
          </button>
        </>
      )}
      <Failed error={error} />
    </form>
  );
}
