import type { ComponentChildren } from "preact";
import { Icon, Mark, type IconName } from "../design";
import { conversations } from "../features/chat/queries";
import { refusedReports } from "../features/reports/queries";
import { locale, m, setLocale } from "../i18n";
import { AppBars, Banners } from "./Banners";
import { path } from "./router";

/** `alarm`: 112 stands here, on the youth's pages that do not hold it larger. */
const TopBar = ({ alarm }: { alarm: boolean }) => (
  <header class="top dusk">
    <a class="brand" href="/">
      <Mark />
      <span>{m.app_name()}</span>
    </a>
    <LanguageSwitch />
    {alarm && <MiniAlarm />}
  </header>
);

export const MiniAlarm = () => (
  <a class="mini-alarm" href="tel:112" aria-label={m.sos_call()}>
    112
  </a>
);

/** What scrolls is the page and never what the thumb rests on, so that nothing hides behind the bar at the foot. */
export const Scroll = ({ alarm = false, children }: { alarm?: boolean; children: ComponentChildren }) => (
  <div class="scroll">
    <Banners />
    {path.value !== "/" && <AppBars />}
    <TopBar alarm={alarm} />
    {children}
  </div>
);

const LanguageSwitch = () => {
  const other = locale.value === "sv" ? "en" : "sv";
  return (
    <button type="button" class="language" lang={other} onClick={() => setLocale(other)}>
      {m.language_other()}
    </button>
  );
};

export type Place = { to: string; icon: IconName; name: string; count?: number; counted?: typeof m.nav_unread; also?: string[] };

export const Nav = ({ places }: { places: Place[] }) => (
  <nav class="bottom" aria-label={m.nav_label()}>
    {places.map(({ to, icon, name, count, counted = m.nav_unread, also }) => {
      const here = path.value === to || also?.some((part) => path.value.startsWith(part));
      return (
        <a key={to} href={to} aria-current={here ? "page" : undefined}>
          <span class="pill">
            <Icon name={icon} />
          </span>
          {name}
          {!!count && (
            <span class="count">
              <span aria-hidden="true">{count}</span>
              <span class="sr">, {counted({ count })}</span>
            </span>
          )}
        </a>
      );
    })}
  </nav>
);

export const YouthNav = () => (
  <Nav
    places={[
      { to: "/", icon: "talk", name: m.nav_talk(), also: ["/talk"], count: conversations.value.filter((talk) => talk.unread).length },
      { to: "/tell", icon: "tell", name: m.nav_tell(), also: ["/report"], count: refusedReports.value.length, counted: m.nav_refused },
      { to: "/tips", icon: "tips", name: m.nav_tips(), also: ["/tips/", "/posts", "/polls", "/ideas", "/dialogues"] },
      { to: "/more", icon: "more", name: m.nav_more(), also: ["/unsent", "/open", "/device", "/safe", "/shared", "/data", "/about", "/privacy", "/accessibility", "/notices", "/who", "/guides", "/parents"] },
    ]}
  />
);
