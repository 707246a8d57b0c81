import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { Loading, Page, Trouble, useTask } from "../../../design";
import { locale, m } from "../../../i18n";
import { Failed } from "../../../i18n/Problem";
import { when } from "../../../i18n/time";
import { visible } from "../../../sync/state";
import { me } from "../../identity/queries";
import { askForCopy, fetchCopy, getCopy } from "../actions";

type State = Awaited<ReturnType<typeof getCopy>>;
/** How often it is asked whether the copy is ready, while somebody looks. */
const LOOK_MS = 3000;

/** "1,4 MB": a size as the phone's own lists say it. */
const sizeOf = (bytes: number): string => {
  const [value, unit] = bytes < 1_000_000 ? [Math.max(1, bytes / 1000), "kilobyte"] : [bytes / 1_000_000, "megabyte"];
  return new Intl.NumberFormat(locale.value === "sv" ? "sv-SE" : "en-GB", { style: "unit", unit, maximumFractionDigits: value < 10 ? 1 : 0 }).format(value);
};

/** Everything that is kept of her, as one file: asked for, waited for, and fetched once. */
export function Copy() {
  const copy = useSignal<State>(null);
  const known = useSignal(false);
  const fetched = useSignal(false);
  const look = useTask();
  const act = useTask();
  const load = () =>
    look.run(async () => {
      copy.value = await getCopy();
      known.value = true;
    });
  const state = copy.value?.state;
  useEffect(() => {
    if (me.value) void load();
  }, [me.value?.account_id]);
  useEffect(() => {
    if (state !== "being-made" || !visible.value) return;
    const again = setInterval(() => void load(), LOOK_MS);
    return () => clearInterval(again);
  }, [state, visible.value]);

  const ask = () =>
    void act.run(async () => {
      copy.value = await askForCopy();
      fetched.value = false;
    });
  const fetch = () =>
    void act.run(async () => {
      try {
        await fetchCopy();
        fetched.value = true;
      } finally {
        await load();
      }
    });

  if (!me.value)
    return (
      <Page title={m.copy_title()} up="/more" lead={m.copy_lead()}>
        <p class="notice">{m.copy_none()}</p>
      </Page>
    );
  return (
    <Page title={m.copy_title()} up="/more" lead={m.copy_lead()}>
      {look.busy && !known.value && <Loading />}
      {look.error !== null && <Trouble text={m.record_failed()} again={() => void load()} />}
      <div role="status">
        {fetched.value ? (
          <p class="notice strong">{m.copy_fetched()}</p>
        ) : state === "being-made" ? (
          <p class="notice">{m.copy_being_made()}</p>
        ) : state === "ready" && copy.value ? (
          <div class="notice">
            <p class="strong">{m.copy_ready({ size: sizeOf(copy.value.size ?? 0) })}</p>
            <p>{m.copy_once({ when: when(copy.value.expires_at ?? "") })}</p>
          </div>
        ) : (
          state === "ended" && <p class="notice">{m.copy_ended()}</p>
        )}
      </div>
      {known.value && (
        <>
          <p>{m.copy_where()}</p>
          {state === "ready" ? (
            <button type="button" class="button" disabled={act.busy} onClick={fetch}>
              {act.busy ? m.copy_fetching() : m.copy_fetch()}
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
    </Page>
  );
}
