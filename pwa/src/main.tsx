import { render } from "preact";
import { App } from "./app/App";
import { startSync } from "./sync/state";

const place = document.getElementById("app");
if (place) {
  // What stands in the page before the script came (112, 114 14) gives way to the app.
  place.replaceChildren();
  render(<App />, place);
}
void startSync();
