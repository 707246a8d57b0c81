import { describe, expect, it } from "vitest";
import { noteOf, pathOf, shellOf } from "./words";

const home = "https://natpatrull.example";

describe("the worker", () => {
  it("answers pages and the shell's own files, and leaves the server's roads alone", () => {
    const asks = (path: string, navigates = false, method = "GET") => shellOf(home + path, navigates, method, home);
    expect(asks("/talk/7", true)).toEqual(["/talk/7", "/"]);
    expect(asks("/assets/index-1.js")).toEqual(["/assets/index-1.js"]);
    for (const path of ["/api/v1/tips", "/api/docs", "/healthz", "/readyz", "/problems/not-found"]) expect(asks(path, true)).toBeNull();
    expect(asks("/", true, "POST")).toBeNull();
    expect(shellOf("https://elsewhere.example/", true, "GET", home)).toBeNull();
  });

  it("shows something for any push, even one that cannot be read", () => {
    const broken = { json: () => JSON.parse("<html>") as unknown };
    for (const data of [null, broken, { json: () => null }, { json: () => ({ notification: { title: 7 } }) }])
      expect(noteOf(data)).toMatchObject({ title: "Nytt meddelande", options: { body: "Öppna appen" } });
    const told = noteOf({ json: () => ({ tag: "conversation", notification: { title: "Nytt svar", body: "b", lang: "sv", navigate: "/talk/7" } }) });
    expect(told).toMatchObject({ title: "Nytt svar", options: { tag: "conversation", data: { navigate: "/talk/7" } } });
    // The server's own address is not always the one that this worker lives under.
    const elsewhere = noteOf({ json: () => ({ path: "/talk/8", notification: { navigate: "http://localhost:8080/talk/8" } }) });
    expect(pathOf(elsewhere.options.data, home)).toBe("/talk/8");
  });

  it("prefers the path, which holds under each name of the server", () => {
    const elsewhere = { path: "/talk/7", notification: { title: "Nytt svar", navigate: "http://localhost:8080/talk/7" } };
    const note = noteOf({ json: () => elsewhere });
    expect(pathOf(note.options.data, "http://127.0.0.1:8080")).toBe("/talk/7");
  });

  it("covers a tip that was taken back by its correction, and both lead to the tip", () => {
    const of = (kind: string, title?: string) => noteOf({ json: () => ({ kind, tag: "tip:9", path: "/tips/9", notification: title === undefined ? {} : { title } }) });
    const [tip, recalled] = [of("tip", "Nytt trygghetstips"), of("tip-recalled", "Ett trygghetstips är rättat")];
    expect(recalled.options.tag).toBe(tip.options.tag);
    for (const note of [tip, recalled]) expect(pathOf(note.options.data, home)).toBe("/tips/9");
    expect([of("tip").title, of("tip-recalled").title, of("unheard-of").title]).toEqual(Array(3).fill("Nytt meddelande"));
  });

  it("says of a dialogue only that a reminder was asked for, and leads to it", () => {
    const of = (title?: string) => noteOf({ json: () => ({ kind: "dialogue", tag: "dialogue:9", path: "/dialogues/9", notification: title === undefined ? {} : { title } }) });
    expect([of("You asked for a reminder").title, of().title]).toEqual(["You asked for a reminder", "Du bad om en påminnelse"]);
    expect([pathOf(of().options.data, home), of().options.actions]).toEqual(["/dialogues/9", []]);
  });

  it("lets an alarm stay and ring again, and nothing else", () => {
    const alarm = noteOf({ json: () => ({ tag: "alarm:7", notification: { title: "Larm", requireInteraction: true, renotify: true, vibrate: [600, 200] } }) });
    expect(alarm.options).toMatchObject({ tag: "alarm:7", requireInteraction: true, renotify: true, vibrate: [600, 200] });
    expect(noteOf({ json: () => ({ notification: { title: "Nytt svar" } }) }).options).not.toHaveProperty("renotify");
  });

  it("keeps what answers a test alarm in the address", () => {
    const told = noteOf({ json: () => ({ path: "/shift#answer", notification: { title: "Provlarm" } }) });
    expect(pathOf(told.options.data, home)).toBe("/shift#answer");
  });

  it("has a button for writing under an answer and a tip, in their language, and none under what a calendar would show", () => {
    const buttons = (told: object) => noteOf({ json: () => told }).options.actions.map(({ action, title }) => [action, title]);
    expect(buttons({ kind: "message" })).toEqual([["write", "Skriv"]]);
    expect(buttons({ kind: "tip", notification: { lang: "en" } })).toEqual([["write", "Write"]]);
    for (const told of [{ kind: "message", plain: true }, { kind: "tip-recalled" }, { kind: "alarm" }, { kind: "test" }, {}]) expect(buttons(told)).toEqual([]);
  });

  it("leads whoever wants to write to the field of the talk, or to where a talk begins", () => {
    expect(pathOf({ navigate: "/talk/7" }, home, "write")).toBe("/talk/7#write");
    for (const navigate of ["/tips/9", "/", "https://elsewhere.example/talk/7"]) expect(pathOf({ navigate }, home, "write")).toBe("/");
  });

  it("opens only this app", () => {
    expect(pathOf({ navigate: "/talk/7" }, home)).toBe("/talk/7");
    expect(pathOf({ navigate: `${home}/tips` }, home)).toBe("/tips");
    for (const navigate of ["https://elsewhere.example/x", "//elsewhere.example", "javascript:alert(1)", 7]) expect(pathOf({ navigate }, home)).toBe("/");
    expect(pathOf(null, home)).toBe("/");
  });
});
