import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { demo } from "../../../app/Banners";
import { LanguageChoice } from "../../../app/LanguageChoice";
import { go } from "../../../app/router";
import { Confirm, Icon, Lamp, Loading, Page, Trouble, useTask } from "../../../design";
import { HardCases } from "../../care/screens/AtDesk";
import { begunIn } from "../../chat/begun";
import { words } from "../../chat/halfWritten";
import { m } from "../../../i18n";
import { Failed, Problem, kindOf } from "../../../i18n/Problem";
import { files } from "../../../sync/mirror";
import { unsentCount } from "../../../sync/state";
import { undecidedCount } from "../../erasure/queries";
import { isChosen } from "../../files/chosen";
import { NoticeSettings } from "../../push/screens";
import { acceptInvite, demoSignIn, leave as leavePhone, openInvite, passkeySignIn } from "../actions";
import { me, partaking, signedOut } from "../queries";
import { roleName } from "../roles";

const hasPasskeys = typeof PublicKeyCredential === "function";

export function SignIn() {
  const { busy, error, run } = useTask();
  const info = demo.value;
  const ended = signedOut.value && me.value !== null && me.value.role !== "youth";
  return (
    <Page title={m.sign_title()} lead={m.sign_lead()}>
      {ended && (
        <p class="notice care" role="status">
          {m.sign_ended()}
        </p>
      )}
      {hasPasskeys ? (
        <button type="button" class="button wide" disabled={busy} onClick={() => void run(passkeySignIn)}>
          {m.sign_passkey()}
        </button>
      ) : (
        <p class="notice care">{m.sign_unsupported()}</p>
      )}
      {error !== null && (
        <p class="notice care" role="alert">
          {kindOf(error) === "other" ? m.sign_refused() : <Problem kind={kindOf(error)} />}
        </p>
      )}
      {info?.demo && info.officers.length > 0 && (
        <section class="card">
          <h2>{m.sign_demo_title()}</h2>
          <p class="small">{m.sign_demo_shift()}</p>
          <ul class="rows">
            {info.officers.map((officer) => (
              <li key={officer.public_number} class="demo-officer">
                <button type="button" class="button plain wide" disabled={busy} onClick={() => void run(() => demoSignIn(officer.public_number))}>
                  <Lamp number={officer.public_number} />
                  {m.sign_demo_as({ number: officer.public_number })}
                </button>
                <small>{roleName(officer.role)}</small>
              </li>
            ))}
          </ul>
        </section>
      )}
      {!ended && (
        <a class="button quiet" href="/">
          {m.sign_to_youth()}
        </a>
      )}
    </Page>
  );
}

type Invitation = Awaited<ReturnType<typeof openInvite>>;

export function Invite({ token }: { token: string }) {
  const invitation = useSignal<Invitation | null>(null);
  const opening = useTask();
  const { busy, error, run } = useTask();
  const open = () => opening.run(async () => (invitation.value = await openInvite(token)));
  useEffect(() => {
    void open();
  }, [token]);

  const gone = opening.error !== null && ["invite-used", "not-found"].includes(kindOf(opening.error));
  return (
    <Page title={m.invite_title()}>
      {opening.busy && <Loading />}
      {gone ? (
        <p class="notice care" role="alert">
          {m.invite_used()}
        </p>
      ) : (
        opening.error !== null && <Trouble text={m.lazy_failed()} again={() => void open()} />
      )}
      {invitation.value && (
        <>
          <p class="strong">
            {m.invite_for({ number: invitation.value.public_number, role: roleName(invitation.value.role) })}
          </p>
          <p>{hasPasskeys ? m.invite_lead() : m.sign_unsupported()}</p>
          <button
            type="button"
            class="button wide"
            disabled={busy || !hasPasskeys}
            onClick={() => void run(() => acceptInvite(token).then(() => go("/desk", "replace")))}
          >
            {m.invite_accept()}
          </button>
        </>
      )}
      {error !== null && (
        <p class="notice care" role="alert">
          {kindOf(error) === "other" ? m.sign_refused() : <Problem kind={kindOf(error)} />}
        </p>
      )}
    </Page>
  );
}

export function Me() {
  const { busy, error, run } = useTask();
  const who = me.value;
  const waiting = unsentCount.value;
  const half = begunIn(words.value).length + files.value.filter((file) => isChosen(file, who?.account_id)).length;
  const lost = [waiting > 0 && m.me_sign_out_unsent({ count: waiting }), half > 0 && m.me_sign_out_half({ count: half })].filter(Boolean).join(" ");
  const leave = () => void run(() => leavePhone("keep").then(() => go("/sign-in", "replace")));
  return (
    <Page title={m.me_title()}>
      {who && (
        <div class="row">
          <Lamp number={who.public_number ?? ""} />
          <p>{m.me_as({ number: who.public_number ?? "", role: roleName(who.role) })}</p>
        </div>
      )}
      {!partaking.value && <p>{m.me_no_more()}</p>}
      {me.value?.role === "evaluator" && (
        <a class="button plain" href="/dialogues">
          {m.dialogues_title()}
        </a>
      )}
      {partaking.value && (
        <ul class="menu">
          <li>
            <a href="/desk/shift">
              {m.shift_title()}
              <Icon name="next" />
            </a>
          </li>
          <li>
            <a href="/desk/posters">
              {m.posters_title()}
              <Icon name="next" />
            </a>
          </li>
          <li>
            <a href="/desk/replies">
              {m.replies_title()}
              <Icon name="next" />
            </a>
          </li>
        </ul>
      )}
      {who?.role === "lead" && (
        <ul class="menu">
          <li>
            <a href="/desk/lead">
              {m.lead_title()}
              <Icon name="next" />
            </a>
          </li>
          <li>
            <a href="/desk/staff">
              {m.staff_title()}
              <Icon name="next" />
            </a>
          </li>
          <li>
            <a href="/desk/investigators">
              {m.investigators_title()}
              <Icon name="next" />
            </a>
          </li>
          <li>
            <a href="/desk/hours">
              {m.hours_title()}
              <Icon name="next" />
            </a>
          </li>
          <li>
            <a href="/desk/duty">
              {m.duty_edit_title()}
              <Icon name="next" />
            </a>
          </li>
          <li>
            <a href="/desk/records">
              {undecidedCount.value > 0 ? m.desk_count({ title: m.records_title(), count: undecidedCount.value }) : m.records_title()}
              <Icon name="next" />
            </a>
          </li>
        </ul>
      )}
      {waiting > 0 && (
        <ul class="menu">
          <li>
            <a href="/desk/unsent">
              {m.unsent_menu({ count: waiting })}
              <Icon name="next" />
            </a>
          </li>
        </ul>
      )}
      {lost ? (
        <Confirm label={m.me_sign_out()} ask={`${lost} ${m.me_sign_out_sure()}`} yes={m.me_sign_out()} onYes={leave} />
      ) : (
        <button type="button" class="button plain" disabled={busy} onClick={leave}>
          {m.me_sign_out()}
        </button>
      )}
      <Failed error={error} />
      {partaking.value && (
        <>
          <HardCases />
          <h2>{m.me_notices()}</h2>
          <NoticeSettings />
        </>
      )}
      <LanguageChoice />
    </Page>
  );
}
