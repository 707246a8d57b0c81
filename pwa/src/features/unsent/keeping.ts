const DAY = 86_400_000;
/** Safari, and every browser of an iPhone, empties a page that nobody has used for so long. */
const KEPT_DAYS = 7;

export interface Browser {
  userAgent: string;
  maxTouchPoints: number;
  /** On the home screen: that counts for itself. */
  installed: boolean;
}

export function empties({ userAgent, maxTouchPoints, installed }: Browser): boolean {
  if (installed) return false;
  const apple = /iphone|ipad|ipod/i.test(userAgent) || (/macintosh/i.test(userAgent) && maxTouchPoints > 1);
  return apple || /macintosh.*version\/\S+ .*safari/i.test(userAgent);
}

/** Whole days that are left from the last use. A clock that was set back makes it no more than it was. */
export const daysLeft = (usedAt: number, now: number): number => Math.max(0, KEPT_DAYS - Math.floor(Math.max(0, now - usedAt) / DAY));
