// A Web Push service for tests, in the wire that Firefox speaks (WebSocket, JSON) and the HTTP side of RFC 8030.
// It decrypts nothing; it records what was sent, acknowledged and refused. Under /taken/ stand phones without a browser, whose pushes it takes and keeps.
import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import { WebSocketServer } from "ws";

export async function startPushService() {
  const channels = new Map(); // endpoint id -> { socket, channelID }
  const seen = { posts: [], acks: [], nacks: [], gone: [], refused: [], taken: [] };

  const http = createServer((request, response) => {
    const parts = [];
    request.on("data", (part) => parts.push(part));
    request.on("end", () => {
      const body = Buffer.concat(parts);
      const id = request.url.match(/^\/wpush\/([\w-]+)$/)?.[1];
      const end = (status) => response.writeHead(status, status === 201 ? { location: `/m/${randomUUID()}` } : {}).end();
      if (request.url.startsWith("/taken/")) return seen.taken.push({ path: request.url, body }), end(201);
      const channel = channels.get(id);
      seen.posts.push({ id, headers: request.headers, size: body.length });
      if (!channel) return seen.gone.push(id), end(410);
      const faults = [
        request.method === "POST" || "not a POST",
        /^vapid t=.+, ?k=.+/.test(request.headers.authorization ?? "") || "no VAPID authorization",
        /^\d+$/.test(request.headers.ttl ?? "") || "no TTL",
        request.headers["content-encoding"] === "aes128gcm" || "not aes128gcm",
        body.length <= 4096 || "over 4,096 bytes",
      ].filter((fault) => fault !== true);
      if (faults.length) return seen.refused.push(faults), end(400);
      const version = randomUUID();
      channel.socket.send(JSON.stringify({ messageType: "notification", channelID: channel.channelID, version, data: body.toString("base64url"), headers: { encoding: "aes128gcm" } }));
      end(201);
    });
  });

  new WebSocketServer({ server: http }).on("connection", (socket) => {
    const say = (message) => socket.send(JSON.stringify(message));
    socket.on("message", (raw) => {
      const text = raw.toString();
      const message = text === "{}" ? { messageType: "ping" } : JSON.parse(text);
      switch (message.messageType) {
        case "ping":
          return socket.send("{}");
        case "hello":
          return say({ messageType: "hello", uaid: message.uaid || randomUUID().replaceAll("-", ""), status: 200, use_webpush: true, broadcasts: {} });
        case "register": {
          const id = randomUUID();
          channels.set(id, { socket, channelID: message.channelID });
          return say({ messageType: "register", channelID: message.channelID, status: 200, pushEndpoint: `http://localhost:${http.address().port}/wpush/${id}` });
        }
        case "unregister":
          for (const [id, channel] of channels) if (channel.channelID === message.channelID) channels.delete(id);
          return say({ messageType: "unregister", channelID: message.channelID, status: 200 });
        case "ack": // 100 is "delivered"; anything else, as 101 "could not be decrypted", is a refusal in kinder words
          return void message.updates.forEach((update) => (update.code === 100 ? seen.acks : seen.nacks).push(update));
        case "nack":
          return void seen.nacks.push(message);
      }
    });
  });

  await new Promise((listening) => http.listen(0, "localhost", listening));
  return {
    ...seen,
    endpoints: () => [...channels.keys()],
    address: `ws://localhost:${http.address().port}/`,
    takes: `http://localhost:${http.address().port}/taken/`,
    stop: () => new Promise((closed) => { http.closeAllConnections(); http.close(closed); for (const { socket } of channels.values()) socket.terminate(); }),
  };
}
