import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { Loading, Page, useTask } from "../../../design";
import { NotFetched } from "../../../app/NotFetched";
import { m } from "../../../i18n";
import { Failed } from "../../../i18n/Problem";
import { when } from "../../../i18n/time";
import { halfForm, keepForm } from "../../chat/halfForm";
import { write } from "../../chat/halfWritten";
import { me } from "../../identity/queries";
import { Level } from "../../replies/screens/Level";
import { dutyText, loadDutyText, putDutyText } from "../queries";
import type { PutDutyText } from "../../../api/wire";

const PLACE = "duty/text";

/** The text of what police must act on, where a lead changes it. */
export function EditDuty() {
  const now = useSignal<PutDutyText | null>(null);
  const said = useSignal("");
  const { busy, error, run } = useTask();
  const lead = me.value?.role === "lead";
  const show = () => {
    const { version, law, sv, en, easy } = dutyText.peek();
    now.value = { expected_version: version, law, sv, en, easy };
  };
  const load = () =>
    void run(async () => {
      await loadDutyText();
      show();
    });
  useEffect(() => {
    if (lead) load();
  }, [lead]);
  const save = async (command: PutDutyText) => {
    said.value = "";
    if (!(await run(() => putDutyText(command)))) return;
    write(PLACE, "");
    show();
    said.value = m.record_saved();
  };
  const fields = [
    ["sv", m.reply_sv()],
    ["easy", m.reply_easy()],
    ["en", m.reply_en()],
    ["law", m.duty_law_label()],
  ] as const;
  const changed = halfForm<PutDutyText>(PLACE);
  const command = changed ?? now.value;
  return (
    <Page title={m.duty_edit_title()} up="/desk/me" lead={m.duty_edit_lead()}>
      {!lead ? (
        <p class="notice">{m.leads_only()}</p>
      ) : command === null ? (
        error === null ? <Loading /> : <NotFetched error={error} again={load} />
      ) : (
        <form
          class="card"
          onSubmit={(event) => {
            event.preventDefault();
            void save(command);
          }}
        >
          <p class="small">{m.duty_version_since({ version: dutyText.value.version, when: when(dutyText.value.valid_from) })}</p>
          {fields.map(([field, name]) => (
            <div key={field}>
              <label class="field">
                {name}
                <textarea rows={6} maxLength={4000} autocomplete="off" lang={field === "en" ? "en" : "sv"} value={command[field]} onInput={(event) => keepForm(PLACE, { ...command, [field]: event.currentTarget.value })} />
              </label>
              {(field === "sv" || field === "easy") && <Level text={command[field]} />}
            </div>
          ))}
          <div class="row">
            <button type="submit" class="button" disabled={busy || fields.some(([field]) => command[field].trim() === "")}>
              {m.reply_save()}
            </button>
            {changed && (
              <button
                type="button"
                class="button plain"
                disabled={busy}
                onClick={() => {
                  write(PLACE, "");
                  load();
                }}
              >
                {m.cancel()}
              </button>
            )}
          </div>
          <p class="small" role="status">
            {said.value}
          </p>
          <Failed error={error} />
        </form>
      )}
    </Page>
  );
}
