import { m } from "../../../i18n";
import type { ErasureReason, KeptKind, PersonRole, Regime } from "../queries";

export const regimes: Record<Regime, () => string> = { crime: m.regime_crime, "data-protection": m.regime_data_protection };

export const roles: Record<PersonRole, () => string> = {
  unknown: m.person_unknown,
  victim: m.person_victim,
  witness: m.person_witness,
  suspect: m.person_suspect,
  other: m.person_other,
};

export const keptKinds: Record<KeptKind, () => string> = { conversation: m.kept_conversation, report: m.kept_report, tip: m.kept_tip, audit: m.kept_audit };

export const reasons: Record<ErasureReason, () => string> = {
  asked: m.erase_asked,
  mistake: m.erase_mistake,
  decision: m.erase_decision,
  rule: m.erase_rule,
  restored: m.erase_restored,
};
