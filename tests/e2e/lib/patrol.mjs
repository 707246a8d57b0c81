// Officers and youths at the API, for what a test wants to know of the server or have done there without a second browser.
import { createHash, randomBytes, randomUUID } from "node:crypto";
import { eventually } from "./cases.mjs";
import { remember } from "./traces.mjs";

/** A UUIDv7, as clients make them. */
export function uuid7() {
  const hex = Date.now().toString(16).padStart(12, "0") + randomUUID().replaceAll("-", "").slice(12);
  const bits = hex.slice(0, 12) + "7" + hex.slice(13, 16) + ((parseInt(hex[16], 16) & 3) | 8).toString(16) + hex.slice(17);
  return bits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

export const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");

export async function call(base, path, { method = "GET", token, body, key, headers = {} } = {}) {
  const answer = await fetch(base + path, {
    method,
    headers: {
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...(token ? { authorization: `Bearer ${token}` } : {}),
      ...(key ? { "idempotency-key": key } : {}),
      ...headers,
    },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${text.slice(0, 300)}`);
  return text ? JSON.parse(text) : null;
}

/** A youth whose phone has just made an account. */
export async function registers(server) {
  const who = { account_id: randomUUID(), device_id: randomUUID() };
  const code = [...randomBytes(16)].map((byte) => byte % 10).join("");
  const account = { ...who, secret: randomBytes(32).toString("base64url"), code, locale: "sv" };
  const { access_token } = await call(server.youths, "/api/v1/identity/devices", { method: "POST", body: account });
  // With `account` the same call gives a new token.
  return { ...who, account, token: access_token };
}

/** Solves a puzzle of at least so many bits, as a phone does while its youth waits. */
export async function solves(server, least) {
  const { puzzle_id, salt, bits } = await call(server.youths, `/api/v1/identity/puzzles?bits=${least}`, { method: "POST" });
  const bytes = Buffer.from(salt, "base64url");
  for (let counter = 0; ; counter++) {
    const sum = createHash("sha256").update(bytes).update(String(counter)).digest();
    if (sum.readUInt32BE() >>> (32 - bits) === 0) return { puzzle_id, answer: String(counter) };
  }
}

/** Signs in at the demo as one of its officers. */
export async function onDuty(server, number) {
  const base = server.officers;
  const { officers } = await call(base, "/api/v1/identity/demo");
  const public_number = number ?? officers[0].public_number;
  const device_id = randomUUID();
  let session = { since: 0 };
  // A token lives five minutes and a suite may take longer.
  const bearer = async () => {
    if (Date.now() - session.since > 200_000) session = { since: Date.now(), ...(await call(base, "/api/v1/identity/demo/sign-in", { method: "POST", body: { public_number, device_id } })) };
    remember(session.access_token);
    return session.access_token;
  };
  const get = async (path) => call(base, path, { token: await bearer() });
  const does = async (path, body) => call(base, path, { method: "POST", token: await bearer(), body, key: uuid7() });
  const pages = async (path) => {
    const all = [];
    let next;
    do {
      const page = await get(`${path}${path.includes("?") ? "&" : "?"}limit=100${next ? `&next=${encodeURIComponent(next)}` : ""}`);
      all.push(...page.items);
      next = page.next;
    } while (next);
    return all;
  };
  /** Does something with a report as it stands. */
  const handles = async (report_id, how, body) => {
    const { revision } = await get(`/api/v1/reports/${report_id}`);
    return does(`/api/v1/reports/${report_id}/${how}`, { expected_revision: revision, ...body });
  };
  /** The bytes of a file that a post or a dialogue names. */
  const sendsFile = async (file, bytes, of) => {
    await call(base, "/api/v1/files", { method: "POST", token: await bearer(), body: { ...file, ...of } });
    for (let at = 0; at < bytes.length; at += 262_144) {
      const headers = { authorization: `Bearer ${await bearer()}`, "content-type": "application/octet-stream", "upload-offset": String(at) };
      const answer = await fetch(`${base}/api/v1/files/${file.file_id}`, { method: "PATCH", headers, body: bytes.subarray(at, at + 262_144) });
      if (!answer.ok) throw new Error(`a piece of a file answered ${answer.status}: ${await answer.text()}`);
    }
  };
  const named = (bytes, media_type) => ({ file_id: uuid7(), sha256: sha256(bytes), size: bytes.length, media_type });
  const patrol = {
    public_number,
    /** What leads set, asked at once. */
    sets: async (path, body) => call(base, `/api/v1/quarters${path}`, { method: "PUT", token: await bearer(), body }),
    shifts: async () => (await get("/api/v1/quarters/shifts")).items,
    quarters: async () => (await get("/api/v1/quarters")).items,
    startsShift: () => does("/api/v1/quarters/shifts", { shift_id: uuid7(), device_id, ends_at: new Date(Date.now() + 3_600_000).toISOString(), quarters: [] }),
    /** Goes out together with these, in these quarters, now. */
    async goesOut(officers, quarters) {
      const [patrol_id, now] = [uuid7(), Date.now()];
      const times = { starts_at: new Date(now).toISOString(), ends_at: new Date(now + 3 * 3_600_000).toISOString() };
      await does("/api/v1/patrols", { patrol_id, expected_revision: 0, ...times, officers, quarters });
      await does(`/api/v1/patrols/${patrol_id}/marks`, { mark: "start" });
      return patrol_id;
    },
    comesIn: (patrol_id) => does(`/api/v1/patrols/${patrol_id}/marks`, { mark: "end" }),
    invites: async () => (await get("/api/v1/rooms/invites")).items,
    /** From the first quarter there is: its link and its word. */
    async makesInvite() {
      const [{ quarter_id }] = await patrol.quarters();
      const secret = remember(randomBytes(32).toString("base64url"));
      const invite = await call(base, `/api/v1/rooms/invites/${uuid7()}`, { method: "PUT", token: await bearer(), body: { quarter_id, secret } });
      return { ...invite, secret };
    },
    endsInvite: (id) => does(`/api/v1/rooms/invites/${id}/end`),
    conversations: () => pages("/api/v1/chat/conversations"),
    messages: async (id) => (await get(`/api/v1/chat/conversations/${id}/messages?limit=100`)).items,
    /** The questions for her place, and what came of them. */
    places: async (id) => (await get(`/api/v1/handovers/conversations/${id}/locations`)).items,
    reports: () => pages("/api/v1/reports"),
    /** Every message of every talk whose text is this one. */
    async messagesSaying(text) {
      const found = [];
      for (const talk of await patrol.conversations()) found.push(...(await patrol.messages(talk.conversation_id)).filter((message) => message.text === text));
      return found;
    },
    reportsSaying: async (text) => (await patrol.reports()).filter((report) => report.what.includes(text)),
    talkSaying: (text) => eventually(async () => (await patrol.conversations()).find((talk) => talk.last_text === text), `no talk says "${text}"`),
    readsReport: (report_id) => handles(report_id, "read"),
    closesReport: (report_id, why) => handles(report_id, "closing", { outcome: "not-police-matter", why: remember(why) }),
    joinsReport: (report_id, incident_id, title) => does(`/api/v1/reports/${report_id}/incident`, { incident_id, title: remember(title) }),
    async picture(file_id) {
      const { url } = await call(base, `/api/v1/files/${file_id}/link`, { method: "POST", token: await bearer(), body: { reason: "investigation" } });
      const answer = await fetch(new URL(url, base));
      if (!answer.ok) throw new Error(`the link to the picture answered ${answer.status}`);
      return Buffer.from(await answer.arrayBuffer());
    },
    async takes(talk) {
      const now = await get(`/api/v1/chat/conversations/${talk.conversation_id}`);
      return does(`/api/v1/chat/conversations/${talk.conversation_id}/take`, { expected_revision: now.revision });
    },
    async reads(talk) {
      const now = await get(`/api/v1/chat/conversations/${talk.conversation_id}`);
      return does(`/api/v1/chat/conversations/${talk.conversation_id}/read`, { pos: now.head });
    },
    async closes(talk) {
      const now = await get(`/api/v1/chat/conversations/${talk.conversation_id}`);
      return does(`/api/v1/chat/conversations/${talk.conversation_id}/close`, { expected_revision: now.revision, outcome: "advice-given" });
    },
    givesBack: (talk) => does(`/api/v1/work/conversations/${talk.conversation_id}/give-back`, {}),
    /** Who looked at a talk and what was done with it, for a lead. */
    looks: async (talk) => (await get(`/api/v1/audit/subjects/${talk.conversation_id}/entries?limit=100`)).items,
    answers: (talk, text) => does("/api/v1/chat/messages", { message_id: uuid7(), conversation_id: talk.conversation_id, text: remember(text) }),
    makesCard: (talk, what, receiver = "112") =>
      does("/api/v1/handovers/cards", { handover_id: uuid7(), conversation_id: talk.conversation_id, receiver, card: { what: remember(what) } }),
    /** The newest first. */
    cards: async (talk) => (await get(`/api/v1/handovers/conversations/${talk.conversation_id}/cards`)).items,
    joins: (talk, incident_id, title) => does(`/api/v1/incidents/${incident_id}/conversations`, { conversation_id: talk.conversation_id, title: remember(title) }),
    asksPlace: (talk) => does("/api/v1/handovers/locations", { location_id: uuid7(), conversation_id: talk.conversation_id }),
    recalls: (tip_id, correction) => does(`/api/v1/tips/${tip_id}/recall`, { expected_revision: 1, correction: remember(correction, { open: true }) }),
    bearer,
    /** Shows a film with these words beside it; its bytes follow. */
    async publishesFilm(file) {
      const post_id = uuid7();
      const words = { topic: "scams", title: "Så spårar vi falska konton", text: remember("Spara länken och skriv till oss.", { open: true }) };
      await does("/api/v1/posts", { post_id, ...words, files: [{ file, alt: "Två poliser vid en skärm." }] });
      return post_id;
    },
    plannedPosts: () => pages("/api/v1/posts/planned"),
    /** The last to be published first. */
    plannedTips: () => pages("/api/v1/tips/planned"),
    /** A poll in the words of the contract; what is asked of youths is public. */
    asks: (poll) => does("/api/v1/polls", { poll_id: uuid7(), ...poll, question: remember(poll.question, { open: true }) }),
    closesPoll: (poll_id) => does(`/api/v1/polls/${poll_id}/closing`, { expected_revision: 1 }),
    plannedPolls: () => pages("/api/v1/polls/planned"),
    /** A post in the words of the contract, with its files whole: [{ bytes, media_type, alt }]. What is published is public. */
    async posts({ title, text, ...post }, files = []) {
      const post_id = uuid7();
      const shown = files.map(({ bytes, media_type, alt }) => ({ bytes, alt, file: named(bytes, media_type) }));
      const words = { title: remember(title, { open: true }), text: remember(text, { open: true }) };
      await does("/api/v1/posts", { post_id, topic: "scams", ...post, ...words, files: shown.map(({ file, alt }) => ({ file, alt: remember(alt, { open: true }) })) });
      for (const { bytes, file } of shown) await sendsFile(file, bytes, { post_id });
      return post_id;
    },
    plannedPosts: () => pages("/api/v1/posts/planned"),
    correctsPost: (post_id, correction) => does(`/api/v1/posts/${post_id}/correction`, correction),
    withdrawsPost: (post_id, expected_revision = 1) => does(`/api/v1/posts/${post_id}/withdrawal`, { expected_revision, why: remember("Det var fel dag", { open: true }) }),
    /** The ideas of one state, as officers read them: of what waits what tells of harm comes first. */
    boxedIdeas: (state = "waiting") => pages(`/api/v1/ideas/box?state=${state}`),
    showsIdea: ({ idea_id, revision = 1 }) => does(`/api/v1/ideas/${idea_id}/showing`, { expected_revision: revision }),
    answersIdea: ({ idea_id, revision = 1 }, answer) => does(`/api/v1/ideas/${idea_id}/answer`, { expected_revision: revision, outcome: "done", answer: remember(answer, { open: true }) }),
    hidesIdea: ({ idea_id, revision = 1 }, hiding) => does(`/api/v1/ideas/${idea_id}/hiding`, { expected_revision: revision, hiding }),
    /** A dialogue that all know of; what it says is public. */
    async announces(dialogue = {}) {
      const dialogue_id = uuid7();
      const starts_at = new Date(Date.now() + 3_600_000).toISOString();
      await does("/api/v1/dialogues", { dialogue_id, starts_at, ...dialogue, title: remember(dialogue.title ?? "Fråga oss om falska konton", { open: true }) });
      return dialogue_id;
    },
    dialogue: (dialogue_id) => get(`/api/v1/dialogues/${dialogue_id}`),
    /** Does something with a dialogue as it stands: opening, ending, archiving, seat, pin, pace, film, change. */
    async runs(dialogue_id, how, body = {}) {
      const { revision } = await get(`/api/v1/dialogues/${dialogue_id}`);
      return does(`/api/v1/dialogues/${dialogue_id}/${how}`, { expected_revision: revision, ...body });
    },
    /** Its film is this one from now on, made ready. */
    async keepsFilm(dialogue_id, bytes, captions) {
      const film = named(bytes, "video/mp4");
      await patrol.runs(dialogue_id, "film", { film, captions });
      await sendsFile(film, bytes, { dialogue_id });
      await eventually(async () => (await patrol.dialogue(dialogue_id)).film.state === "ready", "the film is not ready", 120_000);
    },
    /** One that is live, with this officer to speak. */
    async opensRoom(dialogue) {
      const dialogue_id = await patrol.announces(dialogue);
      await patrol.runs(dialogue_id, "opening");
      await patrol.runs(dialogue_id, "seat", { seat: "speaker", takes: true });
      return dialogue_id;
    },
    boxedQuestions: async (dialogue_id, state = "waiting") => (await get(`/api/v1/dialogues/${dialogue_id}/questions/box?state=${state}&limit=100`)).items,
    /** Does something with a question as it was read: showing, hiding, merging, assignment, answer, mute, talk. */
    decides: ({ question_id, revision }, how, body = {}) => does(`/api/v1/dialogues/questions/${question_id}/${how}`, { expected_revision: revision, ...body }),
    /** What became of its sending, and of its correction's. */
    sendings: async (tip_id) => (await get(`/api/v1/push/tips/${tip_id}`)).items,
    publishes: (tip) => does("/api/v1/tips", { tip_id: uuid7(), action: "read", ...tip, text: remember(tip.text, { open: true }) }),
  };
  return patrol;
}
