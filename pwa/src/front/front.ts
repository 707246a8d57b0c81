/** The page that a quick exit leads to: a calendar like any other. It asks nothing of the app to show itself. */
import "./front.css";

const swedish = /^(sv|nb|nn|no|da|fi)\b/i.test(navigator.language || "sv");
const language = swedish ? "sv" : "en-GB";
const week = swedish ? "Vecka" : "Week";

const DAY = 86_400_000;
const part = (id: string): HTMLElement | null => document.getElementById(id);
const say = (id: string, text: string): void => {
  const place = part(id);
  if (place && place.textContent !== text) place.textContent = text;
};
const cell = (kind: "th" | "td", text: string, scope = ""): HTMLElement => {
  const made = document.createElement(kind);
  made.textContent = text;
  if (scope) made.setAttribute("scope", scope);
  return made;
};
const row = (...cells: HTMLElement[]): HTMLElement => {
  const made = document.createElement("tr");
  made.append(...cells);
  return made;
};
/** Days are counted in UTC, where each has 24 hours. */
const utc = (date: Date): number => Date.UTC(date.getFullYear(), date.getMonth(), date.getDate());
const monday = (day: number): number => day - ((new Date(day).getUTCDay() + 6) % 7) * DAY;

/** By ISO 8601: the week of its Thursday. */
function weekOf(day: number): number {
  const thursday = monday(day) + 3 * DAY;
  return Math.floor((thursday - Date.UTC(new Date(thursday).getUTCFullYear(), 0, 1)) / (7 * DAY)) + 1;
}

let drawn = 0;

function draw(): void {
  const now = new Date();
  const today = utc(now);
  say("clock", now.toLocaleTimeString(language, { hour: "2-digit", minute: "2-digit" }));
  if (drawn === today) return;
  drawn = today;
  document.title = swedish ? "Kalender" : "Calendar";
  say("day", now.toLocaleDateString(language, { weekday: "long", day: "numeric", month: "long" }));
  say("week", `${week} ${weekOf(today)}`);
  say("month", now.toLocaleDateString(language, { month: "long", year: "numeric" }));
  const first = monday(Date.UTC(now.getFullYear(), now.getMonth(), 1));
  const last = Date.UTC(now.getFullYear(), now.getMonth() + 1, 0);
  const name = (day: number) => new Date(day).toLocaleDateString(language, { weekday: "short", timeZone: "UTC" });
  part("names")?.replaceChildren(row(cell("th", week, "col"), ...[0, 1, 2, 3, 4, 5, 6].map((n) => cell("th", name(first + n * DAY), "col"))));
  const weeks: HTMLElement[] = [];
  for (let from = first; from <= last; from += 7 * DAY) {
    const days = [0, 1, 2, 3, 4, 5, 6].map((n) => {
      const day = from + n * DAY;
      const made = cell("td", String(new Date(day).getUTCDate()));
      if (new Date(day).getUTCMonth() !== now.getMonth()) made.className = "front-other";
      if (day === today) made.setAttribute("aria-current", "date");
      return made;
    });
    weeks.push(row(cell("th", String(weekOf(from)), "row"), ...days));
  }
  part("days")?.replaceChildren(...weeks);
}

document.body.lang = swedish ? "sv" : "en";
draw();
setInterval(draw, 1000);

// Behind it the exit is brought to its end.
void import("../features/identity/exit").then((exit) => exit.finish(true)).catch(() => undefined);
