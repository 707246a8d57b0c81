// Officers of a real station, who came by an invite of the command line and have a passkey; and live streams that are listened to.
import { randomUUID } from "node:crypto";
import { expect } from "./cases.mjs";
import { makesPasskey } from "./passkey.mjs";
import { call } from "./patrol.mjs";

/** Somebody who serves under this number from now on: the device and its token. */
export async function hires(server, number, role = "officer") {
  const token = (await server.also("admin", "invite", "--number", number, "--role", role)).match(/\/invite\/(?:#)?([A-Za-z0-9_-]{43})/)[1];
  const { ceremony_id, options } = await call(server.officers, "/api/v1/identity/invites/open", { method: "POST", body: { token } });
  const device_id = randomUUID();
  const body = { token, ceremony_id, device_id, credential: makesPasskey(options, server.officers) };
  const { access_token } = await call(server.officers, "/api/v1/identity/invites/accept", { method: "POST", body });
  return { device_id, token: access_token };
}

/** Reads events of a stream until `signal` is aborted; `failed` hears of an end that nobody asked for. */
export async function listens(url, headers, heard, failed, signal) {
  const answer = await fetch(url, { headers, signal });
  expect(answer.ok, `the stream answered ${answer.status}`);
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  const reads = async () => {
    let text = "";
    for (;;) {
      const { done, value } = await reader.read();
      if (done) throw new Error("the stream ended");
      const frames = (text += value).split("\n\n");
      text = frames.pop();
      for (const frame of frames) {
        const line = (name) => frame.split("\n").find((one) => one.startsWith(name))?.slice(name.length).trim();
        const event = line("event:");
        if (event) heard(event, JSON.parse(line("data:") ?? "null"));
      }
    }
  };
  reads().catch((error) => signal.aborted || failed(error));
}
