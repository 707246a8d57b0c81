//! The rules, in order. Invites and posters are asked for at once, because an officer waits with a youth at the other end;
//! a claim is an action of `chat`, which asks here whom an invite lets in.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::LazyLock,
};

use entities::{
    poster, room_invite,
    words::{
        AccountId, Actor, AuditAct, AuditSubject, CameBy, ConversationId, PosterId, QuarterId, RoomInviteId, Timestamp,
    },
};
use sea_orm::DbErr;
use uuid::Uuid;

use super::{
    model::*,
    rules::{self, Way},
    store,
};
use crate::{
    audit::{self, Line},
    base::{
        actions::Who,
        db::Tx,
        journal::{self, NewEntry},
        keys::{Keys, same},
        refusal::{Kind, Refusal},
        uses::{self, Limit},
    },
    deps::Deps,
    quarters,
};

/// Easy to say aloud and to write: no two are alike, none begins another, and none has å, ä or ö.
static WORDS: LazyLock<Vec<&str>> = LazyLock::new(|| include_str!("../../rooms/words.txt").lines().collect());

// Links

fn mac(keys: &Keys, secret: &str) -> Vec<u8> {
    keys.mac("room", &[secret.as_bytes()]).to_vec()
}

/// The word of an invite. It follows from what stands in the link by a key, so that it is stored nowhere.
pub fn word(keys: &Keys, secret: &str) -> &'static str {
    let chance = keys.mac("room-word", &[secret.as_bytes()]);
    let number = chance.iter().take(8).fold(0, |number, byte| number << 8 | usize::from(*byte));
    WORDS[number % WORDS.len()]
}

/// What a claim brings: which invite, and whether the word is right.
#[derive(Clone, Debug)]
pub struct Knock {
    secret_mac: Vec<u8>,
    right: bool,
}

pub fn knock(keys: &Keys, secret: &str, said: &str) -> Knock {
    let said = said.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    Knock { secret_mac: mac(keys, secret), right: same(said.as_bytes(), word(keys, secret).as_bytes()) }
}

/// What stands in a link.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Link {
    Invite(Vec<u8>),
    Poster(PosterId),
}

/// Reads what stood behind `#`; nothing, if it is neither.
pub fn link(keys: &Keys, text: &str) -> Option<Link> {
    match text.len() {
        36 => text.parse().ok().map(Link::Poster),
        43 => Some(Link::Invite(mac(keys, text))),
        _ => None,
    }
}

/// Where those who follow some links come from, invites in whatever state. A poster that was ended counts no more.
pub async fn origins(tx: &Tx, links: Vec<&Link>) -> Result<HashMap<Link, (QuarterId, CameBy)>, DbErr> {
    let (mut macs, mut posters) = (Vec::new(), Vec::new());
    for link in links {
        match link {
            Link::Invite(mac) => macs.push(mac.clone()),
            Link::Poster(id) => posters.push(*id),
        }
    }
    let mut found = HashMap::new();
    if !macs.is_empty() {
        let rows = store::lock(tx, macs).await?;
        found.extend(rows.into_iter().map(|(mac, row)| (Link::Invite(mac), (row.quarter_id, CameBy::InviteLink))));
    }
    if !posters.is_empty() {
        let rows = store::hanging(tx, posters).await?;
        found.extend(rows.into_iter().map(|row| (Link::Poster(row.poster_id), (row.quarter_id, CameBy::Poster))));
    }
    Ok(found)
}

// Claims

/// What the claims of a group do to invites: rows as they will stand.
pub struct Invites {
    rows: HashMap<Vec<u8>, room_invite::Model>,
    changed: BTreeSet<Vec<u8>>,
}

impl Invites {
    pub async fn lock<'a>(tx: &Tx, knocks: impl Iterator<Item = &'a Knock>) -> Result<Self, DbErr> {
        let rows = store::lock(tx, knocks.map(|knock| knock.secret_mac.clone()).collect()).await?;
        Ok(Self { rows, changed: BTreeSet::new() })
    }

    /// The talks that the invites led to before.
    pub fn talks(&self) -> Vec<ConversationId> {
        self.rows.values().filter_map(|row| row.conversation_id).collect()
    }

    /// Whether the account comes in, and by whose invite.
    pub fn answer(
        &mut self,
        account_id: AccountId,
        knock: &Knock,
        now: Timestamp,
    ) -> Result<(Way, room_invite::Model), Refusal> {
        let row = self.rows.get_mut(&knock.secret_mac).ok_or(Kind::NotFound)?;
        let before = row.wrong_words;
        let way = rules::answer(row, account_id, knock.right, now);
        if row.wrong_words != before {
            self.changed.insert(knock.secret_mac.clone());
        }
        Ok((way?, row.clone()))
    }

    /// The account has come in.
    pub fn let_in(&mut self, account_id: AccountId, knock: &Knock, talk: ConversationId, now: Timestamp) {
        if let Some(row) = self.rows.get_mut(&knock.secret_mac) {
            row.claimed_at = Some(now);
            row.claimed_by = Some(account_id);
            row.conversation_id = Some(talk);
            self.changed.insert(knock.secret_mac.clone());
        }
    }

    pub async fn save(self, deps: &Deps, tx: &Tx, now: Timestamp) -> Result<(), DbErr> {
        let changed: Vec<_> = self.changed.iter().filter_map(|mac| self.rows.get(mac)).cloned().collect();
        if changed.is_empty() {
            return Ok(());
        }
        let entries = changed.iter().map(|row| told("invite-changed", row.invite_id.0, 2, None)).collect();
        journal::append(tx, now, entries).await?;
        let by_rule = |subject, what: &str| Line {
            actor_id: None,
            actor_number: None,
            act: AuditAct::Change,
            subject,
            detail: Some(what.to_owned()),
        };
        let lines = changed.iter().flat_map(|row| {
            let invite = (AuditSubject::Invite, row.invite_id.0);
            match row.conversation_id {
                Some(talk) => {
                    [invite, (AuditSubject::Conversation, talk.0)].map(|on| by_rule(on, "room-invite-claim")).to_vec()
                }
                None => vec![by_rule(invite, "room-word-wrong")],
            }
        });
        audit::write(deps, tx, now, lines).await?;
        store::save_invites(tx, changed).await
    }
}

/// What the desk is told of; nobody: whoever came by the link.
fn told(kind: &'static str, id: Uuid, revision: i64, who: Option<&Who>) -> NewEntry {
    NewEntry {
        stream: journal::DESK.to_owned(),
        kind,
        entity_id: id,
        revision,
        action_id: None,
        actor: who.map_or(Actor::System, Who::actor),
        actor_id: who.map(|who| who.account_id),
    }
}

/// Forgets who came in to a talk that is erased.
pub async fn forget(tx: &Tx, talk: ConversationId) -> Result<(), DbErr> {
    store::forget(tx, talk).await
}

/// Forgets links that are long over. Says whether there may be more.
pub async fn clean(deps: &Deps, batch: u64) -> Result<bool, DbErr> {
    let tx = deps.db.begin().await?;
    let more = store::forget_links(&tx, deps.clock.now().plus_seconds(-KNOWN_SECONDS), batch).await?;
    tx.commit().await?;
    Ok(more)
}

// Invites

fn view(row: room_invite::Model, word: Option<&str>, now: Timestamp) -> RoomInvite {
    RoomInvite {
        state: rules::state(&row, now),
        invite_id: row.invite_id,
        quarter_id: row.quarter_id,
        made_at: row.made_at,
        expires_at: row.expires_at,
        wrong_words: row.wrong_words,
        word: word.map(str::to_owned),
        conversation_id: row.conversation_id,
    }
}

pub async fn make_invite(deps: &Deps, who: &Who, id: RoomInviteId, command: MakeInvite) -> Result<RoomInvite, Refusal> {
    let now = deps.clock.now();
    let MakeInvite { quarter_id, secret } = command;
    let (secret_mac, word) = (mac(&deps.keys, &secret), word(&deps.keys, &secret));
    let tx = deps.db.begin_in_turn().await?;
    let taken = store::lock(&tx, vec![secret_mac.clone()]).await?.into_values().next();
    if let Some(row) = store::invite(&tx, id).await?.or(taken) {
        // The reply was lost.
        let own = (row.invite_id, row.officer_id, row.quarter_id) == (id, who.account_id, quarter_id);
        return if own && row.secret_mac.as_ref() == Some(&secret_mac) {
            Ok(view(row, Some(word), now))
        } else {
            Err(Refusal::of(Kind::Conflict).detail("the invite's id or secret is taken"))
        };
    }
    known_quarter(&tx, quarter_id).await?;
    if !quarters::on_shift(&*tx, now).await?.iter().any(|shift| shift.officer_id == who.account_id) {
        return Err(Kind::ShiftNeeded.into());
    }
    counted(&tx, now, who, uses::INVITES).await?;
    let row = room_invite::Model {
        invite_id: id,
        secret_mac: Some(secret_mac),
        quarter_id,
        officer_id: who.account_id,
        officer_number: who.public_number.clone(),
        made_at: now,
        expires_at: now.plus_seconds(INVITE_SECONDS),
        wrong_words: 0,
        closed_at: None,
        claimed_at: None,
        claimed_by: None,
        conversation_id: None,
    };
    store::insert_invite(&tx, row.clone()).await?;
    tell(deps, &tx, now, who, "invite-changed", id.0, (1, "room-invite-make")).await?;
    tx.commit().await?;
    Ok(view(row, Some(word), now))
}

async fn known_quarter(tx: &Tx, id: QuarterId) -> Result<(), Refusal> {
    quarters::Walked::of(&**tx, vec![id]).await?.allows(id)
}

async fn counted(tx: &Tx, now: Timestamp, who: &Who, limit: Limit) -> Result<(), Refusal> {
    let over = uses::count(tx, now, &[limit], &BTreeMap::from([(who.account_id, 1)])).await?;
    if over.is_empty() { Ok(()) } else { Err(limit.refusal(now)) }
}

/// The line of what an officer did, and the word to the desk.
async fn tell(
    deps: &Deps,
    tx: &Tx,
    now: Timestamp,
    who: &Who,
    kind: &'static str,
    id: Uuid,
    (revision, what): (i64, &str),
) -> Result<(), DbErr> {
    journal::append(tx, now, vec![told(kind, id, revision, Some(who))]).await?;
    audit::write(deps, tx, now, Line::of(who, AuditAct::Change, (AuditSubject::Invite, id), Some(what))).await
}

/// Invites that are shown: those of the last day.
const SHOWN: u64 = 50;
const SHOWN_SECONDS: i64 = 24 * 3600;

pub async fn invites(deps: &Deps, who: &Who) -> Result<RoomInvites, Refusal> {
    let now = deps.clock.now();
    let rows = store::invites(deps.db.read(), who.account_id, now.plus_seconds(-SHOWN_SECONDS), SHOWN).await?;
    Ok(RoomInvites { items: rows.into_iter().map(|row| view(row, None, now)).collect() })
}

pub async fn end_invite(deps: &Deps, who: &Who, id: RoomInviteId) -> Result<RoomInvite, Refusal> {
    let now = deps.clock.now();
    let tx = deps.db.begin_in_turn().await?;
    let row = store::invite(&tx, id).await?.filter(|row| row.officer_id == who.account_id);
    let row = row.ok_or(Kind::NotFound)?;
    if row.claimed_at.is_some() || row.closed_at.is_some() {
        // Whoever is in is in.
        return Ok(view(row, None, now));
    }
    let row = room_invite::Model { closed_at: Some(now), ..row };
    store::save_invites(&tx, vec![row.clone()]).await?;
    tell(deps, &tx, now, who, "invite-changed", id.0, (2, "room-invite-end")).await?;
    tx.commit().await?;
    Ok(view(row, None, now))
}

// Posters

fn poster_view(row: poster::Model) -> Poster {
    let poster::Model { poster_id, quarter_id, place, made_by, made_at, ended_at } = row;
    Poster { poster_id, quarter_id, place, made_by, made_at, ended_at }
}

pub async fn make_poster(deps: &Deps, who: &Who, id: PosterId, command: MakePoster) -> Result<Poster, Refusal> {
    let MakePoster { quarter_id, place } = command;
    let (now, place): (_, String) = (deps.clock.now(), quarters::name(&place)?);
    let tx = deps.db.begin_in_turn().await?;
    if let Some(row) = store::poster(&tx, id).await? {
        // The reply was lost.
        return if (row.quarter_id, &row.place) == (quarter_id, &place) {
            Ok(poster_view(row))
        } else {
            Err(Refusal::of(Kind::Conflict).detail("the poster's id is taken"))
        };
    }
    known_quarter(&tx, quarter_id).await?;
    counted(&tx, now, who, uses::POSTERS).await?;
    let made_by = who.public_number.clone();
    let row = poster::Model { poster_id: id, quarter_id, place, made_by, made_at: now, ended_at: None };
    store::save_poster(&tx, row.clone()).await?;
    tell(deps, &tx, now, who, "poster-changed", id.0, (1, "poster-make")).await?;
    tx.commit().await?;
    Ok(poster_view(row))
}

pub async fn posters(deps: &Deps) -> Result<Posters, Refusal> {
    let (mut items, ended): (Vec<_>, Vec<_>) =
        store::posters(deps.db.read()).await?.into_iter().map(poster_view).partition(|row| row.ended_at.is_none());
    items.extend(ended);
    Ok(Posters { items })
}

pub async fn end_poster(deps: &Deps, who: &Who, id: PosterId) -> Result<Poster, Refusal> {
    let now = deps.clock.now();
    let tx = deps.db.begin_in_turn().await?;
    let row = store::poster(&tx, id).await?.ok_or(Kind::NotFound)?;
    if row.ended_at.is_some() {
        return Ok(poster_view(row));
    }
    let row = poster::Model { ended_at: Some(now), ..row };
    store::save_poster(&tx, row.clone()).await?;
    tell(deps, &tx, now, who, "poster-changed", id.0, (2, "poster-end")).await?;
    tx.commit().await?;
    Ok(poster_view(row))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many letters must change to make one word of the other.
    fn apart(one: &str, other: &str) -> usize {
        let other: Vec<char> = other.chars().collect();
        let mut before: Vec<usize> = (0..=other.len()).collect();
        for (row, letter) in one.chars().enumerate() {
            let mut line = vec![row + 1];
            for (column, against) in other.iter().enumerate() {
                let change = before[column] + usize::from(letter != *against);
                line.push(change.min(before[column + 1] + 1).min(line[column] + 1));
            }
            before = line;
        }
        before.last().copied().unwrap_or_default()
    }

    #[test]
    fn no_word_is_taken_for_another() {
        assert!(WORDS.len() > 350, "only {} words", WORDS.len());
        for (nth, word) in WORDS.iter().enumerate() {
            assert!((4..=10).contains(&word.len()) && word.bytes().all(|letter| letter.is_ascii_lowercase()), "{word}");
            for other in &WORDS[nth + 1..] {
                assert!(apart(word, other) > 1 && !other.starts_with(word), "{word} and {other}");
            }
        }
    }
}
