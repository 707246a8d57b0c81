// The app's own words, so that a changed text changes no test.
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { root } from "./root.mjs";

const read = (language) => JSON.parse(readFileSync(resolve(root, `pwa/messages/${language}.json`), "utf8"));
const escape = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** `say("officer", {number: "07"})`: the text. `like("officer")`: a pattern that takes any number. */
export function words(language) {
  const all = read(language);
  const find = (key) => all[key] ?? (() => { throw new Error(`pwa/messages/${language}.json has no "${key}": name the new key in tests/e2e`); })();
  return {
    say: (key, values = {}) => find(key).replace(/\{(\w+)\}/g, (hole, name) => values[name] ?? hole),
    like: (key, values = {}) =>
      new RegExp(find(key).split(/(\{\w+\})/).map((part) => (/^\{\w+\}$/.test(part) ? escape(values[part.slice(1, -1)] ?? "") || ".+" : escape(part))).join("")),
  };
}
