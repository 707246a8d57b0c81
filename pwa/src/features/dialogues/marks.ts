/** A moment of a dialogue as players show it: "12:40", "1:02:05". */
export function markOf(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const two = (part: number): string => String(part).padStart(2, "0");
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

/** The same for a screen reader and other programs. */
export const spanOf = (seconds: number): string => `PT${Math.max(0, Math.floor(seconds))}S`;

/** How far a dialogue has come. A day is the most that a mark may say. */
export const markNow = (opened_at: string | undefined, now: number): number =>
  opened_at === undefined ? 0 : Math.min(86_400, Math.max(0, Math.floor((now - Date.parse(opened_at)) / 1000)));

/** How far a phone's clock is ahead of the server's, by what is told at once: the quickest news says it best. */
export const aheadBy = (known: number | null, at: string, now: number): number => Math.min(known ?? Infinity, now - Date.parse(at));

/** Whole seconds until a moment; none when it is over. */
export const secondsUntil = (time: string | undefined, now: number): number => (time === undefined ? 0 : Math.max(0, Math.ceil((Date.parse(time) - now) / 1000)));
