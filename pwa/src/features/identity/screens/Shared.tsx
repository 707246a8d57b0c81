import { Confirm, Page, useTask } from "../../../design";
import { m } from "../../../i18n";
import { Failed } from "../../../i18n/Problem";
import { self } from "../../../sync/mirror";
import { shared } from "../../../sync/shared";
import { unsentCount } from "../../../sync/state";
import { texts as halfWritten } from "../../chat/halfWritten";
import { begunQuestions } from "../../dialogues/half";
import { begunIdea } from "../../ideas/draft";
import { shareThisPhone } from "../actions";
import { ForgetPhone } from "./ForgetPhone";

/** For a phone that is not one's own: what it means, and the way in and out. What stands here goes by the way that empties a phone. */
export function Shared() {
  const { busy, error, run } = useTask();
  const here = self.value !== null || unsentCount.value > 0 || Object.keys(halfWritten.value).length > 0 || begunIdea() !== "" || begunQuestions().length > 0;
  return (
    <Page title={m.shared_title()} up="/more" lead={shared ? m.shared_is_on() : m.shared_lead()}>
      <p>{m.shared_1()}</p>
      <p>{m.shared_2()}</p>
      <p>{m.shared_3()}</p>
      <p>{m.shared_4()}</p>
      <p>{m.shared_5()}</p>
      {shared ? (
        <>
          <a class="button" href="/device">
            {m.more_code()}
          </a>
          <Confirm label={m.shared_off()} ask={m.shared_off_sure()} yes={m.shared_off()} onYes={() => void run(() => shareThisPhone(false))} />
        </>
      ) : here ? (
        <>
          <p class="notice">{m.shared_first()}</p>
          <div class="card">
            <ForgetPhone then={() => shareThisPhone(true)} />
          </div>
        </>
      ) : (
        <button type="button" class="button" disabled={busy} onClick={() => void run(() => shareThisPhone(true))}>
          {m.shared_on()}
        </button>
      )}
      <Failed error={error} />
    </Page>
  );
}
