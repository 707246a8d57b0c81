import { describe, expect, it } from "vitest";
import { captionsOf } from "./captions";

describe("captions", () => {
  it("are taken as WebVTT, with notes, names, places and the marks of voices", () => {
    const vtt = "WEBVTT - På svenska\nKind: captions\n\nNOTE till Kim\nbara för oss\n\n1\n00:01.000 --> 00:03.500 align:start line:90%\n<v Kim>Hej & välkomna\ntill <i>oss</i>\n\n100:00:04.000 --> 100:00:05.000\nSlut";
    expect(captionsOf(`\ufeff${vtt.replaceAll("\n", "\r\n")}`)).toEqual({ vtt });
    expect(captionsOf("WEBVTT\n00:01.000 --> 00:02.000\nHej"), "without an empty line").toHaveProperty("vtt");
  });

  it("are taken as SRT, and go as WebVTT", () => {
    expect(captionsOf("1\n00:00:01,000 --> 00:00:02,000\nHej, alla\n\n2\n00:00:03,000 --> 00:00:04,500\nHej då\n")).toEqual({
      vtt: "WEBVTT\n\n1\n00:00:01.000 --> 00:00:02.000\nHej, alla\n\n2\n00:00:03.000 --> 00:00:04.500\nHej då",
    });
  });

  // The same as the server's own table.
  it.each([
    ["", 1],
    ["WEBVTTX\n\n00:01.000 --> 00:02.000\nHej", 1],
    ["<html>", 1],
    ["WEBVTT", 1],
    ["WEBVTT\n\nNOTE bara det", 1],
    [`WEBVTT\n\n00:01.000 --> 00:02.000\n${"o".repeat(128 * 1024)}`, 1],
    ["WEBVTT\n\nSTYLE\n::cue { color: red }\n\n00:01.000 --> 00:02.000\nHej", 3],
    ["WEBVTT\n\nREGION\nid:a\n\n00:01.000 --> 00:02.000\nHej", 3],
    ["WEBVTT\n\n00:01,000 --> 00:02.000\nHej", 3],
    ["WEBVTT\n\n00:61.000 --> 01:02.000\nHej", 3],
    ["WEBVTT\n\n00:02.000 --> 00:01.000\nHej", 3],
    ["WEBVTT\n\n00:01.000 --> 00:02.000 region:a\nHej", 3],
    ["WEBVTT\n\n00:01.000 --> 00:02.000", 3],
    ["WEBVTT\n\n00:03.000 --> 00:04.000\nHej\n\n00:01.000 --> 00:02.000\nHej", 6],
    ["WEBVTT\n\n00:01.000 --> 00:02.000\nHej\n<script>alert(1)</script>", 5],
    ["WEBVTT\n\n00:01.000 --> 00:02.000\nHej <b", 4],
    ["WEBVTT\n\n00:01.000 --> 00:02.000\na > b", 4],
    ["WEBVTT\n\nbara ord\n\n00:01.000 --> 00:02.000\nHej", 3],
  ])("%.40s is not right in line %i", (given, line) => {
    expect(captionsOf(given)).toEqual({ line });
  });
});
