import { useSignal } from "@preact/signals";
import { Page, useTask } from "../../../design";
import { m } from "../../../i18n";
import { Failed } from "../../../i18n/Problem";
import { isOurs } from "../actions";

const Field = ({ label, value, set }: { label: string; value: string; set: (value: string) => void }) => (
  <label class="field">
    {label}
    <input autocomplete="off" autocapitalize="none" spellcheck={false} maxLength={100} value={value} onInput={(event) => set(event.currentTarget.value)} />
  </label>
);

/** Whether one exact number or account is the patrol's. It lists nobody, and says what such an answer is worth. */
export function Who() {
  const by = useSignal<"number" | "account">("number");
  const number = useSignal("");
  const platform = useSignal("");
  const account = useSignal("");
  const said = useSignal<{ known: boolean; what: string } | null>(null);
  const { busy, error, run } = useTask();
  const fields = by.value === "number" ? [number] : [platform, account];
  const change = (field: { value: string }) => (value: string) => {
    field.value = value;
    said.value = null;
  };
  const ask = () =>
    void run(async () => {
      const [first = "", second = ""] = fields.map((field) => field.value.trim());
      said.value = null;
      const known = await isOurs(by.value === "number" ? { number: first } : { platform: first, account: second });
      said.value = { known, what: by.value === "number" ? first : `${second}, ${first}` };
    });
  return (
    <Page title={m.who_title()} up="/more" lead={m.who_lead()}>
      <form
        class="card"
        onSubmit={(event) => {
          event.preventDefault();
          ask();
        }}
      >
        <fieldset>
          <legend>{m.who_by()}</legend>
          <div class="chips">
            {(["number", "account"] as const).map((way) => (
              <label class="chip" key={way}>
                <input type="radio" name="by" checked={by.value === way} onChange={() => change(by)(way)} />
                {way === "number" ? m.who_number() : m.who_account()}
              </label>
            ))}
          </div>
        </fieldset>
        {by.value === "number" ? (
          <Field label={m.who_number_label()} value={number.value} set={change(number)} />
        ) : (
          <>
            <Field label={m.quarter_platform()} value={platform.value} set={change(platform)} />
            <Field label={m.who_account_label()} value={account.value} set={change(account)} />
          </>
        )}
        <button type="submit" class="button wide" disabled={busy || fields.some((field) => field.value.trim() === "")}>
          {m.who_ask()}
        </button>
        <div role="status">
          {said.value && (
            <div class="notice">
              <p class="strong">{said.value.known ? m.who_yes(said.value) : m.who_no(said.value)}</p>
              <p>{said.value.known ? m.who_yes_text() : m.who_no_text()}</p>
            </div>
          )}
        </div>
        <Failed error={error} />
      </form>
      <section class="prose">
        <h2>{m.who_sure_title()}</h2>
        <p>{m.who_sure({ address: location.host })}</p>
        <p>{m.who_never()}</p>
      </section>
      <a class="button" href="/">
        {m.home_title()}
      </a>
    </Page>
  );
}
