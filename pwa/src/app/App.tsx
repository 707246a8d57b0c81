import "../design/tokens.css";
import "../design/base.css";
import "../design/parts.css";
import "../design/screens.css";
import { signal } from "@preact/signals";
import type { ComponentType } from "preact";
import { useEffect } from "preact/hooks";
import { focusHeading, Loading, Page } from "../design";
import { Home, loadOpening, loadRows } from "../features/chat/screens/Home";
import { locked } from "../features/identity/lock";
import { me, workerState } from "../features/identity/queries";
import { loadCards } from "../features/identity/screens/cards";
import { m } from "../i18n";
import { refresh } from "../sync/mirror";
import { online } from "../sync/state";
import { AppBars, Banners, demo, loadStuck, lookForDemo } from "./Banners";
import { ErrorBoundary } from "./ErrorBoundary";
import { Exit } from "./Exit";
import { lazy } from "./lazy";
import { appName } from "./look";
import { followLinks, go, match, path } from "./router";
import { Scroll, YouthNav } from "./Shell";

type Found = Record<string, string>;
/** `name` is what the browser's tab and history say: distinct, and nothing that tells a passer-by what somebody wrote of. */
type Route = { at: string; name: () => string; Screen: ComponentType<any>; bare?: boolean };

const NotFound = () => (
  <Page title={m.not_found_title()}>
    <a class="button" href="/">
      {m.not_found_home()}
    </a>
  </Page>
);

const Desk = lazy(() => import("./Desk").then((part) => part.Desk));
const talk = () => import("../features/chat/screens/Talk");
const tell = () => import("../features/reports/screens");
const tips = () => import("../features/tips/screens");
const polls = () => import("../features/polls/screens");
const posts = () => import("../features/posts/screens");
const ideas = () => import("../features/ideas/screens");
const dialogues = () => import("../features/dialogues/screens");
const mine = () => import("../features/identity/screens");
const removal = () => import("../features/erasure/screens");
const pages = () => import("../features/about/screens");
const rooms = () => import("../features/rooms/screens");

const routes: Route[] = [
  { at: "/", name: m.nav_talk, Screen: Home },
  { at: "/talk/:id", name: m.talk_title, Screen: lazy(() => talk().then((part) => part.Talk)), bare: true },
  { at: "/talk/:id/report", name: m.talk_report, Screen: lazy(() => tell().then((part) => part.FromTalk)) },
  { at: "/talk/:id/remove", name: m.talk_remove, Screen: lazy(() => removal().then((part) => part.RemoveTalk)) },
  { at: "/talks", name: m.home_talks, Screen: lazy(() => mine().then((part) => part.Talks)) },
  { at: "/tell", name: m.nav_tell, Screen: lazy(() => tell().then((part) => part.Tell)) },
  { at: "/reports", name: m.reports_title, Screen: lazy(() => tell().then((part) => part.Reports)) },
  { at: "/report/:id", name: m.report_title, Screen: lazy(() => tell().then((part) => part.Report)) },
  { at: "/report/:id/remove", name: m.report_remove, Screen: lazy(() => removal().then((part) => part.RemoveReport)) },
  { at: "/guides", name: m.guides_title, Screen: lazy(() => tell().then((part) => part.Guides)) },
  { at: "/guides/:kind", name: m.guide_name, Screen: lazy(() => tell().then((part) => part.Guide)) },
  { at: "/parents", name: m.parents_name, Screen: lazy(() => tell().then((part) => part.Parents)) },
  { at: "/tips", name: m.nav_tips, Screen: lazy(() => tips().then((part) => part.Tips)) },
  { at: "/tips/:tip_id", name: m.tips_one, Screen: lazy(() => tips().then((part) => part.OneTip)) },
  { at: "/polls", name: m.polls_title, Screen: lazy(() => polls().then((part) => part.Polls)) },
  { at: "/polls/:poll_id", name: m.poll_one, Screen: lazy(() => polls().then((part) => part.OnePoll)) },
  { at: "/posts", name: m.posts_title, Screen: lazy(() => posts().then((part) => part.Posts)) },
  { at: "/posts/:post_id", name: m.post_one, Screen: lazy(() => posts().then((part) => part.OnePost)) },
  { at: "/ideas", name: m.ideas_title, Screen: lazy(() => ideas().then((part) => part.Ideas)) },
  { at: "/ideas/mine", name: m.ideas_mine, Screen: lazy(() => ideas().then((part) => part.MyIdeas)) },
  { at: "/ideas/answered", name: m.ideas_answered, Screen: lazy(() => ideas().then((part) => part.AnsweredIdeas)) },
  { at: "/dialogues", name: m.dialogues_title, Screen: lazy(() => dialogues().then((part) => part.Dialogues)) },
  { at: "/dialogues/:id", name: m.dialogue_one, Screen: lazy(() => dialogues().then((part) => part.Room)) },
  { at: "/patrol", name: m.board_title, Screen: lazy(() => import("../features/patrols/screens/Board").then((part) => part.Board)) },
  { at: "/notices", name: m.notices_title, Screen: lazy(() => import("../features/push/screens").then((part) => part.Notices)) },
  { at: "/unsent", name: m.unsent_title, Screen: lazy(() => tell().then((part) => part.UnsentPage)) },
  { at: "/more", name: m.nav_more, Screen: lazy(() => mine().then((part) => part.More)) },
  { at: "/data", name: m.data_title, Screen: lazy(() => removal().then((part) => part.MyData)) },
  { at: "/open", name: m.open_title, Screen: lazy(() => mine().then((part) => part.Open)) },
  { at: "/device", name: m.device_title, Screen: lazy(() => mine().then((part) => part.Devices)) },
  { at: "/safe", name: m.safe_title, Screen: lazy(() => mine().then((part) => part.Safe)) },
  { at: "/shared", name: m.shared_title, Screen: lazy(() => mine().then((part) => part.Shared)) },
  { at: "/r", name: m.nav_talk, Screen: lazy(() => rooms().then((part) => part.Room)) },
  { at: "/who", name: m.who_title, Screen: lazy(() => rooms().then((part) => part.Who)) },
  { at: "/duty", name: m.duty_title, Screen: lazy(() => import("../features/duty/screens/Duty").then((part) => part.Duty)) },
  { at: "/about", name: m.about_title, Screen: lazy(() => pages().then((part) => part.About)) },
  { at: "/privacy", name: m.privacy_title, Screen: lazy(() => pages().then((part) => part.Privacy)) },
  { at: "/accessibility", name: m.access_title, Screen: lazy(() => pages().then((part) => part.Access)) },
];

const isOfficerPath = (at: string): boolean => /^\/(desk|sign-in|invite)(\/|$)/.test(at);

/** Where a notice or an old link leads: the same thing stands elsewhere on the officers' side. */
function settle(at: string, officer: boolean): string {
  const [, part, id] = at.split("/");
  if (officer) {
    if (part === "") return "/desk";
    if (part === "talk" && id) return `/desk/talk/${id}`;
    if ((part === "reports" || part === "report") && id) return `/desk/report/${id}`;
    if (part === "polls" || part === "ideas") return `/desk/${part}`;
    if (part === "dialogues" && at.endsWith("/seat")) return `/desk/dialogues/${id}`;
    if (part === "shift") return "/desk/shift";
    if (part === "settings") return "/desk/me";
    if (part === "unsent") return "/desk/unsent";
  }
  if (part === "reports" && id) return `/report/${id}`;
  if (part === "settings") return "/device";
  return at;
}

/** True once what the phone holds has been read: until then nobody is told that a talk is empty or that they are signed out. */
const known = signal(false);

function find(at: string): { route: Route; found: Found } {
  for (const route of routes) {
    const found = match(route.at, at);
    if (found) return { route, found };
  }
  return { route: { at, name: m.not_found_title, Screen: NotFound }, found: {} };
}

export function App() {
  const at = path.value;
  const officer = me.value !== null && me.value.role !== "youth";
  const settled = settle(at, officer);
  useEffect(() => {
    // What answers a test alarm stands behind the path.
    if (settled !== at) go(settled + location.hash, "replace");
  }, [settled, at]);
  useEffect(() => {
    void refresh().finally(() => (known.value = true));
  }, []);
  useEffect(() => {
    // Asked once the first screen stands; without an answer there is no demo to tell of, until there is a network again.
    if (demo.peek() || !online.value) return;
    const ask = setTimeout(() => void lookForDemo(), 300);
    return () => clearTimeout(ask);
  }, [online.value]);
  useEffect(() => {
    // Whoever sends the first words stands in their talk, with or without a network.
    const soon = setTimeout(() => void talk().catch(() => undefined), 300);
    return () => clearTimeout(soon);
  }, []);
  useEffect(() => {
    if (workerState.value === "ok") return;
    // No worker keeps these for a time without a network, so they are fetched while there is one.
    void Promise.all([tell().then((part) => part.readDocuments()), loadCards(), loadRows(), loadOpening(), removal(), loadStuck(), import("../i18n/problems"), import("../sync/files"), import("../sync/stream")]).catch(() => undefined);
  }, [workerState.value]);

  // A locked app shows its lock, on whatever page.
  const desk = locked.value || isOfficerPath(settled);
  const { route, found } = find(settled);
  const name = desk ? null : route.name();
  useEffect(() => {
    if (name !== null) document.title = `${name} – ${appName()}`;
  }, [name]);
  return (
    <div class="app" onClick={followLinks}>
      <nav aria-label={m.shortcuts()}>
        {!desk && !officer && <Exit />}
        <a
          class="skip"
          href="#main"
          onClick={(event) => {
            event.preventDefault();
            focusHeading();
          }}
        >
          {m.skip()}
        </a>
      </nav>
      <ErrorBoundary key={at}>
        {!known.value && settled !== "/" ? (
          <Scroll alarm={!desk}>
            <Loading />
          </Scroll>
        ) : desk ? (
          <Desk />
        ) : route.bare ? (
          <>
            <Banners />
            <AppBars />
            <route.Screen key={at} {...found} />
          </>
        ) : (
          <>
            <Scroll key={at} alarm={settled !== "/"}>
              <route.Screen {...found} />
            </Scroll>
            {!officer && <YouthNav />}
          </>
        )}
      </ErrorBoundary>
    </div>
  );
}
