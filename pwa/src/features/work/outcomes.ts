import type { OutcomeCode } from "../../api/wire";
import { m } from "../../i18n";

/** How a talk may end, what is chosen most first. */
export const OUTCOMES: OutcomeCode[] = [
  "advice-given",
  "tip-taken",
  "report-made",
  "handed-over-112",
  "handed-over-114-14",
  "social-services-told",
  "referred-helpline",
  "referred-elsewhere",
  "platform-notified",
  "not-police-matter",
  "youth-gone",
  "duplicate",
  "misuse",
];

const words: Record<OutcomeCode, () => string> = {
  "advice-given": m.outcome_advice_given,
  "handed-over-112": m.outcome_handed_over_112,
  "handed-over-114-14": m.outcome_handed_over_114_14,
  "report-made": m.outcome_report_made,
  "tip-taken": m.outcome_tip_taken,
  "social-services-told": m.outcome_social_services_told,
  "referred-helpline": m.outcome_referred_helpline,
  "referred-elsewhere": m.outcome_referred_elsewhere,
  "platform-notified": m.outcome_platform_notified,
  "not-police-matter": m.outcome_not_police_matter,
  "youth-gone": m.outcome_youth_gone,
  duplicate: m.outcome_duplicate,
  misuse: m.outcome_misuse,
};

/** One of a newer list stands as its code rather than not at all. */
export const outcomeWords = (code: string): string => (words as Record<string, () => string>)[code]?.() ?? code;
