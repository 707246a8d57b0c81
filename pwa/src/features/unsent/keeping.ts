const DAY = 86_400_000;
/** Safari, and every browser of an iPhone, empties a page that nobody has used for so long. */
const KEPT_DAYS = 7;

export interface Browser {
  userAgent: string;
  maxTouchPoints: number;
  /** On the home screen: that counts for itself. */
  installed: boolean;
}

const installed = (): boolean => matchMedia("(display-mode: standalone)").matches || (navigator as { standalone?: boolean }).standalone === true;
export const thisBrowser = (): Browser => ({ userAgent: navigator.userAgent, maxTouchPoints: navigator.maxTouchPoints, installed: installed() });

/** An iPad says that it is a Mac. */
const isIphone = ({ userAgent, maxTouchPoints }: Browser): boolean => /iphone|ipad|ipod/i.test(userAgent) || (/macintosh/i.test(userAgent) && maxTouchPoints > 1);
const isSafari = ({ userAgent }: Browser): boolean => /version\/\S+ .*safari/i.test(userAgent);

export const empties = (browser: Browser): boolean => !browser.installed && (isIphone(browser) || (/macintosh/i.test(browser.userAgent) && isSafari(browser)));

/** An iPhone or iPad, which knows notices only for an app on the home screen. */
export const needsHome = (browser: Browser): boolean => isIphone(browser) && !browser.installed;

/** Safari puts an app there; a browser inside another app, which opens many of our links, does not. */
export const canPutHome = (browser: Browser): boolean => needsHome(browser) && isSafari(browser) && !/crios|fxios|edgios|gsa\//i.test(browser.userAgent);

/** Whole days that are left from the last use. A clock that was set back makes it no more than it was. */
export const daysLeft = (usedAt: number, now: number): number => Math.max(0, KEPT_DAYS - Math.floor(Math.max(0, now - usedAt) / DAY));
