import { call } from "../../api/client";
import type { DemoInfo } from "../../api/wire";
import { pageCore } from "../../sync/mirror";
import { reach } from "../../sync/session";

/** Whether this is a demo, and where to play its other side. */
export async function demoInfo(): Promise<DemoInfo> {
  const core = await pageCore();
  const info = await reach(core, () => call<DemoInfo>(core.fetch, "/api/v1/identity/demo"));
  const { hostname, port } = location;
  if (!info.demo || !/^(localhost|127\.0\.0\.1)$/.test(hostname)) return info;
  // Two names of the same machine are two origins, so both sides live in one browser. Passkeys work on the first only.
  const at = (host: string, path: string) => `http://${host}${port ? `:${port}` : ""}${path}`;
  return { youth_url: at("127.0.0.1", "/"), officer_url: at("localhost", "/sign-in"), ...info };
}
