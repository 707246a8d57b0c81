import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { look, plain } from "../../../app/look";
import { Page } from "../../../design";
import { m } from "../../../i18n";
import { capable, files, outbox, self } from "../../../sync/mirror";
import { shared } from "../../../sync/shared";
import { choice, choose, hides, type Hides } from "../exit";
import { storageState } from "../queries";

const reasons = { chosen: m.exit_hides_chosen, code: m.exit_hides_code, unsent: m.exit_hides_unsent } as const;

/** What an exit would do now. Where nothing is kept there is nothing to choose either. */
function Now() {
  const why = useSignal<Hides | null | undefined>(undefined);
  useEffect(() => {
    void hides().then((now) => (why.value = now));
  }, [self.value, outbox.value, files.value, capable.value, choice.value]);
  if (why.value === undefined) return null;
  return (
    <>
      <p class="strong">{why.value === null ? m.exit_empties() : m.exit_hides()}</p>
      <p>{why.value === null ? m.exit_empties_text() : reasons[why.value]()}</p>
      {why.value === null && <p>{choice.value.begun ? m.exit_begun_goes() : m.exit_begun_gone()}</p>}
    </>
  );
}

function Choices() {
  const { hide, begun } = choice.value;
  return (
    <>
      <div class="notice" role="status">
        <Now />
      </div>
      <label class="choice">
        <input type="checkbox" checked={hide} onChange={() => choose({ hide: !hide, begun })} />
        {m.exit_hide()}
      </label>
      {!hide && (
        <label class="choice">
          <input type="checkbox" checked={begun} onChange={() => choose({ hide, begun: !begun })} />
          {m.exit_begun()}
        </label>
      )}
    </>
  );
}

/** What keeps others from seeing that somebody writes to us: said before it is needed. */
export function Safe() {
  const keeps = storageState.value === "ok" && !shared;
  return (
    <Page title={m.safe_title()} up="/more">
      <section class="block">
        <h2>{m.exit_title()}</h2>
        <p>{m.exit_1()}</p>
        <p>{m.exit_2()}</p>
        <p>{m.exit_3()}</p>
        {keeps ? <Choices /> : <p class="notice">{m.exit_in_tab()}</p>}
      </section>
      {keeps && (
        <section class="block">
          <h2>{m.look_title()}</h2>
          <p>{m.look_1()}</p>
          <div class="chips" role="radiogroup" aria-label={m.look_title()}>
            {[false, true].map((asPlain) => (
              <label class="chip" key={String(asPlain)}>
                <input type="radio" name="look" checked={plain === asPlain} onChange={() => look(asPlain)} />
                <img class="look-icon" src={asPlain ? "/icons/calendar.svg" : "/icons/mark.svg"} alt="" />
                {asPlain ? m.app_plain() : m.app_name()}
              </label>
            ))}
          </div>
          <p class="small">{m.look_2()}</p>
        </section>
      )}
      <section class="block">
        <h2>{m.safe_more_title()}</h2>
        <ul class="menu">
          <li>
            <a href="/notices">{m.safe_notices()}</a>
          </li>
          <li>
            <a href="/device">{m.more_code()}</a>
          </li>
          <li>
            <a href="/shared">{m.shared_title()}</a>
          </li>
        </ul>
      </section>
    </Page>
  );
}
