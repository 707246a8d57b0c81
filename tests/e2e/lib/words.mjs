// The app's own words, so that a changed text changes no test.
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { root } from "./root.mjs";

const read = (language) => JSON.parse(readFileSync(resolve(root, `pwa/messages/${language}.json`), "utf8"));
const escape = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** What is asked of an event, as the app ships it. */
const questions = JSON.parse(readFileSync(resolve(root, "api/questionnaires/1.json"), "utf8"));

/** `say("officer", {number: "07"})`: the text. `like("officer")`: a pattern that takes any number. */
export function words(language) {
  const all = read(language);
  const find = (key) => all[key] ?? (() => { throw new Error(`pwa/messages/${language}.json has no "${key}": name the new key in tests/e2e`); })();
  const one = (list, has, what) => list.find(has) ?? (() => { throw new Error(`api/questionnaires/1.json has no ${what}: name another in tests/e2e`); })();
  return {
    kindOf: (kind) => one(questions.kinds, (each) => each.kind === kind, `kind ${kind}`).name[language],
    asks: (id) => one(questions.questions, (each) => each.id === id, `question ${id}`).ask[language],
    option: (id, option) => one(one(questions.questions, (each) => each.id === id, `question ${id}`).options, (each) => each.id === option, `option ${option}`).label[language],
    say: (key, values = {}) => find(key).replace(/\{(\w+)\}/g, (hole, name) => values[name] ?? hole),
    like: (key, values = {}) =>
      new RegExp(find(key).split(/(\{\w+\})/).map((part) => (/^\{\w+\}$/.test(part) ? escape(values[part.slice(1, -1)] ?? "") || ".+" : escape(part))).join("")),
  };
}
