import { call } from "../../api/client";
import type { Audience, PhoneCount, Places, PlannedTipPage, PublishTip, RecallTip, SendingList, SendingSums, Tip, TipPage } from "../../api/wire";
import { keep, kept } from "../../sync/core";
import { kick } from "../../sync/engine";
import { uuidV7 } from "../../sync/ids";
import { pageCore, pageLocale, refresh } from "../../sync/mirror";
import { dropRefused, enqueue, type NewAction } from "../../sync/outbox";
import { api, reach } from "../../sync/session";
import { kindOf } from "../../i18n/Problem";
import { withTip } from "./read";

const PATH = "/api/v1/tips";
/** The version of `tip-publish` that knows of several places, ages, languages and times. */
const VERSION = 2;

/** Reads the public list; what was read last stays to be seen without a network. */
export async function loadTips(): Promise<void> {
  const core = await pageCore();
  const { items } = await reach(core, () => call<TipPage>(core.fetch, `${PATH}?limit=100`));
  await keep(core, "tips", { items, at: core.now() });
  await refresh();
}

/** Reads one as it stands now. False when it is gone, and then from here too. */
export async function loadTip(tip_id: string): Promise<boolean> {
  const core = await pageCore();
  let tip: Tip | null = null;
  try {
    tip = await reach(core, () => call<Tip>(core.fetch, `${PATH}/${tip_id}`));
  } catch (error) {
    if (kindOf(error) !== "not-found" && kindOf(error) !== "malformed") throw error;
  }
  const known = (await kept(core, "tips")) ?? { items: [], at: core.now() };
  await keep(core, "tips", { ...known, items: tip ? withTip(known.items, tip) : known.items.filter((one) => one.tip_id !== tip_id) });
  await refresh();
  return tip !== null;
}

/** Counties, municipalities and topics: they hardly ever change, so the phone's own copy is as good. */
export async function places(): Promise<Places> {
  const core = await pageCore();
  try {
    const found = await reach(core, () => call<Places>(core.fetch, `${PATH}/places`));
    await keep(core, "places", found);
    return found;
  } catch (error) {
    const known = await kept(core, "places");
    if (known) return known;
    throw error;
  }
}

/** All that there are, as officers see them. */
export async function readPlanned(next?: string): Promise<PlannedTipPage> {
  return api(await pageCore(), `${PATH}/planned?limit=30${next === undefined ? "" : `&next=${encodeURIComponent(next)}`}`);
}

/** How many phones an audience has. */
export async function countPhones(audience: Audience): Promise<PhoneCount> {
  return api(await pageCore(), "/api/v1/push/audience", { method: "POST", body: audience });
}

/** What became of the sendings of a tip. */
export async function readSums(tip_id: string): Promise<SendingSums[]> {
  return (await api<SendingList>(await pageCore(), `/api/v1/push/tips/${tip_id}`)).items;
}

/** Resolves once it is safe on this device. */
async function put(action: Omit<NewAction, "lane">): Promise<void> {
  await enqueue(await pageCore(), pageLocale(), { ...action, lane: "tips" });
  void kick("write").then(() => loadTips().catch(() => undefined));
}

export async function publishTip(tip: Omit<PublishTip, "tip_id">): Promise<void> {
  const core = await pageCore();
  await put({ kind: "tip-publish", v: VERSION, body: { tip_id: uuidV7(core.fill, core.now()), ...tip } });
}

export const recallTip = (recall: RecallTip): Promise<void> => put({ kind: "tip-recall", body: recall });

/** Takes away what was refused; its words are in the form again. */
export async function dropTip(action_id: string): Promise<void> {
  await dropRefused(await pageCore(), action_id);
  await refresh();
}
