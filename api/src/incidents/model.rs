use entities::words::{ConversationId, IncidentId, Sealed, Text};
use poem_openapi::Object;

/// The longest title, in characters.
pub const LONGEST_TITLE: usize = 100;

/// Join a talk to an incident. The first one opens it, and draws its number. One that is in it already gets the new title.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields)]
pub struct JoinIncident {
    /// Made on the device of whoever joins the first talk.
    pub incident_id: IncidentId,
    pub conversation_id: ConversationId,
    /// How officers call it: 1 to 100 characters.
    pub title: Text,
}

/// A joining whose title is sealed already.
#[derive(Clone, Debug)]
pub struct SealedJoining {
    pub incident_id: IncidentId,
    pub conversation_id: ConversationId,
    pub title: Sealed,
}

/// Take a talk out of an incident.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields)]
pub struct LeaveIncident {
    pub incident_id: IncidentId,
    pub conversation_id: ConversationId,
}

/// A talk for the incident that the path names.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields, example)]
pub struct JoinTalk {
    pub conversation_id: ConversationId,
    /// How officers call it: 1 to 100 characters.
    pub title: Text,
}

/// A talk of the incident that the path names.
#[derive(Clone, Debug, Object)]
#[oai(deny_unknown_fields, example)]
pub struct LeaveTalk {
    pub conversation_id: ConversationId,
}
