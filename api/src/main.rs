//! `natpatrull serve | work | migrate | seed | contract | master-key | audit | admin`.

use std::{process::ExitCode, sync::Arc};

use clap::{Parser, Subcommand, ValueEnum};
use entities::words::Role;
use natpatrull::{
    app, audit,
    base::{
        chance::SystemChance,
        clock::SystemClock,
        config::Config,
        rotation::{self, Rotated},
        telemetry,
    },
    deps::Deps,
    identity, run,
};

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
    /// Print the contract (openapi/openapi.json).
    Contract,
    /// The key that wraps all others.
    MasterKey {
        #[command(subcommand)]
        command: MasterKey,
    },
    /// The log of what officers do.
    Audit {
        #[command(subcommand)]
        command: Audit,
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
}

#[derive(Subcommand)]
enum MasterKey {
    /// Change the master key while everything runs. Broken off, the same command goes on.
    Rotate,
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
        Command::Contract => {
            let (deps, _data) = run::scratch(config).await?;
            run::tell(&app::contract(&deps));
            Ok(())
        }
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
        Command::Audit { command: Audit::Verify } => {
            let deps = open(config).await?;
            let found = audit::verify(&deps, |fault| run::tell(&format!("{fault}\n"))).await?;
            let audit::Verified { lines, unsealed, head, faults } = found;
            let (position, chain) = head.unwrap_or_default();
            run::tell(&format!("{lines} lines, {unsealed} of them not sealed yet; head {position} {chain}\n"));
            if faults == 0 { Ok(()) } else { Err(format!("the audit log has {faults} faults")) }
        }
        Command::Admin { command: Admin::Invite { role, number } } => {
            let base = config.base_url.clone();
            let deps = open(config).await?;
            let token = identity::invite(&deps, role.into(), &number).await.map_err(|refusal| {
                refusal.detail.or(refusal.cause).unwrap_or_else(|| refusal.kind.title().to_owned())
            })?;
            let link = base.join(&format!("invite/{token}")).map_err(|error| error.to_string())?;
            run::tell(&format!("{link}\n"));
            Ok(())
        }
    }
}

async fn open(config: Config) -> Result<Deps, String> {
    Ok(Deps::open(config, Arc::new(SystemClock), Arc::new(SystemChance)).await?.0)
}

#[expect(clippy::print_stderr, reason = "the command's failure")]
fn complain(text: &str) {
    eprintln!("natpatrull: {text}");
}
