import { NotFetched } from "../../../app/NotFetched";
import { Refused } from "../../../app/Refused";
import { Confirm, Empty, Icon, Lamp, Loading, Page, useLoad, useTask } from "../../../design";
import { m } from "../../../i18n";
import { Failed } from "../../../i18n/Problem";
import { homePos } from "../../../sync/mirror";
import { attention } from "../../../sync/state";
import { me } from "../../identity/queries";
import { archiveRoom, endRoom, openRoom, sit, slow } from "../actions";
import { markOf } from "../marks";
import { box, isGoing, isThere, lookAgain, markHere, room, trouble, viewers, type Dialogue, type Seat } from "../queries";
import { BoxOfQuestions, tab } from "./Box";
import { FiguresFold } from "./Figures";
import { SetFilm } from "./SetFilm";
import { Speaker } from "./Speaker";
import { Known, useRoom } from "./useRoom";
import { useClock } from "./useSeconds";
import { seatNames, timeWords, titleOf } from "./words";

const SEATS: Seat[] = ["speaker", "reader"];
/** How long each device waits between two questions. */
const PACES = [0, 15, 30, 60, 120, 300];

/** Which seat this officer has. */
const ownSeat = (dialogue: Dialogue): Seat | undefined => SEATS.find((seat) => dialogue[seat] !== undefined && dialogue[seat] === me.value?.public_number);

/** One dialogue from its two seats, on a phone. */
export function Seats({ id }: { id: string }) {
  const again = useRoom(id);
  const at = room.value?.dialogue.dialogue_id === id ? room.value : null;
  // The desk hears of what a colleague does; what was refused for it is seen as it is now.
  const refused = attention.value.filter(({ lane }) => lane === `dialogue:${id}`).length;
  useLoad(() => lookAgain(id), [id, homePos.value, refused]);
  if (!at)
    return (
      <Page title={m.dialogues_desk()} up="/desk/dialogues">
        {!isThere.value ? <Empty title={m.dialogue_gone_text()} /> : trouble.value ? <NotFetched error={trouble.value} again={again} /> : <Loading />}
      </Page>
    );
  const { dialogue } = at;
  const own = ownSeat(dialogue);
  const may = own !== undefined || me.value?.role === "lead";
  const { state } = dialogue;
  return (
    <Page title={titleOf(dialogue).text} up="/desk/dialogues">
      <State dialogue={dialogue} />
      <Known again={again} />
      <Refused lane={`dialogue:${id}`} />
      {(state === "announced" || state === "live") && <SeatRows dialogue={dialogue} />}
      {state === "announced" && <Before dialogue={dialogue} />}
      {state === "ended" && <After dialogue={dialogue} />}
      {own === "speaker" && state === "live" && <Speaker dialogue={dialogue} />}
      {state !== "announced" && <BoxOfQuestions at={at} may={may} own={own} />}
      {state === "live" && <Running dialogue={dialogue} may={may} />}
      {may && <SetFilm key={id} dialogue={dialogue} />}
      {dialogue.opened_at !== undefined && <FiguresFold dialogue={dialogue} />}
      <a class="button plain" href={`/dialogues/${id}`}>
        {m.seat_as_youth()}
        <Icon name="next" />
      </a>
    </Page>
  );
}

/** Where it stands; while it goes on the time that a mark would have now. */
function State({ dialogue }: { dialogue: Dialogue }) {
  const live = dialogue.state === "live";
  useClock(live);
  return (
    <p class="dialogue-facts">
      <span class={live ? "line live" : "line"}>{timeWords(dialogue)}</span>
      {live && <span class="seat-clock">{markOf(markHere(dialogue))}</span>}
      {live && viewers.value !== null && <span class="small">{m.dialogue_viewers({ count: viewers.value })}</span>}
    </p>
  );
}

function SeatRows({ dialogue }: { dialogue: Dialogue }) {
  return (
    <ul class="rows">
      {SEATS.map((seat) => (
        <SeatRow key={seat} dialogue={dialogue} seat={seat} />
      ))}
    </ul>
  );
}

function SeatRow({ dialogue, seat }: { dialogue: Dialogue; seat: Seat }) {
  const { busy, error, run } = useTask();
  const holder = dialogue[seat];
  const mine = holder !== undefined && holder === me.value?.public_number;
  const going = isGoing(dialogue.dialogue_id);
  const take = () => void run(() => sit(dialogue, seat, true));
  return (
    <li class="seat-row">
      {holder === undefined ? <span class="seat-empty" aria-hidden="true" /> : <Lamp number={holder} />}
      <span class="seat-words">
        <b>{seatNames[seat]()}</b>
        <small>{holder === undefined ? m.seat_free() : mine ? m.seat_yours() : m.officer({ number: holder })}</small>
      </span>
      {mine ? (
        <button type="button" class="button plain" disabled={busy || going} onClick={() => void run(() => sit(dialogue, seat, false))} aria-label={`${m.seat_leave()}: ${seatNames[seat]()}`}>
          {m.seat_leave()}
        </button>
      ) : holder === undefined ? (
        <button type="button" class="button" disabled={busy || going} onClick={take} aria-label={`${m.seat_take()}: ${seatNames[seat]()}`}>
          {m.seat_take()}
        </button>
      ) : (
        me.value?.role === "lead" && (
          <Confirm label={m.seat_take_over()} name={`${m.seat_take_over()}: ${seatNames[seat]()}`} ask={m.seat_take_over_ask({ number: holder })} yes={m.seat_take_over()} busy={busy || going} onYes={take} />
        )
      )}
      <Failed error={error} />
    </li>
  );
}

function Before({ dialogue }: { dialogue: Dialogue }) {
  const { busy, error, run } = useTask();
  const going = busy || isGoing(dialogue.dialogue_id);
  return (
    <div class="block">
      <Confirm label={m.seat_open()} ask={m.seat_open_ask()} yes={m.seat_open()} busy={going} onYes={() => void run(() => openRoom(dialogue))} />
      <a class="button plain" href={`/desk/dialogues/${dialogue.dialogue_id}/change`}>
        {m.dialogue_change()}
      </a>
      <Confirm quiet label={m.seat_cancel()} ask={m.seat_cancel_ask()} yes={m.seat_cancel()} busy={going} onYes={() => void run(() => endRoom(dialogue))} />
      <Failed error={error} />
    </div>
  );
}

/** How fast questions come, and the end. */
function Running({ dialogue, may }: { dialogue: Dialogue; may: boolean }) {
  const { busy, error, run } = useTask();
  const going = busy || isGoing(dialogue.dialogue_id);
  const { slow_seconds } = dialogue;
  return (
    <section class="block" aria-label={m.seat_room()}>
      <h2>{m.seat_room()}</h2>
      {may && (
        <label class="field">
          {m.seat_slow()}
          <span class="hint">{m.seat_slow_hint()}</span>
          <select value={String(slow_seconds)} disabled={going} onChange={(event) => void run(() => slow(dialogue, Number(event.currentTarget.value)))}>
            {[...new Set([...PACES, slow_seconds])]
              .sort((a, b) => a - b)
              .map((seconds) => (
                <option key={seconds} value={String(seconds)}>
                  {seconds === 0 ? m.seat_slow_off() : m.seat_slow_seconds({ count: seconds })}
                </option>
              ))}
          </select>
        </label>
      )}
      <Confirm label={m.seat_end()} ask={m.seat_end_ask()} yes={m.seat_end()} busy={going} onYes={() => void run(() => endRoom(dialogue))} />
      <Failed error={error} />
    </section>
  );
}

/** Into the archive once nothing that is shown lacks its answer. */
function After({ dialogue }: { dialogue: Dialogue }) {
  const { busy, error, run } = useTask();
  const left = box(dialogue.dialogue_id, "shown").list.value?.items.length ?? 0;
  if (dialogue.opened_at === undefined) return null;
  return (
    <div class="block">
      {left > 0 ? (
        <p class="notice care">
          <span>{m.seat_unanswered({ count: left })}</span>
          <button type="button" class="button plain" onClick={() => (tab.value = "shown")}>
            {m.seat_unanswered_go()}
          </button>
        </p>
      ) : (
        <Confirm label={m.seat_archive()} ask={m.seat_archive_ask()} yes={m.seat_archive()} busy={busy || isGoing(dialogue.dialogue_id)} onYes={() => void run(() => archiveRoom(dialogue))} />
      )}
      <Failed error={error} />
    </div>
  );
}
