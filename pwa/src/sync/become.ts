import type { SessionBody } from "../api/wire";
import { forgetRead, getKept, putKept, READ_STORES, type Core } from "./core";
import type { StoreName, Tx } from "./db";
import type { Self } from "./rows";

/** The stores that a change of account touches. */
export const SWITCH_STORES: StoreName[] = ["kept", "outbox", "files", "drafts", ...READ_STORES];

/**
 * This phone is `next` from now on. What was read as somebody else goes; what that one has not sent stays under its
 * owner, with the way back in: the server may never have heard of an account that was made without a network.
 */
export async function become(tx: Tx, next: Self): Promise<void> {
  const before = await getKept(tx, "self");
  const all = (await getKept(tx, "aside")) ?? [];
  const back = all.find((one) => one.self.account_id === next.account_id);
  const aside = all.filter((one) => one !== back);
  const drafts = await tx.all("drafts");
  if (before && before.account_id !== next.account_id) {
    await forgetRead(tx);
    const own = drafts.filter((draft) => draft.account_id === undefined);
    if (own.length > 0 || (await unsent(tx, before))) aside.push({ self: before });
    for (const draft of own) await tx.put("drafts", { ...draft, account_id: before.account_id });
    await tx.del("kept", "device_added");
    await tx.del("kept", "stood");
    await tx.del("kept", "votes");
    await tx.del("kept", "supports");
    await tx.del("kept", "question_votes");
  }
  await tx.del("kept", "delivered");
  for (const { account_id, ...draft } of drafts) if (account_id === next.account_id) await tx.put("drafts", draft);
  await putKept(tx, "aside", aside);
  await putKept(tx, "self", next);
}

async function unsent(tx: Tx, self: Self): Promise<boolean> {
  const own = (row: { account_id: string }) => row.account_id === self.account_id;
  return (
    (await tx.all("outbox")).some((row) => own(row) && row.state !== "sent") ||
    (await tx.all("files")).some((row) => own(row) && (row.state === "waiting" || row.state === "ready"))
  );
}

/** Signed in anew by code, passkey or invitation. */
export async function signedInAs(core: Core, session: SessionBody, extra: Partial<Self>, locale: string): Promise<void> {
  await core.db.write(SWITCH_STORES, (tx) =>
    become(tx, {
      account_id: session.account_id,
      device_id: session.device_id,
      role: session.role,
      ...(session.public_number === undefined ? {} : { public_number: session.public_number }),
      demo: session.demo,
      code_state: "none",
      registered: true,
      ended: false,
      locale,
      ...extra,
    }),
  );
  core.session = session;
  core.changed();
}
