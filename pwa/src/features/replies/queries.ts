import { signal } from "@preact/signals";
import type { CannedReply, PutReply } from "../../api/wire";
import { keep, kept } from "../../sync/core";
import { pageCore } from "../../sync/mirror";
import { api } from "../../sync/session";

export type { CannedReply, PutReply } from "../../api/wire";

const PATH = "/api/v1/replies";

/** As the server last gave them; they stay for times without a network. Nothing: they were never read here. */
export const replies = signal<CannedReply[] | null>(null, {
  watched: () => {
    void pageCore()
      .then((core) => kept(core, "replies"))
      .then((found) => (replies.value ??= found ?? null))
      .catch(() => undefined);
  },
});

export async function loadReplies(): Promise<void> {
  const core = await pageCore();
  const { items } = await api<{ items: CannedReply[] }>(core, PATH);
  replies.value = items;
  await keep(core, "replies", items);
}

// What leads decide is asked at once and waits in no outbox.
export async function putReply(reply_id: string, command: PutReply): Promise<void> {
  await api(await pageCore(), `${PATH}/${reply_id}`, { method: "PUT", body: command });
  await loadReplies();
}
