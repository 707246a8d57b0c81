//! What a bundle holds, and in which order: to read first, then the same as data, then the files, and last what tells whether all
//! of it is as it was.

use entities::words::{AuditEntryId, BundleReason, FileId, FileState, ReportId, ScanState, Timestamp};
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
/// Lines of the log about one thing, the newest.
const MOST_LINES: usize = 5000;

/// Everything but the bytes of the files.
pub struct Contents {
    pub report: Report,
    /// By which it was told.
    pub questions: Option<Questionnaire>,
    /// In which its youth was asked about it.
    pub talk: Vec<Message>,
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
}

/// Why a file is not in the bundle.
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

pub async fn gather(deps: &Deps, who: &Who, id: ReportId, reason: BundleReason) -> Result<Contents, Refusal> {
    let report = reports::views(deps, who, &[id]).await?.remove(&id).ok_or(Kind::NotFound)?;
    let wanted = report.questionnaire_version.into_iter().collect();
    let questions = questionnaires::versions(deps, wanted).await?.into_values().next();
    let mut talk = Vec::new();
    // A report that was made from a talk holds what its youth chose of it.
    if let Some(about) = report.conversation_id.filter(|_| report.excerpt.is_none()) {
        let mut pos = 0;
        while let page @ [.., last] = &*chat::messages_after(deps, who, about, pos, PAGE).await? {
            pos = last.pos;
            talk.extend_from_slice(page);
        }
    }
    let mut contents = Contents {
        report,
        questions,
        talk,
        log: Vec::new(),
        by: who.public_number.clone(),
        reason,
        at: deps.clock.now(),
    };
    let mut subjects = vec![id.0];
    subjects.extend(contents.report.conversation_id.filter(|_| !contents.talk.is_empty()).map(|id| id.0));
    subjects.extend(contents.files().map(|file| file.file_id.0));
    for subject in subjects {
        contents.log.extend(lines(deps, subject).await?);
    }
    contents.log.sort_by_key(|entry| (entry.at, entry.entry_id));
    Ok(contents)
}

/// What was done with one thing.
async fn lines(deps: &Deps, subject: Uuid) -> Result<Vec<AuditEntry>, Refusal> {
    let (mut found, mut after): (Vec<AuditEntry>, Option<(i64, AuditEntryId)>) = (Vec::new(), None);
    while found.len() < MOST_LINES {
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

pub async fn write(deps: &Deps, contents: Contents, archive: Archive<'_>) -> Result<(), Refusal> {
    let mut zip = Summed { archive, sums: String::new() };
    let (contents, pdf) = tokio::task::spawn_blocking(move || {
        let pdf = sheet::print(&contents);
        (contents, pdf)
    })
    .await
    .map_err(Refusal::fault)?;
    let Contents { report, talk, log, by, reason, at, .. } = &contents;
    zip.whole(&format!("{}.pdf", report.number), &pdf.map_err(Refusal::fault)?).await?;
    zip.whole("report.json", &pretty(&report.to_json().unwrap_or_default())?).await?;
    if !talk.is_empty() {
        zip.whole("talk.json", &pretty(&talk.to_json().unwrap_or_default())?).await?;
    }
    zip.whole("log.json", &pretty(&log.to_json().unwrap_or_default())?).await?;

    let (mut put, mut left) = (Vec::new(), Vec::new());
    for file in contents.files() {
        match left_out(file) {
            Some(why) => left.push(json!({"file_id": file.file_id, "why": why})),
            // It was withheld or found to be infected since it was looked up.
            None if !original(deps, &mut zip, file).await? => {
                left.push(json!({"file_id": file.file_id, "why": "withheld"}))
            }
            None => put.push(json!({
                "path": path(file),
                "file_id": file.file_id,
                "media_type": file.media_type,
                "size": file.size,
                "sha256": file.sha256,
                "scan": file.scan.map(ScanState::word),
            })),
        }
    }
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

/// Puts a file in as it was sent; no: it may not leave.
async fn original(deps: &Deps, zip: &mut Summed<'_>, file: &SentFile) -> Result<bool, Refusal> {
    let Some((row, sealed)) = files::exported(deps, file.file_id).await? else { return Ok(false) };
    let name = path(file);
    let sha256 = zip.archive.original(&name, row.size.unsigned_abs(), sealed).await?;
    if hex(&sha256) != row.sha256 {
        return Err(Refusal::fault(format!("the file {} is not what was sent", FileId(row.file_id.0))));
    }
    zip.sum(&sha256, &name);
    Ok(true)
}
