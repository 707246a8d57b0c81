//! Officers: a one-time link makes a passkey, and only a passkey signs in. There is no password.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use entities::{
    account, ceremony, invite, passkey,
    words::{AccountId, AuditAct, AuditSubject, CeremonyId, InviteId, Locale, PasskeyId, Role},
};
use poem_openapi::types::Any;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use webauthn_rs::prelude::{
    DiscoverableAuthentication, DiscoverableKey, Passkey, PasskeyRegistration, PublicKeyCredential,
    RegisterPublicKeyCredential, Webauthn, WebauthnBuilder, WebauthnError,
};

use super::{
    model::{AcceptInvite, Ceremony, PasskeySignIn, PasskeyTouch, Session},
    service,
    sessions::{self, SignedIn},
    store,
};
use crate::{
    audit::{self, Line},
    base::refusal::{Kind, Refusal},
    deps::Deps,
    http::caller::Caller,
};

pub const INVITE_SECONDS: i64 = 24 * 3600;
const CEREMONY_SECONDS: i64 = 300;
const STATE: &str = "ceremony.state";

fn webauthn(deps: &Deps) -> Result<Webauthn, Refusal> {
    let base = &deps.config.base_url;
    let host = base.domain().ok_or_else(|| {
        Refusal::of(Kind::PasskeyRefused).detail("passkeys need a base_url with a host name, an IP is none")
    })?;
    WebauthnBuilder::new(host, base)
        .map(|builder| builder.rp_name(&deps.config.operator_name))
        .and_then(WebauthnBuilder::build)
        .map_err(Refusal::fault)
}

fn refused(error: WebauthnError) -> Refusal {
    // The library's words name its checks, not people.
    Refusal::of(Kind::PasskeyRefused).detail(error.to_string())
}

pub fn invite_mac(deps: &Deps, token: &str) -> Vec<u8> {
    deps.keys.mac("invite", &[token.as_bytes()]).to_vec()
}

/// Makes the token of a link that enrols one officer, once, within a day.
pub async fn invite(deps: &Deps, role: Role, public_number: &str) -> Result<String, Refusal> {
    let number = public_number.trim();
    if number.is_empty() || number.len() > 8 || !number.chars().all(|c| c.is_ascii_alphanumeric()) {
        return Err(Refusal::of(Kind::Malformed).detail("a public number has 1 to 8 letters or digits"));
    }
    let stands = store::officer_by_number(deps.db.read(), number).await?;
    free_for(stands.as_ref(), role)?;
    let token = BASE64_URL_SAFE_NO_PAD.encode(deps.chance.bytes::<32>());
    let now = deps.clock.now();
    let row = invite::Model {
        invite_id: InviteId(deps.chance.uuid_v7(now)),
        token_mac: invite_mac(deps, &token),
        role,
        public_number: number.to_owned(),
        expires_at: now.plus_seconds(INVITE_SECONDS),
        used_at: None,
    };
    let line = Line {
        actor_id: None,
        actor_number: None,
        act: AuditAct::Change,
        subject: (AuditSubject::Invite, row.invite_id.0),
        detail: Some("invite-make".to_owned()),
    };
    let tx = deps.db.begin().await?;
    store::insert_invite(&tx, row).await?;
    audit::write(deps, &tx, now, [line]).await?;
    tx.commit().await?;
    Ok(token)
}

/// A number is one officer with one role: an invite adds a passkey to it, and changes nothing about it. One that was ended
/// is nobody else's.
pub fn free_for(stands: Option<&account::Model>, role: Role) -> Result<(), Refusal> {
    match stands {
        Some(account) if account.ended_at.is_some() => {
            Err(Refusal::of(Kind::NumberTaken).detail("the number was ended"))
        }
        Some(account) if account.role != role => {
            let detail = format!("the number stands already, with the role {}", account.role.word());
            Err(Refusal::of(Kind::NumberTaken).detail(detail))
        }
        _ => Ok(()),
    }
}

/// What a ceremony has to remember: whose account is being made, and the library's state.
#[derive(serde::Serialize, serde::Deserialize)]
struct Enrolling {
    account_id: AccountId,
    state: PasskeyRegistration,
}

async fn remember(deps: &Deps, state: &impl Serialize) -> Result<CeremonyId, Refusal> {
    let now = deps.clock.now();
    let id = CeremonyId(deps.chance.uuid_v4());
    let plain = serde_json::to_vec(state).map_err(Refusal::fault)?;
    let row = ceremony::Model {
        ceremony_id: id,
        state: deps.keys.data.seal(STATE, id.0, &plain, &*deps.chance)?,
        expires_at: now.plus_seconds(CEREMONY_SECONDS),
    };
    let _turn = deps.porch.ceremonies.turn().await?;
    store::insert_ceremony(deps, row, now).await?;
    Ok(id)
}

async fn recall<T: DeserializeOwned>(deps: &Deps, id: CeremonyId) -> Result<T, Refusal> {
    let row = store::take_ceremony(deps, id, deps.clock.now()).await?.ok_or(Kind::PasskeyRefused)?;
    let plain = deps.keys.data.open(STATE, id.0, &row.state)?;
    // A ceremony of the other kind is none.
    serde_json::from_slice(&plain).map_err(|_| Kind::PasskeyRefused.into())
}

fn read<T: DeserializeOwned>(value: Any<Value>) -> Result<T, Refusal> {
    serde_json::from_value(value.0).map_err(|_| Kind::PasskeyRefused.into())
}

pub async fn open_invite(deps: &Deps, token: &str) -> Result<Ceremony, Refusal> {
    let invite = store::open_invite(deps, invite_mac(deps, token), deps.clock.now()).await?.ok_or(Kind::InviteUsed)?;
    let account_id = AccountId(deps.chance.uuid_v4());
    let name = format!("Nätpolis {}", invite.public_number);
    let (options, state) =
        webauthn(deps)?.start_passkey_registration(account_id.0, &name, &name, None).map_err(refused)?;
    let mut options = serde_json::to_value(options).map_err(Refusal::fault)?;
    // The key must be found without a name being typed; the library leaves that to the authenticator.
    let selection = &mut options["publicKey"]["authenticatorSelection"];
    selection["residentKey"] = "required".into();
    selection["requireResidentKey"] = true.into();
    Ok(Ceremony {
        ceremony_id: remember(deps, &Enrolling { account_id, state }).await?,
        options: Any(options),
        role: Some(invite.role),
        public_number: Some(invite.public_number),
    })
}

pub async fn accept_invite(deps: &Deps, command: AcceptInvite) -> Result<SignedIn, Refusal> {
    let token_mac = invite_mac(deps, &command.token);
    // Looked at first, so that a second use says so, whatever became of its ceremony.
    store::open_invite(deps, token_mac.clone(), deps.clock.now()).await?.ok_or(Kind::InviteUsed)?;
    let Enrolling { account_id, state } = recall(deps, command.ceremony_id).await?;
    let credential: RegisterPublicKeyCredential = read(command.credential)?;
    let key = webauthn(deps)?.finish_passkey_registration(&credential, &state).map_err(refused)?;
    let now = deps.clock.now();
    let tx = deps.db.begin().await?;
    let invite = store::use_invite(&tx, token_mac, now).await?.ok_or(Kind::InviteUsed)?;
    // A number that was enrolled before gets a further passkey; it stays one officer.
    let row = account::Model {
        account_id,
        role: invite.role,
        public_number: Some(invite.public_number.clone()),
        code_mac: None,
        locale: Locale::Sv,
        created_at: now,
        owed_bits: 0,
        ended_at: None,
    };
    store::claim_account(&tx, row).await?;
    let account = store::officer_by_number(&*tx, &invite.public_number).await?.ok_or(Kind::Conflict)?;
    free_for(Some(&account), invite.role)?;
    let row = passkey::Model {
        // The key carries the id that the ceremony gave it; the account may be an earlier one.
        passkey_id: PasskeyId(account_id.0),
        account_id: account.account_id,
        credential_id: key.cred_id().to_vec(),
        credential: serde_json::to_string(&key).map_err(Refusal::fault)?,
        created_at: now,
        used_at: None,
    };
    store::insert_passkey(&tx, row).await?;
    let line = Line {
        actor_id: Some(account.account_id),
        actor_number: account.public_number.clone(),
        act: AuditAct::Change,
        subject: (AuditSubject::Invite, invite.invite_id.0),
        detail: Some("invite-accept".to_owned()),
    };
    audit::write(deps, &tx, now, [line]).await?;
    let signed_in = service::open_officer(deps, &tx, now, &account, command.device_id).await?;
    tx.commit().await?;
    Ok(signed_in)
}

pub async fn challenge(deps: &Deps) -> Result<Ceremony, Refusal> {
    let (options, state) = webauthn(deps)?.start_discoverable_authentication().map_err(refused)?;
    let mut options = serde_json::to_value(options).map_err(Refusal::fault)?;
    // Asked for by a press, not offered while typing.
    if let Some(options) = options.as_object_mut() {
        options.remove("mediation");
    }
    Ok(Ceremony { ceremony_id: remember(deps, &state).await?, options: Any(options), role: None, public_number: None })
}

/// Checks what a passkey signed for a ceremony. Gives its row, with what is to be known of it from now on.
async fn proven(deps: &Deps, ceremony_id: CeremonyId, credential: Any<Value>) -> Result<passkey::Model, Refusal> {
    let state: DiscoverableAuthentication = recall(deps, ceremony_id).await?;
    let credential: PublicKeyCredential = read(credential)?;
    let webauthn = webauthn(deps)?;
    let (_, credential_id) = webauthn.identify_discoverable_authentication(&credential).map_err(refused)?;
    let mut row = store::passkey(deps, credential_id).await?.ok_or(Kind::PasskeyRefused)?;
    let mut key: Passkey = serde_json::from_str(&row.credential).map_err(Refusal::fault)?;
    let result = webauthn
        .finish_discoverable_authentication_v2(&credential, state, DiscoverableKey::from(&key))
        .map_err(refused)?;
    key.update_credential(&result);
    row.credential = serde_json::to_string(&key).map_err(Refusal::fault)?;
    Ok(row)
}

pub async fn sign_in(deps: &Deps, command: PasskeySignIn) -> Result<SignedIn, Refusal> {
    let row = proven(deps, command.ceremony_id, command.credential).await?;
    let now = deps.clock.now();
    let tx = deps.db.begin().await?;
    let account = store::account(&*tx, row.account_id).await?.ok_or(Kind::PasskeyRefused)?;
    store::update_passkey(&tx, row.passkey_id.0, row.credential, now).await?;
    let signed_in = service::open_officer(deps, &tx, now, &account, command.device_id).await?;
    tx.commit().await?;
    Ok(signed_in)
}

/// One who is signed in touches a passkey of the same account again.
pub async fn touch(deps: &Deps, caller: &Caller, command: PasskeyTouch) -> Result<Session, Refusal> {
    let row = proven(deps, command.ceremony_id, command.credential).await?;
    if row.account_id != caller.who.account_id {
        return Err(Kind::PasskeyRefused.into());
    }
    let now = deps.clock.now();
    let tx = deps.db.begin().await?;
    store::update_passkey(&tx, row.passkey_id.0, row.credential, now).await?;
    let session = sessions::touched(deps, &tx, now, caller.session_id).await?;
    tx.commit().await?;
    Ok(session)
}
