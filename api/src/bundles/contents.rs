//! What a bundle holds, and in which order: to read first, then the same as data, then the files, and last what tells whether all
//! of it is as it was.

use std::collections::HashMap;

use entities::words::{AuditEntryId, BundleReason, ConversationId, FileId, FileState, ReportId, ScanState, Timestamp};
use poem_openapi::types::ToJSON;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::sheet;
use crate::{
    audit::{self, AuditEntry},
    base::{
        actions::Who,
        archive::Archive,
        crypto::hex,
        refusal::{Kind, Refusal},
    },
    chat::{self, Message},
    deps::Deps,
    files::{self, SentFile},
    questionnaires::{self, Questionnaire},
    reports::{self, Report},
};

const PAGE: u64 = 100;
/// Lines of the log, of each thing the newest.
const MOST_LINES: usize = 5000;

/// Everything but the bytes of the files.
pub struct Contents {
    pub report: Report,
    /// By which it was told.
    pub questions: Option<Questionnaire>,
    /// In which its youth was asked about it.
    pub talk: Vec<Message>,
    /// That talk, also if it holds no word.
    pub asked_in: Option<ConversationId>,
    /// The talk that it was made from, of which only what its youth chose is here.
    pub source: Option<ConversationId>,
    /// Files that are not in it, and why.
    pub left: HashMap<FileId, &'static str>,
    /// Oldest first.
    pub log: Vec<AuditEntry>,
    /// Who took it, by public number.
    pub by: Option<String>,
    pub reason: BundleReason,
    pub at: Timestamp,
}

impl Contents {
    /// The files of the report, and then of the talk.
    pub fn files(&self) -> impl Iterator<Item = &SentFile> {
        self.report.files.iter().chain(self.talk.iter().flat_map(|message| message.files.iter().flatten()))
    }

    fn files_mut(&mut self) -> impl Iterator<Item = &mut SentFile> {
        let of_talk = self.talk.iter_mut().flat_map(|message| message.files.iter_mut().flatten());
        self.report.files.iter_mut().chain(of_talk)
    }
}

/// Why a file cannot be in the bundle, as far as it was told.
pub fn left_out(file: &SentFile) -> Option<&'static str> {
    if file.withheld == Some(true) {
        Some("withheld")
    } else if file.state == FileState::Refused {
        Some("refused")
    } else if !file.complete {
        Some("not-whole")
    } else if file.scan == Some(ScanState::Infected) {
        Some("infected")
    } else {
        None
    }
}

pub fn path(file: &SentFile) -> String {
    format!("originals/{}.{}", file.file_id, files::ending(&file.media_type))
}

/// All but the log.
pub async fn gather(deps: &Deps, who: &Who, id: ReportId, reason: BundleReason) -> Result<Contents, Refusal> {
    let report = reports::views(deps, who, &[id]).await?.remove(&id).ok_or(Kind::NotFound)?;
    let wanted = report.questionnaire_version.into_iter().collect();
    let questions = questionnaires::versions(deps, wanted).await?.into_values().next();
    let mut talk = Vec::new();
    let asked_in = reports::asked_in(deps, who, id).await?;
    if let Some(about) = asked_in {
        let mut pos = 0;
        while let page @ [.., last] = &*chat::messages_after(deps, who, about, pos, PAGE).await? {
            pos = last.pos;
            talk.extend_from_slice(page);
        }
    }
    let source = report.conversation_id.filter(|_| asked_in.is_none());
    Ok(Contents {
        report,
        source,
        asked_in,
        questions,
        talk,
        left: HashMap::new(),
        log: Vec::new(),
        by: who.public_number.clone(),
        reason,
        at: deps.clock.now(),
    })
}

/// Reads what was done with each thing in it.
pub async fn gather_log(deps: &Deps, contents: &mut Contents) -> Result<(), Refusal> {
    let mut subjects = vec![contents.report.report_id.0];
    subjects.extend(contents.asked_in.map(|id| id.0));
    subjects.extend(contents.files().map(|file| file.file_id.0));
    for subject in subjects {
        let room = MOST_LINES.saturating_sub(contents.log.len());
        contents.log.extend(lines(deps, subject, room).await?);
    }
    contents.log.sort_by_key(|entry| (entry.at, entry.entry_id));
    Ok(())
}

/// What was done with one thing.
async fn lines(deps: &Deps, subject: Uuid, most: usize) -> Result<Vec<AuditEntry>, Refusal> {
    let (mut found, mut after): (Vec<AuditEntry>, Option<(i64, AuditEntryId)>) = (Vec::new(), None);
    while found.len() < most {
        let page = audit::entries(deps, subject, after, PAGE).await?;
        let Some(last) = page.last() else { break };
        after = Some((last.at.millis(), last.entry_id));
        found.extend(page);
    }
    Ok(found)
}

/// An archive, and the hash of each file in it.
struct Summed<'a> {
    archive: Archive<'a>,
    sums: String,
}

impl Summed<'_> {
    async fn whole(&mut self, name: &str, bytes: &[u8]) -> Result<(), Refusal> {
        self.sum(&Sha256::digest(bytes).into(), name);
        self.archive.whole(name, bytes).await
    }

    fn sum(&mut self, sha256: &[u8; 32], name: &str) {
        self.sums.push_str(&format!("{}  {name}\n", hex(sha256)));
    }
}

fn pretty(value: &Value) -> Result<Vec<u8>, Refusal> {
    serde_json::to_vec_pretty(value).map_err(Refusal::fault)
}

pub async fn write(deps: &Deps, mut contents: Contents, archive: Archive<'_>) -> Result<(), Refusal> {
    let mut zip = Summed { archive, sums: String::new() };
    let (mut put, mut left) = (Vec::new(), Vec::new());
    // First, so that what is written of a file knows whether it left.
    let files: Vec<SentFile> = contents.files().cloned().collect();
    for file in files {
        let why = match left_out(&file) {
            Some(why) => Some(why),
            None => original(deps, &mut zip, &file).await?.err(),
        };
        let Some(why) = why else {
            put.push(json!({
                "path": path(&file),
                "file_id": file.file_id,
                "media_type": file.media_type,
                "size": file.size,
                "sha256": file.sha256,
                "scan": file.scan.map(ScanState::word),
            }));
            continue;
        };
        // It may have been marked since it was looked up.
        if why == "withheld" {
            contents.files_mut().filter(|other| other.file_id == file.file_id).for_each(SentFile::withhold);
        }
        contents.left.insert(file.file_id, why);
        left.push(json!({"file_id": file.file_id, "why": why}));
    }

    let (contents, pdf) = tokio::task::spawn_blocking(move || {
        let pdf = sheet::print(&contents);
        (contents, pdf)
    })
    .await
    .map_err(Refusal::fault)?;
    let Contents { report, talk, source, log, by, reason, at, .. } = &contents;
    zip.whole(&format!("{}.pdf", report.number), &pdf.map_err(Refusal::fault)?).await?;
    zip.whole("report.json", &pretty(&report.to_json().unwrap_or_default())?).await?;
    if !talk.is_empty() {
        zip.whole("talk.json", &pretty(&talk.to_json().unwrap_or_default())?).await?;
    }
    zip.whole("log.json", &pretty(&log.to_json().unwrap_or_default())?).await?;
    left.extend(source.map(|talk| json!({"conversation_id": talk, "why": "only-what-was-chosen"})));
    let manifest = json!({
        "report_id": report.report_id,
        "number": report.number,
        "taken_at": at.to_string(),
        "taken_by": by,
        "reason": reason.word(),
        "program": concat!("natpatrull ", env!("CARGO_PKG_VERSION")),
        "files": put,
        "left_out": left,
    });
    zip.whole("manifest.json", &pretty(&manifest)?).await?;
    let sums = std::mem::take(&mut zip.sums);
    zip.archive.whole("SHA256SUMS", sums.as_bytes()).await?;
    zip.archive.close().await.map(drop)
}

/// Puts a file in as it was sent, or says why it may not leave.
async fn original(deps: &Deps, zip: &mut Summed<'_>, file: &SentFile) -> Result<Result<(), &'static str>, Refusal> {
    let (row, sealed) = match files::exported(deps, file.file_id).await? {
        Ok(whole) => whole,
        Err(why) => return Ok(Err(why)),
    };
    let name = path(file);
    let sha256 = zip.archive.original(&name, row.size.unsigned_abs(), sealed).await?;
    if hex(&sha256) != row.sha256 {
        return Err(Refusal::fault(format!("the file {} is not what was sent", FileId(row.file_id.0))));
    }
    zip.sum(&sha256, &name);
    Ok(Ok(()))
}
