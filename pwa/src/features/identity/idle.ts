/** How long an officer's app stays open that nobody touches. */
const IDLE_MS = 30 * 60_000;
/** A network may set a phone's clock right. */
const BACK_MS = 60_000;

/** A clock that was set back opens nothing. */
export const isLocked = (touched: number | null, now: number): boolean => touched !== null && (now - touched >= IDLE_MS || now < touched - BACK_MS);
