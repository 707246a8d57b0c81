import type { ComponentChildren } from "preact";
import { NotFetched } from "../../../app/NotFetched";
import { Stale } from "../../../app/Stale";
import { Empty, Loading, useTask } from "../../../design";
import { m } from "../../../i18n";
import { Failed } from "../../../i18n/Problem";
import type { Paged } from "../../../sync/paged";
import type { Idea } from "../queries";

interface Listed {
  of: Paged<Idea>;
  /** What stands when the server is not heard. */
  before?: Idea[];
  error: unknown;
  again: () => void;
  empty: string;
  row: (idea: Idea) => ComponentChildren;
}

/** A list of ideas, page by page, in each state that a list can be in. */
export function IdeaList({ of, before = [], error, again, empty, row }: Listed) {
  const more = useTask();
  const list = of.list.value;
  const items = list?.items ?? before;
  return (
    <>
      {error !== null && (items.length === 0 ? <NotFetched error={error} again={again} /> : <Stale text={m.tips_copy()} again={again} />)}
      {list === null && error === null && items.length === 0 && <Loading />}
      {list?.items.length === 0 && empty !== "" && <Empty title={empty} />}
      {items.length > 0 && <ul class="rows">{items.map(row)}</ul>}
      {list?.next !== undefined && (
        <button type="button" class="button plain" disabled={more.busy} onClick={() => void more.run(of.more)}>
          {m.ideas_more()}
        </button>
      )}
      <Failed error={more.error} />
    </>
  );
}
