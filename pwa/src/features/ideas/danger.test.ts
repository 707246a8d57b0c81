import { describe, expect, it } from "vitest";
import { dangerIn } from "./danger";

describe("words that tell of harm", () => {
  it("are found as the server finds them", () => {
    expect(dangerIn("Jag vill\n  DÖ")).toEqual({ selfHarm: true });
    expect(dangerIn("jag vill do\u0308")).toEqual({ selfHarm: true });
    expect(dangerIn("I don’t want to live any more")).toEqual({ selfHarm: true });
    expect(dangerIn("självmordstankar")).toEqual({ selfHarm: true });
    expect(dangerIn("De står UTANFÖR dörren!!")).toEqual({ selfHarm: false });
    expect(dangerIn("han har en kniv")).toEqual({ selfHarm: false });
  });

  it("are not parts of other words", () => {
    for (const text of ["", "Var med i vårt spel", "jag dör av skratt, vill dörren öppnas", "begun, gunnar och skäratmig"]) expect(dangerIn(text), text).toBeNull();
  });
});
