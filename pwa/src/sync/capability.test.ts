import { createHash } from "node:crypto";
import { beforeEach, describe, expect, it } from "vitest";
import type { ActionResult } from "../api/wire";
import { json, Phone, problem, Server } from "../testing/world";
import { getCapability, mint, putCapability } from "./capability";
import { kept } from "./core";
import { drain } from "./drain";
import { PIECE, sendFiles } from "./files";
import { fromBase64url } from "./ids";
import { enqueue } from "./outbox";
import { SignedOut } from "./session";

let server: Server;
let noa: Phone;
/** What the server has been told: a secret and the key that signs for it. */
let known: Map<string, string>;
let used: string[];
const pace = () => ({ failures: 0, at: 0 });

/** RFC 9421 and 9530 as a server reads them. */
async function isSigned(path: string, init: RequestInit, point: Uint8Array<ArrayBuffer>): Promise<boolean> {
  const headers = new Headers(init.headers);
  const body = typeof init.body === "string" ? Buffer.from(init.body) : Buffer.from(init.body as ArrayBuffer);
  const digest = `sha-256=:${createHash("sha256").update(body).digest("base64")}:`;
  if (headers.get("content-digest") !== digest) return false;
  const at = init.method === "PATCH" ? ["upload-offset"] : [];
  const names = ["@method", "@path", "content-digest", "natpatrull-capability", ...at];
  const params = `(${names.map((name) => `"${name}"`).join(" ")});alg="ecdsa-p256-sha256"`;
  if (headers.get("signature-input") !== `sig=${params}`) return false;
  const lines = [`"@method": ${init.method}`, `"@path": ${path}`, ...names.slice(2).map((name) => `"${name}": ${headers.get(name)}`), `"@signature-params": ${params}`];
  const key = await crypto.subtle.importKey("raw", point, { name: "ECDSA", namedCurve: "P-256" }, false, ["verify"]);
  const signature = Buffer.from(/^sig=:(.*):$/.exec(headers.get("signature") ?? "")?.[1] ?? "", "base64");
  return crypto.subtle.verify({ name: "ECDSA", hash: "SHA-256" }, key, signature, Buffer.from(lines.join("\n")));
}

beforeEach(async () => {
  server = new Server();
  noa = await new Phone(server).starts();
  known = new Map();
  used = [];
  const plain = server.fetch;
  server.fetch = async (path, init = {}) => {
    const headers = new Headers(init.headers);
    const body = typeof init.body === "string" ? (JSON.parse(init.body) as Record<string, string>) : {};
    if (path.endsWith("/identity/capability")) {
      if (!server.tokens.has(headers.get("authorization")?.slice(7) ?? "")) return problem(401, "token-expired");
      known.set(body["secret"] ?? "", body["public_key"] ?? "");
      return json(200, { capability_id: body["capability_id"], ends_at: "2027-05-23T00:00:00Z", parcel_key: { key_id: "k", public_key: "p" } });
    }
    const secret = headers.get("natpatrull-capability");
    if (secret === null) return plain(path, init);
    used.push(`${init.method} ${path.replace(/[\da-f-]{36}$/, "ID")}`);
    const point = known.get(secret);
    if (point === undefined || headers.has("authorization") || !(await isSigned(path, init, fromBase64url(point)))) return problem(401, "capability-ended");
    // The same door behind it, and an answer without a word more than it needs.
    server.tokens.add("behind");
    const answer = await plain(path.replace("/deliver", "/push"), { ...init, headers: { ...Object.fromEntries(headers), authorization: "Bearer behind" } });
    if (!path.endsWith("/deliver") || answer.status !== 200) return answer;
    const { results } = (await answer.json()) as { results: ActionResult[] };
    return json(200, { results: results.map(({ action_id, outcome, original }) => ({ action_id, outcome: original === "refused" ? original : outcome })) });
  };
});

const report = (what: string, file_id?: string) => {
  const report_id = noa.id();
  const body = { report_id, event_kind: "threat", what, happened: { certainty: "unknown" }, files: file_id ? [{ file_id }] : [] };
  return enqueue(noa.core, "sv", { kind: "report-submit", lane: `report:${report_id}`, body }).then(() => report_id);
};
const says = (text: string) => enqueue(noa.core, "sv", { kind: "message-send", lane: "conversation:t1", body: { message_id: noa.id(), conversation_id: "t1", text } });
const own = async () => {
  const self = await kept(noa.core, "self");
  return self && noa.core.db.read(["kept"], (tx) => getCapability(tx, self));
};

/** Noa has a session, then the server ends it for good. */
async function wasSignedIn() {
  await says("hej");
  await drain(noa.core, pace());
  await mint(noa.core);
  noa.core.session = null;
  server.tokens.clear();
  server.ended = true;
}

describe("without a session", () => {
  it("a report and its picture are delivered, and a message waits for its writer", async () => {
    await wasSignedIn();
    await says("det här väntar");
    const file_id = noa.id();
    const report_id = await report("de hotar mig", file_id);
    const bytes = new Uint8Array(PIECE + 7).fill(5).buffer;
    const pieces = [0, 1].map((n) => ({ file_id, n, bytes: bytes.slice(n * PIECE, (n + 1) * PIECE) }));
    const account_id = (await kept(noa.core, "self"))?.account_id ?? "";
    await noa.core.db.write(["files", "chunks"], async (tx) => {
      await tx.put("files", { file_id, report_id, account_id, sha256: "x", size: bytes.byteLength, media_type: "image/png", state: "waiting", offset: 0 });
      for (const piece of pieces) await tx.put("chunks", piece);
    });
    expect(await drain(noa.core, pace())).toMatchObject({ state: "paused", why: "signed-out" });
    await sendFiles(noa.core);
    expect(server.effects).toHaveLength(2);
    expect(server.files.get(file_id)?.bytes.length).toBe(bytes.byteLength);
    expect(used).toEqual(["POST /api/v1/sync/deliver", "POST /api/v1/files", "PATCH /api/v1/files/ID", "PATCH /api/v1/files/ID"]);
    expect((await noa.rows()).map((row) => [row.kind, row.state])).toEqual([["message-send", "sent"], ["message-send", "queued"]]);
    expect(await kept(noa.core, "delivered")).toEqual([report_id]);
    expect(await noa.core.db.read(["chunks"], (tx) => tx.all("chunks"))).toEqual([]);
  });

  it("a report has one effect when the answer is lost, and stands when it is refused", async () => {
    await wasSignedIn();
    await report("en gång");
    const plain = server.fetch;
    let cut = true;
    server.fetch = async (path, init) => {
      const answer = await plain(path, init);
      if (!path.endsWith("/deliver") || !cut) return answer;
      cut = false;
      throw new TypeError("Failed to fetch");
    };
    const first = await drain(noa.core, pace());
    expect(first.state).toBe("later");
    noa.time += 3_600_000;
    await drain(noa.core, pace());
    expect(server.effects).toHaveLength(2);
    server.refuse = () => "text-too-long";
    await report("för långt");
    await drain(noa.core, pace());
    expect((await noa.rows()).filter((row) => row.kind === "report-submit").map((row) => row.state)).toEqual(["attention"]);
  });

  it("of the key only signatures leave the phone, and it outlives a restart", async () => {
    await wasSignedIn();
    await noa.crashes();
    const row = await own();
    expect(row?.key.extractable).toBe(false);
    await expect(crypto.subtle.exportKey("pkcs8", row!.key)).rejects.toThrow();
    await report("efter omstarten");
    await drain(noa.core, pace());
    expect(server.effects).toHaveLength(2);
  });

  it("all waits when the server knows the capability no more, and the phone drops it", async () => {
    await wasSignedIn();
    known.clear();
    await report("väntar");
    expect(await drain(noa.core, pace())).toMatchObject({ state: "paused", why: "signed-out" });
    expect((await noa.rows()).at(-1)).toMatchObject({ kind: "report-submit", state: "queued" });
    expect(await own()).toBeUndefined();
    expect(used).toHaveLength(1);
    await sendFiles(noa.core);
    expect(used).toHaveLength(1);
  });
});

describe("the capability", () => {
  it("is told again until the server has answered, the same one, and then once a month", async () => {
    await says("hej");
    await drain(noa.core, pace());
    const plain = server.fetch;
    let left = 2;
    server.fetch = async (path, init) => {
      const answer = await plain(path, init);
      if (path.endsWith("/capability") && left-- > 0) throw new TypeError("Failed to fetch");
      return answer;
    };
    for (let i = 0; i < 2; i++) await expect(mint(noa.core)).rejects.toThrow();
    await mint(noa.core);
    expect(known.size).toBe(1);
    const first = await own();
    const told = server.calls.length;
    noa.time += 29 * 86_400_000;
    await mint(noa.core);
    expect(server.calls.length).toBe(told);
    noa.time += 2 * 86_400_000;
    await mint(noa.core);
    expect((await own())?.renewed_at).toBe(noa.time);
    expect((await own())?.secret).toBe(first?.secret);
    expect(known.size).toBe(1);
  });

  it("is no officer's, nobody's without a session, and goes with the account that it is of", async () => {
    await mint(noa.core);
    expect(known.size).toBe(0);
    await wasSignedIn();
    const self = (await kept(noa.core, "self"))!;
    await noa.core.db.write(["kept"], async (tx) => {
      await tx.del("kept", "self");
      await putCapability(tx, "somebody");
    });
    expect(await kept(noa.core, "capabilities")).toEqual({});
    await noa.core.db.write(["kept"], (tx) => tx.put("kept", { ...self, role: "officer", ended: false }, "self"));
    await mint(noa.core);
    expect(known.size).toBe(1);
    expect(await own()).toBeUndefined();
  });

  it("is not asked of a session that has only not been renewed", async () => {
    await wasSignedIn();
    server.fault = () => "lost";
    await report("utan nät");
    await expect(drain(noa.core, pace())).resolves.toMatchObject({ state: "later" });
    await sendFiles(noa.core).catch((error) => expect(error).not.toBeInstanceOf(SignedOut));
    expect(used).toEqual([]);
  });
});
