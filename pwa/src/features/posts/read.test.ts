import { describe, expect, it } from "vitest";
import type { Post, PostFile } from "../../api/wire";
import { wanted } from "./pictures";
import { altOf, isOf, latest, paragraphs, shown, sourcesOf, stillOf, withPost } from "./read";

const MEGABYTE = 1024 * 1024;
const picture = (more: Partial<PostFile> = {}): PostFile => ({ file_id: "f1", alt: "En gata", is_film: false, media_type: "image/jpeg", size: MEGABYTE, width: 1200, height: 800, renditions: [], ...more });
const small = { rendition: "small" as const, media_type: "image/jpeg", size: 40_000, width: 600, height: 400 };
const poster = { ...small, rendition: "poster" as const };
const post = (post_id: string, more: Partial<Post> = {}): Post => ({
  post_id,
  topic: "scams",
  municipalities: [],
  title: "Hej",
  text: "Hej",
  files: [],
  film_as_sent: false,
  published_at: "2026-11-30T12:00:00Z",
  revision: 1,
  ...more,
});

describe("what is seen of a post", () => {
  it("is the smaller picture where there is one, and a film's poster", () => {
    expect(stillOf("p", picture())).toMatchObject({ path: "/api/v1/posts/p/files/f1/full", width: 1200 });
    expect(stillOf("p", picture({ renditions: [small] }))).toMatchObject({ path: "/api/v1/posts/p/files/f1/small", width: 600 });
    const film = picture({ is_film: true, media_type: "video/mp4" });
    expect(stillOf("p", film), "no film is fetched as a picture").toBeNull();
    expect(stillOf("p", { ...film, renditions: [small, poster] })?.path).toBe("/api/v1/posts/p/files/f1/poster");
  });

  it("is a film from its lightest on", () => {
    const film = picture({ is_film: true, media_type: "video/mp4", renditions: [poster, small] });
    expect(sourcesOf(film).map(({ rendition, size }) => [rendition, size])).toEqual([["small", 40_000], ["full", MEGABYTE]]);
    expect(sourcesOf({ ...film, renditions: [poster] }).map(({ rendition }) => rendition)).toEqual(["full"]);
  });

  it("is said in the reader's language where there are words", () => {
    expect([altOf({ alt: "En gata" }, "en"), altOf({ alt: "En gata", alt_en: "A street" }, "en"), altOf({ alt: "En gata", alt_en: "A street" }, "sv")]).toEqual(["En gata", "A street", "En gata"]);
    expect(paragraphs("Ett\nrad\n\n \nTvå\n")).toEqual(["Ett\nrad", "Två"]);
  });

  it("is narrowed as the server does, and goes when its time is over", () => {
    const by = (topic: string, municipality: string) => isOf({ topic: "scams", municipalities: ["2480"] }, { topic, municipality });
    expect([by("", ""), by("scams", "2480"), by("hate", ""), by("", "2580")]).toEqual([true, true, false, false]);
    expect(isOf({ topic: "scams", municipalities: [] }, { topic: "", municipality: "2580" })).toBe(true);
    const over = post("p", { expires_at: "2026-11-30T13:00:00Z" });
    expect([shown([over], Date.parse("2026-11-30T12:59:00Z")).length, shown([over], Date.parse("2026-11-30T13:00:00Z")).length]).toEqual([1, 0]);
  });

  it("stays on the phone for the latest ten, with the corrections that were read of the same words", () => {
    const corrections: Post["corrections"] = [];
    const before = [post("p1", { corrections }), post("p2", { corrections })];
    const now = [post("p1"), post("p2", { revision: 2 }), ...Array.from({ length: 12 }, (_, i) => post(`q${i}`))];
    const kept = latest(before, now);
    expect(kept).toHaveLength(10);
    expect(kept.map((one) => "corrections" in one).slice(0, 2)).toEqual([true, false]);
    expect(withPost(before, post("p2", { title: "Ny" })).map(({ title }) => title)).toEqual(["Hej", "Ny"]);
    expect(withPost(before, post("p3")).map(({ post_id }) => post_id)).toEqual(["p3", "p1", "p2"]);
  });

  it("keeps no more than a few megabytes of pictures, the newest first", () => {
    const posts = ["a", "b", "c", "d"].map((id) => post(id, { files: [picture({ file_id: id })] }));
    expect(wanted(posts)).toEqual(["a", "b", "c"].map((id) => `/api/v1/posts/${id}/files/${id}/full`));
  });
});
