import { useSignal } from "@preact/signals";
import type { Investigator, StaffMember } from "../../../api/wire";
import { NotFetched } from "../../../app/NotFetched";
import { Confirm, Empty, Lamp, Loading, Page, useTask } from "../../../design";
import { m } from "../../../i18n";
import { Failed } from "../../../i18n/Problem";
import { when } from "../../../i18n/time";
import { halfWritten, write } from "../../chat/halfWritten";
import { useFresh } from "../../handovers/queries";
import { me } from "../../identity/queries";
import { roleName } from "../../identity/roles";
import { useTouch } from "../../identity/useTouch";
import { readStaff } from "../../staff/actions";
import { endInvestigator, nameInvestigator, readInvestigators } from "../investigators";

/** Who may open what is withheld, for a lead. */
export const Investigators = () => (
  <Page title={m.investigators_title()} up="/desk/me">
    {me.value?.role === "lead" ? <List /> : <p class="notice">{m.leads_only()}</p>}
  </Page>
);

const both = async () => {
  const [named, staff] = await Promise.all([readInvestigators(), readStaff()]);
  return { named, staff: staff.items };
};

function List() {
  const { now, error, again } = useFresh(both);
  const said = useSignal("");
  if (now === null) return error === null ? <Loading /> : <NotFetched error={error} again={again} />;
  const can = ({ account_id, role, mine, ended_at }: StaffMember) =>
    !mine && ended_at === undefined && (role === "officer" || role === "lead") && now.named.every((one) => one.account_id !== account_id);
  return (
    <>
      <p>{m.investigators_text()}</p>
      {error !== null && <NotFetched error={error} again={again} />}
      {now.named.length === 0 ? (
        <Empty title={m.investigators_none()} text={m.investigators_none_text()} />
      ) : (
        <section class="block">
          <h2>{m.desk_count({ title: m.investigators_named(), count: now.named.length })}</h2>
          <ul class="rows">
            {now.named.map((one) => (
              <li key={one.account_id} class="due">
                <One one={one} again={again} />
              </li>
            ))}
          </ul>
        </section>
      )}
      <p class="small" role="status">
        {said.value}
      </p>
      <Naming
        who={now.staff.filter(can)}
        done={(number) => {
          said.value = m.investigators_done({ number });
          again();
        }}
      />
    </>
  );
}

function One({ one, again }: { one: Investigator; again: () => void }) {
  const { busy, error, run } = useTask();
  const number = one.public_number ?? "";
  return (
    <>
      <div class="row">
        <Lamp number={number} />
        <b>{m.officer({ number })}</b>
      </div>
      {one.reason === undefined ? <p class="notice care">{m.investigators_damaged()}</p> : <blockquote>{one.reason}</blockquote>}
      <p class="small">{m.investigators_by({ number: one.named_by ?? "", when: when(one.at) })}</p>
      <Confirm
        label={m.investigators_end()}
        name={m.staff_of({ what: m.investigators_end(), number })}
        ask={m.investigators_end_sure({ number })}
        yes={m.investigators_end_yes()}
        busy={busy}
        onYes={() => void run(async () => (await endInvestigator(one.account_id), again()))}
      />
      <Failed error={error} />
    </>
  );
}

const PLACE = "investigators/reason";

function Naming({ who, done }: { who: StaffMember[]; done: (number: string) => void }) {
  const chosen = useSignal("");
  const reason = halfWritten(PLACE);
  const { busy, error, closed, does } = useTouch();
  const one = who.find(({ account_id }) => account_id === chosen.value);
  const ready = one !== undefined && reason.trim() !== "" && !busy;
  const name = async () => {
    if (!one || !(await does(() => nameInvestigator(one.account_id, reason.trim())))) return;
    chosen.value = "";
    write(PLACE, "");
    done(one.public_number ?? "");
  };
  return (
    <section class="card">
      <h2>{m.investigators_add()}</h2>
      {who.length === 0 ? (
        <p>{m.investigators_nobody()}</p>
      ) : (
        <form
          class="stack"
          onSubmit={(event) => {
            event.preventDefault();
            if (ready) void name();
          }}
        >
          <label class="field">
            {m.investigators_who()}
            <select value={chosen.value} onChange={(event) => (chosen.value = event.currentTarget.value)}>
              <option value="">{m.investigators_choose()}</option>
              {who.map(({ account_id, public_number = "", role }) => (
                <option key={account_id} value={account_id}>
                  {m.staff_row({ number: public_number, role: roleName(role) })}
                </option>
              ))}
            </select>
          </label>
          <label class="field">
            {m.investigators_reason()}
            <textarea rows={3} maxLength={1000} autocomplete="off" value={reason} onInput={(event) => write(PLACE, event.currentTarget.value)} />
          </label>
          {closed && (
            <p class="notice" role="alert">
              {m.staff_locked()}
            </p>
          )}
          <button type="submit" class="button wide" disabled={!ready}>
            {closed ? m.desk_picture_unlock() : m.investigators_do()}
          </button>
          <Failed error={error} />
        </form>
      )}
    </section>
  );
}
