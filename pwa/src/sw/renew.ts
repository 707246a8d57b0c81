import type { PushPrefs } from "../api/wire";
import { keep, kept, type Core } from "../sync/core";
import { api } from "../sync/session";

/** Subscribes anew with the server's key and tells it the new address. */
export async function renew(core: Core, manager: PushManager): Promise<void> {
  const row = await kept(core, "push");
  const self = await kept(core, "self");
  if (!row?.wanted || !self) return;
  const key = await api<{ key_id: string; public_key: string }>(core, "/api/v1/push/key");
  const subscription =
    (await manager.getSubscription()) ??
    (await manager.subscribe({ userVisibleOnly: true, applicationServerKey: key.public_key }));
  const { endpoint, keys } = subscription.toJSON();
  await api<PushPrefs>(core, "/api/v1/push/subscription", { method: "PUT", body: { endpoint, ...keys, ...row.prefs, locale: self.locale } });
  await keep(core, "push", { ...row, key_id: key.key_id, endpoint: subscription.endpoint });
}
