import type { Board as Told } from "../../../api/wire";
import { NotFetched } from "../../../app/NotFetched";
import { Empty, Icon, Lamp, Loading, Page, useLoad } from "../../../design";
import { m } from "../../../i18n";
import { clock, until } from "../../../i18n/time";
import { online } from "../../../sync/state";
import { closedWords } from "../../quarters/screens/Opening";
import { useLook } from "../../quarters/useLook";
import { board, loadBoard } from "../queries";

const LOOK_MS = 30_000;

type Quarter = Told["now"][number]["quarters"][number];

/** Where the patrol is now and next, for anyone. Which of its quarters it is in at the moment nobody is told. */
export function Board() {
  const { error, load } = useLoad(loadBoard, [online.value]);
  useLook(LOOK_MS, loadBoard);
  const told = error === null ? board.value : null;
  return (
    <Page title={m.board_title()} up="/more" lead={m.board_lead()}>
      {error !== null && <NotFetched error={error} again={load} />}
      {told === null && error === null && <Loading />}
      {told !== null && (
        <>
          <section class="block">
            <h2>{m.board_now()}</h2>
            {told.now.length === 0 ? (
              <Empty title={m.board_nobody()} text={m.board_nobody_text()} />
            ) : (
              <ul class="rows" aria-live="polite">
                {told.now.map(({ numbers, quarters }) => (
                  <li class="tip" key={numbers.join()}>
                    <div class="row">
                      {numbers.map((number) => (
                        <Lamp key={number} number={number} />
                      ))}
                      <b>{m.board_officers({ numbers: numbers.join(", ") })}</b>
                    </div>
                    <Quarters quarters={quarters} />
                  </li>
                ))}
              </ul>
            )}
          </section>
          {told.next !== undefined && (
            <section class="block">
              <h2>{m.board_next()}</h2>
              <p class="strong">{m.board_next_when({ from: until(told.next.starts_at), to: clock(told.next.ends_at) })}</p>
              <Quarters quarters={told.next.quarters} />
            </section>
          )}
          <section class="block">
            <h2>{m.board_chat()}</h2>
            <p>{chatWords(told.chat)}</p>
            <a class="button wide" href="/">
              <Icon name="talk" />
              {m.board_write()}
            </a>
          </section>
        </>
      )}
    </Page>
  );
}

/** Open and somebody being there are two facts. */
function chatWords({ open, staffed, open_until, next_opening }: Told["chat"]): string {
  if (!open) return closedWords(next_opening === undefined ? {} : { next_opening });
  if (!staffed) return m.open_unstaffed();
  return open_until === undefined ? m.open_staffed() : m.board_chat_until({ when: until(open_until) });
}

const Quarters = ({ quarters }: { quarters: Quarter[] }) => (
  <ul class="prose">
    {quarters.map(({ name, platform, account }) => (
      <li key={`${platform}/${account}`}>{name === undefined ? m.board_account({ platform, account }) : m.board_quarter({ name, platform, account })}</li>
    ))}
  </ul>
);
