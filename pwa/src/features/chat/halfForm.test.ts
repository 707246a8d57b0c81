import { beforeAll, expect, it, vi } from "vitest";
import { begunIn } from "./begun";

vi.stubGlobal("navigator", { onLine: true });
vi.stubGlobal("document", { documentElement: { lang: "sv" } });
vi.stubGlobal("sessionStorage", { getItem: () => null, setItem: () => undefined, removeItem: () => undefined });
vi.stubGlobal("__VERSION__", "test");

let half: typeof import("./halfWritten");
let form: typeof import("./halfForm");

beforeAll(async () => {
  half = await import("./halfWritten");
  form = await import("./halfForm");
  await half.opened;
});

it("keeps a form that is half filled in as it stands, and takes broken words for none", () => {
  form.keepForm("reply/r1", { name: "Hälsning", sv: "Hej" });
  expect(form.halfForm("reply/r1")).toEqual({ name: "Hälsning", sv: "Hej" });
  expect(form.halfForm("reply/r2"), "nothing was begun").toBeUndefined();
  half.write("reply/r1", '{"name": "Häl');
  expect(form.halfForm("reply/r1")).toBeUndefined();
});

it("sends no reason and no form as if it were a message", () => {
  half.words.value = {};
  for (const place of ["t1/lower", "t1/take", "t1/duty/own-crime", "t1/changed/a1", "i1/answer", "reply/r1", "duty/text"]) half.write(place, "Ord");
  expect(half.texts.value).toEqual({});
  expect(begunIn(half.words.value), "an officer is asked before they go").toHaveLength(7);
});

it("counts words that somebody has begun, and no choices", () => {
  expect(begunIn({ t1: "Hej", t2: "  ", "t1/reply": "en", "t1/card/to": "112", "t1/card/replaces": "h1", "t1/card/what": "En man" })).toEqual(["t1", "t1/card/what"]);
});
