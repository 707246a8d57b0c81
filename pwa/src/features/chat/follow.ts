import { follow, unfollow } from "../../sync/engine";
import { pageCore } from "../../sync/mirror";
import { pullOlder } from "../../sync/pull";

/** The talk is on the screen: its news are fetched with every poke. */
export const openConversation = (id: string): void => follow(id);
export const leaveConversation = (id: string): void => unfollow(id);

/** Fetches what was said before; false when this was the beginning. */
export const loadOlder = async (id: string): Promise<boolean> => pullOlder(await pageCore(), id);
