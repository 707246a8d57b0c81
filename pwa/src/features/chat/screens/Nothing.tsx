import { Empty, Loading } from "../../../design";
import { m } from "../../../i18n";
import { homeKnown, looked, self } from "../../../sync/mirror";
import { online } from "../../../sync/state";

/** A talk that shows no words: it has none, it is not there, or nothing is known of it yet. */
export function Nothing({ id, known }: { id: string; known: boolean }) {
  if (looked.value.includes(`conversation:${id}`)) return <Empty title={m.talk_empty()} />;
  if (homeKnown.value && !known)
    return (
      <div role="status">
        {/* A notice may lead here after the phone was emptied. */}
        {self.value === null ? (
          <>
            <Empty title={m.talk_missing()} text={m.talk_missing_nobody()} />
            <a class="button plain" href="/open">
              {m.open_title()}
            </a>
          </>
        ) : (
          <Empty title={m.talk_missing()} text={self.value.role === "youth" ? m.talk_missing_text() : m.desk_missing_text()} />
        )}
      </div>
    );
  if (online.value) return <Loading />;
  return <p class="notice care">{m.talk_unknown()}</p>;
}
