import { describe, expect, it } from "vitest";
import type { PushPrefs, Subscription } from "../../api/wire";
import { heard, NIGHT, only } from "./prefs";

const told: Subscription = { replies: true, topics: ["scams"], municipalities: ["2480"], telling: false, plain: false };
const base: PushPrefs = { replies: true, topics: ["scams"], municipalities: ["2480"], telling: false, plain: false };

describe("what a phone is woken for", () => {
  it("is sent again as it was chosen", () => {
    const chosen: PushPrefs = { ...base, hours: { from: "08:00", until: "20:00" }, quiet_hours: { from: "21:00", until: "08:00" }, tips_at_night: false, age_band: "13-15" };
    expect(only(chosen, true)).toEqual(chosen);
    const { tips_at_night: _, ...answer } = chosen;
    expect(only(heard({ ...told, ...answer } as Subscription, true), true)).toEqual(chosen);
  });

  it("has tips at night when the server says no quiet hours", () => {
    expect(heard(told, true)).toEqual({ ...base, tips_at_night: true });
    expect(only({ ...base, quiet_hours: { ...NIGHT }, tips_at_night: true }, true)).not.toHaveProperty("quiet_hours");
  });

  it("has quiet nights when it was chosen before there was a choice", () => {
    expect(only(base, true)).toEqual({ ...base, tips_at_night: false });
  });

  it("is of an officer no more than what an officer may choose", () => {
    const all: PushPrefs = { ...base, quiet_hours: { ...NIGHT }, tips_at_night: true, age_band: "18-20", telling: true, plain: true };
    const common = { replies: true, topics: ["scams"], municipalities: ["2480"] };
    expect(only(all, false)).toEqual(common);
    expect(heard({ ...told, quiet_hours: { ...NIGHT } }, false)).toEqual(common);
  });
});
