import { useSignal } from "@preact/signals";
import { NotFetched } from "../../../app/NotFetched";
import { NotHere } from "../../../app/NotHere";
import { Empty, Icon, Lamp, Loading, Page } from "../../../design";
import { m } from "../../../i18n";
import { me } from "../../identity/queries";
import { hasFilm } from "../film";
import { isThere, room, trouble, viewers, type Dialogue, type Room as At } from "../queries";
import { Archive } from "./Archive";
import { Ask } from "./Ask";
import { FiguresFold } from "./Figures";
import { Film, type Jump } from "./Film";
import { Own } from "./Own";
import { RoomPolls } from "./Polls";
import { Pinned, Questions } from "./Questions";
import { Remind } from "./Remind";
import { Known, useRoom } from "./useRoom";
import { aboutOf, timeWords, titleOf } from "./words";

/** One dialogue: before it begins, while it goes on, and afterwards. No account is needed to follow. */
export function Room({ id }: { id: string }) {
  const again = useRoom(id);
  const at = room.value;
  const up = me.value === null || me.value.role === "youth" ? "/dialogues" : "/desk/dialogues";
  if (!isThere.value || at?.dialogue.dialogue_id !== id)
    return (
      <Page title={isThere.value ? m.dialogues_title() : m.dialogue_gone()} up={up}>
        {!isThere.value ? <Empty title={m.dialogue_gone_text()} /> : trouble.value ? <NotFetched error={trouble.value} again={again} /> : <Loading />}
        <a class="button plain" href="/dialogues">
          {m.dialogues_all()}
          <Icon name="next" />
        </a>
        <NotHere />
      </Page>
    );
  const { dialogue } = at;
  return (
    <Page title={titleOf(dialogue).text} up={up}>
      <Head dialogue={dialogue} />
      <Known again={again} />
      {dialogue.state === "archived" ? <Archive at={at} /> : <Going at={at} />}
      {dialogue.state === "archived" && <Mine at={at} />}
      <Officers dialogue={dialogue} />
      <section class="dialogue-private unprinted">
        <a class="button plain wide" href="/">
          <Icon name="talk" />
          {m.dialogue_private()}
        </a>
        <p class="small">{m.dialogue_private_text()}</p>
      </section>
      <NotHere />
    </Page>
  );
}

/** When it is, who sits there, and how many follow. */
function Head({ dialogue }: { dialogue: Dialogue }) {
  const about = aboutOf(dialogue);
  const { speaker, reader, state } = dialogue;
  return (
    <>
      <p class="dialogue-facts">
        <span class={state === "live" ? "line live" : "line"}>{timeWords(dialogue)}</span>
        {state === "live" && viewers.value !== null && <span class="small">{m.dialogue_viewers({ count: viewers.value })}</span>}
      </p>
      {(speaker !== undefined || reader !== undefined) && (
        <ul class="dialogue-hosts">
          {speaker !== undefined && <Host number={speaker} words={m.dialogue_speaks({ number: speaker })} />}
          {reader !== undefined && <Host number={reader} words={m.dialogue_reads({ number: reader })} />}
        </ul>
      )}
      {about.text !== "" && (
        <p class="dialogue-about" lang={about.lang}>
          {about.text}
        </p>
      )}
    </>
  );
}

const Host = ({ number, words }: { number: string; words: string }) => (
  <li>
    <Lamp number={number} />
    <span>{words}</span>
  </li>
);

function Going({ at }: { at: At }) {
  const { dialogue } = at;
  const { state } = dialogue;
  const jump = useSignal<Jump | null>(null);
  const over = state === "ended";
  return (
    <>
      {hasFilm(dialogue) && state !== "announced" && <Film dialogue={dialogue} jump={jump} />}
      {state === "announced" && <Remind dialogue={dialogue} />}
      {over && <p class="notice">{dialogue.opened_at === undefined ? m.dialogue_never_text() : m.dialogue_over_text()}</p>}
      <RoomPolls polls={at.polls} over={over} />
      <Pinned at={at} jump={jump} />
      <Mine at={at} />
      {state !== "announced" && <Questions at={at} jump={jump} />}
    </>
  );
}

const Mine = ({ at: { dialogue, questions } }: { at: At }) => (
  <>
    <Ask dialogue={dialogue} />
    <Own dialogue={dialogue} questions={questions} />
  </>
);

/** For who serves: the way to the seats, and what it came to. */
function Officers({ dialogue }: { dialogue: Dialogue }) {
  const role = me.value?.role;
  if (role === undefined || role === "youth" || role === "admin") return null;
  return (
    <div class="stack unprinted">
      {role !== "evaluator" && (
        <a class="button plain" href={`/desk/dialogues/${dialogue.dialogue_id}`}>
          {m.seat_go()}
          <Icon name="next" />
        </a>
      )}
      {dialogue.opened_at !== undefined && <FiguresFold dialogue={dialogue} />}
    </div>
  );
}
