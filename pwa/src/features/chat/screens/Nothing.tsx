import { Empty, Loading } from "../../../design";
import { m } from "../../../i18n";
import { Problem } from "../../../i18n/Problem";
import { homeKnown, looked } from "../../../sync/mirror";
import { online } from "../../../sync/state";

/** A talk that shows no words: it has none, it is not there, or nothing is known of it yet. */
export function Nothing({ id, known }: { id: string; known: boolean }) {
  if (looked.value.includes(`conversation:${id}`)) return <Empty title={m.talk_empty()} />;
  if (homeKnown.value && !known)
    return (
      <p class="notice care" role="status">
        <Problem kind="not-found" />
      </p>
    );
  if (online.value) return <Loading />;
  return <p class="notice care">{m.talk_unknown()}</p>;
}
