import { describe, expect, it } from "vitest";
import type { Post } from "../../api/wire";
import type { FileRow } from "../../sync/rows";
import { fieldOf } from "../../i18n/field";
import { correctionOf, empty, lacks, lacksOfCorrection, toCorrection, toDraft, toPublish, type PostDraft } from "./draft";

const NOW = Date.parse("2026-11-30T12:00:00Z");
const DAY = 86_400_000;
const VTT = "WEBVTT\n\n00:01.000 --> 00:02.000\nHej";
const file = (file_id: string, media_type = "image/jpeg"): FileRow => ({ file_id, post_id: "new", account_id: "kim", sha256: "ab", size: 3, media_type, state: "draft", offset: 0 });
const draft = (changes: Partial<PostDraft> = {}): PostDraft => ({ ...empty, topic: "scams", title: "Hej", text: "Så gör de.", ...changes });
const alts = { f1: { alt: "En gata", alt_en: "" } };

describe("a post that is written", () => {
  it("says what it lacks", () => {
    expect(lacks(empty, [], NOW)).toEqual(["topic", "title", "text"]);
    expect(lacks(draft(), [], NOW)).toEqual([]);
    expect(lacks(draft(), [file("f1")], NOW)).toEqual(["alts"]);
    expect(lacks(draft({ alts }), [file("f1")], NOW)).toEqual([]);
    expect(lacks(draft({ alts, captions: "Hej" }), [file("f1", "video/mp4")], NOW)).toEqual(["captions"]);
    expect(lacks(draft({ alts, captions: "Hej" }), [file("f1")], NOW), "of a film that was taken away").toEqual([]);
  });

  it("may be planned within 60 days, and stays unless an end is said", () => {
    const later = (days: number) => ({ later: true, publish_at: fieldOf(NOW + days * DAY) });
    expect(lacks(draft(later(1)), [], NOW)).toEqual([]);
    for (const odd of [{ later: true, publish_at: "" }, later(-1), later(61)]) expect(lacks(draft(odd), [], NOW), JSON.stringify(odd)).toEqual(["from"]);
    expect(lacks(draft({ ...later(2), expires_at: fieldOf(NOW + DAY) }), [], NOW)).toEqual(["until"]);
    expect(lacks(draft({ expires_at: fieldOf(NOW + 400 * DAY) }), [], NOW)).toEqual([]);
  });

  it("leaves out what may be empty, and names its files with what they show", () => {
    expect(toPublish(empty, [])).toBeNull();
    expect(toPublish(draft({ title: " Hej ", alts, captions: VTT }), [file("f1")])).toEqual({
      topic: "scams",
      municipalities: [],
      title: "Hej",
      text: "Så gör de.",
      files: [{ file: { file_id: "f1", sha256: "ab", size: 3, media_type: "image/jpeg" }, alt: "En gata" }],
    });
  });

  it("comes back into the form as it was sent when it was refused", () => {
    const film = { f1: { alt: "Vi går", alt_en: "We walk" } };
    const whole = draft({ quarter_id: "q1", municipalities: ["2480"], title_en: "Hi", text_easy: "Så.", text_en: "So.", alts: film, captions: VTT, later: true, publish_at: fieldOf(NOW + 2 * DAY), expires_at: fieldOf(NOW + 9 * DAY) });
    const sent = toPublish(whole, [file("f1", "video/mp4")]);
    expect(sent && toDraft({ post_id: "p", ...sent })).toEqual(whole);
  });
});

describe("a correction", () => {
  const post: Post = {
    post_id: "p",
    topic: "scams",
    municipalities: [],
    title: "Hej",
    text: "Så gör de.",
    text_easy: "Så.",
    files: [{ file_id: "f1", alt: "Vi går", is_film: true, renditions: [] }],
    captions_revision: 1,
    film_as_sent: false,
    published_at: "2026-11-30T12:00:00Z",
    revision: 3,
  };

  it("begins with what the post says, and asks why", () => {
    const begun = correctionOf(post);
    expect(lacksOfCorrection(begun, post)).toEqual(["why"]);
    expect(toCorrection({ ...begun, text: "Så gör de inte.", why: "Fel." }, post)).toEqual({
      post_id: "p",
      expected_revision: 3,
      why: "Fel.",
      title: "Hej",
      text: "Så gör de inte.",
      text_easy: "Så.",
      alts: [{ file_id: "f1", alt: "Vi går" }],
    });
  });

  it("goes by what it began with when a colleague corrects the post meanwhile", () => {
    expect(toCorrection({ ...correctionOf(post), why: "Fel." }, { ...post, revision: 4 }).expected_revision).toBe(3);
  });

  it("gives other captions, or none", () => {
    const why = { ...correctionOf(post), why: "Fel." };
    expect(toCorrection({ ...why, captions: VTT }, post).captions).toBe(VTT);
    expect(toCorrection({ ...why, captions: VTT, drops: true }, post).captions).toBe("");
    expect(lacksOfCorrection({ ...why, captions: "Hej" }, post)).toEqual(["captions"]);
  });
});
