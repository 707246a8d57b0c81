//! The report as an investigator reads it on paper, in Swedish: what an authority hands over is written in its own language.

use entities::words::{
    Actor, AuditAct, BundleReason, Certainty, EventKind, OutcomeCode, Priority, Regime, ReportState, ScanState,
    Timestamp,
};
use jiff::tz::TimeZone;

use super::{
    contents::{Contents, path},
    paper::{Block, Paper},
};
use crate::{
    audit::AuditEntry,
    base::places::COUNTIES,
    chat::Message,
    files::SentFile,
    questionnaires::{Question, QuestionAnswer, Questionnaire},
    reports::{Report, ReportLink},
};

/// Lines of the log on paper; all of them are in the data.
const MOST_LINES: usize = 300;
/// Messages on paper, the first; all of them are in the data.
const MOST_MESSAGES: usize = 500;
const FOOT: &str = "Innehåller uppgifter om enskilda, ofta barn. Sekretess kan gälla enligt 35 kap. 1 § offentlighets- och \
                    sekretesslagen (2009:400).";

pub fn print(contents: &Contents) -> Result<Vec<u8>, String> {
    let zone = TimeZone::get("Europe/Stockholm").map_err(|error| error.to_string())?;
    let mut paper = Paper::new();
    let mut sheet = Sheet { zone, blocks: Vec::new() };
    sheet.all(contents);
    sheet.blocks.iter().for_each(|block| paper.put(block));
    let title = format!("Rapport {}", contents.report.number);
    paper.print(&title, &format!("{title}. {FOOT}"))
}

struct Sheet {
    zone: TimeZone,
    blocks: Vec<Block>,
}

impl Sheet {
    /// To the second, by the clock in Sweden.
    fn moment(&self, at: Timestamp) -> String {
        jiff::Timestamp::from_millisecond(at.millis())
            .map(|at| self.zone.to_datetime(at).strftime("%Y-%m-%d %H:%M:%S").to_string())
            .unwrap_or_else(|_| at.to_string())
    }

    fn put(&mut self, block: Block) {
        self.blocks.push(block);
    }

    fn heading(&mut self, text: &str) {
        self.put(Block::Heading(text.to_owned()));
    }

    fn fact(&mut self, label: &str, value: impl Into<String>) {
        self.put(Block::Fact(label.to_owned(), value.into()));
    }

    fn quote(&mut self, words: &str) {
        self.put(Block::Quote(words.to_owned()));
    }

    fn all(&mut self, contents: &Contents) {
        let Contents { report, questions, talk, source, log, by, reason, at, .. } = contents;
        self.put(Block::Title(format!("Rapport {}", report.number)));
        self.put(Block::Note(format!(
            "Underlag ur Nätpatrull. Uttaget {} av {} för {}. Tider är svensk tid. Samma uppgifter finns som data i \
             filerna bredvid; SHA256SUMS visar om något har ändrats.",
            self.moment(*at),
            officer(by.as_deref()),
            why_taken(*reason),
        )));
        self.state(report, questions.as_ref());
        self.told(report, questions.as_ref());
        if let Some(links) = report.links.as_ref().filter(|links| !links.is_empty()) {
            self.links(links);
        }
        if let Some(excerpt) = report.excerpt.as_ref().filter(|excerpt| !excerpt.is_empty()) {
            self.heading("Ur samtalet, valt av den som berättar");
            for message in excerpt {
                self.said(message.received_at, message.by, message.public_number.as_deref(), &message.text);
            }
        }
        if !talk.is_empty() {
            self.heading("Samtal om rapporten");
            talk.iter().take(MOST_MESSAGES).for_each(|message| self.message(message));
            if talk.len() > MOST_MESSAGES {
                self.put(Block::Note(format!("De första {MOST_MESSAGES} meddelandena. Resten står i talk.json.")));
            }
        }
        if source.is_some() {
            self.put(Block::Note(
                "Rapporten är gjord av ett samtal. Av det finns bara det med som den som berättar har valt.".to_owned(),
            ));
        }
        if contents.files().next().is_some() {
            self.heading("Filer");
            contents.files().for_each(|file| self.file(file, contents.left.get(&file.file_id).copied()));
        }
        self.log(log);
    }

    fn state(&mut self, report: &Report, questions: Option<&Questionnaire>) {
        self.heading("Läget");
        self.fact("Händelse", event_kind(report.event_kind, questions));
        let state = match (report.state, &report.passed_to, &report.police_number) {
            (ReportState::Received, ..) => "Mottagen, inte läst".to_owned(),
            (ReportState::BeingRead, ..) => format!("Läses av {}", officer(report.reader.as_deref())),
            (ReportState::QuestionAsked, ..) => "En fråga är ställd".to_owned(),
            (ReportState::PassedOn, to, _) => format!("Skickad vidare till {}", to.as_deref().unwrap_or("någon annan")),
            (ReportState::Registered, ..) => "Polisanmälan upprättad".to_owned(),
            (ReportState::Closed, ..) => "Avslutad".to_owned(),
        };
        self.fact("Läge", state);
        if let (Some(number), Some(at)) = (&report.police_number, report.registered_at) {
            self.fact("Polisanmälan", format!("{number}, upprättad {}", self.moment(at)));
        } else {
            self.fact("Polisanmälan", "Ingen är upprättad här");
        }
        if let Some(outcome) = report.outcome {
            self.fact("Utfall", outcome_word(outcome));
        }
        if let Some(why) = &report.closing_words {
            self.fact("Sagt till den som berättar", why.clone());
        }
        self.fact("Framme hos polisen", self.moment(report.submitted_at));
        self.fact("Skriven, enligt telefonen", self.moment(report.recorded_at));
        if let Some(priority) = report.priority {
            self.fact("Brådska", priority_word(priority));
        }
        if let Some(regime) = report.regime {
            self.fact("Regelverk", regime_word(regime));
        }
        if let Some(code) = &report.area {
            self.fact("Kommun", municipality(code));
        }
        match &report.introduction {
            Some(introduction) => {
                self.fact("Den som berättar", introduction.name.clone());
                if let Some(reach) = &introduction.reach {
                    self.fact("Nås", reach.clone());
                }
            }
            None => self.fact("Den som berättar", "Har inte sagt sitt namn"),
        }
        if report.as_tip {
            self.fact("Hanteras", "Som tips, eftersom den är utan namn");
        }
        if let Some(number) = &report.incident_number {
            let title = report.incident_title.as_deref().unwrap_or_default();
            self.fact("Samma händelse", format!("{number} {title}"));
        }
    }

    fn told(&mut self, report: &Report, questions: Option<&Questionnaire>) {
        self.heading("Vad som hände, med egna ord");
        self.quote(&report.what);
        if report.damaged {
            self.put(Block::Note("En del av orden har gått sönder på servern och går inte att läsa.".to_owned()));
        }
        self.heading("När, var och svar på frågor");
        let at = match (report.happened.certainty, report.happened.at) {
            (Certainty::Exact, Some(at)) => Some(self.moment(at)),
            (_, Some(at)) => Some(format!("Ungefär {}", self.moment(at))),
            (_, None) => None,
        };
        let words = report.happened.words.as_ref().map(|words| format!("”{}”", &**words));
        let when = [at, words].into_iter().flatten().collect::<Vec<_>>().join(". ");
        let when = if when.is_empty() { "Vet inte".to_owned() } else { when };
        self.fact("När", when);
        self.fact("Var", report.place.clone().unwrap_or_else(|| "Inte sagt".to_owned()));
        for answer in report.answers.iter().flatten() {
            let question =
                questions.and_then(|all| all.questions.iter().find(|asked| *asked.id == *answer.question_id));
            let asked = question.map_or(&*answer.question_id, |question| &question.ask.sv);
            self.fact(asked, answered(question, answer));
        }
        if let Some(version) = report.questionnaire_version {
            self.put(Block::Note(format!("Frågorna är de i version {version} av frågeformuläret.")));
        }
    }

    fn links(&mut self, links: &[ReportLink]) {
        self.heading("Länkar och användarnamn");
        for link in links {
            let label = link.platform.as_deref().unwrap_or("Okänd plattform");
            let mut lines = vec![link.said.clone()];
            lines.extend(link.user_name.as_ref().map(|name| format!("Användarnamn: {name}")));
            lines.extend(link.url.as_ref().filter(|url| **url != link.said).map(|url| format!("Adress: {url}")));
            self.fact(label, lines.join("\n"));
        }
    }

    fn said(&mut self, at: Timestamp, by: Actor, number: Option<&str>, text: &str) {
        let who = match by {
            Actor::Youth => "Den som berättar".to_owned(),
            Actor::Officer => officer(number),
            Actor::System => "Nätpatrull".to_owned(),
        };
        self.put(Block::Note(format!("{}  {who}", self.moment(at))));
        self.quote(text);
    }

    fn message(&mut self, message: &Message) {
        let text = if message.damaged { "(Orden har gått sönder och går inte att läsa.)" } else { &message.text };
        self.said(message.received_at, message.by, message.public_number.as_deref(), text);
        for file in message.files.iter().flatten() {
            self.put(Block::Note(format!("Fil: {}", path(file))));
        }
    }

    fn file(&mut self, file: &SentFile, left: Option<&str>) {
        let why = left.map(|why| match why {
            "withheld" => "Lämnas inte ut här: undanhållen. Bara utsedda utredare öppnar den.",
            "infected" => "Lämnas inte ut: viruskontrollen stoppade den.",
            "refused" => "Togs inte emot.",
            "unchecked" => "Lämnas inte ut än: viruskontrollen har inte sett den.",
            _ => "Inte framme än.",
        });
        if let Some(why) = why {
            return self.fact("Inte med", format!("{}\n{why}", file.file_id));
        }
        let scan = match file.scan {
            Some(ScanState::Clean) => "viruskontrollerad",
            _ => "inte viruskontrollerad",
        };
        self.fact("Original", format!("{}\n{}, {} byte, {scan}", path(file), file.media_type, file.size));
        self.put(Block::Fine("SHA-256".to_owned(), file.sha256.clone()));
    }

    fn log(&mut self, log: &[AuditEntry]) {
        self.heading("Vem som har gjort vad");
        let skipped = log.len().saturating_sub(MOST_LINES);
        if skipped > 0 {
            self.put(Block::Note(format!("De {skipped} äldsta raderna står bara i log.json.")));
        }
        for entry in log.iter().skip(skipped) {
            let who = entry.public_number.as_ref().map_or("Programmet".to_owned(), |number| officer(Some(number)));
            let act = match entry.act {
                AuditAct::Read => "läste",
                AuditAct::Change => "ändrade",
                AuditAct::Release => "lämnade ut",
                AuditAct::Join => "sammanförde",
                AuditAct::Erase => "raderade",
            };
            let what = entry.subject_kind.word();
            let detail = entry.detail.as_ref().map(|detail| format!(" ({detail})")).unwrap_or_default();
            self.fact(&self.moment(entry.at), format!("{who} {act}: {what}{detail}"));
        }
    }
}

fn officer(number: Option<&str>) -> String {
    number.map_or("en nätpolis".to_owned(), |number| format!("Nätpolis {number}"))
}

fn answered(question: Option<&Question>, answer: &QuestionAnswer) -> String {
    let label = |id: &str| {
        let options = question.and_then(|question| question.options.as_deref()).unwrap_or_default();
        options.iter().find(|option| option.id == id).map_or(id.to_owned(), |option| option.label.sv.clone())
    };
    let chosen = answer.options.iter().flatten().map(|id| label(id));
    let words = answer.words.iter().map(|words| format!("”{}”", &**words));
    chosen.chain(words).collect::<Vec<_>>().join(", ")
}

fn municipality(code: &str) -> String {
    let name = COUNTIES.iter().flat_map(|county| county.municipalities).find(|(known, _)| *known == code);
    name.map_or(code.to_owned(), |(_, name)| format!("{name} ({code})"))
}

fn event_kind(kind: EventKind, questions: Option<&Questionnaire>) -> String {
    let known = questions.and_then(|all| all.kinds.iter().find(|of| of.kind == kind));
    known.map_or(kind.word().to_owned(), |of| of.name.sv.clone())
}

fn why_taken(reason: BundleReason) -> &'static str {
    match reason {
        BundleReason::Investigation => "utredning",
        BundleReason::Authority => "en annan myndighet",
        BundleReason::Disclosure => "utlämnande på begäran",
        BundleReason::Other => "annat",
    }
}

fn priority_word(priority: Priority) -> &'static str {
    match priority {
        Priority::P1 => "P1: någon är i fara",
        Priority::P2 => "P2: bråttom",
        Priority::P3 => "P3: i dag",
        Priority::P4 => "P4: kan vänta",
    }
}

fn regime_word(regime: Regime) -> &'static str {
    match regime {
        Regime::Crime => "Brottsdatalagen (2018:1177)",
        Regime::DataProtection => "Dataskyddsförordningen",
    }
}

fn outcome_word(outcome: OutcomeCode) -> &'static str {
    use OutcomeCode as O;
    match outcome {
        O::AdviceGiven => "Fick råd",
        O::Emergency => "Lämnat till 112",
        O::Police => "Lämnat till 114 14",
        O::ReportMade => "Registrerat i polisens system",
        O::TipTaken => "Taget som tips",
        O::SocialServicesTold => "Socialtjänsten har fått veta",
        O::ReferredHelpline => "Hänvisad till stödlinje",
        O::ReferredElsewhere => "Hänvisad till någon annan",
        O::PlatformNotified => "Plattformen har fått veta",
        O::NotPoliceMatter => "Inget för polisen",
        O::YouthGone => "Svarade inte mer",
        O::Duplicate => "Samma som ett annat",
        O::Misuse => "Missbruk",
    }
}
