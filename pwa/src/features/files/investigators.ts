import type { Investigator } from "../../api/wire";
import { pageCore } from "../../sync/mirror";
import { api } from "../../sync/session";

const PATH = "/api/v1/files/investigators";

// As with accounts: asked at once, and never later than it was decided.

export const readInvestigators = async (): Promise<Investigator[]> => (await api<{ items: Investigator[] }>(await pageCore(), PATH)).items;

export const nameInvestigator = async (account_id: string, reason: string): Promise<Investigator> =>
  api(await pageCore(), `${PATH}/${account_id}`, { method: "PUT", body: { reason } });

export const endInvestigator = async (account_id: string): Promise<void> => api(await pageCore(), `${PATH}/${account_id}`, { method: "DELETE" });
