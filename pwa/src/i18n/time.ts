import { signal } from "@preact/signals";
import { locale, m } from ".";

/** One clock for the whole screen, so that ages move together. */
export const now = signal(Date.now());
setInterval(() => {
  if (!document.hidden) now.value = Date.now();
}, 20_000);
document.addEventListener("visibilitychange", () => {
  now.value = Date.now();
});

const formats = new Map<string, Intl.DateTimeFormat>();

function format(name: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = locale.value + name;
  let made = formats.get(key);
  if (!made) formats.set(key, (made = new Intl.DateTimeFormat(locale.value === "sv" ? "sv-SE" : "en-GB", options)));
  return made;
}

type Time = string | number | Date;
const DAY = 86_400_000;
const midnight = (time: Date): number => new Date(time.getFullYear(), time.getMonth(), time.getDate()).getTime();

export const clock = (time: Time): string =>
  format("clock", { hour: "2-digit", minute: "2-digit", hour12: false }).format(new Date(time));

export function day(time: Time): string {
  const at = new Date(time);
  const days = Math.round((midnight(new Date(now.value)) - midnight(at)) / DAY);
  if (days === 0) return m.day_today();
  if (days === 1) return m.day_yesterday();
  const thisYear = at.getFullYear() === new Date(now.value).getFullYear();
  return thisYear
    ? format("day", { weekday: "long", day: "numeric", month: "long" }).format(at)
    : format("year", { day: "numeric", month: "long", year: "numeric" }).format(at);
}

/** "14:02" today, "yesterday 14:02", "3 mars 14:02". */
export function when(time: Time): string {
  const at = new Date(time);
  const days = Math.round((midnight(new Date(now.value)) - midnight(at)) / DAY);
  if (days === 0) return clock(at);
  if (days === 1) return `${m.day_yesterday().toLowerCase()} ${clock(at)}`;
  return `${format("short", { day: "numeric", month: "short" }).format(at)} ${clock(at)}`;
}

/** A moment to come: "16:00" today, "tomorrow 16:00", "monday 3 march 16:00". */
export function until(time: Time): string {
  const at = new Date(time);
  const days = Math.round((midnight(at) - midnight(new Date(now.value))) / DAY);
  if (days === 0) return clock(at);
  return `${days === 1 ? m.day_tomorrow() : format("day", { weekday: "long", day: "numeric", month: "long" }).format(at)} ${clock(at)}`;
}

export function age(time: Time): string {
  const minutes = Math.floor((now.value - new Date(time).getTime()) / 60_000);
  if (minutes < 1) return m.ago_now();
  if (minutes < 60) return m.ago_minutes({ count: minutes });
  if (minutes < 48 * 60) return m.ago_hours({ count: Math.floor(minutes / 60) });
  return m.ago_days({ count: Math.floor(minutes / 1440) });
}
