import { signal } from "@preact/signals";
import { call } from "../../api/client";
import { Unreached } from "../../api/problem";
import type { Board } from "../../api/wire";
import { pageCore } from "../../sync/mirror";
import { reach } from "../../sync/session";

/** Where the patrol is, as the server said it last; who is out is only ever news, and so it is not kept. */
export const board = signal<Board | null>(null);

export async function loadBoard(): Promise<void> {
  const core = await pageCore();
  const told = await reach(core, () => call<Board>(core.fetch, "/api/v1/patrols/board"));
  if (!Array.isArray(told?.now)) throw new Unreached();
  board.value = told;
}
