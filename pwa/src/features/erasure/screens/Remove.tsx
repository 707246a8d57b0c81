import { useComputed, useSignal } from "@preact/signals";
import { Confirm, Page, useTask } from "../../../design";
import { m } from "../../../i18n";
import { Failed } from "../../../i18n/Problem";
import { kept } from "../../../app/kept";
import { Refused } from "../../../app/Refused";
import { ForgetPhone, forgottenWords } from "../../identity/screens/ForgetPhone";
import { askErasure } from "../actions";
import { outbox } from "../../../sync/mirror";
import { arrived, askedOf, askKind, laneOf, ownQuestion, recordOf, type SubjectKind } from "../queries";
import { Asked } from "./Asked";

const names = { conversation: [m.talk_remove, m.talk_missing, "/talk/"], report: [m.report_remove, m.report_missing, "/report/"] } as const;

/** Two things that are easily taken for one: what this phone keeps is hers to take away, what came to the police is not. */
function Remove({ kind, id }: { kind: SubjectKind; id: string }) {
  const record = useComputed(() => recordOf(kind, id)).value;
  const forgotten = useSignal(false);
  const { busy, error, run } = useTask();
  const asked = askedOf(record, ownQuestion(kind, id)).state;
  const [title, missing, place] = names[kind];
  const there = arrived(kind, id);
  const refused = outbox.value.some((row) => row.lane === laneOf(kind, id) && row.kind !== askKind(kind) && row.state === "attention");
  const ask = () => void run(() => askErasure(kind, id));

  if (!record)
    return (
      <Page title={title()} up={forgotten.value ? "/" : `${place}${id}`}>
        <p class="notice strong" role="status">
          {forgotten.value ? forgottenWords() : missing()}
        </p>
      </Page>
    );
  return (
    <Page title={title()} up={`${place}${id}`} lead={there ? m.remove_lead() : kept(m.remove_lead_here)}>
      <section class="card">
        <h2>{m.remove_ask_title()}</h2>
        {!there ? (
          <p>{refused ? m.remove_ask_not_there() : m.remove_ask_not_yet()}</p>
        ) : (
          <>
            <Asked kind={kind} id={id} />
            <p>{m.remove_ask_text()}</p>
            <p>{m.remove_ask_yes_text()}</p>
            {(asked === "not-asked" || asked === "kept") && !busy && (
              <div>
                <Confirm
                  label={asked === "kept" ? m.remove_again() : m.remove_ask()}
                  ask={m.remove_ask_sure()}
                  yes={m.remove_ask_sure_yes()}
                  onYes={ask}
                />
              </div>
            )}
          </>
        )}
        <Refused lane={laneOf(kind, id)} only={askKind(kind)} />
        <Failed error={error} />
      </section>
      <div class="card">
        <ForgetPhone onForget={() => (forgotten.value = true)}>
          <p>{m.remove_here_all()}</p>
        </ForgetPhone>
      </div>
    </Page>
  );
}

export const RemoveTalk = ({ id }: { id: string }) => <Remove kind="conversation" id={id} />;
export const RemoveReport = ({ id }: { id: string }) => <Remove kind="report" id={id} />;
