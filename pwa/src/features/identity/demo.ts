import { call } from "../../api/client";
import type { DemoInfo } from "../../api/wire";
import { pageCore } from "../../sync/mirror";
import { reach } from "../../sync/session";

/** Whether this is a demo. */
export async function demoInfo(): Promise<DemoInfo> {
  const core = await pageCore();
  return reach(core, () => call<DemoInfo>(core.fetch, "/api/v1/identity/demo"));
}
