import { useEffect, useId, useState } from "preact/hooks";
import { Problem } from "../../../api/problem";
import { ExitHint } from "../../../app/Exit";
import { go } from "../../../app/router";
import { Page, useTask } from "../../../design";
import { m } from "../../../i18n";
import { kindOf, problemText } from "../../../i18n/Problem";
import { online } from "../../../sync/state";
import { shared } from "../../../sync/shared";
import { halfWritten, opened, write } from "../../chat/halfWritten";
import { Closed, Start } from "../../chat/screens/Home";
import { me, storageState, workerState } from "../../identity/queries";
import { comeIn, WORD } from "../actions";
import { linkTo, takeLink } from "../link";
import { CopyLink } from "./CopyLink";

/** Where an officer's link or a poster leads: by the word into the officer's room, and else into a talk that remembers where it came from. */
export function Room() {
  const [link, take] = useState(takeLink);
  // The reason that there is no way in by the word: the server's, or that she has none.
  const [over, end] = useState<string | null>(null);
  useEffect(() => {
    const another = () => {
      take(takeLink());
      end(null);
    };
    addEventListener("hashchange", another);
    return () => removeEventListener("hashchange", another);
  }, []);
  if (me.value && me.value.role !== "youth")
    return (
      <Page title={m.room_title()}>
        <p class="notice">{m.room_officer()}</p>
        <a class="button" href="/desk">
          {m.desk_title()}
        </a>
      </Page>
    );
  if (link?.of === "invite" && over === null) return <Word room={link.room} end={end} />;
  return (
    <main id="main" class="page">
      {link === null ? (
        <p class="notice">{m.room_half()}</p>
      ) : (
        over !== null && (
          <p class="notice" role="status">
            {over === NO_WORD ? m.room_without() : problemText(over)}
          </p>
        )
      )}
      <Inside link={link?.of === "poster" ? linkTo(location.origin, link.room) : undefined} />
      <Start title={link?.of === "poster" ? m.room_poster_title() : m.home_title()} lead={m.home_lead()} room={link?.room} />
      <Closed />
    </main>
  );
}

const NO_WORD = "no-word";
/** The server's no to the link itself; to the word alone it says how many tries are left. */
const OVER = ["room-late", "room-used", "room-closed", "not-found"];

function Word({ room, end }: { room: string; end: (why: string) => void }) {
  const { busy, error, run, clear } = useTask();
  const id = useId();
  const word = halfWritten(WORD);
  const submit = () =>
    void run(async () => {
      await opened;
      try {
        go(`/talk/${await comeIn(room, word.trim())}`, "replace");
      } catch (failure) {
        if (!OVER.includes(kindOf(failure))) throw failure;
        write(WORD, "");
        end(kindOf(failure));
      }
    });
  const left = error instanceof Problem ? error.body.tries_left : undefined;
  return (
    <Page title={m.room_title()} lead={m.room_lead()}>
      <Inside link={linkTo(location.origin, room)} />
      <form
        class="card"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <label class="strong" for={id}>
          {m.room_word()}
        </label>
        <input
          id={id}
          class="word"
          autocomplete="off"
          autocapitalize="none"
          spellcheck={false}
          maxLength={100}
          value={word}
          aria-invalid={kindOf(error) === "word-wrong"}
          aria-describedby={`${id}-told`}
          onInput={(event) => {
            write(WORD, event.currentTarget.value);
            clear();
          }}
        />
        <button type="submit" class="button wide" disabled={busy || word.trim() === ""}>
          {m.room_go()}
        </button>
        <div id={`${id}-told`} role="status" class="block">
          {busy ? (
            <p>{m.room_going()}</p>
          ) : kindOf(error) === "network" || (error === null && !online.value) ? (
            <p class="notice care">{m.room_offline()}</p>
          ) : left !== undefined ? (
            <p class="notice care">{left === 1 ? m.room_wrong_last() : m.room_wrong({ count: left })}</p>
          ) : (
            error !== null && <p class="notice care">{problemText(kindOf(error))}</p>
          )}
        </div>
      </form>
      <ExitHint />
      <button type="button" class="button quiet" onClick={() => end(NO_WORD)}>
        {m.room_no_word()}
      </button>
      <p class="small">
        {m.room_who()} <a href="/who">{m.who_title()}</a>
      </p>
    </Page>
  );
}

/** In a browser inside another app nothing is kept and nobody can be told of an answer: how to get to the real one, while the link still works. */
const Inside = ({ link }: { link: string | undefined }) =>
  shared || (storageState.value === "ok" && workerState.value === "ok") ? null : (
    <details class="card inside">
      <summary>{m.room_inside()}</summary>
      <div class="stack">
        <p>{m.room_inside_text()}</p>
        {link !== undefined && <CopyLink link={link} label={m.room_link()} />}
      </div>
    </details>
  );
