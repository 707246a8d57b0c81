import { call } from "../../api/client";
import type { AnswerIdea, Idea, IdeaKind, IdeaPage, IdeaState, MergeIdea, SendIdea, HideIdea } from "../../api/wire";
import { getKept, keep, kept, putKept } from "../../sync/core";
import { kick } from "../../sync/engine";
import { uuidV7 } from "../../sync/ids";
import { pageCore, pageLocale, refresh } from "../../sync/mirror";
import { dropRefused, enqueue, selfOrNew, type NewAction } from "../../sync/outbox";
import { api, reach } from "../../sync/session";

const PATH = "/api/v1/ideas";
const after = (next?: string): string => (next === undefined ? "" : `&next=${encodeURIComponent(next)}`);

export type Order = "newest" | "support";

/** The public lists as this phone read them last; they stand without a network. */
export const keptIdeas = async (): Promise<{ shown: Idea[]; answered: Idea[] }> => (await kept(await pageCore(), "ideas")) ?? { shown: [], answered: [] };

/** A page of what is shown, or of what became of those that were answered. The first stands without a network from then on. */
export async function readPublic(answered: boolean, order: Order, next?: string): Promise<IdeaPage> {
  const core = await pageCore();
  const page = await reach(core, () => call<IdeaPage>(core.fetch, `${PATH}?limit=30&answered=${answered}&order=${order}${after(next)}`));
  if (next === undefined) await keep(core, "ideas", { ...(await keptIdeas()), [answered ? "answered" : "shown"]: page.items });
  return page;
}

/** A youth's own, as the server knows them. */
export const readMine = async (next?: string): Promise<IdeaPage> => api(await pageCore(), `${PATH}/mine?limit=30${after(next)}`);

/** Those of one state, as officers see them; of what waits what tells of harm comes first. */
export const readBox = async (state: IdeaState, next?: string): Promise<IdeaPage> => api(await pageCore(), `${PATH}/box?state=${state}&limit=30${after(next)}`);

export async function keptSupports(): Promise<string[]> {
  const core = await pageCore();
  const [self, supports] = [await kept(core, "self"), await kept(core, "supports")];
  return supports && supports.account_id === self?.account_id ? supports.ids : [];
}

/** Needs a network, and waits in no queue. Whoever is nobody yet has an account from now on, as with the first words. Nothing when the one who asked has left meanwhile. */
export async function setSupport(idea_id: string, on: boolean): Promise<Idea | null> {
  const core = await pageCore();
  const { account_id } = await core.db.write(["kept"], (tx) => selfOrNew(core, tx, pageLocale()));
  const idea = await api<Idea>(core, `${PATH}/${idea_id}/support`, { method: on ? "PUT" : "DELETE" });
  const there = await core.db.write(["kept"], async (tx) => {
    if ((await getKept(tx, "self"))?.account_id !== account_id) return false;
    const before = await getKept(tx, "supports");
    const others = before?.account_id === account_id ? before.ids.filter((id) => id !== idea_id) : [];
    await putKept(tx, "supports", { account_id, ids: idea.supported ? [...others, idea_id] : others });
    return true;
  });
  await refresh();
  return there ? idea : null;
}

/** Resolves once it is safe on this device. */
async function put(idea_id: string, action: Omit<NewAction, "lane" | "body">, body: object = {}): Promise<void> {
  await enqueue(await pageCore(), pageLocale(), { ...action, lane: `idea:${idea_id}`, body: { idea_id, ...body } });
  void kick("write");
}

export async function sendIdea(kind: IdeaKind, text: string): Promise<void> {
  const core = await pageCore();
  const said: Omit<SendIdea, "idea_id"> = { kind, text };
  await put(uuidV7(core.fill, core.now()), { kind: "idea-send" }, said);
}

export const takeBack = (idea_id: string): Promise<void> => put(idea_id, { kind: "idea-take-back" });

type Decided<Form> = Omit<Form, "idea_id" | "expected_revision">;
const seen = ({ revision }: Pick<Idea, "revision">) => ({ expected_revision: revision });

export const showIdea = (idea: Idea): Promise<void> => put(idea.idea_id, { kind: "idea-show" }, seen(idea));
export const hideIdea = (idea: Idea, why: Decided<HideIdea>): Promise<void> => put(idea.idea_id, { kind: "idea-hide" }, { ...seen(idea), ...why });
export const mergeIdea = (idea: Idea, where: Decided<MergeIdea>): Promise<void> => put(idea.idea_id, { kind: "idea-merge" }, { ...seen(idea), ...where });
export const answerIdea = (idea: Pick<Idea, "idea_id" | "revision">, answer: Decided<AnswerIdea>): Promise<void> => put(idea.idea_id, { kind: "idea-answer" }, { ...seen(idea), ...answer });

/** Begins a talk with its writer; gives which. */
export async function talkAbout(idea: Idea): Promise<string> {
  const core = await pageCore();
  const conversation_id = uuidV7(core.fill, core.now());
  await put(idea.idea_id, { kind: "idea-open-talk" }, { ...seen(idea), conversation_id });
  return conversation_id;
}

/** Takes away what was refused; its words are in a form again, or were seen. */
export async function dropIdea(action_id: string): Promise<void> {
  await dropRefused(await pageCore(), action_id);
  await refresh();
}
