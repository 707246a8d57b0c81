import type { MuteAccount } from "../../api/wire";
import { uuidV7 } from "../../sync/ids";
import { pageCore } from "../../sync/mirror";
import { atOnce } from "../work/actions";

const PATH = "/api/v1/mutes";

/** The same press again is the same mute: its id is made when the form opens. */
export const newMute = async (): Promise<string> => {
  const core = await pageCore();
  return uuidV7(core.fill, core.now());
};

export const muteAccount = (mute: MuteAccount): Promise<void> => atOnce(PATH, mute);
export const endMute = (mute_id: string, conversation_id: string): Promise<void> => atOnce(`${PATH}/${mute_id}/end`, { conversation_id });
