import { beforeAll, expect, it, vi } from "vitest";
import type { Post } from "../../api/wire";

const added: string[] = [];
const cache = {
  keys: async () => [],
  match: async () => undefined,
  add: async (path: string) => {
    if (path.includes("/gone/")) throw new TypeError("404");
    added.push(path);
  },
};
vi.stubGlobal("sessionStorage", { getItem: () => null, setItem: () => undefined, removeItem: () => undefined });
vi.stubGlobal("navigator", {});
vi.stubGlobal("caches", { open: async () => cache });

const post = (post_id: string): Post => ({
  post_id,
  topic: "scams",
  municipalities: [],
  title: "Hej",
  text: "Hej",
  files: [{ file_id: "f", alt: "Vi", is_film: false, media_type: "image/jpeg", size: 9, renditions: [] }],
  film_as_sent: false,
  published_at: "2026-11-30T12:00:00Z",
  revision: 1,
});

let pictures: typeof import("./pictures");
beforeAll(async () => {
  pictures = await import("./pictures");
}, 60_000);

it("a picture that is gone keeps no older one away", async () => {
  await pictures.keepPictures([post("new"), post("gone"), post("old")]);
  expect(added.map((path) => path.split("/")[4])).toEqual(["new", "old"]);
});
