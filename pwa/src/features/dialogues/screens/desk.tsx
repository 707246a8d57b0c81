import "../../../design/dialogues.css";
import { NotFetched } from "../../../app/NotFetched";
import { Empty, Icon, Loading, Page, useLoad, useTask } from "../../../design";
import { m } from "../../../i18n";
import { Failed } from "../../../i18n/Problem";
import { homePos } from "../../../sync/mirror";
import { online } from "../../../sync/state";
import { announcing, before, dialogues, loadDialogues } from "../queries";
import { Row } from "./Row";
import { titleOf } from "./words";

export { Seats } from "./Seats";
export { ChangeDialogue, NewDialogue } from "./Write";

/** All dialogues, as officers come to them. */
export function DeskDialogues() {
  const more = useTask();
  const { error, load } = useLoad(loadDialogues, [homePos.value, online.value]);
  const list = dialogues.list.value;
  const all = list?.items ?? before.value;
  const listed = new Set(all.map(({ dialogue_id }) => dialogue_id));
  const going = announcing.value.filter(({ refused, body }) => !refused && !listed.has(body.dialogue_id));
  return (
    <Page title={m.dialogues_desk()} up="/desk/tip">
      <a class="button" href="/desk/dialogues/new">
        {m.dialogue_new()}
        <Icon name="next" />
      </a>
      {announcing.value.some(({ refused }) => refused) && (
        <p class="notice care" role="alert">
          <span>
            {m.dialogue_refused()} <a href="/desk/dialogues/new">{m.dialogue_refused_edit()}</a>
          </span>
        </p>
      )}
      {error !== null && <NotFetched error={error} again={load} />}
      {list === null && error === null && all.length === 0 && <Loading />}
      {list?.items.length === 0 && going.length === 0 && <Empty title={m.dialogues_empty()} />}
      <ul class="rows">
        {going.map(({ action_id, body }) => (
          <li class="tip" key={action_id}>
            <span class="tag">{m.planned_going()}</span>
            <p lang={titleOf(body).lang}>{titleOf(body).text}</p>
          </li>
        ))}
        {all.map((one) => (
          <Row key={one.dialogue_id} dialogue={one} to={`/desk/dialogues/${one.dialogue_id}`} />
        ))}
      </ul>
      {list?.next !== undefined && (
        <button type="button" class="button plain" disabled={more.busy} onClick={() => void more.run(dialogues.more)}>
          {m.dialogues_more()}
        </button>
      )}
      <Failed error={more.error} />
    </Page>
  );
}
