import type { ActionKind } from "../api/wire";
import { getKept, putKept, type Core } from "./core";
import type { StoreName, Tx } from "./db";
import { NEWS } from "./held";
import { base64url, digits, uuidV4, uuidV7 } from "./ids";
import type { OutboxRow, Seen, Self } from "./rows";

export interface NewAction {
  kind: ActionKind;
  lane: string;
  body: object;
  /** 1 unless said. */
  v?: number;
  after?: string[];
  seen?: Seen;
}

const WORDLESS = new Set<ActionKind>(["conversation-take", "conversation-close", "conversation-raise", "conversation-ask-erasure", "location-ask", "file-withhold", "report-read", "report-open-talk", "report-leave", "report-ask-erasure", "idea-show", "idea-open-talk", "dialogue-open", "dialogue-end", "dialogue-archive", "dialogue-seat", "dialogue-pin", "dialogue-slow", "question-show", "question-assign", "question-mute"]);

/** What officers ask begins a talk, and they have it. */
export const opensTalk = (kind: ActionKind): boolean => kind === "report-open-talk" || kind === "idea-open-talk";

/** The stores that a write through the outbox touches. */
export const OUTBOX_STORES: StoreName[] = ["kept", "outbox", "files"];

/** A youth's account exists from the first write on, network or not. Codes and secrets never leave by any other way. */
export function newSelf(core: Core, locale: string): Self {
  return {
    account_id: uuidV4(core.fill),
    device_id: uuidV4(core.fill),
    role: "youth",
    demo: false,
    secret: base64url(core.fill(new Uint8Array(32))),
    code: digits(core.fill, 16),
    code_state: "unseen",
    registered: false,
    ended: false,
    locale,
  };
}

export async function selfOrNew(core: Core, tx: Tx, locale: string): Promise<Self> {
  const known = await getKept(tx, "self");
  if (known) return known;
  const made = newSelf(core, locale);
  await putKept(tx, "self", made);
  return made;
}

/** Made before the transaction, which may run several times, and each time for the same action. */
export const newId = (core: Core): string => uuidV7(core.fill, core.now());

export function newRow(core: Core, owner: Self, action_id: string, action: NewAction): OutboxRow {
  const now = core.now();
  return {
    action_id,
    account_id: owner.account_id,
    lane: action.lane,
    kind: action.kind,
    v: action.v ?? 1,
    after: action.after ?? [],
    recorded_at: new Date(now).toISOString(),
    body: JSON.stringify(action.body),
    state: "queued",
    attempt: 0,
    faults: 0,
    ...(action.seen ? { seen: action.seen } : {}),
  };
}

export async function putAction(core: Core, tx: Tx, owner: Self, action_id: string, action: NewAction): Promise<OutboxRow> {
  const row = newRow(core, owner, action_id, action);
  await tx.put("outbox", row);
  for (const { file_id } of filesOf(row)) {
    const file = await tx.get("files", file_id);
    // Words that begin a new talk take their picture along.
    if (file?.state === "draft" || file?.state === "waiting") await tx.put("files", { ...file, ...ownerOf(row), state: "waiting" });
  }
  return row;
}

/** Resolves once the action is on the disk; only then may anybody say "saved". */
export async function enqueue(core: Core, locale: string, action: NewAction): Promise<OutboxRow> {
  const id = newId(core);
  const row = await core.db.write(OUTBOX_STORES, async (tx) => {
    const self = await selfOrNew(core, tx, locale);
    if (WORDLESS.has(action.kind)) {
      // Pressing it again answers an earlier no; only what holds words waits for a decision.
      for (const old of await tx.all("outbox"))
        if (old.kind === action.kind && old.lane === action.lane && old.account_id === self.account_id && old.state === "attention" && old.seq !== undefined)
          await takeBack(tx, old);
    }
    return putAction(core, tx, self, id, action);
  });
  core.changed();
  return row;
}

/** One reading mark a talk is enough: a queued one that never left gives way to the newer. */
export async function enqueueRead(core: Core, conversation_id: string, pos: number): Promise<void> {
  const id = newId(core);
  const made = await core.db.write(OUTBOX_STORES, async (tx) => {
    const self = await getKept(tx, "self");
    if (!self) return false;
    const lane = `conversation:${conversation_id}`;
    for (const row of await tx.all("outbox")) {
      if (row.kind !== "conversation-read" || row.lane !== lane || row.account_id !== self.account_id) continue;
      if ((JSON.parse(row.body) as { pos: number }).pos >= pos && row.state !== "attention") return false;
      if (row.seq !== undefined && ((row.state === "queued" && row.attempt === 0) || row.state === "attention")) await tx.del("outbox", row.seq);
    }
    await putAction(core, tx, self, id, { kind: "conversation-read", lane, body: { conversation_id, pos } });
    return true;
  });
  if (made) core.changed();
}

/** What needs it is shown to its writer as well: of an action that never reached the server, the server would only say that it waits. */
async function takeBack(tx: Tx, gone: OutboxRow): Promise<void> {
  for (const row of await tx.all("outbox"))
    if (row.account_id === gone.account_id && row.after.includes(gone.action_id) && (row.state === "queued" || row.state === "sending"))
      await tx.put("outbox", { ...row, state: "attention", problem_kind: "dependency-refused" });
  if (gone.seq !== undefined) await tx.del("outbox", gone.seq);
}

/** Takes back what was refused. Only a row that the server has said no to may go; it is deleted by its key. `replace` gives the same each time. */
export async function dropRefused(core: Core, action_id: string, replace?: (row: OutboxRow) => NewAction): Promise<OutboxRow | null> {
  const id = newId(core);
  const made = await core.db.write([...OUTBOX_STORES, "chunks"], async (tx) => {
    const [row] = await tx.where("outbox", "action_id", action_id);
    const self = await getKept(tx, "self");
    if (!row || row.seq === undefined || row.state !== "attention" || self?.account_id !== row.account_id) return null;
    // Never the same id with another body: the new text is another action.
    const next = replace ? await putAction(core, tx, self, id, replace(row)) : null;
    await takeBack(tx, row);
    const named = new Set((await tx.all("outbox")).filter((one) => one.action_id !== action_id).flatMap(filesOf).map((file) => file.file_id));
    for (const { file_id } of filesOf(row))
      // One that is in a form again stays.
      if (!named.has(file_id) && (await tx.get("files", file_id))?.state !== "draft") await forgetFile(tx, file_id);
    return next;
  });
  core.changed();
  return made;
}

/** Lets an answer go that this phone held, as the same action: the server has never said no to it. */
export async function letGo(core: Core, action_id: string, seen: Seen): Promise<void> {
  await core.db.write(["outbox"], async (tx) => {
    const [row] = await tx.where("outbox", "action_id", action_id);
    if (row?.state !== "attention" || row.problem_kind !== NEWS) return;
    const { problem_kind: _over, ...free } = row;
    await tx.put("outbox", { ...free, state: "queued", seen });
  });
  core.changed();
}

/** Needs the stores `files` and `chunks`. */
export async function forgetFile(tx: Tx, file_id: string): Promise<void> {
  await tx.drop("chunks", "file_id", file_id);
  await tx.del("files", file_id);
}

/** The server has applied it and the journal has brought it, or it has nothing to show: the row may go. */
export async function settle(tx: Tx, row: OutboxRow): Promise<void> {
  await filesMayGo(tx, row);
  if (row.seq !== undefined) await tx.del("outbox", row.seq);
}

/** Files follow what names them, and never go before it. */
export async function filesMayGo(tx: Tx, row: OutboxRow): Promise<void> {
  for (const { file_id } of filesOf(row)) {
    const file = await tx.get("files", file_id);
    if (file?.state === "waiting") await tx.put("files", { ...file, state: "ready" });
  }
}

/** The talk that a message is of, the post, or the dialogue. */
const ownerOf = ({ kind, lane, body }: OutboxRow) =>
  kind === "message-send"
    ? { conversation_id: lane.slice("conversation:".length) }
    : kind === "post-publish"
      ? { post_id: (JSON.parse(body) as { post_id: string }).post_id }
      : kind === "dialogue-film"
        ? { dialogue_id: lane.slice("dialogue:".length) }
        : {};

interface Named {
  file_id: string;
}

/** The files that a report, a message or a post names, and a dialogue's film; a post says beside each what it shows. */
export const namedIn = ({ files = [], film }: { files?: (Named | { file: Named })[]; film?: Named }): Named[] => [...files.map((one) => ("file" in one ? one.file : one)), ...(film ? [film] : [])];

const filesOf = (row: OutboxRow): Named[] => namedIn(JSON.parse(row.body));
