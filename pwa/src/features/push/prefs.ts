import type { PushPrefs, Subscription } from "../../api/wire";

/** Tips come by day, unless somebody says otherwise: the server's hours where nothing is said. */
export const NIGHT = { from: "22:00", until: "07:00" } as const;

/** What is sent, now and at each later start. An officer's phone has no more than the first three. */
export function only({ replies, topics, municipalities, hours, quiet_hours, tips_at_night = false, age_band, telling = false, plain = false }: PushPrefs, youth: boolean): PushPrefs {
  const common = { replies, topics, municipalities };
  if (!youth) return common;
  return {
    ...common,
    ...(hours ? { hours } : {}),
    ...(quiet_hours && !tips_at_night ? { quiet_hours } : {}),
    tips_at_night,
    ...(age_band ? { age_band } : {}),
    telling,
    plain,
  };
}

/** The answer has no quiet hours where tips come at night. */
export const heard = (told: Subscription, youth: boolean): PushPrefs => only({ ...told, tips_at_night: told.quiet_hours === undefined }, youth);
