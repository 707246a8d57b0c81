import "../../../design/dialogues.css";
import { NotFetched } from "../../../app/NotFetched";
import { NotHere } from "../../../app/NotHere";
import { Stale } from "../../../app/Stale";
import { Empty, Loading, Page, useLoad, useTask } from "../../../design";
import { m } from "../../../i18n";
import { Failed } from "../../../i18n/Problem";
import { online } from "../../../sync/state";
import { before, dialogues, loadDialogues, type Dialogue } from "../queries";
import { Row } from "./Row";

export { Room } from "./Room";

/** What youths and the patrol talk about live: now, to come, and before. */
export function Dialogues() {
  const more = useTask();
  const { error, load } = useLoad(loadDialogues, [online.value]);
  const list = dialogues.list.value;
  const all = list?.items ?? before.value;
  const parts: [string, Dialogue[]][] = [
    [m.dialogues_live(), all.filter(({ state }) => state === "live")],
    [m.dialogues_coming(), all.filter(({ state }) => state === "announced")],
    [m.dialogues_over(), all.filter(({ state }) => state === "ended" || state === "archived")],
  ];
  return (
    <Page title={m.dialogues_title()} up="/tips" lead={m.dialogues_lead()}>
      {error !== null && (all.length === 0 ? <NotFetched error={error} again={load} /> : <Stale text={m.tips_copy()} again={load} />)}
      {list === null && error === null && all.length === 0 && <Loading />}
      {list?.items.length === 0 && <Empty title={m.dialogues_empty()} text={m.dialogues_empty_text()} />}
      {parts
        .filter(([, items]) => items.length > 0)
        .map(([title, items]) => (
          <section class="block" key={title}>
            <h2>{title}</h2>
            <ul class="rows">
              {items.map((one) => (
                <Row key={one.dialogue_id} dialogue={one} to={`/dialogues/${one.dialogue_id}`} />
              ))}
            </ul>
          </section>
        ))}
      {list?.next !== undefined && (
        <button type="button" class="button plain" disabled={more.busy} onClick={() => void more.run(dialogues.more)}>
          {m.dialogues_more()}
        </button>
      )}
      <Failed error={more.error} />
      <NotHere />
    </Page>
  );
}
