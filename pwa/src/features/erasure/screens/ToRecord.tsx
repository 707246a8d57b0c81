import { Icon } from "../../../design";
import { m } from "../../../i18n";
import { when } from "../../../i18n/time";
import { me } from "../../identity/queries";
import { recordTitles } from "./titles";
import { undecided, type RecordRow, type SubjectKind } from "../queries";

/** At the foot of a talk or a report at the desk: the way to its record, and that a youth waits for a decision on it. */
export const ToRecord = ({ kind, id, row }: { kind: SubjectKind; id: string; row: RecordRow }) => {
  const to = `/desk/${kind === "conversation" ? "talk" : "report"}/${id}/record`;
  return (
    <>
      {undecided(row) && (
        <div class="notice care">
          <p>{m.record_asked({ when: when(row.erasure_asked_at ?? "") })}</p>
          {me.value?.role === "lead" ? (
            <a class="button plain" href={to}>
              {m.record_decide()}
            </a>
          ) : (
            <p class="small">{m.record_lead_decides()}</p>
          )}
        </div>
      )}
      <ul class="menu">
        <li>
          <a href={to}>
            {recordTitles[kind]()}
            <Icon name="next" />
          </a>
        </li>
      </ul>
    </>
  );
};
