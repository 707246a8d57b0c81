import type { DayException, OpeningHours, OpenSpan, SetForNow, Weekday, WeekPlan } from "../../api/wire";
import { pageCore } from "../../sync/mirror";
import { api } from "../../sync/session";

export type { OpeningHours, OpenSpan, Weekday } from "../../api/wire";

const PATH = "/api/v1/quarters/hours";
export const WEEK: Weekday[] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/** The Swedish day of this moment, as plans and exceptions name days. */
export const today = (): string => new Date().toLocaleDateString("sv-SE", { timeZone: "Europe/Stockholm" });

export const midnight = "24:00";
/** A field for a time of day knows no 24:00; the server does. */
export const shown = (closes: string): string => (closes === midnight ? "00:00" : closes);
export const told = (span: OpenSpan): OpenSpan => ({ opens: span.opens, closes: span.closes === "00:00" ? midnight : span.closes });

/** The plan that counts today: the last that has begun. */
export const planOf = ({ plans }: OpeningHours): WeekPlan | undefined =>
  [...plans].sort((a, b) => a.valid_from.localeCompare(b.valid_from)).filter((plan) => plan.valid_from <= today()).at(-1);

// What leads decide is asked at once and waits in no outbox: it must not come about later than it was decided.
const put = async (path: string, body: object): Promise<OpeningHours> => api(await pageCore(), PATH + path, { method: "PUT", body });

export const readHours = async (): Promise<OpeningHours> => api(await pageCore(), PATH);
export const setWeek = (plan: WeekPlan): Promise<OpeningHours> => put("", plan);
export const setDay = (day: DayException): Promise<OpeningHours> => put("/exceptions", day);
export const setNow = (command: SetForNow): Promise<OpeningHours> => put("/now", command);
