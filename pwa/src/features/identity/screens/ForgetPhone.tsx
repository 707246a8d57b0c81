import type { ComponentChildren } from "preact";
import { Confirm, focusHeading, useTask } from "../../../design";
import { m } from "../../../i18n";
import { Failed } from "../../../i18n/Problem";
import { unsentCount } from "../../../sync/state";
import { forgetThisPhone } from "../actions";

/** The way to leave nothing behind on this phone. `onForget` before what is signed in goes, and the page with it. */
export function ForgetPhone({ onForget, children }: { onForget: () => void; children?: ComponentChildren }) {
  const { error, run } = useTask();
  return (
    <section class="block">
      <h2>{m.device_forget_title()}</h2>
      <p>{m.device_forget_text()}</p>
      {children}
      {unsentCount.value > 0 && (
        <div class="notice care">
          <p>{m.device_forget_unsent({ count: unsentCount.value })}</p>
          <a class="button plain" href="/unsent">
            {m.unsent_title()}
          </a>
        </div>
      )}
      <div>
        <Confirm
          label={m.device_forget()}
          ask={m.device_forget_sure()}
          yes={m.device_forget_yes()}
          onYes={() =>
            void run(async () => {
              onForget();
              await forgetThisPhone();
              focusHeading();
            })
          }
        />
      </div>
      <Failed error={error} />
    </section>
  );
}
