use entities::words::{AccountId, CapabilityId, CeremonyId, DeviceId, Locale, PuzzleId, Role, Text, Timestamp};
use poem_openapi::{Object, types::Any};
use uuid::Uuid;

/// A phone makes all of this itself, also with no network, and sends it when it can.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields, example)]
pub struct RegisterDevice {
    /// UUIDv4, made on the phone.
    pub account_id: AccountId,
    /// UUIDv4, made on the phone.
    pub device_id: DeviceId,
    /// 32 random bytes in base64url; the device proves itself with it.
    #[oai(validator(pattern = "^[A-Za-z0-9_-]{43}$"))]
    pub secret: Text,
    /// 16 random digits; they open the same talks on another device.
    #[oai(validator(pattern = "^[0-9]{16}$"))]
    pub code: Text,
    pub locale: Locale,
}

/// Open the talks that belong to a code on this device.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields, example)]
pub struct OpenWithCode {
    #[oai(validator(pattern = "^[0-9]{16}$"))]
    pub code: Text,
    pub device_id: DeviceId,
    #[oai(validator(pattern = "^[A-Za-z0-9_-]{43}$"))]
    pub secret: Text,
    pub puzzle_id: PuzzleId,
    /// The counter that solves the puzzle, in decimal.
    #[oai(validator(pattern = "^[0-9]{1,20}$"))]
    pub answer: Text,
}

/// The answer of a puzzle that is owed.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields, example)]
pub struct Proof {
    pub puzzle_id: PuzzleId,
    /// The counter that solves the puzzle, in decimal.
    #[oai(validator(pattern = "^[0-9]{1,20}$"))]
    pub answer: Text,
}

/// Find a counter so that SHA-256(salt followed by the counter in decimal) begins with `bits` zero bits.
#[derive(Clone, Debug, Object)]
#[oai(example)]
pub struct Puzzle {
    pub puzzle_id: PuzzleId,
    /// Base64url.
    pub salt: String,
    /// 0 while few codes were tried in vain of late and no more was asked for.
    pub bits: u32,
    pub expires_at: Timestamp,
}

#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields, example)]
pub struct NewCode {
    #[oai(validator(pattern = "^[0-9]{16}$"))]
    pub code: Text,
}

#[derive(Clone, Debug, Object)]
#[oai(example)]
pub struct CodeChanged {
    pub other_devices_ended: u32,
}

/// What a phone mints to deliver reports with, should its session die.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields, example)]
pub struct NewCapability {
    pub capability_id: CapabilityId,
    /// 32 random bytes in base64url.
    #[oai(validator(pattern = "^[A-Za-z0-9_-]{43}$"))]
    pub secret: Text,
    /// The phone's P-256 key, which signs each use: an uncompressed point (65 bytes) in base64url.
    #[oai(validator(pattern = "^[A-Za-z0-9_-]{87}$"))]
    pub public_key: Text,
}

/// A report capability that stands.
#[derive(Clone, Debug, Object)]
#[oai(example)]
pub struct CapabilityKept {
    pub capability_id: CapabilityId,
    pub ends_at: Timestamp,
    /// Words that leave a phone sealed are sealed to it.
    pub parcel_key: ParcelKey,
}

#[derive(Clone, Debug, Object)]
pub struct ParcelKey {
    pub key_id: Uuid,
    /// P-256, an uncompressed point in base64url.
    pub public_key: String,
}

/// A signed-in device. The refresh token travels in its cookie alone.
#[derive(Clone, Debug, Object)]
#[oai(skip_serializing_if_is_none, example)]
pub struct Session {
    /// For `Authorization: Bearer`, five minutes.
    pub access_token: String,
    pub expires_at: Timestamp,
    pub account_id: AccountId,
    pub device_id: DeviceId,
    pub role: Role,
    /// An officer's.
    pub public_number: Option<String>,
    pub demo: bool,
}

#[derive(Clone, Debug, Object)]
#[oai(skip_serializing_if_is_none, example)]
pub struct Me {
    pub account_id: AccountId,
    pub device_id: DeviceId,
    pub role: Role,
    pub public_number: Option<String>,
    pub locale: Locale,
    pub demo: bool,
    pub devices: Vec<Device>,
}

#[derive(Clone, Debug, Object)]
pub struct Device {
    pub device_id: DeviceId,
    pub created_at: Timestamp,
    /// The device that asks.
    pub this: bool,
}

#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields, example)]
pub struct OpenInvite {
    #[oai(validator(pattern = "^[A-Za-z0-9_-]{43}$"))]
    pub token: Text,
}

/// A WebAuthn ceremony that has begun; it ends within five minutes.
#[derive(Clone, Debug, Object)]
#[oai(skip_serializing_if_is_none, example)]
pub struct Ceremony {
    pub ceremony_id: CeremonyId,
    /// For `navigator.credentials`, in WebAuthn's JSON form.
    pub options: Any<serde_json::Value>,
    /// With an invite: what it makes of you.
    pub role: Option<Role>,
    pub public_number: Option<String>,
}

#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields, example)]
pub struct AcceptInvite {
    #[oai(validator(pattern = "^[A-Za-z0-9_-]{43}$"))]
    pub token: Text,
    pub ceremony_id: CeremonyId,
    pub device_id: DeviceId,
    /// What `navigator.credentials.create` gave, in WebAuthn's JSON form.
    pub credential: Any<serde_json::Value>,
}

#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields, example)]
pub struct PasskeySignIn {
    pub ceremony_id: CeremonyId,
    pub device_id: DeviceId,
    /// What `navigator.credentials.get` gave, in WebAuthn's JSON form.
    pub credential: Any<serde_json::Value>,
}

#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields, example)]
pub struct PasskeyTouch {
    pub ceremony_id: CeremonyId,
    /// What `navigator.credentials.get` gave, in WebAuthn's JSON form.
    pub credential: Any<serde_json::Value>,
}

#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields, example)]
pub struct DemoSignIn {
    #[oai(validator(min_length = 1, max_length = 8))]
    pub public_number: Text,
    pub device_id: DeviceId,
}

#[derive(Clone, Debug, Object)]
#[oai(example)]
pub struct Demo {
    /// Whether this is a demo, which nobody reads.
    pub demo: bool,
    /// Whom one may play.
    pub officers: Vec<DemoOfficer>,
}

#[derive(Clone, Debug, Object)]
pub struct DemoOfficer {
    pub public_number: String,
    pub role: Role,
}
