//! What each phone did, sent and saw, line by line in a file: all that the checker goes by.

use std::{
    collections::BTreeMap,
    fs::File,
    io::{BufWriter, Write},
    path::Path,
    sync::Mutex,
};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "line", rename_all = "kebab-case")]
pub enum Line {
    /// A person did something, and it is on the phone's own disk.
    Made {
        phone: String,
        action: Uuid,
        lane: String,
        kind: String,
        after: Vec<Uuid>,
        /// Words that nothing else has.
        words: Option<String>,
    },
    /// Given to the network, which may lose it.
    Sent { phone: String, request: u64, actions: Vec<Uuid> },
    /// The server's answer as it came out of the network, whether the phone was still there to hear it or not.
    Answered { phone: String, request: u64, heard: bool, results: Vec<Told> },
    /// One stream's part of a pull.
    Pulled { reader: String, stream: String, asked: Asked, part: Part },
    /// The server has confirmed so much of a file, of which the phone knew so much when it asked.
    Stored { phone: String, file: Uuid, knew: i64, offset: i64, complete: bool },
    /// Something was done to the network, the server or its database.
    Fault { fault: String },
    /// What a phone has at the end.
    Holds { phone: String, undecided: Vec<Uuid>, state: State },
    /// What the server has at the end, read through its lists.
    Stands { state: State },
    /// Whether the bytes of a whole file came back as they were sent.
    Fetched { file: Uuid, same: bool },
}

/// How one action ended, as the wire says it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Told {
    pub action: Uuid,
    pub outcome: String,
    pub original: Option<String>,
    pub problem: Option<String>,
    pub entity: Option<(Uuid, i64)>,
    pub at: Option<Place>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    pub stream: String,
    pub epoch: i64,
    pub pos: i64,
}

/// The cursor that was sent.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Asked {
    From { epoch: i64, pos: i64 },
    Newest,
    Before(i64),
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Part {
    pub epoch: i64,
    pub head: i64,
    pub from: i64,
    pub reset: bool,
    pub more: bool,
    pub events: Vec<Seen>,
}

/// What of an event may never change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    pub pos: i64,
    pub kind: String,
    pub entity: Uuid,
    pub revision: i64,
    pub action: Option<Uuid>,
    /// Who and when, and for a message its words.
    pub rest: String,
}

/// Everything that somebody may see.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct State {
    /// How far each stream goes, or was read.
    pub heads: BTreeMap<String, (i64, i64)>,
    pub talks: BTreeMap<Uuid, Talk>,
    pub reports: BTreeMap<Uuid, Report>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Talk {
    /// The account that it belongs to, where that is known.
    pub owner: Option<Uuid>,
    /// Revision, state, head and holder.
    pub face: String,
    /// In the order of their places; nothing if the phone does not follow the talk.
    pub messages: Option<Vec<Words>>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Words {
    pub message: Uuid,
    pub action: Uuid,
    pub pos: i64,
    pub words: String,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Report {
    pub owner: Option<Uuid>,
    /// Revision, state and files.
    pub face: String,
    pub words: String,
}

pub struct History(Mutex<BufWriter<File>>);

impl History {
    pub fn create(path: &Path) -> Self {
        Self(Mutex::new(BufWriter::new(File::create(path).expect("the history can be written"))))
    }

    pub fn write(&self, line: &Line) {
        let mut text = serde_json::to_vec(line).expect("a line is JSON");
        text.push(b'\n');
        self.0.lock().unwrap().write_all(&text).expect("the history can be written");
    }

    pub fn flush(&self) {
        self.0.lock().unwrap().flush().expect("the history can be written");
    }
}
