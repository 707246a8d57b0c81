import { describe, expect, it } from "vitest";
import { PIECE } from "../../sync/files";
import { formOf, judged, typeOf } from "./kinds";

const latin = (text: string) => Uint8Array.from(text, (char) => char.charCodeAt(0));
const file = (bytes: Uint8Array<ArrayBuffer> | string, type = "") => new Blob([bytes], { type });

describe("what a chosen file is", () => {
  it.each([
    ["image/jpeg", "\xff\xd8\xff\xe0"],
    ["image/heic", "\0\0\0\x18ftypheic\0\0\0\0mif1heic"],
    ["image/heic", "\0\0\0\x18ftypmif1\0\0\0\0mif1heic"],
    ["video/mp4", "\0\0\0\x18ftypisom\0\0\0\0"],
    ["video/quicktime", "\0\0\0\x14ftypqt  \0\0\0\0"],
    ["video/webm", "\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x84webm"],
    ["audio/mp4", "\0\0\0\x18ftypM4A \0\0\0\0"],
    ["audio/mpeg", "ID3\x04"],
    ["audio/ogg", "OggS\0"],
    ["audio/wav", "RIFF\0\0\0\0WAVE"],
    ["application/pdf", "%PDF-1.7"],
    ["application/zip", `PK\x03\x04${"\0".repeat(26)}_chat.txt`],
  ])("is %s by its bytes", async (type, face) => {
    expect(await typeOf(file(latin(face)))).toBe(type);
  });

  it("is sound where a recorder put it into a film's box", async () => {
    expect(await typeOf(file(latin("\0\0\0\x18ftypisom\0\0\0\0"), "audio/x-m4a"))).toBe("audio/mp4");
  });

  it("is text where it is nothing but letters, whatever a system calls it", async () => {
    expect(await typeOf(file("Noa: hej\nX: jag vet var du bor å ä ö", "text/csv"))).toBe("text/plain");
    expect(await typeOf(file("<noa> hej"))).toBe("text/plain");
    expect(await typeOf(file('{"messages": []}', "application/json"))).toBe("text/plain");
  });

  it("is none that is taken", async () => {
    expect(await typeOf(file("these words are no picture", "image/png"))).toBeNull();
    expect(await typeOf(file(" \n<HTML><script>"))).toBeNull();
    expect(await typeOf(file("hej\0"))).toBeNull();
    expect(await typeOf(file(latin("hej \xff\xfe")))).toBeNull();
    expect(await typeOf(file(latin(`PK\x03\x04${"\0".repeat(26)}[Content_Types].xml`)))).toBeNull();
    expect(await typeOf(file(""))).toBeNull();
  });

  it("is told to be locked before it is sent", async () => {
    const zip = (flags: string) => file(latin(`PK\x03\x04\x14\0${flags}${"\0".repeat(23)}_chat.txt`));
    await expect(judged(zip("\x09"))).rejects.toMatchObject({ why: "locked" });
    expect(await judged(zip("\x08"))).toBe("application/zip");
    const pdf = (before: number) => file(`%PDF-1.7 ${" ".repeat(before)}trailer << /Encrypt 5 0 R >>`);
    for (const before of [0, PIECE - 30, PIECE]) await expect(judged(pdf(before))).rejects.toMatchObject({ why: "locked" });
    expect(await judged(file("%PDF-1.7 trailer << /Root 1 0 R >>"))).toBe("application/pdf");
    await expect(judged(file("", "image/png"))).rejects.toMatchObject({ why: "type" });
  });

  it("shows itself in one of four forms", () => {
    expect(["image/heic", "video/webm", "audio/ogg", "text/plain"].map(formOf)).toEqual(["picture", "film", "sound", "document"]);
  });
});
