import { afterEach, describe, expect, it, vi } from "vitest";
import type { DialogueFilm } from "../../api/wire";
import { canSeek, chooseTextOnly, hasFilm, textOnly } from "./film";

const parts = (...spans: [number, number][]) => ({ seekable: { length: spans.length, start: (i: number) => spans[i]?.[0] ?? 0, end: (i: number) => spans[i]?.[1] ?? 0 } });

describe("a film", () => {
  afterEach(() => vi.unstubAllGlobals());

  it("is left out by itself where the phone saves data or its network is thin, until somebody chooses", () => {
    const kept = new Map<string, string>();
    vi.stubGlobal("localStorage", { getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, value: string) => kept.set(key, value) });
    const thin = [{ saveData: true, effectiveType: "4g" }, { effectiveType: "2g" }, { effectiveType: "slow-2g" }];
    expect([{}, { effectiveType: "3g" }, { saveData: false, effectiveType: "4g" }, ...thin].map((network) => textOnly(network))).toEqual([false, false, false, true, true, true]);
    chooseTextOnly(false);
    expect(thin.map((network) => textOnly(network))).toEqual([false, false, false]);
    chooseTextOnly(true);
    expect(textOnly({ effectiveType: "4g" })).toBe(true);
  });

  it("is left out by the network alone where nothing can be kept", () => {
    expect([textOnly({ saveData: true }), textOnly({})]).toEqual([true, false]);
  });

  it("is there at an address, and where it is kept with us once it is ready", () => {
    const kept = (state: DialogueFilm["state"]): DialogueFilm => ({ file_id: "f1", state, renditions: [], as_sent: false });
    const there = [{}, { film_url: "https://film.example.org/x.m3u8" }, { film: kept("preparing") }, { film: kept("damaged") }, { film: kept("ready") }];
    expect(there.map(hasFilm)).toEqual([false, true, false, false, true]);
  });

  it("shows a moment that stands in it, and says of others that they do not", () => {
    expect(canSeek(parts([0, 30]), 20)).toBe(true);
    expect(canSeek(parts([600, 900]), 20)).toBe(false);
    expect(canSeek(parts([0, 10], [600, 900]), 760)).toBe(true);
    expect(canSeek(parts(), 0)).toBe(false);
  });
});
