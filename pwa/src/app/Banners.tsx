import { signal } from "@preact/signals";
import { demoInfo } from "../features/identity/demo";
import { me, signedOut, storageState, workerState } from "../features/identity/queries";
import { m } from "../i18n";
import { unopened } from "../sync/mirror";
import { applyUpdate, online, paused, sendNow, unsentCount, updateReady, waitingCount } from "../sync/state";
import { kept } from "./kept";
import { lazy } from "./lazy";
import { path } from "./router";

export const loadStuck = () => import("./Stuck");
const Stuck = lazy(() => loadStuck().then((part) => part.Stuck), "quiet");
const NotKept = lazy(() => import("./NotKept").then((part) => part.NotKept), "quiet");
const Unopened = lazy(() => import("../features/unsent/screens/Unopened").then((part) => part.Unopened), "quiet");
const Keeping = lazy(() => import("../features/unsent/screens/Keeping").then((part) => part.Keeping), "quiet");

type Demo = Awaited<ReturnType<typeof demoInfo>>;
export const demo = signal<Demo | null>(null);
const later = signal(false);

/** In a demo both sides live on one machine, and two names of it are two origins: officers on `localhost`, where passkeys work, the youth on 127.0.0.1. */
export function otherSide(officer: boolean): string {
  const port = location.port && `:${location.port}`;
  return officer ? `http://127.0.0.1${port}/` : `http://localhost${port}/desk`;
}

export async function lookForDemo(): Promise<void> {
  demo.value = await demoInfo().catch(() => null);
}

/** What is missing or waiting is said above every screen, in words, and never by taking the screen away. */
export function Banners() {
  const isDemo = me.value?.demo || demo.value?.demo;
  const officer = me.value ? me.value.role !== "youth" : /^\/(desk|sign-in)/.test(path.value);
  const waiting = waitingCount.value;
  const stuck = paused.value?.why;
  const ended = signedOut.value && !officer;
  return (
    <div class="bars">
      {isDemo && (
        <aside class="bar demo">
          <p>{m.demo_banner()}</p>
          <a href={otherSide(officer)} target="_blank" rel="noopener">
            {officer ? m.demo_to_youth() : m.demo_to_police()}
          </a>
        </aside>
      )}
      <div role="status">
        {!online.value && (
          <div class="bar offline">
            <p>{kept(m.offline_bar, m.offline_bar_in_tab)}</p>
            {waiting > 0 && <a href="/unsent">{m.offline_count({ count: waiting })}</a>}
            {waiting > 0 && (
              <button type="button" class="bar-button" onClick={() => void sendNow()}>
                {m.offline_send_now()}
              </button>
            )}
          </div>
        )}
        {(ended || (stuck && stuck !== "signed-out")) && <Stuck ended={ended} />}
      </div>
    </div>
  );
}

/** What the app has to say of itself; on the first screen it stands below 112. */
export const AppBars = () => (
  <div class="bars" role="status">
    {updateReady.value && !later.value && (
      <div class="bar update">
        <p>{m.update_ready()}</p>
        <button type="button" class="bar-button" onClick={() => void applyUpdate()}>
          {m.update_now()}
        </button>
        <button type="button" class="bar-button" onClick={() => (later.value = true)}>
          {m.update_later()}
        </button>
      </div>
    )}
    {unopened.value > 0 && <Unopened />}
    {storageState.value === "ok" && unsentCount.value > 0 && <Keeping />}
    {storageState.value === "memory-only" ? (
      <NotKept />
    ) : (
      workerState.value !== "ok" && (
        <div class="bar memory">
          <p>{m.worker_text()}</p>
        </div>
      )
    )}
  </div>
);
