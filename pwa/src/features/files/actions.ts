import type { components } from "../../api/schema";
import { give } from "../../app/give";
import { Unreached } from "../../api/problem";
import { kick } from "../../sync/engine";
import { pageCore, pageLocale, refresh } from "../../sync/mirror";
import { enqueue } from "../../sync/outbox";
import { api } from "../../sync/session";
import { press } from "./withheld";

export type OpeningReason = components["schemas"]["OpeningReason"];

const link = async (path: string, body?: object): Promise<string> =>
  (await api<{ url: string }>(await pageCore(), `/api/v1/files/${path}`, { method: "POST", ...(body ? { body } : {}) })).url;

/** An address for the copy of a file, which may stand in a page. It holds for five minutes. */
export const copyUrl = (file_id: string): Promise<string> => link(`${file_id}/copy-link`);

/** Keeps a file outside the app, under a name that tells nobody anything; `reason`: an officer says why she opens it as it was sent. */
export const saveOriginal = async (file_id: string, reason?: OpeningReason): Promise<void> =>
  save(await link(`${file_id}/link`, reason && { reason }), file_id);

export const saveCopy = async (file_id: string): Promise<void> => save(await copyUrl(file_id), file_id);

async function save(url: string, file_id: string): Promise<void> {
  const answer = await fetch(url);
  if (!answer.ok) throw new Unreached();
  const named = /filename="([\w.-]+)"/.exec(answer.headers.get("content-disposition") ?? "")?.[1];
  const type = answer.headers.get("content-type") ?? "";
  // As plain bytes no browser opens it as a page of ours.
  give(new Blob([await answer.blob()], { type: "application/octet-stream" }), named ?? `${file_id.slice(-6)}.${type.split("/")[1]}`);
}

/** Marks a file as a sexual image of a child: nobody can take it back. */
export async function withhold(file_id: string): Promise<void> {
  await enqueue(await pageCore(), pageLocale(), { kind: "file-withhold", lane: `file:${file_id}`, body: { file_id } });
  press(file_id);
  await refresh();
  void kick("write");
}
