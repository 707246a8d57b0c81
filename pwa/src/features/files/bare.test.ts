import { describe, expect, it } from "vitest";
import { withoutWords } from "./bare";

const segment = (marker: number, words: string): number[] => {
  const bytes = [...new TextEncoder().encode(words)];
  return [0xff, marker, 0, bytes.length + 2, ...bytes];
};

describe("an officer's picture", () => {
  it("says no more than it shows", async () => {
    const shown = [...segment(0xdb, "table"), ...segment(0xc0, "frame"), ...segment(0xc4, "codes")];
    const scan = [...segment(0xda, "scan"), 1, 2, 0xff, 0, 3, 0xff, 0xd9];
    const jpeg = new Uint8Array([0xff, 0xd8, ...segment(0xe0, "JFIF"), ...segment(0xe1, "Exif GPS"), ...segment(0xfe, "a word"), ...shown, ...scan]);
    const bare = new Uint8Array(await withoutWords(jpeg).arrayBuffer());
    expect([...bare]).toEqual([0xff, 0xd8, ...shown, ...scan]);
  });
});
