import { beforeEach, expect, it } from "vitest";
import type { Conversation } from "../../api/wire";
import { dice, json, Phone, Server } from "../../testing/world";
import { enqueue } from "../../sync/outbox";
import { drain } from "../../sync/drain";
import { findTalks } from "./found";

let server: Server;
let kim: Phone;

beforeEach(async () => {
  server = new Server();
  kim = await new Phone(server, dice(3)).starts();
  await enqueue(kim.core, "sv", { kind: "message-send", lane: "conversation:t1", body: { message_id: kim.id(), conversation_id: "t1", text: "Hej" } });
  await drain(kim.core, { failures: 0, at: 0 });
});

const talk = (revision: number): Conversation => ({
  conversation_id: "far back",
  state: "closed",
  revision,
  opened_at: "2026-01-02T03:04:05Z",
  last_at: "2026-01-02T03:04:05Z",
  officer_read_pos: 1,
  youth_read_pos: 1,
  head: 1,
  held_by_me: false,
  last_by: "youth",
  last_text: "Hej",
  unread: false,
  in_danger: false,
  unread_danger: false,
  unanswered_danger: false,
  self_harm: false,
  waiting_since: "2026-01-02T03:04:05Z",
});
/** The server finds it in this revision. */
function finds(revision: number, meanwhile = async () => {}) {
  const plain = server.fetch;
  server.fetch = async (path, init) => {
    if (!path.startsWith("/api/v1/chat/conversations?")) return plain(path, init);
    await meanwhile();
    return json(200, { items: [talk(revision)] });
  };
}
const look = () => findTalks(kim.core, new URLSearchParams({ state: "closed" }));
const here = () => kim.core.db.read(["conversations"], (tx) => tx.get("conversations", "far back"));

it("keeps a talk that was found, and the newer of two", async () => {
  finds(4);
  expect((await look()).items).toHaveLength(1);
  expect((await here())?.revision, "it opens without being known").toBe(4);
  finds(3);
  await look();
  expect((await here())?.revision, "an older row won").toBe(4);
});

it("keeps nothing that may have been erased meanwhile", async () => {
  finds(4, () => kim.core.db.write(["kept"], (tx) => tx.put("kept", 1, "erasures")));
  await look();
  expect(await here()).toBeUndefined();
});
