//! The rules, in order.

use std::collections::BTreeMap;

use entities::{
    account, device, waiting_code,
    words::{AccountId, Actor, AuditAct, AuditSubject, DeviceId, Locale, Role, Timestamp},
};
use sea_orm::DbErr;
use serde_json::json;

use super::{
    codes,
    model::*,
    sessions::{self, NewSession, SignedIn},
    store,
};
use crate::{
    audit::{self, Line},
    base::{
        db::Tx,
        jobs::{self, NewJob},
        journal::{self, NewEntry},
        keys::same,
        refusal::{Kind, Refusal},
        uses,
    },
    deps::Deps,
    http::caller::Caller,
};

/// Where a code that waits for its hash stands, as the vault's place.
const WAITING: &str = "waiting_code.code";

fn secret_mac(deps: &Deps, device_id: DeviceId, secret: &str) -> Vec<u8> {
    deps.keys.mac("device", &[device_id.0.as_bytes(), secret.as_bytes()]).to_vec()
}

/// Makes the account, or finds it made: a lost reply makes no second one.
pub async fn register(deps: &Deps, command: RegisterDevice) -> Result<SignedIn, Refusal> {
    // A device that is known comes back by its secret; only a new account is worth the slow hash. Where many wait for
    // theirs, a youth who wants to write does not: the code is kept sealed and hashed when there is time.
    let known = store::known_device(deps, command.device_id).await?.is_some();
    let later = !known && deps.porch.is_crowded();
    let code_mac = match known || later {
        true => None,
        false => Some(codes::code_mac(deps, &command.code).await?),
    };
    let now = deps.clock.now();
    let _turn = deps.porch.people.turn().await?;
    let tx = deps.db.begin().await?;
    let new = account::Model {
        account_id: command.account_id,
        role: Role::Youth,
        public_number: None,
        code_mac,
        locale: command.locale,
        created_at: now,
        owed_bits: codes::owed_bits(&tx, now).await?,
        ended_at: None,
    };
    let mut made = store::claim_account(&tx, new.clone()).await?;
    if !made && store::account(&*tx, command.account_id).await?.is_none() {
        // Another account has this code. To say so would let anyone try codes here and pay for no puzzle: the account is
        // made, and its code opens nothing of its own until it is changed.
        made = store::claim_account(&tx, account::Model { code_mac: None, ..new }).await?;
    }
    if made && later {
        let account_id = command.account_id;
        let code = deps.keys.data.seal(WAITING, account_id.0, command.code.as_bytes(), &*deps.chance)?;
        store::keep_waiting_code(&tx, waiting_code::Model { account_id, code, since: now }).await?;
    }
    let account = store::account(&*tx, command.account_id).await?.ok_or(Kind::RegistrationConflict)?;
    if account.role != Role::Youth {
        return Err(Kind::RegistrationConflict.into());
    }
    if !made && store::device(&tx, command.device_id).await?.is_none() {
        // A further device comes in by the code, never by knowing an account's id.
        return Err(Kind::RegistrationConflict.into());
    }
    let device = claim_device(deps, &tx, account.account_id, command.device_id, &command.secret, now).await?;
    let signed_in = sessions::open(deps, &tx, now, youth_session(&device)).await?;
    tx.commit().await?;
    Ok(signed_in)
}

/// Makes the slow hash of codes that came while many did. Says how many there were.
pub async fn hash_waiting_codes(deps: &Deps) -> Result<usize, Refusal> {
    let rows = store::waiting_codes(deps.db.read(), 16).await?;
    for row in &rows {
        let code = deps.keys.data.open(WAITING, row.account_id.0, &row.code)?;
        let code_mac = codes::waiting_code_mac(deps, &String::from_utf8_lossy(&code)).await?;
        let tx = deps.db.begin().await?;
        // Its owner may have changed it meanwhile, and as in registering another account may have it.
        if store::waits(&tx, row.account_id).await? {
            let taken = store::account_by_code(&tx, code_mac.clone()).await?.is_some();
            store::set_code(&tx, row.account_id, (!taken).then_some(code_mac)).await?;
        }
        tx.commit().await?;
    }
    Ok(rows.len())
}

fn youth_session(device: &device::Model) -> NewSession {
    NewSession { account_id: device.account_id, device_id: device.device_id, role: Role::Youth, public_number: None }
}

/// The device as it stands; refused when it is another's, has another secret or was ended.
async fn claim_device(
    deps: &Deps,
    tx: &Tx,
    account_id: AccountId,
    device_id: DeviceId,
    secret: &str,
    now: Timestamp,
) -> Result<device::Model, Refusal> {
    let mac = secret_mac(deps, device_id, secret);
    let row = device::Model { device_id, account_id, secret_mac: mac.clone(), created_at: now, ended_at: None };
    store::claim_device(tx, row).await?;
    let device = store::device(tx, device_id).await?.ok_or(Kind::RegistrationConflict)?;
    if device.account_id != account_id || !same(&device.secret_mac, &mac) {
        return Err(Kind::RegistrationConflict.into());
    }
    if device.ended_at.is_some() {
        return Err(Kind::SessionEnded.into());
    }
    Ok(device)
}

/// Opens the talks of a code on another device, and tells the other devices.
pub async fn open_with_code(deps: &Deps, command: OpenWithCode) -> Result<SignedIn, Refusal> {
    let guess = codes::check_puzzle(deps, &command).await?;
    let code_mac = codes::code_mac(deps, &command.code).await?;
    let now = deps.clock.now();
    let _turn = deps.porch.people.turn().await?;
    let tx = deps.db.begin_in_turn().await?;
    let Some(account) = store::account_by_code(&tx, code_mac).await? else {
        // It may be one that is not hashed yet: then to call it wrong would be untrue.
        let waiting = !store::waiting_codes(&*tx, 1).await?.is_empty();
        let later = || Refusal { retry_after_ms: Some(5_000), ..Kind::Unavailable.into() };
        return Err(if waiting { later().detail("new codes are being made ready") } else { Kind::CodeWrong.into() });
    };
    store::forgive(&tx, guess).await?;
    let known = store::device(&tx, command.device_id).await?.is_some();
    let device = claim_device(deps, &tx, account.account_id, command.device_id, &command.secret, now).await?;
    if !known {
        let entry = NewEntry {
            stream: journal::inbox(account.account_id),
            kind: "device-added",
            entity_id: device.device_id.0,
            revision: 1,
            action_id: None,
            actor: Actor::System,
            actor_id: None,
        };
        journal::append(&tx, now, vec![entry]).await?;
        let body = json!({"kind": "device", "account_id": account.account_id, "entity_id": device.device_id});
        jobs::enqueue(&tx, &*deps.chance, now, vec![NewJob { queue: "push", body, run_at: now }]).await?;
    }
    let signed_in = sessions::open(deps, &tx, now, youth_session(&device)).await?;
    tx.commit().await?;
    Ok(signed_in)
}

/// A new code ends the old one, all other devices and every report capability.
pub async fn change_code(deps: &Deps, caller: &Caller, command: NewCode) -> Result<CodeChanged, Refusal> {
    let (now, account_id) = (deps.clock.now(), caller.who.account_id);
    // Here no puzzle is asked for, so it must not serve for guessing.
    if uses::CODES.passed(deps.db.read(), now, account_id, 1).await? {
        return Err(uses::CODES.refusal(now));
    }
    let code_mac = codes::code_mac(deps, &command.code).await?;
    let tx = deps.db.begin().await?;
    let over = uses::count(&tx, now, &[uses::CODES], &BTreeMap::from([(account_id, 1)])).await?;
    if !over.is_empty() {
        return Err(uses::CODES.refusal(now));
    }
    let code_mac = match store::account_by_code(&tx, code_mac.clone()).await? {
        // The reply was lost, and a device may have come in by the new code since. The use counts all the same, and the
        // answer takes as long.
        Some(account) if account.account_id == account_id => {
            tx.commit().await?;
            return Ok(CodeChanged { other_devices_ended: 0 });
        }
        // As in registering: a code that another account has is not told.
        Some(_) => None,
        None => Some(code_mac),
    };
    store::set_code(&tx, account_id, code_mac).await?;
    let devices = store::end_devices(&tx, account_id, None, Some(caller.device_id), now).await?;
    let ended = store::end_sessions(&tx, devices.clone(), now).await?;
    store::forget_addresses(&tx, devices.clone()).await?;
    store::end_capabilities(&tx, account_id, None).await?;
    tx.commit().await?;
    deps.ended.add(ended, now);
    Ok(CodeChanged { other_devices_ended: u32::try_from(devices.len()).unwrap_or(u32::MAX) })
}

pub async fn me(deps: &Deps, caller: &Caller) -> Result<Me, Refusal> {
    let account = store::account(deps.db.read(), caller.who.account_id).await?.ok_or(Kind::SessionEnded)?;
    let devices = store::devices(deps, caller.who.account_id).await?;
    Ok(Me {
        locale: account.locale,
        account_id: caller.who.account_id,
        device_id: caller.device_id,
        role: caller.who.role,
        public_number: caller.who.public_number.clone(),
        demo: deps.config.demo,
        devices: devices
            .into_iter()
            .map(|row| Device {
                device_id: row.device_id,
                created_at: row.created_at,
                this: row.device_id == caller.device_id,
            })
            .collect(),
    })
}

pub async fn end_device(deps: &Deps, caller: &Caller, device_id: DeviceId) -> Result<(), Refusal> {
    let now = deps.clock.now();
    let tx = deps.db.begin().await?;
    let devices = store::end_devices(&tx, caller.who.account_id, Some(device_id), None, now).await?;
    if devices.is_empty() {
        return Err(Kind::NotFound.into());
    }
    let ended = store::end_sessions(&tx, devices.clone(), now).await?;
    store::forget_addresses(&tx, devices).await?;
    store::end_capabilities(&tx, caller.who.account_id, Some(device_id)).await?;
    let own = (AuditSubject::Account, caller.who.account_id.0);
    audit::write(deps, &tx, now, Line::of(&caller.who, AuditAct::Change, own, Some("device-end"))).await?;
    tx.commit().await?;
    deps.ended.add(ended, now);
    Ok(())
}

pub async fn sign_out(deps: &Deps, caller: &Caller) -> Result<(), Refusal> {
    let now = deps.clock.now();
    let tx = deps.db.begin().await?;
    store::end_session(&tx, caller.session_id, now).await?;
    store::forget_addresses(&tx, vec![caller.device_id]).await?;
    let own = (AuditSubject::Account, caller.who.account_id.0);
    audit::write(deps, &tx, now, Line::of(&caller.who, AuditAct::Change, own, Some("sign-out"))).await?;
    tx.commit().await?;
    deps.ended.add([caller.session_id], now);
    Ok(())
}

/// Signs an officer's device in, in the transaction that let it.
pub async fn open_officer(
    deps: &Deps,
    tx: &Tx,
    now: Timestamp,
    account: &account::Model,
    device_id: DeviceId,
) -> Result<SignedIn, Refusal> {
    let row = device::Model {
        device_id,
        account_id: account.account_id,
        // An officer's device proves itself by a passkey, never by a secret.
        secret_mac: Vec::new(),
        created_at: now,
        ended_at: None,
    };
    if store::lock_account(tx, account.account_id).await?.is_none_or(|row| row.ended_at.is_some()) {
        return Err(Kind::PasskeyRefused.into());
    }
    store::claim_device(tx, row).await?;
    let line = Line {
        actor_id: Some(account.account_id),
        actor_number: account.public_number.clone(),
        act: AuditAct::Change,
        subject: (AuditSubject::Account, account.account_id.0),
        detail: Some("sign-in".to_owned()),
    };
    audit::write(deps, tx, now, [line]).await?;
    let device = store::device(tx, device_id).await?.ok_or(Kind::RegistrationConflict)?;
    if device.account_id != account.account_id || device.ended_at.is_some() {
        return Err(Kind::RegistrationConflict.into());
    }
    let new = NewSession {
        account_id: account.account_id,
        device_id,
        role: account.role,
        public_number: account.public_number.clone(),
    };
    sessions::open(deps, tx, now, new).await
}

// The demo and its town

pub async fn demo(deps: &Deps) -> Result<Demo, Refusal> {
    if !deps.config.demo {
        return Ok(Demo { demo: false, officers: Vec::new() });
    }
    let officers = store::officers(deps).await?;
    Ok(Demo {
        demo: true,
        officers: officers
            .into_iter()
            .filter_map(|row| row.public_number.map(|public_number| DemoOfficer { public_number, role: row.role }))
            .collect(),
    })
}

pub async fn demo_sign_in(deps: &Deps, command: DemoSignIn) -> Result<SignedIn, Refusal> {
    if !deps.config.demo {
        return Err(Kind::DemoOnly.into());
    }
    let now = deps.clock.now();
    let tx = deps.db.begin().await?;
    let account = store::officer_by_number(&*tx, &command.public_number).await?;
    let account = account.filter(|row| row.ended_at.is_none()).ok_or(Kind::NotFound)?;
    let signed_in = open_officer(deps, &tx, now, &account, command.device_id).await?;
    tx.commit().await?;
    Ok(signed_in)
}

pub async fn has_officers(deps: &Deps) -> Result<bool, DbErr> {
    Ok(!store::officers(deps).await?.is_empty())
}

/// An officer as a demo or a test needs one; a real one comes by an invite.
pub async fn plant_officer(deps: &Deps, tx: &Tx, now: Timestamp, number: &str, role: Role) -> Result<AccountId, DbErr> {
    let account_id = AccountId(deps.chance.uuid_v4());
    let row = account::Model {
        account_id,
        role,
        public_number: Some(number.to_owned()),
        code_mac: None,
        locale: Locale::Sv,
        created_at: now,
        owed_bits: 0,
        ended_at: None,
    };
    store::claim_account(tx, row).await?;
    Ok(account_id)
}

/// A youth as the demo's town needs one; nobody has her code.
pub async fn plant_youth(deps: &Deps, tx: &Tx, now: Timestamp) -> Result<AccountId, DbErr> {
    let account_id = AccountId(deps.chance.uuid_v4());
    let row = account::Model {
        account_id,
        role: Role::Youth,
        public_number: None,
        code_mac: None,
        locale: Locale::Sv,
        created_at: now,
        owed_bits: 0,
        ended_at: None,
    };
    store::claim_account(tx, row).await?;
    Ok(account_id)
}

/// Lets nobody in by what an older copy of the database holds: all sign in anew, and an invite that waits there may have
/// been used or withdrawn since. Youths' phones come back by their own secret, without being asked.
pub async fn end_all_sessions(deps: &Deps) -> Result<(), DbErr> {
    let tx = deps.db.begin().await?;
    store::end_all_sessions(&tx, deps.clock.now()).await?;
    store::forget_open_invites(&tx).await?;
    tx.commit().await
}

/// Removes some of what is over. Says whether there may be more.
pub async fn clean(deps: &Deps, batch: u64) -> Result<bool, DbErr> {
    let tx = deps.db.begin().await?;
    let more = store::clean(&tx, deps.clock.now(), batch).await?;
    tx.commit().await?;
    Ok(more)
}
