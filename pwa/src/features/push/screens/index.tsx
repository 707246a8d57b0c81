import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { plain } from "../../../app/look";
import { Mark, Page, Trouble, useTask } from "../../../design";
import { m } from "../../../i18n";
import { Failed } from "../../../i18n/Problem";
import { me } from "../../identity/queries";
import { shared } from "../../../sync/shared";
import { places, type Places } from "../../tips/queries";
import { topicName, topics } from "../../tips/screens/topics";
import { disable, enable, savePrefs, sendTest } from "../actions";
import { prefs, pushState } from "../queries";

const stateWords = {
  on: m.notices_state_on,
  off: m.notices_state_off,
  denied: m.notices_state_denied,
  unsupported: m.notices_state_unsupported,
  "needs-install": m.notices_state_install,
  failed: m.notices_state_failed,
} as const;

const flip = (list: readonly string[], one: string): string[] =>
  list.includes(one) ? list.filter((other) => other !== one) : [...list, one];

export function NoticeSettings() {
  const kept = prefs.value;
  const replies = useSignal(kept?.replies ?? true);
  const chosenTopics = useSignal<string[]>([...(kept?.topics ?? [])]);
  const chosenPlaces = useSignal<string[]>([...(kept?.municipalities ?? [])]);
  const within = useSignal(kept?.hours !== undefined);
  const from = useSignal(kept?.hours?.from ?? "07:00");
  const until = useSignal(kept?.hours?.until ?? "22:00");
  const telling = useSignal(kept?.telling ?? false);
  const county = useSignal("");
  const where = useSignal<Places | null>(null);
  const told = useSignal("");
  const { busy, error, run } = useTask();

  const fetching = useTask();
  const load = () =>
    fetching.run(async () => {
      const found = await places();
      where.value = found;
      // The county of what was chosen before, so that the choice is seen at once.
      const home = found.counties.find((one) => one.municipalities.some((place) => chosenPlaces.value.includes(place.code)));
      if (home) county.value = home.code;
    });
  useEffect(() => {
    void load();
  }, []);
  useEffect(() => {
    if (!kept) return;
    replies.value = kept.replies;
    chosenTopics.value = [...kept.topics];
    chosenPlaces.value = [...kept.municipalities];
    within.value = kept.hours !== undefined;
    from.value = kept.hours?.from ?? from.value;
    until.value = kept.hours?.until ?? until.value;
    telling.value = kept.telling ?? false;
  }, [kept]);

  const state = pushState.value;
  const can = state === "on" || state === "off" || state === "failed";
  const choice = () => ({
    replies: replies.value,
    topics: chosenTopics.value,
    municipalities: chosenPlaces.value,
    ...(within.value ? { hours: { from: from.value, until: until.value } } : {}),
    telling: telling.value,
  });
  const noHours = within.value && (from.value === until.value || !from.value || !until.value);
  const act = async (work: () => Promise<unknown>, words: string) => {
    told.value = "";
    if (await run(work)) told.value = words;
  };
  const names = (where.value?.counties ?? []).flatMap((one) => one.municipalities);
  const list = names.filter((place) => chosenPlaces.value.includes(place.code)).map((place) => place.name);
  const officer = me.value !== null && me.value.role !== "youth";
  // The server tells of a tip only when its topic and its place were both asked for.
  const half = !officer && chosenTopics.value.length > 0 !== chosenPlaces.value.length > 0;

  return (
    <>
      <p class={state === "on" || state === "off" ? "notice" : "notice care"} role="status">
        {officer && state === "needs-install" ? m.first_install_how() : stateWords[state]()}
      </p>
      {can && (
        <>
          <label class="choice">
            <input type="checkbox" checked={replies.value} onChange={() => (replies.value = !replies.value)} />
            {officer ? m.notices_replies_officer() : m.notices_replies()}
          </label>
          {!officer && (
            <>
              <fieldset>
                <legend>{m.notices_topics()}</legend>
                <div class="chips">
                  {topics.map((topic) => (
                    <label class="chip" key={topic}>
                      <input
                        type="checkbox"
                        checked={chosenTopics.value.includes(topic)}
                        onChange={() => (chosenTopics.value = flip(chosenTopics.value, topic))}
                      />
                      {topicName(topic)}
                    </label>
                  ))}
                </div>
              </fieldset>
              {fetching.error !== null && <Trouble text={m.notices_places_failed()} again={() => void load()} />}
              {where.value && (
                <fieldset>
                  <legend>{m.notices_places()}</legend>
                  <p class="hint">{m.notices_place_hint()}</p>
                  <label class="field">
                    {m.notices_county()}
                    <select value={county.value} onChange={(event) => (county.value = event.currentTarget.value)}>
                      <option value="">–</option>
                      {where.value.counties.map((one) => (
                        <option key={one.code} value={one.code}>
                          {one.name}
                        </option>
                      ))}
                    </select>
                  </label>
                  <div class="chips">
                    {where.value.counties
                      .find((one) => one.code === county.value)
                      ?.municipalities.map((place) => (
                        <label class="chip" key={place.code}>
                          <input
                            type="checkbox"
                            checked={chosenPlaces.value.includes(place.code)}
                            onChange={() => (chosenPlaces.value = flip(chosenPlaces.value, place.code))}
                          />
                          {place.name}
                        </label>
                      ))}
                  </div>
                  {list.length > 0 && <p class="small">{m.notices_chosen({ list: list.join(", ") })}</p>}
                </fieldset>
              )}
            </>
          )}
          <div role="status">{half && <p class="notice care">{m.notices_both()}</p>}</div>
          {!officer && (
            <>
              <fieldset>
                <legend>{m.notices_hours()}</legend>
                <div class="choices">
                  <label class="choice">
                    <input type="checkbox" checked={within.value} onChange={() => (within.value = !within.value)} />
                    {m.notices_hours_only()}
                  </label>
                  {within.value && (
                    <div class="pair">
                      <label class="field">
                        {m.notices_hours_from()}
                        <input type="time" value={from.value} onInput={(event) => (from.value = event.currentTarget.value)} />
                      </label>
                      <label class="field">
                        {m.notices_hours_until()}
                        <input type="time" value={until.value} onInput={(event) => (until.value = event.currentTarget.value)} />
                      </label>
                    </div>
                  )}
                  <p class="hint">{m.notices_hours_hint()}</p>
                </div>
                <div role="status">{noHours && <p class="wrong">{m.notices_hours_same()}</p>}</div>
              </fieldset>
              <div class="choices">
                <label class="choice">
                  <input type="checkbox" checked={telling.value} onChange={() => (telling.value = !telling.value)} />
                  {m.notices_telling()}
                </label>
                <p class="hint">{m.notices_telling_hint()}</p>
              </div>
            </>
          )}
          <div class="row">
            {state === "on" ? (
              <>
                <button type="button" class="button" disabled={busy || noHours} onClick={() => void act(() => savePrefs(choice()), m.notices_saved())}>
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
              <button type="button" class="button" disabled={busy || noHours} onClick={() => void act(() => enable(choice()), "")}>
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
      <LockScreen telling={telling.value} />
      <section class="prose">
        <h2>{m.notices_who_title()}</h2>
        <p>{m.notices_who_text()}</p>
      </section>
    </>
  );
}

/** A picture of what somebody else may see, so that the choice is made knowing it. */
const LockScreen = ({ telling }: { telling: boolean }) => (
  <figure class="lock-screen">
    <figcaption>{m.notices_lock_label()}</figcaption>
    <div class="lock-note">
      {plain ? <img class="look-icon" src="/icons/calendar.svg" alt="" /> : <Mark />}
      <b>{telling ? m.notices_lock_telling() : m.notices_lock_title()}</b>
      <span class="now">{m.notices_lock_now()}</span>
      <span class="body">{m.notices_lock_body()}</span>
    </div>
  </figure>
);

export const Notices = () => (
  <Page title={m.notices_title()} up="/more" lead={m.notices_lead()}>
    {shared ? (
      <p class="notice">{m.shared_no_notices()}</p>
    ) : (
      <>
        <NoticeSettings />
        <p class="small">{m.notices_replies_hint()}</p>
      </>
    )}
  </Page>
);
