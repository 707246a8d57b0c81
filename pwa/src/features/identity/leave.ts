import { call } from "../../api/client";
import type { SendMessage } from "../../api/wire";
import { getCapability, putCapability } from "../../sync/capability";
import { forgetRead, getKept, kept, putKept, READ_STORES, type Core } from "../../sync/core";
import type { StoreName } from "../../sync/db";
import { envelope } from "../../sync/drain";
import { sendSealed, wakeLater } from "../../sync/engine";
import { pageCore, refresh } from "../../sync/mirror";
import { forgetFile, newId, newRow } from "../../sync/outbox";
import type { DraftRow, OutboxRow, ParcelRow, Self } from "../../sync/rows";
import { bearer, COOKIE_TURN } from "../../sync/session";
import { share } from "../../sync/shared";
import { triage, versionOf } from "../chat/danger";
import { opened, texts, words as halfWritten } from "../chat/halfWritten";
import { forgetChosen } from "../files/chosen";
import { forgetPictures } from "../posts/pictures";
import { unsubscribe } from "../push/actions";
import { reportOf, toSubmit } from "../reports/body";
import { filesOfDraft } from "../reports/named";
import { questionnaireOf } from "../reports/documents";
import { forgetUnopened } from "../unsent/unopened";
import type { Packed } from "./parcel";
import { sealable } from "./queries";

/** What becomes of words that are not sent: they stay under their owner, go sealed the next time that anybody opens the app here, or go. */
export type Fate = "keep" | "seal" | "drop";

interface Sealed {
  parcels: ParcelRow[];
  /** The actions that are in them. */
  ids: Set<string>;
}

const STORES: StoreName[] = ["kept", "outbox", "files", "chunks", "drafts", "parcels", ...READ_STORES];

/**
 * Leaves this phone; with any fate but "keep" nothing of its youths stays that somebody could read. `unfinished`: drafts and half-written
 * messages are sealed as well. The phone is emptied first, in one transaction with what is sealed; the server is told afterwards, if it
 * can be.
 */
export async function leave(fate: Fate, unfinished = false): Promise<void> {
  await (await vacate(fate, unfinished, 2000))();
}

/** The phone's part of it, which waits at most so long for a way to tell the server; gives that telling. */
export async function vacate(fate: Fate, unfinished: boolean, patience: number): Promise<() => Promise<void>> {
  const core = await pageCore();
  const token = await soon(bearer(core), patience);
  await opened;
  // What was written in another tab meanwhile is sealed as well.
  while (!(await empty(core, fate, fate === "seal" ? await seal(core, unfinished) : { parcels: [], ids: new Set() })));
  core.session = null;
  halfWritten.value = {};
  await forgetPictures();
  core.changed();
  await refresh();
  if (fate === "seal") {
    void wakeLater();
    void sendSealed();
  }
  return () =>
    core.alone(COOKIE_TURN, async () => {
      // Whoever has come in meanwhile keeps her cookie, and the notices that she asked for.
      const alone = (await kept(core, "self")) === undefined;
      if (!(await kept(core, "push"))?.wanted) await unsubscribe().catch(() => undefined);
      // The server forgets where the notices went.
      if (token !== undefined) await call(core.fetch, "/api/v1/identity/sign-out", { method: "POST", bearer: token, cookies: alone, timeoutMs: 5000 }).catch(() => undefined);
    });
}

/** A phone is not kept waiting for a server that does not answer. */
const soon = <T>(work: Promise<T>, ms = 2000): Promise<T | undefined> => Promise.race([work.catch(() => undefined), new Promise<undefined>((go) => setTimeout(go, ms))]);

/** False when something stands here that should have been sealed and is not: then nothing was touched. */
async function empty(core: Core, fate: Fate, { parcels, ids }: Sealed): Promise<boolean> {
  return core.db.write(STORES, async (tx) => {
    const self = await getKept(tx, "self");
    const aside = (await getKept(tx, "aside")) ?? [];
    // Youths that gave way here go as well, with their codes; an officer's answers are not a youth's to throw away.
    const stay = fate === "keep" ? aside : aside.filter((one) => one.self.role !== "youth");
    const going = fate === "keep" ? [] : [...(self ? [self] : []), ...aside.filter((one) => !stay.includes(one)).map((one) => one.self)];
    const gone = new Set(going.map((one) => one.account_id));
    const rows = (await tx.all("outbox")).filter((row) => gone.has(row.account_id));
    if (fate === "seal" && rows.some((row) => row.account_id === self?.account_id && sealable(row) && !ids.has(row.action_id))) return false;
    await forgetRead(tx);
    for (const key of ["self", "push", "device_added", "stood", "delivered", "votes", "supports", "ideas", "polls", "posts", "dialogues", "dialogue_rooms", "question_votes", "house_rules", "used_at", "touched_at", "home_told", "invite"]) await tx.del("kept", key);
    for (const parcel of parcels) await tx.put("parcels", parcel);
    if (self) await forgetChosen(tx, self.account_id);
    if (fate === "keep") return true;
    await putKept(tx, "aside", stay);
    for (const one of going) await putCapability(tx, one.account_id);
    for (const { report_id, account_id } of await tx.all("drafts")) if (account_id === undefined || gone.has(account_id)) await tx.del("drafts", report_id);
    // What opens for nobody would only tell that somebody wrote here.
    await forgetUnopened(tx);
    const drafts = await tx.all("drafts");
    for (const file of await tx.all("files"))
      if (gone.has(file.account_id) || (file.state === "draft" && !drafts.some((draft) => filesOfDraft(draft).includes(file.file_id)))) await forgetFile(tx, file.file_id);
    // By key: what somebody else left waiting here stays its own.
    for (const row of rows) if (row.seq !== undefined) await tx.del("outbox", row.seq);
    // What a browser has not swept from its files yet does not open either.
    if (drafts.length === 0 && (await tx.all("outbox")).length === 0) await tx.del("kept", "seal");
    return true;
  });
}

/** Everything of this phone's youths that can go in a parcel. A youth that gave way here is not asked, so only what was sent goes. */
async function seal(core: Core, unfinished: boolean): Promise<Sealed> {
  const found = await core.db.read(["kept", "outbox", "drafts"], async (tx) => {
    const self = await getKept(tx, "self");
    const aside = ((await getKept(tx, "aside")) ?? []).map((one) => one.self).filter((one) => one.role === "youth");
    const owners = [];
    for (const owner of [...(self ? [self] : []), ...aside]) owners.push({ owner, by: await getCapability(tx, owner) });
    return { self, owners, drafts: (await tx.all("drafts")).filter((draft) => draft.account_id === undefined), rows: (await tx.all("outbox")).filter(sealable) };
  });
  const sealed: Sealed = { parcels: [], ids: new Set() };
  for (const { owner, by } of found.owners) {
    const rows = found.rows.filter((row) => row.account_id === owner.account_id);
    const begun = unfinished && owner === found.self ? await unsaid(core, owner, found.drafts) : [];
    if (rows.length + begun.length === 0) continue;
    if (!by?.parcel_key) {
      if (owner === found.self) throw new Error("this phone cannot seal");
      continue;
    }
    for (const row of rows) sealed.ids.add(row.action_id);
    const { pack } = await import("./parcel");
    sealed.parcels.push(...(await pack(core, owner, by, packed(core, owner, [...rows, ...begun]))));
  }
  return sealed;
}

/** What was begun and never sent, as what it would be. */
async function unsaid(core: Core, owner: Self, drafts: DraftRow[]): Promise<OutboxRow[]> {
  const rows: OutboxRow[] = [];
  for (const draft of drafts)
    if (draft.what.trim()) rows.push(newRow(core, owner, newId(core), toSubmit(reportOf(draft, [], await soon(questionnaireOf(draft.questionnaire_version))))));
  for (const [place, text] of Object.entries(texts.peek())) {
    if (!text.trim()) continue;
    const conversation_id = place === "new" ? newId(core) : place;
    const body: SendMessage = { message_id: newId(core), conversation_id, text: text.trim(), ...(place === "new" ? triage() : {}) };
    rows.push(newRow(core, owner, newId(core), { kind: "message-send", v: versionOf(body), lane: `conversation:${conversation_id}`, body }));
  }
  return rows;
}

function packed(core: Core, owner: Self, rows: OutboxRow[]): Packed[] {
  const inside = new Set(rows.map((row) => row.action_id));
  /** A talk that has ended meanwhile goes on in one new talk. */
  const talks = new Map<string, string>();
  const text = (row: OutboxRow) => envelope({ ...row, attempt: row.attempt + 1, after: row.after.filter((one) => inside.has(one)) });
  return rows.map((row) => {
    if (row.kind !== "message-send") return { action: text(row) };
    const conversation_id = talks.get(row.lane) ?? newId(core);
    talks.set(row.lane, conversation_id);
    const body = { ...(JSON.parse(row.body) as SendMessage), message_id: newId(core), conversation_id };
    const instead = newRow(core, owner, newId(core), { kind: row.kind, v: row.v, lane: `conversation:${conversation_id}`, body });
    return { action: text(row), instead: text({ ...instead, recorded_at: row.recorded_at }) };
  });
}

/** Begins the tab anew as one that keeps nothing, or as any other. What nobody waits for any more goes from the disk before. */
export async function shareThisPhone(on: boolean): Promise<void> {
  share(on);
  if (on) {
    await forgetPictures();
    const { db } = await pageCore();
    const left = await db.read(["kept", "parcels"], async (tx) => ((await getKept(tx, "aside")) ?? []).length + (await tx.all("parcels")).length);
    db.close();
    if (left === 0) await soon(new Promise((go) => (indexedDB.deleteDatabase("natpatrull").onsuccess = go)));
  }
  location.replace("/");
}
