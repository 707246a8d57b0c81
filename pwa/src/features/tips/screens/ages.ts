import { m } from "../../../i18n";
import type { AgeBand } from "../queries";

export const ages: AgeBand[] = ["under-13", "13-15", "16-17", "18-20"];

export const ageNames: Record<AgeBand, () => string> = {
  "under-13": m.age_under_13,
  "13-15": m.age_13_15,
  "16-17": m.age_16_17,
  "18-20": m.age_18_20,
};
