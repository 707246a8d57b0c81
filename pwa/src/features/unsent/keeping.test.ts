import { describe, expect, it } from "vitest";
import { canPutHome, daysLeft, empties, needsHome } from "./keeping";

const iphone = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1";
const onIphone = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/140.0.0.0 Mobile/15E148 Safari/604.1";
const mac = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15";
const chrome = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36";
const android = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36";
const browser = (userAgent: string, more = {}) => ({ userAgent, maxTouchPoints: 0, installed: false, ...more });

describe("a browser that empties pages nobody uses", () => {
  it("is Safari, and whatever runs on an iPhone or iPad, unless the app is on the home screen", () => {
    for (const one of [iphone, onIphone, mac]) expect(empties(browser(one)), one).toBe(true);
    expect(empties(browser(chrome, { maxTouchPoints: 5 })), "an iPad says that it is a Mac").toBe(true);
    for (const one of [chrome, android]) expect(empties(browser(one)), one).toBe(false);
    expect(empties(browser(iphone, { installed: true }))).toBe(false);
  });

  it("knows notices only on the home screen on an iPhone or iPad, where Safari alone puts an app", () => {
    const inAnotherApp = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 Instagram 380.0";
    for (const one of [iphone, onIphone, inAnotherApp]) expect(needsHome(browser(one)), one).toBe(true);
    for (const one of [mac, chrome, android]) expect(needsHome(browser(one)), one).toBe(false);
    expect(canPutHome(browser(iphone))).toBe(true);
    expect(canPutHome(browser(mac, { maxTouchPoints: 5 })), "an iPad").toBe(true);
    for (const one of [onIphone, inAnotherApp, mac, android]) expect(canPutHome(browser(one)), one).toBe(false);
    expect(canPutHome(browser(iphone, { installed: true }))).toBe(false);
  });

  it("counts whole days from the last use, and never more than seven", () => {
    const day = 86_400_000;
    expect([0, 0.9, 1, 4.5, 6.2, 7, 30, -3].map((days) => daysLeft(0, days * day))).toEqual([7, 7, 6, 3, 1, 0, 0, 7]);
  });
});
