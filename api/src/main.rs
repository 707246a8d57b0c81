//! `natpatrull serve | work | migrate | seed | contract | backup | restore | master-key | retention | settings | audit | insight | admin`.

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
    time::Duration,
};

use clap::{Parser, Subcommand, ValueEnum};
use entities::{
    setting,
    words::{KeptKind, Regime, Role, SettingName, Timestamp},
};
use natpatrull::{
    app, audit,
    backup::{self, Counts},
    base::{
        chance::SystemChance,
        clock::SystemClock,
        config::Config,
        refusal::Refusal,
        rotation::{self, Rotated},
        stop::Stop,
        telemetry,
    },
    deps::Deps,
    erasure::{self, Rule},
    identity, insight, push, quarters, questionnaires, run,
};
use sea_orm::ActiveEnum;

/// A police station on the net.
#[derive(Parser)]
#[command(name = "natpatrull", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the app and the API, and do the jobs.
    Serve {
        /// A believable town to play in, on a database of its own. Loopback only; nobody reads it.
        #[arg(long)]
        demo: bool,
    },
    /// Only do the jobs (push).
    Work,
    /// Bring the schema up to date.
    Migrate,
    /// Plant the demo's town, where `serve --demo` finds it.
    Seed,
    /// Send pushes to a push service of this machine, as fast as it goes (make bench).
    #[command(hide = true)]
    PushLoad {
        service: String,
        #[arg(long)]
        secs: u64,
        #[arg(long)]
        at_once: usize,
    },
    /// Print the contract (openapi/openapi.json).
    Contract,
    /// Write a sealed copy of all rows and files of this moment into a new file, while the server runs.
    Backup { file: PathBuf },
    /// Put a backup into an empty place, and erase again what was erased since. The master key has to be there.
    Restore {
        file: PathBuf,
        /// What was erased, of each node: erasures.ledger, as it stands now and not as old as the backup.
        #[arg(long = "erasures", value_name = "LEDGER", required = true)]
        ledgers: Vec<PathBuf>,
    },
    /// The key that wraps all others.
    MasterKey {
        #[command(subcommand)]
        command: MasterKey,
    },
    /// How long things are kept.
    Retention {
        #[command(subcommand)]
        command: Retention,
    },
    /// Numbers that the program goes by.
    Settings {
        #[command(subcommand)]
        command: Settings,
    },
    /// The log of what officers do.
    Audit {
        #[command(subcommand)]
        command: Audit,
    },
    /// Figures for the evaluation.
    Insight {
        #[command(subcommand)]
        command: Insight,
    },
    /// What an operator does by hand.
    Admin {
        #[command(subcommand)]
        command: Admin,
    },
}

#[derive(Subcommand)]
enum Admin {
    /// Print a link that enrols one officer, once.
    Invite {
        #[arg(long, value_enum, default_value = "officer")]
        role: OfficerRole,
        /// The public number, as in "Nätpolis 07".
        #[arg(long)]
        number: String,
    },
    /// Make the key that phones subscribe to pushes with from now on. Older ones hold until their phones have moved over.
    PushKey,
    /// Load a version of what is asked about each kind of event, and of the guides. A version never changes.
    Questionnaire { file: PathBuf },
}

#[derive(Subcommand)]
enum MasterKey {
    /// Change the master key while everything runs. Broken off, the same command goes on.
    Rotate,
}

#[derive(Subcommand)]
enum Insight {
    /// Make all sums anew from what they were made of, while everything runs.
    Rebuild,
}

#[derive(Subcommand)]
enum Retention {
    /// Show all rules there ever were.
    List,
    /// Add a rule. What was valid before stays as it was written.
    Set {
        /// conversation, report or tip.
        #[arg(long, value_parser = word::<KeptKind>)]
        kind: KeptKind,
        /// crime or data-protection.
        #[arg(long, value_parser = word::<Regime>)]
        regime: Regime,
        /// Left out: no limit; each record is reviewed once a year.
        #[arg(long)]
        days: Option<i64>,
        /// A day to come, as in 2027-01-01; left out: from now on.
        #[arg(long, value_parser = day)]
        from: Option<Timestamp>,
        /// On what ground: the decision or the law.
        #[arg(long)]
        source: String,
    },
}

#[derive(Subcommand)]
enum Settings {
    /// Show all numbers there ever were.
    List,
    /// Add a number. What was valid before stays as it was written.
    Set {
        /// heard-seconds or first-answer-seconds.
        #[arg(long, value_parser = word::<SettingName>)]
        name: SettingName,
        #[arg(long)]
        value: i64,
        /// A day to come, as in 2027-01-01; left out: from now on.
        #[arg(long, value_parser = day)]
        from: Option<Timestamp>,
        /// On what ground: the decision or the law.
        #[arg(long)]
        source: String,
    },
}

fn word<E: ActiveEnum<Value = String>>(text: &str) -> Result<E, String> {
    E::try_from_value(&text.to_owned()).map_err(|_| {
        let known: Vec<String> = E::values();
        format!("it is one of {}", known.join(", "))
    })
}

fn day(text: &str) -> Result<Timestamp, String> {
    format!("{text}T00:00:00Z").parse().map_err(|_| "a day looks like 2027-01-01".to_owned())
}

#[derive(Subcommand)]
enum Audit {
    /// Look whether any line was changed, dropped, added or moved.
    Verify,
}

#[derive(Clone, Copy, ValueEnum)]
enum OfficerRole {
    Officer,
    Lead,
    Evaluator,
    Admin,
}

impl From<OfficerRole> for Role {
    fn from(role: OfficerRole) -> Self {
        match role {
            OfficerRole::Officer => Role::Officer,
            OfficerRole::Lead => Role::Lead,
            OfficerRole::Evaluator => Role::Evaluator,
            OfficerRole::Admin => Role::Admin,
        }
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    match command(Cli::parse().command).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            complain(&message);
            ExitCode::FAILURE
        }
    }
}

async fn command(command: Command) -> Result<(), String> {
    let config = Config::load()?;
    telemetry::logs(&config.log)?;
    match command {
        Command::Serve { demo } => run::serve(config, demo).await,
        Command::Work => run::work(config).await,
        Command::Migrate => open(config).await.map(drop),
        Command::Seed => run::seed(config).await,
        Command::PushLoad { service, secs, at_once } => {
            let rps = push::load(&service, Duration::from_secs(secs), at_once).await?;
            run::tell(&format!("{{\"rps\":{rps}}}\n"));
            Ok(())
        }
        Command::Contract => {
            let (deps, _data) = run::scratch(config).await?;
            run::tell(&app::contract(&deps));
            Ok(())
        }
        Command::Backup { file } => make_backup(&config, &file).await,
        Command::Restore { file, ledgers } => restore(config, &file, &ledgers).await,
        Command::MasterKey { command: MasterKey::Rotate } => {
            let deps = open(config).await?;
            let Rotated { to, keys, retired } = rotation::rotate(&deps).await?;
            run::tell(&format!("The master key is now {to}; {keys} keys were wrapped anew.\n"));
            for path in retired {
                run::tell(&format!(
                    "Only backups from before need {}: take it away from this machine.\n",
                    path.display()
                ));
            }
            Ok(())
        }
        Command::Retention { command: Retention::List } => {
            for rule in erasure::rules(&open(config).await?).await.map_err(say)? {
                let days = rule.days.map_or("no limit, reviewed each year".to_owned(), |days| format!("{days} days"));
                let (kind, regime) = (rule.kind.word(), rule.regime.word());
                run::tell(&format!("{kind}\t{regime}\tfrom {}\t{days}\t{}\n", rule.valid_from, rule.source));
            }
            Ok(())
        }
        Command::Retention { command: Retention::Set { kind, regime, days, from, source } } => {
            let deps = open(config).await?;
            let valid_from = from.unwrap_or_else(|| deps.clock.now());
            erasure::set_rule(&deps, Rule { kind, regime, valid_from, days, source }).await.map_err(say)
        }
        Command::Settings { command: Settings::List } => {
            for row in quarters::list_settings(&open(config).await?).await.map_err(say)? {
                run::tell(&format!("{}\tfrom {}\t{}\t{}\n", row.name.word(), row.valid_from, row.value, row.source));
            }
            Ok(())
        }
        Command::Settings { command: Settings::Set { name, value, from, source } } => {
            let deps = open(config).await?;
            let valid_from = from.unwrap_or_else(|| deps.clock.now());
            quarters::set_setting(&deps, setting::Model { name, valid_from, value, source }).await.map_err(say)
        }
        Command::Audit { command: Audit::Verify } => {
            let deps = open(config).await?;
            let found = audit::verify(&deps, |fault| run::tell(&format!("{fault}\n"))).await?;
            let audit::Verified { lines, unsealed, head, faults } = found;
            let (position, chain) = head.unwrap_or_default();
            run::tell(&format!("{lines} lines, {unsealed} of them not sealed yet; head {position} {chain}\n"));
            if faults == 0 { Ok(()) } else { Err(format!("the audit log has {faults} faults")) }
        }
        Command::Insight { command: Insight::Rebuild } => {
            let counted = insight::rebuild(&open(config).await?).await.map_err(say)?;
            run::tell(&format!("{counted} talks and reports stand in the sums.\n"));
            Ok(())
        }
        Command::Admin { command: Admin::Invite { role, number } } => {
            let base = config.base_url.clone();
            let deps = open(config).await?;
            let token = identity::invite(&deps, role.into(), &number).await.map_err(say)?;
            let link = base.join(&format!("invite/{token}")).map_err(|error| error.to_string())?;
            run::tell(&format!("{link}\n"));
            Ok(())
        }
        Command::Admin { command: Admin::PushKey } => {
            let deps = open(config).await?;
            let made = push::make_key(&deps).await?;
            let older: Vec<_> = deps.keys.vapid.older().iter().map(|key| key.id.clone()).collect();
            run::tell(&format!("The push key is now {}; {} still hold.\n", made.id, older.join(", ")));
            Ok(())
        }
        Command::Admin { command: Admin::Questionnaire { file } } => {
            let text = std::fs::read_to_string(&file).map_err(|error| format!("{}: {error}", file.display()))?;
            let deps = open(config).await?;
            let (version, from) = questionnaires::load(&deps, &text).await?;
            run::tell(&format!("version {version} is asked from {from} on\n"));
            Ok(())
        }
    }
}

async fn make_backup(config: &Config, file: &Path) -> Result<(), String> {
    let stop = Stop::default();
    tokio::spawn(run::listen_for_signals(stop.clone())?);
    let made = tokio::select! {
        made = backup::make(config, &SystemClock, &SystemChance, file) => made?,
        () = stop.told() => return Err("told to stop: no backup was made".to_owned()),
    };
    let backup::Made { counts, size, lost } = made;
    let Counts { tables, rows, objects, object_bytes, gone } = counts;
    run::tell(&format!(
        "{}: {rows} rows of {tables} tables, {objects} parts of files with {object_bytes} bytes; {size} bytes in all\n",
        file.display()
    ));
    if gone > 0 {
        run::tell(&format!("{gone} parts of files went while it was made, and are not in it.\n"));
    }
    run::tell("The master key is not in it: without that key nothing in it opens.\n");
    if lost.is_empty() {
        return Ok(());
    }
    for file_id in &lost {
        run::tell(&format!("The file {file_id} is in the database as whole, and parts of it are missing.\n"));
    }
    Err(format!("the backup is whole, but {} files were lost before it", lost.len()))
}

async fn restore(config: Config, file: &Path, ledgers: &[PathBuf]) -> Result<(), String> {
    let tell = |fault| run::tell(&format!("{fault}\n"));
    let (clock, chance) = (Arc::new(SystemClock), Arc::new(SystemChance));
    let restored = backup::restore(config, clock, chance, file, ledgers, tell).await?;
    let backup::Restored { counts, erased, erased_until, audit, put_aside } = restored;
    let Counts { tables, rows, objects, object_bytes, .. } = counts;
    run::tell(&format!(
        "{rows} rows of {tables} tables, {objects} parts of files with {object_bytes} bytes; {erased} erasures replayed\n"
    ));
    if let Some(until) = erased_until {
        run::tell(&format!(
            "The ledgers' last erasure is of {until}. What was erased later is back: look for newer ledgers.\n"
        ));
    }
    let (position, chain) = audit.head.unwrap_or_default();
    run::tell(&format!("The audit log ends at {position} {chain}\n"));
    if let Some(path) = put_aside {
        run::tell(&format!("Where it ended here before, {} says.\n", path.display()));
    }
    run::tell(
        "All sessions are ended and open invites are void: officers sign in anew, phones come back by themselves.\n",
    );
    match audit.faults {
        0 => Ok(()),
        faults => Err(format!("all is restored, but the audit log in the backup has {faults} faults")),
    }
}

fn say(refusal: Refusal) -> String {
    refusal.detail.or(refusal.cause).unwrap_or_else(|| refusal.kind.title().to_owned())
}

async fn open(config: Config) -> Result<Deps, String> {
    Ok(Deps::open(config, Arc::new(SystemClock), Arc::new(SystemChance)).await?.0)
}

#[expect(clippy::print_stderr, reason = "the command's failure")]
fn complain(text: &str) {
    eprintln!("natpatrull: {text}");
}
