// Cases in order, each named by a sentence; the closing line is what tests/run.sh counts. A case that fails gets one more try, alone, on a
// server and browsers of its own; what passes only then is named at the end of the run (docs/decisions/0046).
import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { resolve } from "node:path";
import { root } from "./root.mjs";

const target = process.env.CARGO_TARGET_DIR ?? resolve(root, "target");
/** Logs and pictures of a run. */
export const proofs = resolve(target, "test");
/** What was measured, for the closing note. */
export const figures = resolve(target, "proof");
for (const place of [proofs, figures]) mkdirSync(place, { recursive: true });

/** More than these in one script is no flicker. */
const MOST_AGAIN = 3;
const isAgain = process.argv.includes("--again");

let passed = 0;
let failed = 0;
/** Names of the cases that failed. */
const again = [];
const watched = new Set();
const closing = [];

/** A page whose picture is taken when a case fails. */
export const watch = (page) => {
  watched.add(page);
  page.once("close", () => watched.delete(page));
  return page;
};

/** Something to stop when the case is over that it began in, or else all cases, whatever happened. */
export const afterwards = (stop) => void closing.push(stop);

export const fail = (message) => {
  throw new Error(message);
};
export const expect = (truth, otherwise) => truth || fail(otherwise);

/** Asks again until the answer is true, for at most `ms`. */
export async function eventually(question, otherwise, ms = 30_000) {
  const end = Date.now() + ms;
  let last;
  do {
    try {
      last = await question();
      if (last) return last;
    } catch (error) {
      last = error;
    }
    await new Promise((next) => setTimeout(next, 100));
  } while (Date.now() < end);
  fail(`${typeof otherwise === "function" ? otherwise() : otherwise} (waited ${ms} ms, last: ${last instanceof Error ? last.message.split("\n")[0] : JSON.stringify(last)})`);
}

/** Runs one case. With words on the command line, only cases that hold one of them. */
export async function shows(name, run) {
  const only = process.argv.slice(2).filter((word) => !word.startsWith("--"));
  if (only.length && !only.some((word) => name.includes(word))) return;
  const since = Date.now();
  const before = closing.length;
  try {
    await run();
    passed += 1;
    console.log(`  ok    ${name} (${Date.now() - since} ms)`);
  } catch (error) {
    failed += 1;
    again.push(name);
    console.log(`  FAIL  ${name}\n        ${(error.stack ?? String(error)).split("\n").slice(0, 14).join("\n        ")}`);
    let n = 0;
    for (const page of watched) {
      const picture = resolve(proofs, `${name.replace(/[^a-z0-9åäö]+/gi, "-").slice(0, 60)}-${++n}.png`);
      await page.screenshot({ path: picture }).then(
        () => console.log(`        picture: ${picture}`),
        () => {},
      );
    }
  }
  // A phone that nobody holds any more would only take its share of the machine.
  await stopAll(before);
}

/** What was begun since so many were. */
async function stopAll(since) {
  for (const stop of closing.splice(since).reverse()) {
    try {
      await stop();
    } catch (error) {
      failed += 1;
      console.log(`  FAIL  while closing: ${error.message}`);
    }
  }
}

export async function close(suite) {
  await stopAll(0);
  // What went wrong outside of a case is not tried again.
  if (isAgain || failed === 0 || failed > again.length || failed > MOST_AGAIN) {
    console.log(`${suite}: ${passed} passed, ${failed} failed`);
    process.exit(failed ? 1 : 0);
  }
  console.log(`${suite}: ${passed} passed, 0 failed yet`);
  for (const name of again) console.log(`  AGAIN ${name}`);
  const flags = process.argv.slice(2).filter((word) => word.startsWith("--"));
  process.exit(spawnSync(process.execPath, [process.argv[1], ...flags, "--again", ...again], { stdio: "inherit" }).status ?? 1);
}

/** The whole of a script: nothing that it throws may leave a server or a browser behind. */
export async function suite(name, run, minutes = 30) {
  setTimeout(() => {
    failed += 1;
    console.log(`  FAIL  the whole took more than ${minutes} minutes`);
    void close(name);
  }, minutes * 60_000).unref();
  try {
    await run();
  } catch (error) {
    failed += 1;
    console.log(`  FAIL  ${error.stack ?? error}`);
  }
  await close(name);
}
