import type { components } from "../../api/schema";
import { giveFrom } from "../../app/give";
import { m } from "../../i18n";
import { pageCore } from "../../sync/mirror";
import { api } from "../../sync/session";

export type BundleReason = components["schemas"]["BundleReason"];

/** Why a report is taken out of here, whole. */
export const bundleReasons: Record<BundleReason, () => string> = {
  investigation: m.bundle_investigation,
  authority: m.bundle_authority,
  disclosure: m.bundle_disclosure,
  other: m.bundle_other,
};

/** Has the browser keep the bundle of a report: it may be larger than what a page can hold. */
export async function saveBundle(report_id: string, reason: BundleReason): Promise<void> {
  const { url } = await api<{ url: string }>(await pageCore(), `/api/v1/reports/${report_id}/bundle`, { method: "POST", body: { reason } });
  giveFrom(url);
}
