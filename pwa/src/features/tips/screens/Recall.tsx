import { useSignal } from "@preact/signals";
import { NotFetched } from "../../../app/NotFetched";
import { Loading, Page, useLoad, useTask } from "../../../design";
import { m } from "../../../i18n";
import { Failed, Problem, problemText } from "../../../i18n/Problem";
import { when } from "../../../i18n/time";
import { homePos } from "../../../sync/mirror";
import { online } from "../../../sync/state";
import { halfForm, keepForm } from "../../chat/halfForm";
import { write } from "../../chat/halfWritten";
import { dropTip, recallTip } from "../actions";
import { texts, toCorrection, tooLong, type CorrectionDraft } from "../draft";
import { loadPlannedTip, planned, recalls, type PlannedTip } from "../queries";
import { useCounties } from "./counties";
import { For, timeWords } from "./Planned";
import { Sums, useSums } from "./Sums";
import { toldWords } from "./sumWords";
import { Texts } from "./Texts";

const blank: CorrectionDraft = { text: "", text_en: "", text_easy: "" };
const placeOf = (tip_id: string): string => `tip-recall/${tip_id}`;

/** Takes a tip back: what that means is said before, what became of it after. */
export function RecallTip({ id }: { id: string }) {
  const read = useSignal(false);
  const { counties } = useCounties();
  const { error, load } = useLoad(async () => (await loadPlannedTip(id), (read.value = true)), [id, homePos.value, online.value]);
  const one = planned.value?.items.find(({ tip }) => tip.tip_id === id);
  return (
    <Page title={m.recall_title()} up="/desk/tips">
      {one === undefined ? (
        error !== null ? (
          <NotFetched error={error} again={load} />
        ) : read.value ? (
          <p class="notice">{problemText("not-found")}</p>
        ) : (
          <Loading />
        )
      ) : (
        <>
          <div class="tip">
            <For of={{ ...one, ...one.tip }} counties={counties} />
            {one.tip.recalled_at !== undefined && (
              <p class="small strong">{m.planned_recalled_by({ when: when(one.tip.recalled_at), number: one.recalled_by ?? "" })}</p>
            )}
            <p lang="sv">{one.tip.text}</p>
            <p class="small">{timeWords(one)}</p>
          </div>
          <Outcome one={one} />
        </>
      )}
    </Page>
  );
}

/** Where it stands decides what can be done. */
function Outcome({ one }: { one: PlannedTip }) {
  const { tip, state } = one;
  const own = recalls.value.filter(({ body }) => body.tip_id === tip.tip_id);
  const refused = own.filter((row) => row.refused);
  if (state === "recalled")
    return (
      <>
        <RefusedRecalls rows={refused} />
        <p class="notice good" role="status">
          {m.recall_done()}
        </p>
        <Sums tip_id={tip.tip_id} what={homePos.value} />
      </>
    );
  if (state === "expired")
    return (
      <>
        <RefusedRecalls rows={refused} />
        <p class="notice">{m.recall_over()}</p>
      </>
    );
  if (own.length > refused.length)
    return (
      <p class="notice" role="status">
        {online.value ? m.recall_going() : m.recall_going_here()}
      </p>
    );
  return <Form one={one} refused={refused} />;
}

type Row = (typeof recalls.value)[number];

/** What was refused is seen before it goes; where it can still be said, its words go back into the form. */
function RefusedRecalls({ rows, edit }: { rows: Row[]; edit?: (draft: CorrectionDraft) => void }) {
  const { busy, error, run } = useTask();
  const drop = ({ action_id, body: { correction, correction_en = "", correction_easy = "" } }: Row) =>
    void run(async () => {
      edit?.({ text: correction, text_en: correction_en, text_easy: correction_easy });
      await dropTip(action_id);
    });
  return (
    <>
      {rows.map((row) => (
        <div key={row.action_id} class="notice care" role="alert">
          <p>
            <b>{m.recall_refused()}</b> <Problem kind={row.problem_kind} />
          </p>
          <blockquote>{row.body.correction}</blockquote>
          <button type="button" class="button plain" disabled={busy} onClick={() => drop(row)}>
            {edit ? m.recall_edit() : m.act_refused_seen()}
          </button>
        </div>
      ))}
      <Failed error={error} />
    </>
  );
}

function Form({ one: { tip, state }, refused }: { one: PlannedTip; refused: Row[] }) {
  const place = placeOf(tip.tip_id);
  const draft = { ...blank, ...halfForm<Partial<CorrectionDraft>>(place) };
  const needed = useSignal(false);
  const { busy, error, run } = useTask();
  const long = texts.some((name) => tooLong(draft[name]));
  const send = async () => {
    needed.value = draft.text.trim() === "";
    if (needed.value || long) return;
    if (await run(() => recallTip({ tip_id: tip.tip_id, expected_revision: tip.revision, ...toCorrection(draft) }))) write(place, "");
  };
  return (
    <>
      <RefusedRecalls rows={refused} edit={(words) => keepForm(place, words)} />
      {state === "planned" ? <p class="notice">{m.recall_means_planned()}</p> : <Told tip_id={tip.tip_id} />}
      <form
        class="block questions"
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        <Texts
          names={{ text: m.recall_text(), text_easy: m.recall_text_easy(), text_en: m.recall_text_en() }}
          of={draft}
          onWrite={(name, text) => keepForm(place, { ...draft, [name]: text })}
        />
        <div role="status">{needed.value && draft.text.trim() === "" && <p class="wrong">{m.recall_needed()}</p>}</div>
        <Failed error={error} />
        <button type="submit" class="button wide" disabled={busy || long}>
          {m.recall_yes()}
        </button>
      </form>
    </>
  );
}

/** How many have had it, and that what shows can only be covered: before it is pressed. */
function Told({ tip_id }: { tip_id: string }) {
  const { sums, error } = useSums(tip_id, homePos.value);
  if (sums === null && error === null) return <Loading />;
  return (
    <div class="notice care">
      <p class="strong">{toldWords(sums)}</p>
      <p>{m.recall_means()}</p>
    </div>
  );
}
