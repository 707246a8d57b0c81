import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { PushPrefs, TimesOfDay } from "../../../api/wire";
import { Icon, Page, useTask } from "../../../design";
import { m } from "../../../i18n";
import { Failed } from "../../../i18n/Problem";
import { me } from "../../identity/queries";
import { shared } from "../../../sync/shared";
import { disable, enable, savePrefs, sendTest } from "../actions";
import { NIGHT } from "../prefs";
import { prefs, pushState } from "../queries";
import { HoursFields, sameHours } from "./Hours";
import { LockScreen } from "./LockScreen";
import { TipChoices, type TipChoice } from "./TipChoices";

const stateWords = {
  on: m.notices_state_on,
  off: m.notices_state_off,
  denied: m.notices_state_denied,
  unsupported: m.notices_state_unsupported,
  "needs-install": m.notices_state_install,
  failed: m.notices_state_failed,
} as const;

/** What is chosen on the screen, kept or not. */
interface Choice extends TipChoice {
  replies: boolean;
  within: boolean;
  hours: TimesOfDay;
  telling: boolean;
}

const DAY = { from: "07:00", until: "22:00" };

const choiceOf = (kept: PushPrefs | null): Choice => ({
  replies: kept?.replies ?? true,
  topics: [...(kept?.topics ?? [])],
  municipalities: [...(kept?.municipalities ?? [])],
  age_band: kept?.age_band ?? "",
  quiet: kept?.quiet_hours ?? { ...NIGHT },
  at_night: kept?.tips_at_night ?? false,
  within: kept?.hours !== undefined,
  hours: kept?.hours ?? DAY,
  telling: kept?.telling ?? false,
});

const prefsOf = ({ replies, topics, municipalities, age_band, quiet, at_night, within, hours, telling }: Choice): PushPrefs => ({
  replies,
  topics,
  municipalities,
  ...(age_band ? { age_band } : {}),
  ...(at_night ? {} : { quiet_hours: quiet }),
  tips_at_night: at_night,
  ...(within ? { hours } : {}),
  telling,
});

export function NoticeSettings() {
  const kept = prefs.value;
  const chosen = useSignal(choiceOf(kept));
  const told = useSignal("");
  const { busy, error, run } = useTask();
  useEffect(() => {
    if (kept) chosen.value = choiceOf(kept);
    // A new address of the same choices takes nothing away that is being chosen.
  }, [JSON.stringify(kept)]);

  const now = chosen.value;
  const set = (part: Partial<Choice>) => (chosen.value = { ...now, ...part });
  const state = pushState.value;
  const can = state === "on" || state === "off" || state === "failed";
  const officer = me.value !== null && me.value.role !== "youth";
  const wrong = !officer && ((now.within && sameHours(now.hours)) || (!now.at_night && sameHours(now.quiet)));
  const act = async (work: () => Promise<unknown>, words: string) => {
    told.value = "";
    if (await run(work)) told.value = words;
  };

  return (
    <>
      <div class={state === "on" || state === "off" ? "notice" : "notice care"} role="status">
        <p>{busy && state !== "on" ? m.notices_asking() : officer && state === "needs-install" ? m.first_install_how() : stateWords[state]()}</p>
        {/* Without notices the talk is there all the same. */}
        {!busy && !officer && state !== "on" && state !== "off" && <p>{m.notices_come_back()}</p>}
      </div>
      {can && (
        <>
          <label class="choice">
            <input type="checkbox" checked={now.replies} onChange={() => set({ replies: !now.replies })} />
            {officer ? m.notices_replies_officer() : m.notices_replies()}
          </label>
          {!officer && (
            <>
              <fieldset>
                <legend>{m.notices_hours()}</legend>
                <div class="choices">
                  <label class="choice">
                    <input type="checkbox" checked={now.within} onChange={() => set({ within: !now.within })} />
                    {m.notices_hours_only()}
                  </label>
                  {now.within && <HoursFields hours={now.hours} onChange={(hours) => set({ hours })} />}
                  <p class="hint">{m.notices_hours_hint()}</p>
                </div>
                <div role="status">{now.within && sameHours(now.hours) && <p class="wrong">{m.notices_hours_same()}</p>}</div>
              </fieldset>
              <div class="choices">
                <label class="choice">
                  <input type="checkbox" checked={now.telling} onChange={() => set({ telling: !now.telling })} />
                  {m.notices_telling()}
                </label>
                <p class="hint">{m.notices_telling_hint()}</p>
                <LockScreen telling={now.telling} replies={now.replies} tips={now.topics.length > 0} />
              </div>
              <TipChoices chosen={now} set={set} />
            </>
          )}
          <div class="row">
            {state === "on" ? (
              <>
                <button type="button" class="button" disabled={busy || wrong} onClick={() => void act(() => savePrefs(prefsOf(now)), m.notices_saved())}>
                  {m.notices_save()}
                </button>
                <button type="button" class="button plain" disabled={busy} onClick={() => void act(sendTest, m.notices_test_sent())}>
                  {m.notices_test()}
                </button>
                <button type="button" class="button plain" disabled={busy} onClick={() => void act(disable, "")}>
                  {m.notices_off()}
                </button>
              </>
            ) : (
              <button type="button" class="button" disabled={busy || wrong} onClick={() => void act(() => enable(prefsOf(now)), "")}>
                {m.notices_on()}
              </button>
            )}
          </div>
          <p class="small" role="status">
            {told.value}
          </p>
          <Failed error={error} />
        </>
      )}
      <section class="prose">
        <h2>{m.notices_who_title()}</h2>
        <p>{m.notices_who_text()}</p>
      </section>
    </>
  );
}

export const Notices = () => (
  <Page title={m.notices_title()} up="/more" lead={m.notices_lead()}>
    {shared ? (
      <p class="notice">{m.shared_no_notices()}</p>
    ) : (
      <>
        <NoticeSettings />
        <p class="small">{m.notices_replies_hint()}</p>
        <a class="button plain" href="/device">
          {m.more_code()}
          <Icon name="next" />
        </a>
      </>
    )}
  </Page>
);
