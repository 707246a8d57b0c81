import { describe, expect, it, vi } from "vitest";
import type { Report, SentFile } from "../../api/wire";
import type { FileRow } from "../../sync/rows";

vi.stubGlobal("navigator", { language: "sv", onLine: true });
vi.stubGlobal("document", { documentElement: { lang: "sv" }, addEventListener: () => undefined });
vi.stubGlobal("__VERSION__", "test");
const { sizeWords } = await import("../../i18n/size");
const { stamp } = await import("../../i18n/stamp");
const { asText, nameOf, receiptOf } = await import("./receipt");

const NOW = Date.parse("2026-11-30T08:00:00Z");
const SIZE = sizeWords(1_400_000);
const file = (file_id: string, more: Partial<SentFile> = {}): SentFile => ({ file_id, media_type: "image/png", size: 1_400_000, sha256: file_id.repeat(32), received: 0, complete: true, state: "complete", ...more });
const report = (more: Partial<Report> = {}): Report => ({
  report_id: "r1",
  number: "R-7K4M-92XR",
  event_kind: "threat",
  what: "De skriver att de vet var jag bor",
  place: "En gruppchatt",
  links: [{ said: "appen: hotaren" }],
  happened: { certainty: "unknown" },
  recorded_at: "2026-11-30T06:00:00Z",
  submitted_at: "2026-11-30T07:00:00Z",
  state: "received",
  revision: 1,
  damaged: false,
  self_harm: false,
  in_danger: false,
  as_tip: true,
  files: [],
  ...more,
});
const here: FileRow = { file_id: "aa", report_id: "r1", account_id: "noa", sha256: "aa".repeat(32), size: 1_400_000, media_type: "image/png", state: "done", offset: 1_400_000 };
const text = (more: Partial<Report> = {}, rows: FileRow[] = []) => asText(receiptOf(report(more), rows, "natpatrull.example", NOW));

describe("a receipt", () => {
  it("tells the number, both times, and how to come back without the code", () => {
    const says = text();
    for (const part of ["Kvitto R-7K4M-92XR", stamp("2026-11-30T06:00:00Z"), stamp("2026-11-30T07:00:00Z"), "Inga filer", "natpatrull.example", "16 siffror", stamp(NOW)])
      expect(says).toContain(part);
  });

  it("says nothing of what was written", () => {
    expect(text({ files: [file("aa")] })).not.toMatch(/vet var jag bor|gruppchatt|hotaren|Hot\b/);
  });

  it("tells each file by its kind, size and sum, and whether it is what this phone sent", () => {
    const files = [file("aa"), file("bb", { media_type: "text/plain", complete: false, state: "arriving" }), file("cc", { complete: false, state: "refused" })];
    const [first, second, third] = text({ files }, [here]).split("\n\n").filter((part) => part.startsWith("Fil "));
    expect(first).toBe(`Fil 1: Bild, ${SIZE}\nFramme. Kontrollsumma (SHA-256) av det som togs emot:\n${"aa".repeat(32)}\nSamma som på den här telefonen.`);
    expect(second).toBe(`Fil 2: Text, ${SIZE}\nInte framme än. Kontrollsumma (SHA-256) av det som skickas:\n${"bb".repeat(32)}`);
    expect(third).toBe(`Fil 3: Bild, ${SIZE}\nTogs inte emot.`);
  });

  it("says that a file is the same only where this phone's own sum is", () => {
    expect(text({ files: [file("aa")] }, [{ ...here, sha256: "00".repeat(32) }])).not.toContain("Samma");
  });

  it("calls it no polisanmälan before one is registered", () => {
    expect(text()).toContain("Den blir en polisanmälan först när");
    const registered = text({ police_number: "5000-K1-26" });
    expect(registered).toContain("5000-K1-26");
    expect(registered).not.toContain("först när");
  });

  it("has a name that tells nobody anything", () => {
    expect(nameOf(NOW, "png")).toBe("2026-11-30.png");
    expect(nameOf(NOW, "txt")).toBe("2026-11-30.txt");
  });
});
