//! The ids and moments that the contract's examples share, so that they read as one story: a youth writes, and officer 07
//! answers.

use entities::words::{
    AccountId, ActionId, ConversationId, DeviceId, DialogueId, FileId, HandoverId, IdeaId, IncidentId, LocationId,
    MessageId, PatrolId, PollId, PostId, QuarterId, QuestionId, ReportId, Text, Timestamp, TipId,
};
use uuid::{Uuid, uuid};

pub const YOUTH: AccountId = AccountId(uuid!("9f0d1c5e-3a64-4b1f-8a53-6f2f5f3c7d10"));
/// Another officer of the story.
pub const COLLEAGUE: AccountId = AccountId(uuid!("2c7b1f9e-6d05-4a83-b1e4-8f3a0c5d7e19"));
pub const PHONE: DeviceId = DeviceId(uuid!("1b6f0a9c-52d7-4c39-9d3e-0c8a7e6b5d42"));
pub const CONVERSATION: ConversationId = ConversationId(uuid!("019ab2c4-7d10-7a31-9e55-3b0f6a1c8d20"));
pub const MESSAGE: MessageId = MessageId(uuid!("019ab2c4-7d11-7c02-8f14-91d0e2b7a633"));
pub const ACTION: ActionId = ActionId(uuid!("019ab2c4-7d12-7b64-a1c9-5e0d4f7b2a18"));
pub const REPORT: ReportId = ReportId(uuid!("019ab2d0-10aa-7f20-b0c4-2d9e8f6a1b35"));
pub const FILE: FileId = FileId(uuid!("019ab2d0-10ab-7e11-9a7d-6c1f0b3e4d52"));
pub const HANDOVER: HandoverId = HandoverId(uuid!("019ab2c9-4e60-7b15-8d27-a0c5e3f9b174"));
pub const LOCATION: LocationId = LocationId(uuid!("019ab2c8-1a20-7f43-9b61-3d8e5c0a7f92"));
pub const INCIDENT: IncidentId = IncidentId(uuid!("019ab2ca-0d31-7c58-9a12-5e7f0b4d8c36"));
pub const TIP: TipId = TipId(uuid!("019ab2e1-5c40-7d93-8b26-f4a0c7e9d164"));
pub const POLL: PollId = PollId(uuid!("019ab2e4-2b10-7a61-9d38-c5e1f0b7a294"));
pub const IDEA: IdeaId = IdeaId(uuid!("019ab2e6-4d20-7b83-8a57-e3c1f0d9b4a6"));
pub const DIALOGUE: DialogueId = DialogueId(uuid!("019ab2e8-0a10-7e62-8d15-3c7f9b0e5a41"));
pub const QUESTION: QuestionId = QuestionId(uuid!("019ab2e8-1c30-7f08-a4b6-9d2e7c1f0b58"));
pub const POST: PostId = PostId(uuid!("019ab2e6-7d20-7c48-a5b1-0e3f9c6d8a72"));
pub const QUARTER: QuarterId = QuarterId(uuid!("019ab2a0-3c11-7d20-8e47-0b6f9a2d5c18"));
pub const PATROL: PatrolId = PatrolId(uuid!("019ab2a4-1b20-7c93-8f65-2a7d9e0c4b31"));
pub const CEREMONY: Uuid = uuid!("019ab2b0-0f21-7a55-8c3d-7e6b9a2f1d08");

pub const CAPABILITY: Uuid = uuid!("019ab2b0-0f22-7c19-9b70-1f5e8d3a6c42");
pub const PARCEL_KEY: Uuid = uuid!("6b0c9e4d-17fa-8d52-a3c8-90e4b1f7d265");
pub const PARCEL: Uuid = uuid!("019ab2d0-10ac-7b46-8e0d-5a2c9f7b1e83");

/// 32 bytes in base64url, as devices and links carry them.
pub const SECRET: &str = "q7m0VhZ2m3nO1s9cYkq1p5b8T0xwJf6uR4eLd2aGvHI";
/// A P-256 key: 65 bytes in base64url.
pub const POINT: &str = "BGsX0fLhLEJH-Lzm5WOkQPJ3A32BLeszoPShOUXYmMKWT-NC4v4af5uO5-tKfA-eFivOM1drMV7Oy7ZAaDe_UfU";
/// SHA-256 of the file.
pub const SHA256: &str = "3b7e0c2fd1a94b58e6c7105af29d8e34b6a1c0f7e2d3958471bc06ae5f9d2013";
/// Its type and its bytes.
pub const JPEG: &str = "image/jpeg";
pub const PICTURE_SIZE: i64 = 184_320;
pub const OFFICER: &str = "07";
/// How officers call what several talks are about.
pub const INCIDENT_TITLE: &str = "Festen på Strandgatan";
/// What the youth is told of what came back.
pub const TOLD: &str = "112 vet om det. Stäng in er och ring 112 om någon försöker komma in.";

pub fn text(words: &str) -> Text {
    Text(words.to_owned())
}

/// Seconds after the story's beginning, 2026-11-24 20:14:00 UTC.
pub fn after(seconds: i64) -> Timestamp {
    Timestamp::from_millis(1_795_551_240_000).plus_seconds(seconds)
}
