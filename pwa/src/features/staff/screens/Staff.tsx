import { useSignal } from "@preact/signals";
import { NotFetched } from "../../../app/NotFetched";
import { Confirm, Lamp, Loading, Page, useTask } from "../../../design";
import { m } from "../../../i18n";
import { Failed } from "../../../i18n/Problem";
import { until, when } from "../../../i18n/time";
import { useFresh } from "../../handovers/queries";
import { me } from "../../identity/queries";
import { roleName } from "../../identity/roles";
import { useTouch } from "../../identity/useTouch";
import { CopyLink } from "../../rooms/screens/CopyLink";
import { draftInvite, endInvite, linkOf, readStaff, sendInvite, type Draft, type InvitedRole, type StaffInvite, type StaffMember } from "../actions";
import { TakeOut } from "./TakeOut";

/** Who serves: everybody by number and never by name, and who is invited. */
export function Staff() {
  return (
    <Page title={m.staff_title()} up="/desk/me">
      {me.value?.role === "lead" ? <Lists /> : <p class="notice">{m.leads_only()}</p>}
    </Page>
  );
}

function Lists() {
  const { now, error, again } = useFresh(readStaff);
  const said = useSignal("");
  const done = (what: string) => {
    said.value = what;
    again();
  };
  if (now === null) return error === null ? <Loading /> : <NotFetched error={error} again={again} />;
  const serving = now.items.filter((member) => member.ended_at === undefined);
  const ended = now.items.filter((member) => member.ended_at !== undefined);
  return (
    <>
      <Inviting again={again} />
      {now.invites.length > 0 && <Invited invites={now.invites} again={again} />}
      <section class="block">
        <h2>{m.desk_count({ title: m.staff_serving(), count: serving.length })}</h2>
        <p class="small" role="status">
          {said.value}
        </p>
        <ul class="rows">
          {serving.map((member) => (
            <li key={member.account_id}>
              <Member member={member} colleagues={serving.filter((one) => one.on_shift && one !== member)} done={done} />
            </li>
          ))}
        </ul>
      </section>
      {ended.length > 0 && (
        <details class="fold">
          <summary>
            <h2>{m.desk_count({ title: m.staff_ended(), count: ended.length })}</h2>
          </summary>
          <ul class="plain-list">
            {ended.map(({ account_id, public_number = "", ended_at = "" }) => (
              <li key={account_id}>{m.staff_ended_row({ number: public_number, when: when(ended_at) })}</li>
            ))}
          </ul>
        </details>
      )}
    </>
  );
}

const stateWords = ({ on_shift, signed_in, heard_at }: StaffMember): string =>
  [
    on_shift ? m.staff_out() : m.staff_home(),
    m.staff_signed_in({ count: signed_in }),
    heard_at === undefined ? m.staff_never_heard() : m.staff_heard({ when: when(heard_at) }),
  ].join(" · ");

function Member({ member, colleagues, done }: { member: StaffMember; colleagues: StaffMember[]; done: (what: string) => void }) {
  const open = useSignal(false);
  const number = member.public_number ?? "";
  const row = (
    <>
      <Lamp number={number} />
      <span class="talk-row-words">
        <b>{m.staff_row({ number, role: roleName(member.role) })}</b>
        <small>{member.mine ? `${m.staff_you()} · ${stateWords(member)}` : stateWords(member)}</small>
      </span>
    </>
  );
  // Nobody takes herself out here.
  if (member.mine) return <div class="talk-row">{row}</div>;
  return (
    <details class="person" onToggle={(event) => (open.value = event.currentTarget.open)}>
      <summary class="talk-row">{row}</summary>
      {open.value && <TakeOut member={member} hows={member.on_shift ? ["relieve", "sign-out", "end"] : ["sign-out", "end"]} colleagues={colleagues} done={done} />}
    </details>
  );
}

const invitable: InvitedRole[] = ["officer", "lead", "evaluator"];

function Inviting({ again }: { again: () => void }) {
  const number = useSignal("");
  const role = useSignal<InvitedRole>("officer");
  const draft = useSignal<Draft | null>(null);
  const link = useSignal("");
  const { busy, error, closed, does } = useTouch();
  const invite = () =>
    void does(async () => {
      const who = { public_number: number.value.trim(), role: role.value };
      if (draft.value?.public_number !== who.public_number || draft.value.role !== who.role) draft.value = await draftInvite(who);
      await sendInvite(draft.value);
      [link.value, draft.value, number.value] = [linkOf(draft.value), null, ""];
      again();
    });
  return (
    <section class="card">
      <h2>{m.staff_invite()}</h2>
      <label class="field">
        {m.staff_number()}
        <input autocomplete="off" autocapitalize="off" maxLength={8} value={number.value} onInput={(event) => (number.value = event.currentTarget.value)} />
      </label>
      <label class="field">
        {m.staff_role()}
        <select value={role.value} onChange={(event) => (role.value = event.currentTarget.value as InvitedRole)}>
          {invitable.map((one) => (
            <option key={one} value={one}>
              {roleName(one)}
            </option>
          ))}
        </select>
      </label>
      {closed && (
        <p class="notice" role="alert">
          {m.staff_locked()}
        </p>
      )}
      <button type="button" class="button wide" disabled={busy || !/^\s*[A-Za-z0-9]{1,8}\s*$/.test(number.value)} onClick={invite}>
        {closed ? m.desk_picture_unlock() : m.staff_invite_make()}
      </button>
      <Failed error={error} />
      {link.value !== "" && (
        <>
          <CopyLink link={link.value} label={m.staff_link()} share />
          <p class="small">{m.staff_link_text()}</p>
        </>
      )}
    </section>
  );
}

function Invited({ invites, again }: { invites: StaffInvite[]; again: () => void }) {
  const { busy, error, run } = useTask();
  return (
    <section class="block">
      <h2>{m.desk_count({ title: m.staff_invited(), count: invites.length })}</h2>
      <ul class="rows">
        {invites.map(({ invite_id, public_number, role, expires_at }) => (
          <li key={invite_id} class="due">
            <p>
              <b>{m.staff_row({ number: public_number, role: roleName(role) })}</b> <small>{m.staff_invite_until({ when: until(expires_at) })}</small>
            </p>
            <Confirm
              label={m.staff_invite_end()}
              name={m.staff_of({ what: m.staff_invite_end(), number: public_number })}
              ask={m.staff_invite_end_sure({ number: public_number })}
              yes={m.staff_invite_end()}
              onYes={() => void run(async () => (await endInvite(invite_id), again()))}
              busy={busy}
            />
          </li>
        ))}
      </ul>
      <Failed error={error} />
    </section>
  );
}
