import { describe, expect, it } from "vitest";
import svFile from "../../messages/sv.json";
import enFile from "../../messages/en.json";
import pageFile from "../../index.html?raw";
import problems from "./problems.ts?raw";

type Catalogue = Record<string, string>;
const catalogue = ({ $schema: _, ...messages }: Catalogue & { $schema: string }): Catalogue => messages;
const catalogues: Record<string, Catalogue> = { sv: catalogue(svFile), en: catalogue(enFile) };
const manifests = import.meta.glob<string>("../../public/*.webmanifest", { query: "?raw", import: "default", eager: true });
const problemPages = Object.keys(import.meta.glob("../../../openapi/problems/*.md"));

/** Promises that we cannot keep, and words that are not ours to use. Each says what to write instead. */
const forbidden: { words: RegExp; instead: string }[] = [
  { words: /anonym/i, instead: "we can say \"without name or account\"; police may in some cases trace a connection" },
  { words: /hemlig|\bsecret|konfidentiell|\bconfidential\b/i, instead: "say who can read it; what is sent is an official document" },
  { words: /rader|\bdelet|\berase/i, instead: "\"remove from this phone\": what was sent stays with the police" },
  { words: /krypter|encrypt/i, instead: "say who can read it; we hold the keys" },
  { words: /ospårbar|spårlös|untraceable|(kan|går) inte (att )?spåra|cannot be traced|can't be traced/i, instead: "a connection can in some cases be traced" },
  { words: /garanter|guarantee|\bpromise|\blov(ar|ade|a)\b/i, instead: "say what happens, not that it must" },
  { words: /(helt|alltid|100 ?%) (säker|trygg)|(completely|totally|always|100 ?%) (safe|secure)/i, instead: "say what we do, and what we do not know" },
  { words: /\balltid\b|\balways\b|dygnet runt|around the clock|24\/7/i, instead: "we are not staffed at all hours" },
  { words: /\bgenast\b|\bomedelbart\b|\bimmediately\b|\binstantly\b|right away/i, instead: "it may take time before somebody reads" },
  { words: /ingen (annan )?kan se|no ?one (else )?can see|nobody (else )?can see/i, instead: "whoever can unlock the phone, or has the code, can read" },
  { words: /anmäl|file a (police )?report|crime report/i, instead: "\"berätta\", \"din rapport\": only an officer registers an anmälan" },
  { words: /skyddad identitet|protected identity|vittnesskydd|witness protection/i, instead: "nothing: it is not ours to give" },
  { words: /AI-assistent|chatt?bot/i, instead: "people answer here, and nothing else does" },
];

/** Where a forbidden word says something that is true, with the reason. */
const reasoned: Record<string, string> = {
  tell_not_police_report: "says that the report is no polisanmälan, which is the truth that the rule protects",
  about_2: "a number stays with its officer: a rule of ours that we do keep",
  about_3: "says that we are not staffed around the clock",
  access_3: "the way to complain is by law a report to Digg about a lack",
  notices_who_text: "Web Push encrypts between our server and the browser by its standard; the sentence says what others see all the same",
  privacy_3: "orosanmälan is the word of the law for what must be sent to social services",
};

const places = Object.entries(catalogues).flatMap(([locale, messages]) =>
  Object.entries(messages).map(([key, text]) => ({ locale, key, text })),
);

describe("the words of the app", () => {
  it("are there", () => {
    for (const [locale, messages] of Object.entries(catalogues))
      expect(Object.keys(messages).length, `messages/${locale}.json is empty`).toBeGreaterThan(300);
  });

  it("are the same in both languages", () => {
    expect(Object.keys(catalogues.en ?? {}), "add the missing key to the other file, in the same place").toEqual(Object.keys(catalogues.sv ?? {}));
    const holes = (text: string | undefined) => (text?.match(/\{\w+\}/g) ?? []).sort();
    for (const [key, text] of Object.entries(catalogues.sv ?? {}))
      expect(holes(catalogues.en?.[key]), `${key} must have the same holes in both languages`).toEqual(holes(text));
    for (const { locale, key, text } of places) expect(text.trim(), `${key} is empty in ${locale}`).not.toBe("");
  });

  it("promise nothing that is not true", () => {
    const found = places.flatMap(({ locale, key, text }) =>
      key in reasoned ? [] : forbidden.filter(({ words }) => words.test(text)).map(({ words, instead }) => `${locale} ${key}: ${text.match(words)?.[0]} -> ${instead}`),
    );
    expect(found, "change the text, or give the key a true reason in this file").toEqual([]);
  });

  it("have no exception that is not needed", () => {
    const idle = Object.keys(reasoned).filter((key) => !places.some((place) => place.key === key && forbidden.some(({ words }) => words.test(place.text))));
    expect(idle, "take the exception away").toEqual([]);
  });

  it("say the numbers right wherever they stand", () => {
    const wrong = places.filter(({ text }) => /(?<!\d)11414(?!\d)|114-14|116111/.test(text)).map(({ key }) => key);
    expect(wrong, "write 114 14 and 116 111").toEqual([]);
  });

  it("hold in the page itself, before the script has come", () => {
    const page = pageFile + Object.values(manifests).join();
    expect(forbidden.filter(({ words }) => words.test(page)).map(({ words }) => words.source)).toEqual([]);
    expect(page).toContain("tel:112");
    expect(page).toContain("tel:11414");
  });
});

describe("the reasons of the server", () => {
  it("all have words", () => {
    const kinds = problemPages.map((page) => page.replace(/.*\/(.*)\.md$/, "$1")).filter((kind) => kind !== "README");
    expect(kinds.length).toBeGreaterThan(20);
    for (const kind of kinds)
      expect(catalogues.sv, `add problem_${kind.replaceAll("-", "_")} to messages/ and to problems.ts`).toHaveProperty(`problem_${kind.replaceAll("-", "_")}`);
  });

  it("each have words, under the name that the kind has", () => {
    for (const key of Object.keys(catalogues.sv ?? {}).filter((one) => one.startsWith("problem_")))
      expect(problems, `problems.ts does not name ${key}`).toContain(`"${key.slice(8).replaceAll("_", "-")}": m.${key}`);
  });
});
