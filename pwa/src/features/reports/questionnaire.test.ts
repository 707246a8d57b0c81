import { describe, expect, it } from "vitest";
import file from "../../../../api/questionnaires/1.json";
import type { Answer, Question, Questionnaire } from "../../api/wire";
import { asked, sendable } from "./questionnaire";

const shipped = file as Questionnaire;
const KINDS = ["threat", "sexual-image", "grooming", "fraud", "hate", "bullying", "recruitment", "drugs", "violence", "party", "other"];
const FORMS = ["account", "time", "place", "area", "links", "files", "one", "many", "words"];

const both = (text: string) => ({ sv: text, en: text });
const question = (id: string, form: Question["form"], more: Partial<Question> = {}): Question => ({ id, form, ask: both(id), ...more });
const options = (...ids: string[]) => ids.map((id) => ({ id, label: both(id) }));
const no = { sv: [], en: [], easy: [] };
const kind = (name: string, ...questions: string[]) => ({ kind: name as "threat", name: both(name), hint: both(name), guide: { do_now: no, save: no, never_send: no, who_helps: [] }, questions });

/** knows -> who -> friend hang together; so do lost -> amount. */
const small: Questionnaire = {
  version: 7,
  valid_from: "2026-12-01T00:00:00Z",
  kinds: [kind("threat", "what", "knows", "who", "friend", "when"), kind("fraud", "what", "lost", "amount"), kind("hate", "what", "who")],
  questions: [
    question("when", "time"),
    question("what", "account"),
    question("knows", "one", { options: options("yes", "maybe", "no") }),
    question("who", "one", { options: options("pupil", "adult"), when: { question: "knows", any_of: ["yes", "maybe"] } }),
    question("friend", "words", { when: { question: "who", any_of: ["pupil"] } }),
    question("lost", "many", { options: options("money", "account") }),
    question("amount", "words", { when: { question: "lost", any_of: ["money"] } }),
  ],
};
const pressed = (question_id: string, ...options: string[]): Answer => ({ question_id, options });
const wrote = (question_id: string, words: string): Answer => ({ question_id, words });

describe("what is asked", () => {
  it.each([
    ["threat", [], ["what", "knows", "when"]],
    ["threat", [pressed("knows", "no")], ["what", "knows", "when"]],
    ["threat", [pressed("knows", "maybe")], ["what", "knows", "who", "when"]],
    ["threat", [pressed("knows", "yes"), pressed("who", "pupil")], ["what", "knows", "who", "friend", "when"]],
    // What hung on an answer that was changed goes with it, however deep.
    ["threat", [pressed("knows", "no"), pressed("who", "pupil")], ["what", "knows", "when"]],
    ["threat", [pressed("knows"), pressed("who", "pupil")], ["what", "knows", "when"]],
    ["fraud", [pressed("lost", "account")], ["what", "lost"]],
    ["fraud", [pressed("lost", "account", "money")], ["what", "lost", "amount"]],
    // Its question is not asked in this kind, so its condition never holds.
    ["hate", [pressed("knows", "yes")], ["what"]],
    ["of a later version", [], []],
  ] as const)("about %s, after %j", (name, answers, ids) => {
    expect(asked(small, name as "threat", answers as readonly Answer[] as Answer[]).map((one) => one.id)).toEqual(ids);
  });
});

describe("what is sent of the answers", () => {
  const sent = (name: "threat" | "fraud", answers: Answer[]) => sendable(asked(small, name, answers), answers);

  it("is what still holds, in the order of the questions", () => {
    const answers = [wrote("friend", " Kim "), pressed("who", "pupil"), pressed("knows", "yes")];
    expect(sent("threat", answers)).toEqual([pressed("knows", "yes"), pressed("who", "pupil"), wrote("friend", "Kim")]);
    expect(sent("threat", [...answers.slice(0, 2), pressed("knows", "no")]), "words stay behind whose question is not asked any more").toEqual([pressed("knows", "no")]);
  });

  it("leaves out what was skipped, emptied or belongs to another kind", () => {
    expect(sent("fraud", [pressed("lost"), wrote("amount", "500 kr"), pressed("knows", "yes")])).toEqual([]);
    expect(sent("fraud", [pressed("lost", "money"), wrote("amount", "  ")])).toEqual([pressed("lost", "money")]);
  });

  it("names only options that the question has", () => {
    expect(sent("fraud", [pressed("lost", "gone", "account", "money")])).toEqual([pressed("lost", "money", "account")]);
  });
});

describe("the questions that the app comes with", () => {
  const byId = new Map(shipped.questions.map((one) => [one.id, one]));
  const known = (id: string): Question => byId.get(id) ?? expect.unreachable(`no question is called ${id}`);

  it("are of eleven kinds, each once, and no question is without a kind or a name of its own", () => {
    expect(shipped.kinds.map((one) => one.kind)).toEqual(KINDS);
    expect(byId.size, "two questions have one id").toBe(shipped.questions.length);
    const named = new Set(shipped.kinds.flatMap((one) => one.questions));
    expect(shipped.questions.filter((one) => !named.has(one.id)).map((one) => one.id), "no kind asks this").toEqual([]);
    for (const id of [...byId.keys(), ...shipped.questions.flatMap((one) => (one.options ?? []).map((option) => option.id))]) expect(id).toMatch(/^[a-z][a-z0-9-]{0,39}$/);
  });

  it.each(KINDS)("of %s begin with what happened, and ask no form and nothing twice that is kept once", (name) => {
    const ids = shipped.kinds.find((one) => one.kind === name)?.questions ?? [];
    expect(new Set(ids).size, "a question stands twice").toBe(ids.length);
    const forms = ids.map((id) => known(id).form);
    expect(forms[0]).toBe("account");
    // A draft has one place for each of these.
    for (const form of ["account", "time", "place", "area", "links", "files"]) expect(forms.filter((one) => one === form).length, `${form} is asked twice`).toBeLessThan(2);
    expect(forms, "a picture that must not be sent is told as a link").toContain("links");
    expect(forms).toContain("files");
  });

  it("have the form that they say", () => {
    for (const { id, form, options = [], longest } of shipped.questions) {
      expect(FORMS).toContain(form);
      const chooses = form === "one" || form === "many";
      expect(options.length > 1, `${id} ${chooses ? "has nothing to choose from" : "has options that nobody sees"}`).toBe(chooses);
      expect(new Set(options.map((option) => option.id)).size, `${id} has an option twice`).toBe(options.length);
      if (longest !== undefined) expect(form, `${id} has a length`).toBe("words");
    }
  });

  it("hang on earlier ones of one or many, and on options that these have", () => {
    const hanging = shipped.questions.filter((one) => one.when);
    expect(hanging.length).toBeGreaterThan(3);
    for (const { id, when } of hanging) {
      const on = known(when?.question ?? "");
      expect(["one", "many"], `${id} hangs on ${on.id}`).toContain(on.form);
      expect(when?.any_of.length, `${id} is never asked`).toBeGreaterThan(0);
      for (const option of when?.any_of ?? []) expect(on.options?.map((one) => one.id), `${id} hangs on an option that ${on.id} has not`).toContain(option);
      for (const { kind, questions } of shipped.kinds)
        if (questions.includes(id)) expect(questions.slice(0, questions.indexOf(id)), `${kind} asks ${id} before ${on.id}`).toContain(on.id);
    }
  });

  it("and the guides are there in every language, and nowhere in the same words", () => {
    for (const { kind, guide } of shipped.kinds) {
      for (const part of [guide.do_now, guide.save, guide.never_send])
        for (const lines of [part.sv, part.en, part.easy]) {
          expect(lines.length, `${kind}: 2 to 5 lines`).toBeGreaterThan(1);
          expect(lines.length, `${kind}: 2 to 5 lines`).toBeLessThan(6);
        }
      expect(guide.who_helps.length, `${kind}: nobody helps`).toBeGreaterThan(1);
      for (const { tel, url } of guide.who_helps) {
        if (tel !== undefined) expect(tel).toMatch(/^\d{3,10}$/);
        if (url !== undefined) expect(new URL(url).protocol).toBe("https:");
      }
    }
    let texts = 0;
    const look = (at: string, node: unknown): void => {
      if (Array.isArray(node)) return node.forEach((one, i) => look(`${at}[${i}]`, one));
      if (typeof node !== "object" || node === null) return;
      const text = node as Record<string, unknown>;
      if ("sv" in text || "en" in text || "easy" in text) {
        texts += 1;
        const languages = Object.entries(text).map(([language, words]) => [language, [words].flat().join(" ")] as const);
        for (const language of ["sv", "en"]) expect(Object.keys(text), at).toContain(language);
        for (const [language, words] of languages) expect(words.trim(), `${at} is empty in ${language}`).not.toBe("");
        expect(String(text["sv"]), `${at} is not translated`).not.toBe(String(text["en"]));
        return;
      }
      for (const [name, one] of Object.entries(text)) look(`${at}.${name}`, one);
    };
    look("", shipped);
    expect(texts).toBeGreaterThan(150);
  });

  it("send whoever is in danger to 112 from every guide", () => {
    for (const { kind, guide } of shipped.kinds)
      for (const language of ["sv", "en", "easy"] as const)
        expect(guide.do_now[language].join(" ") + guide.who_helps.map((one) => one.name[language]).join(" "), `${kind}, ${language}`).toContain("112");
  });
});
