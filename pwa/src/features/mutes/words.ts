import type { MuteKind, MuteReason } from "../../api/wire";
import { m } from "../../i18n";

export const REASONS: MuteReason[] = ["threats", "insults", "sexual", "false-alarms", "flooding", "other"];

const reasons: Record<MuteReason, () => string> = {
  threats: m.mute_threats,
  insults: m.mute_insults,
  sexual: m.mute_sexual,
  "false-alarms": m.mute_false_alarms,
  flooding: m.mute_flooding,
  other: m.mute_other,
};

/** One of a newer list stands as its code rather than not at all. */
export const reasonWords = (reason: string): string => (reasons as Record<string, () => string>)[reason]?.() ?? reason;

/** How long it may be, as it is chosen. */
export const LENGTHS: { kind: MuteKind; hours: number; words: () => string }[] = [
  { kind: "muted", hours: 1, words: () => m.mute_for_hours({ count: 1 }) },
  { kind: "muted", hours: 6, words: () => m.mute_for_hours({ count: 6 }) },
  { kind: "muted", hours: 24, words: () => m.mute_for_hours({ count: 24 }) },
  { kind: "blocked", hours: 24, words: () => m.mute_for_days({ count: 1 }) },
  { kind: "blocked", hours: 168, words: () => m.mute_for_days({ count: 7 }) },
  { kind: "blocked", hours: 720, words: () => m.mute_for_days({ count: 30 }) },
];
