import { describe, expect, it } from "vitest";
import svFile from "../../messages/sv.json";
import enFile from "../../messages/en.json";
import svText from "../../messages/sv.json?raw";
import enText from "../../messages/en.json?raw";
import pageFile from "../../index.html?raw";
import payload from "../../../api/src/push/payload.rs?raw";
import seed from "../../../api/src/seed.rs?raw";
import questions from "../../../api/questionnaires/1.json?raw";
import workerWords from "../sw/words.ts?raw";
import problems from "./problems.ts?raw";

type Catalogue = Record<string, string>;
const catalogue = ({ $schema: _, ...messages }: Catalogue & { $schema: string }): Catalogue => messages;
const catalogues: Record<string, Catalogue> = { sv: catalogue(svFile), en: catalogue(enFile) };
const manifests = import.meta.glob<string>("../../public/*.webmanifest", { query: "?raw", import: "default", eager: true });
const problemPages = Object.keys(import.meta.glob("../../../openapi/problems/*.md"));

interface Rule {
  rule: string;
  words: RegExp;
  instead: string;
}

/** Promises that we cannot keep, and words that are not ours to use. Each says what to write instead. */
const forbidden: Rule[] = [
  { rule: "anonymous", words: /anonym/i, instead: "we can say \"without name or account\"; police may in some cases trace a connection" },
  { rule: "secret", words: /hemlig|\bsecret|konfidentiell|\bconfidential\b/i, instead: "say who can read it; what is sent is an official document" },
  { rule: "deleted", words: /rader|\bdelet|\berase/i, instead: "\"remove from this phone\": what was sent stays with the police" },
  { rule: "encrypted", words: /krypter|encrypt/i, instead: "say who can read it; we hold the keys" },
  { rule: "untraceable", words: /ospårbar|spårlös|untraceable|(kan|går) inte (att )?spåra|cannot be traced|can't be traced/i, instead: "a connection can in some cases be traced" },
  { rule: "promise", words: /garanter|guarantee|\bpromise|\blov(ar|ade|a)\b/i, instead: "say what happens, not that it must" },
  { rule: "safe", words: /(helt|alltid|100 ?%) (säker|trygg)|(completely|totally|always|100 ?%) (safe|secure)/i, instead: "say what we do, and what we do not know" },
  { rule: "always", words: /\balltid\b|\balways\b|dygnet runt|around the clock|24\/7/i, instead: "we are not staffed at all hours" },
  { rule: "at-once", words: /\bgenast\b|\bomedelbart\b|\bimmediately\b|\binstantly\b|right away/i, instead: "it may take time before somebody reads" },
  { rule: "unseen", words: /ingen (annan )?kan se|no ?one (else )?can see|nobody (else )?can see/i, instead: "whoever can unlock the phone, or has the code, can read" },
  { rule: "anmälan", words: /anmäl|file a (police )?report|crime report/i, instead: "\"berätta\", \"din rapport\": only an officer registers an anmälan" },
  { rule: "protected", words: /skyddad identitet|protected identity|vittnesskydd|witness protection/i, instead: "nothing: it is not ours to give" },
  { rule: "robot", words: /AI-assistent|chatt?bot/i, instead: "people answer here, and nothing else does" },
];

/** Where a forbidden word says something that is true, with the reason: the key is free of that one rule and of no other. */
const reasoned: Record<string, { rule: string; reason: string }> = {
  tell_not_police_report: { rule: "anmälan", reason: "says that the report is no polisanmälan, which is the truth that the rule protects" },
  receipt_registered: { rule: "anmälan", reason: "stands there only once an officer has registered one" },
  desk_report_registered: { rule: "anmälan", reason: "stands only where an officer has registered one, with its number" },
  desk_report_register: { rule: "anmälan", reason: "is what an officer presses who has registered one" },
  report_registered: { rule: "anmälan", reason: "stands only where an officer has registered one, with its number" },
  about_3: { rule: "always", reason: "says that we are not staffed around the clock" },
  access_3: { rule: "anmälan", reason: "the way to complain is by law a report to Digg about a lack" },
  notices_who_text: { rule: "encrypted", reason: "Web Push encrypts between our server and the browser by its standard; the sentence says what others see all the same" },
  duty_child: { rule: "anmälan", reason: "the word of the law for what must be sent to social services; on officers' screens" },
  duty_child_ask: { rule: "anmälan", reason: "asks an officer for that decision, by the word of the law" },
  parents_2: { rule: "anmälan", reason: "orosanmälan is the word of the law for what must be sent to social services" },
  privacy_3: { rule: "anmälan", reason: "orosanmälan is the word of the law for what must be sent to social services" },
};
const broken = (text: string, key?: string): Rule[] =>
  forbidden.filter(({ rule, words }) => words.test(text) && !(key !== undefined && reasoned[key]?.rule === rule));
const told = (where: string, text: string, rules: Rule[]): string[] => rules.map(({ words, instead }) => `${where}: ${text.match(words)?.[0]} -> ${instead}`);

/** What people read that stands in no catalogue: the words of a push, of the worker, and of the demo's town. */
const quoted = (source: string): string[] =>
  source
    .split("\n")
    .filter((line) => !/^\s*(\/\/|\*|\/\*)/.test(line))
    .flatMap((line) => [...line.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map((found) => found[1] ?? ""));
const town = quoted(seed).filter((text) => / /.test(text));
const elsewhere = { "api/questionnaires/1.json": quoted(questions), "api/src/push/payload.rs": quoted(payload), "api/src/seed.rs": town, "pwa/src/sw/words.ts": quoted(workerWords) };

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

  it("stand once under each name", () => {
    for (const file of [svText, enText]) {
      const names = [...file.matchAll(/^ {2}"(\w+)":/gm)].map((found) => found[1] ?? "");
      expect(names.filter((name, i) => names.indexOf(name) !== i), "the later takes the place of the other: give one another name").toEqual([]);
    }
  });

  it("promise nothing that is not true", () => {
    const found = places.flatMap(({ locale, key, text }) => told(`${locale} ${key}`, text, broken(text, key)));
    expect(found, "change the text, or give the key a true reason in this file").toEqual([]);
  });

  it("have no exception that is not needed", () => {
    const idle = Object.keys(reasoned).filter(
      (key) => !places.some((place) => place.key === key && forbidden.some(({ rule, words }) => rule === reasoned[key]?.rule && words.test(place.text))),
    );
    expect(idle, "take the exception away").toEqual([]);
  });

  it("promise nothing in what the server and the worker say by themselves", () => {
    for (const [file, texts] of Object.entries(elsewhere)) expect(texts.length, `no text was found in ${file}: look at what this test reads`).toBeGreaterThan(3);
    const found = Object.entries(elsewhere).flatMap(([file, texts]) => texts.flatMap((text) => told(file, text, broken(text))));
    expect(found, "change the text").toEqual([]);
  });

  it("name no number in the demo's town but 112, 114 14 and 116 111", () => {
    expect(town.length).toBeGreaterThan(12);
    const numbers = town.flatMap((text) => text.replace(/\b(112|114 14|116 111)\b/g, "").match(/\d+/g) ?? []);
    expect(numbers, "write the number as a word, or leave it out: a real one may belong to somebody").toEqual([]);
  });

  it("say the numbers right wherever they stand", () => {
    const wrong = places.filter(({ text }) => /(?<!\d)11414(?!\d)|114-14|116111/.test(text)).map(({ key }) => key);
    expect(wrong, "write 114 14 and 116 111").toEqual([]);
  });

  it("hold in the page itself, before the script has come", () => {
    const page = pageFile + Object.values(manifests).join();
    expect(told("index.html or the manifest", page, broken(page))).toEqual([]);
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
