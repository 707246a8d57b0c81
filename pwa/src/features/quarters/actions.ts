import { Unreached } from "../../api/problem";
import { call } from "../../api/client";
import type { OpeningState } from "../../api/wire";
import { keep } from "../../sync/core";
import { pageCore } from "../../sync/mirror";
import { reach } from "../../sync/session";
import { known } from "./queries";

/** Asks whether anybody is there; what was said last stays to be seen without a network. */
export async function lookAtOpening(): Promise<void> {
  const core = await pageCore();
  const state = await reach(core, () => call<OpeningState>(core.fetch, "/api/v1/quarters/opening"));
  if (typeof state?.open !== "boolean") throw new Unreached();
  known.value = { state, at: core.now() };
  await keep(core, "opening", known.value);
}
