import { useSignal } from "@preact/signals";
import { Confirm } from "../../../design";
import { m } from "../../../i18n";
import { Failed } from "../../../i18n/Problem";
import { useTouch } from "../../identity/useTouch";
import { takeOut, type How, type Relieved, type StaffMember } from "../actions";

const ways: Record<How, { label: () => string; ask: (who: { number: string }) => string; yes: () => string }> = {
  relieve: { label: m.staff_relieve, ask: m.staff_relieve_sure, yes: m.staff_relieve_yes },
  "sign-out": { label: m.staff_sign_out, ask: m.staff_sign_out_sure, yes: m.staff_sign_out_yes },
  end: { label: m.staff_end, ask: m.staff_end_sure, yes: m.staff_end_yes },
};

const doneWords = ({ shift_ended, sessions_ended, talks }: Relieved): string =>
  [shift_ended && m.staff_done_shift(), sessions_ended > 0 && m.staff_done_sessions({ count: sessions_ended }), m.staff_done_talks({ count: talks })].filter(Boolean).join(" ");

type Of = {
  member: StaffMember;
  hows: How[];
  /** Who is out and may have the talks. */
  colleagues: StaffMember[];
  done: (what: string) => void;
};

/** Takes somebody else out: off the shift, off every phone, or for good. What becomes of the talks is chosen before. `done` tells what came of it: the row may be gone by then. */
export function TakeOut({ member, hows, colleagues, done }: Of) {
  const to = useSignal("");
  const how = useSignal<How>("relieve");
  const { busy, error, closed, does, drop } = useTouch();
  const go = () =>
    void does(async () => {
      done(doneWords(await takeOut(how.value, member.account_id, to.value || undefined)));
    });
  const number = member.public_number ?? "";
  return (
    <div class="block">
      {colleagues.length > 0 && (
        <label class="field">
          {m.staff_talks()}
          <select value={to.value} onChange={(event) => (to.value = event.currentTarget.value)}>
            <option value="">{m.staff_talks_wait()}</option>
            {colleagues.map(({ account_id, public_number = "" }) => (
              <option key={account_id} value={account_id}>
                {m.staff_talks_to({ number: public_number })}
              </option>
            ))}
          </select>
        </label>
      )}
      {closed ? (
        <>
          <p class="strong">{ways[how.value].ask({ number })}</p>
          <p class="notice" role="alert">
            {m.staff_locked()}
          </p>
          <div class="row">
            <button type="button" class="button" disabled={busy} onClick={go}>
              {m.desk_picture_unlock()}
            </button>
            <button type="button" class="button plain" disabled={busy} onClick={drop}>
              {m.cancel()}
            </button>
          </div>
        </>
      ) : (
        hows.map((one) => (
          <Confirm
            key={one}
            label={ways[one].label()}
            name={m.staff_of({ what: ways[one].label(), number })}
            ask={ways[one].ask({ number })}
            yes={ways[one].yes()}
            onYes={() => {
              how.value = one;
              go();
            }}
            busy={busy}
          />
        ))
      )}
      <Failed error={error} />
    </div>
  );
}
