import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { base64url, fromBase64url } from "../../sync/ids";
import { solve, zeroBits } from "./puzzle";

describe("the puzzle", () => {
  it("is solved as the server checks it, and lets the page breathe", async () => {
    const salt = Uint8Array.from([1, 2, 3, 250]);
    let time = 0;
    let rests = 0;
    const shares: number[] = [];
    const rest = async () => {
      rests += 1;
    };
    const answer = await solve(base64url(salt), 10, (share) => shares.push(share), () => (time += 5), rest);
    const sum = createHash("sha256").update(salt).update(answer).digest();
    expect(zeroBits(sum)).toBeGreaterThanOrEqual(10);
    expect(rests).toBeGreaterThan(0);
    expect(shares.at(-1)).toBe(1);
    expect(shares.every((share) => share >= 0 && share <= 1)).toBe(true);
  });

  it("costs nothing at no bits", async () => {
    expect(await solve("AA", 0, () => undefined, () => 0, async () => undefined)).toBe("0");
  });

  it("counts zero bits", () => {
    expect(zeroBits(Uint8Array.from([0, 0b0001_0000]))).toBe(11);
    expect(zeroBits(Uint8Array.from([255]))).toBe(0);
  });

  it("reads what it writes", () => {
    const bytes = Uint8Array.from({ length: 33 }, (_, i) => i * 7);
    expect(fromBase64url(base64url(bytes))).toEqual(bytes);
  });
});
