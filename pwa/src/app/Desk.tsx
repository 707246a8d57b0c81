import "../design/desk.css";
import type { ComponentType } from "preact";
import { useEffect } from "preact/hooks";
import { DeskList, DeskTalk } from "../features/chat/screens/desk";
import { Invite, Me, SignIn } from "../features/identity/screens/officer";
import { Locked } from "../features/identity/screens/Locked";
import { locked } from "../features/identity/lock";
import { useIdle } from "../features/identity/useIdle";
import { me, partaking, signedOut } from "../features/identity/queries";
import { DeskReport, DeskReports, FindReports } from "../features/reports/screens/desk";
import { handled } from "../features/reports/handled";
import { conversations } from "../features/chat/queries";
import { undecidedCount } from "../features/erasure/queries";
import { useShifts } from "../features/quarters/shifts";
import { Page } from "../design";
import { attention } from "../sync/state";
import { m } from "../i18n";
import { AppBars, Banners } from "./Banners";
import { lazy } from "./lazy";
import { go, match, path } from "./router";
import { Nav, Scroll, type Place } from "./Shell";

const records = () => import("../features/erasure/screens/desk");
const joined = () => import("../features/incidents/screens");
const rooms = () => import("../features/rooms/screens/desk");
const tips = () => import("../features/tips/screens/desk");
const polls = () => import("../features/polls/screens/desk");
const posts = () => import("../features/posts/screens/desk");
const ideas = () => import("../features/ideas/screens/desk");
const dialogues = () => import("../features/dialogues/screens/desk");
const staff = () => import("../features/staff/screens");

const routes: { at: string; name: () => string; Screen: ComponentType<any>; bare?: boolean }[] = [
  { at: "/desk", name: m.desk_title, Screen: DeskList },
  { at: "/desk/talk/:id", name: m.desk_youth, Screen: DeskTalk, bare: true },
  { at: "/desk/talk/:id/record", name: m.record_talk_title, Screen: lazy(() => records().then((part) => part.TalkRecord)) },
  { at: "/desk/talk/:id/cards", name: m.card_open, Screen: lazy(() => import("../features/handovers/screens/Cards").then((part) => part.Cards)) },
  { at: "/desk/reports", name: m.desk_reports_title, Screen: DeskReports },
  { at: "/desk/report/:id", name: m.desk_report_tab, Screen: DeskReport },
  { at: "/desk/reports/search", name: m.desk_find, Screen: FindReports },
  { at: "/desk/report/:id/record", name: m.record_report_title, Screen: lazy(() => records().then((part) => part.ReportRecord)) },
  { at: "/desk/records", name: m.records_title, Screen: lazy(() => records().then((part) => part.Records)) },
  { at: "/desk/tip", name: m.desk_nav_tip, Screen: lazy(() => tips().then((part) => part.WriteTip)) },
  { at: "/desk/tips", name: m.tips_all, Screen: lazy(() => tips().then((part) => part.PlannedTips)) },
  { at: "/desk/tips/:id/recall", name: m.recall_title, Screen: lazy(() => tips().then((part) => part.RecallTip)) },
  { at: "/desk/poll", name: m.poll_write, Screen: lazy(() => polls().then((part) => part.WritePoll)) },
  { at: "/desk/polls", name: m.polls_desk, Screen: lazy(() => polls().then((part) => part.PlannedPolls)) },
  { at: "/desk/posts/new", name: m.post_write, Screen: lazy(() => posts().then((part) => part.WritePost)) },
  { at: "/desk/posts", name: m.posts_desk, Screen: lazy(() => posts().then((part) => part.PlannedPosts)) },
  { at: "/desk/posts/:id/correct", name: m.post_correct_title, Screen: lazy(() => posts().then((part) => part.CorrectPost)) },
  { at: "/desk/ideas", name: m.ideas_box, Screen: lazy(() => ideas().then((part) => part.BoxOfIdeas)) },
  { at: "/desk/dialogues", name: m.dialogues_desk, Screen: lazy(() => dialogues().then((part) => part.DeskDialogues)) },
  { at: "/desk/dialogues/:id", name: m.seat_tab, Screen: lazy(() => dialogues().then((part) => part.Seats)) },
  { at: "/desk/dialogues/new", name: m.dialogue_new, Screen: lazy(() => dialogues().then((part) => part.NewDialogue)) },
  { at: "/desk/dialogues/:id/change", name: m.dialogue_change, Screen: lazy(() => dialogues().then((part) => part.ChangeDialogue)) },
  { at: "/desk/unsent", name: m.unsent_title, Screen: lazy(() => import("../features/reports/screens").then((part) => part.UnsentPage)) },
  { at: "/desk/shift", name: m.shift_title, Screen: lazy(() => import("../features/quarters/screens/Shift").then((part) => part.Shift)) },
  { at: "/desk/hours", name: m.hours_title, Screen: lazy(() => import("../features/quarters/screens/Hours").then((part) => part.Hours)) },
  { at: "/desk/lead", name: m.lead_title, Screen: lazy(() => staff().then((part) => part.Lead)) },
  { at: "/desk/staff", name: m.staff_title, Screen: lazy(() => staff().then((part) => part.Staff)) },
  { at: "/desk/investigators", name: m.investigators_title, Screen: lazy(() => import("../features/files/screens/Investigators").then((part) => part.Investigators)) },
  { at: "/desk/invite", name: m.invites_title, Screen: lazy(() => rooms().then((part) => part.Invites)) },
  { at: "/desk/posters", name: m.posters_title, Screen: lazy(() => rooms().then((part) => part.Posters)) },
  { at: "/desk/poster/:id", name: m.poster_tab, Screen: lazy(() => rooms().then((part) => part.Sheet)) },
  { at: "/desk/search", name: m.search_title, Screen: lazy(() => import("../features/chat/screens/Search").then((part) => part.Search)) },
  { at: "/desk/join", name: m.incident_join_title, Screen: lazy(() => joined().then((part) => part.Join)) },
  { at: "/desk/join/:id", name: m.incident_join_title, Screen: lazy(() => joined().then((part) => part.Join)) },
  { at: "/desk/incident/:id", name: m.incident_title, Screen: lazy(() => joined().then((part) => part.Incident)) },
  { at: "/desk/replies", name: m.replies_title, Screen: lazy(() => import("../features/replies/screens/Edit").then((part) => part.EditReplies)) },
  { at: "/desk/duty", name: m.duty_edit_title, Screen: lazy(() => import("../features/duty/screens/Edit").then((part) => part.EditDuty)) },
  { at: "/desk/me", name: m.me_title, Screen: Me },
];

const Missing = () => (
  <Page title={m.not_found_title()} up="/desk">
    <a class="button" href="/desk">
      {m.desk_title()}
    </a>
  </Page>
);

/** The officers' side, a part of its own that no youth's phone fetches first. */
export function Desk() {
  const at = path.value;
  const invited = match("/invite/:token", at);
  // Without a session nothing here is true any more; the same officer signs in again and what waits goes on.
  const on = me.value !== null && me.value.role !== "youth" && !signedOut.value;
  useEffect(() => {
    if (on && !partaking.value && !invited && at !== "/desk/me") go("/desk/me", "replace");
    else if (on && at === "/sign-in") go("/desk", "replace");
  }, [on, partaking.value, invited !== null, at]);

  useShifts(on && partaking.value);
  useIdle(on);

  let Screen: ComponentType<any> = Missing;
  let name: () => string = m.not_found_title;
  let found: Record<string, string> = {};
  let bare = false;
  for (const route of routes) {
    const hit = match(route.at, !partaking.value ? "/desk/me" : at === "/sign-in" ? "/desk" : at);
    if (hit) [Screen, name, found, bare] = [route.Screen, route.name, hit, route.bare ?? false];
  }
  const shut = on && locked.value;
  const title = invited ? m.invite_title() : shut ? m.lock_title() : on ? name() : m.sign_title();
  useEffect(() => {
    document.title = `${title} – ${m.app_name()}`;
  }, [title]);

  if (invited)
    return (
      <Scroll>
        <Invite token={invited.token ?? ""} />
      </Scroll>
    );
  if (!on)
    return (
      <Scroll>
        <SignIn />
      </Scroll>
    );
  if (shut)
    return (
      <Scroll>
        <Locked />
      </Scroll>
    );
  const stuck = new Set(attention.value.filter((row) => row.kind === "message-send").map((row) => row.lane));
  const waiting = conversations.value.filter(
    (talk) => talk.state === "waiting" || talk.mentioned || (talk.held_by_me && talk.unread) || stuck.has(`conversation:${talk.conversation_id}`),
  ).length;
  const leads = me.value?.role === "lead";
  const shared: Place[] = [
    { to: "/desk", icon: "talk", name: m.desk_nav_talks(), count: waiting, also: ["/desk/talk/", "/desk/invite", "/desk/search", "/desk/join", "/desk/incident/"] },
    {
      to: "/desk/reports",
      icon: "tell",
      name: m.desk_nav_reports(),
      count: handled.value.filter((report) => report.state === "received").length,
      also: ["/desk/report/", "/desk/reports/"],
    },
    // Five names have no room on a narrow phone if one of them is long.
    { to: "/desk/tip", icon: "tips", name: leads ? m.nav_tips() : m.desk_nav_tip(), also: ["/desk/tips", "/desk/poll", "/desk/posts", "/desk/ideas", "/desk/dialogues"] },
  ];
  const board: Place = { to: "/desk/lead", icon: "clock", name: m.lead_title() };
  const own: Place = { to: "/desk/me", icon: "person", name: m.desk_nav_me(), count: leads ? undecidedCount.value : 0, also: ["/desk/records", "/desk/unsent", "/desk/shift", "/desk/hours", "/desk/staff", "/desk/investigators", "/desk/poster", "/desk/replies", "/desk/duty"] };
  return (
    <>
      {bare ? (
        <>
          <Banners />
          <AppBars />
          <Screen key={at} {...found} />
        </>
      ) : (
        <Scroll key={at}>
          <Screen {...found} />
        </Scroll>
      )}
      <Nav places={partaking.value ? [...(leads ? [board] : []), ...shared, own] : [own]} />
    </>
  );
}
