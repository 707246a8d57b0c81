import { render } from "preact";
import { App } from "./app/App";
import { DUE, forGood, read } from "./head/keys";
import { startSync } from "./sync/state";

async function start(): Promise<void> {
  const place = document.getElementById("app");
  // The front of a quick exit takes a part of the app, and shows none of it.
  if (!place) return;
  // What a quick exit could not bring to its end comes before anything is shown.
  if (read(forGood, DUE) !== null) await import("./features/identity/exit").then((exit) => exit.finish(false)).catch(() => undefined);
  // What stands in the page before the script came (112, 114 14) gives way to the app.
  place.replaceChildren();
  render(<App />, place);
  void startSync();
}
void start();
