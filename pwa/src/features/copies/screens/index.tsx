import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { Icon, Loading, Page, useTask } from "../../../design";
import { NotFetched } from "../../../app/NotFetched";
import { m } from "../../../i18n";
import { Failed } from "../../../i18n/Problem";
import { lastWords, readable } from "../../../i18n/readable";
import { sizeWords } from "../../../i18n/size";
import { age, when } from "../../../i18n/time";
import { visible } from "../../../sync/state";
import { conversations } from "../../chat/queries";
import { askedOf, ownQuestion, recordOf, type SubjectKind } from "../../erasure/queries";
import { me } from "../../identity/queries";
import { ForgetPhone, forgottenWords } from "../../identity/screens/ForgetPhone";
import { reports } from "../../reports/queries";
import { askForCopy, fetchCopy, getCopy } from "../actions";

type State = Awaited<ReturnType<typeof getCopy>>;
/** How often it is asked whether the copy is ready, while somebody looks. */
const LOOK_MS = 3000;

/** Everything that is kept of her, as one file: asked for, waited for, and fetched. */
function Copy() {
  const copy = useSignal<State>(null);
  const known = useSignal(false);
  const fetched = useSignal<"" | "gone" | "kept">("");
  const look = useTask();
  const act = useTask();
  const load = () =>
    look.run(async () => {
      copy.value = await getCopy();
      known.value = true;
    });
  const state = copy.value?.state;
  useEffect(() => {
    void load();
  }, []);
  useEffect(() => {
    if (state !== "being-made" || !visible.value) return;
    const again = setInterval(() => void load(), LOOK_MS);
    return () => clearInterval(again);
  }, [state, visible.value]);

  const ask = () =>
    void act.run(async () => {
      copy.value = await askForCopy();
      fetched.value = "";
    });
  const fetch = () =>
    void act.run(async () => {
      try {
        fetched.value = (await fetchCopy()) ? "gone" : "kept";
      } finally {
        await load();
      }
    });

  return (
    <section class="card">
      <h2>{m.copy_title()}</h2>
      <p>{m.copy_lead()}</p>
      {look.busy && !known.value && <Loading />}
      {look.error !== null && <NotFetched error={look.error} again={() => void load()} />}
      <div role="status" class="asked">
        {fetched.value ? (
          <p class={fetched.value === "gone" ? "notice strong" : "notice"}>{fetched.value === "gone" ? m.copy_fetched() : m.copy_fetched_kept()}</p>
        ) : state === "being-made" ? (
          <p class="notice">{m.copy_being_made()}</p>
        ) : state === "ready" && copy.value ? (
          <div class="notice">
            <p class="strong">{m.copy_ready({ size: sizeWords(copy.value.size ?? 0) })}</p>
            <p>{m.copy_until({ when: when(copy.value.expires_at ?? "") })}</p>
          </div>
        ) : (
          state === "ended" && <p class="notice">{m.copy_ended()}</p>
        )}
      </div>
      {known.value && (
        <>
          <p class="small">{m.copy_where()}</p>
          {state === "ready" ? (
            <button type="button" class={fetched.value ? "button plain" : "button"} disabled={act.busy} onClick={fetch}>
              {act.busy ? m.copy_fetching() : fetched.value ? m.copy_fetch_again() : m.copy_fetch()}
            </button>
          ) : (
            state !== "being-made" && (
              <button type="button" class="button" disabled={act.busy} onClick={ask}>
                {copy.value ? m.copy_again() : m.copy_ask()}
              </button>
            )
          )}
        </>
      )}
      <Failed error={act.error} />
    </section>
  );
}

/** A talk or a report, and what has become of the question whether it can be taken away. */
function Mine({ kind, id, words, at }: { kind: SubjectKind; id: string; words: string; at: string }) {
  const { state } = askedOf(recordOf(kind, id), ownQuestion(kind, id));
  const asked = state === "not-asked" ? null : state === "kept" ? m.data_kept() : state === "needs-attention" ? m.asked_attention() : m.data_asked();
  return (
    <li>
      <a href={`/${kind === "conversation" ? "talk" : "report"}/${id}/remove`}>
        <span class="talk-row-words">
          <span class="one-line">{words}</span>
          <small>{asked ?? `${kind === "conversation" ? m.talk_title() : m.report_title()} · ${age(at)}`}</small>
        </span>
        <Icon name="next" />
      </a>
    </li>
  );
}

/** Three things apart: to have it, to ask the police to let it go, and to take it off this phone. */
export function MyData() {
  const forgotten = useSignal(false);
  if (!me.value)
    return (
      <Page title={m.data_title()} up="/more">
        <p class="notice" role="status">
          {forgotten.value ? forgottenWords() : m.copy_none()}
        </p>
      </Page>
    );
  const any = conversations.value.length + reports.value.length > 0;
  return (
    <Page title={m.data_title()} up="/more">
      <Copy />
      {any && (
        <section class="card">
          <h2>{m.remove_ask()}</h2>
          <p>{m.remove_ask_text()}</p>
          <ul class="menu mine">
            {conversations.value.map((talk) => (
              <Mine key={talk.conversation_id} kind="conversation" id={talk.conversation_id} words={lastWords(talk)} at={talk.last_at} />
            ))}
            {reports.value.map((report) => (
              <Mine key={report.report_id} kind="report" id={report.report_id} words={readable(report.what)} at={report.recorded_at} />
            ))}
          </ul>
        </section>
      )}
      <div class="card">
        <ForgetPhone onForget={() => (forgotten.value = true)} />
      </div>
    </Page>
  );
}
