// Firefox ESR, as Debian has it, with an empty HOME: HOME=$(mktemp -d) node NAME.mjs
import { existsSync } from "node:fs";
import puppeteer from "puppeteer-core";

const executablePath = process.env.FIREFOX_PATH ?? ["/usr/bin/firefox-esr", "/usr/bin/firefox"].find(existsSync);

/** A browser in Swedish, with these preferences of its own. */
export const openFirefox = (preferences = {}) =>
  puppeteer.launch({
    browser: "firefox",
    executablePath,
    headless: true,
    args: ["--remote-allow-system-access"], // for the browser's own windows, which its notifications are
    extraPrefsFirefox: {
      "intl.accept_languages": "sv-SE, sv",
      "app.update.auto": false,
      "datareporting.policy.dataSubmissionEnabled": false,
      "toolkit.telemetry.enabled": false,
      ...preferences,
    },
  });
