//! `make faults`: runs the fault harness and writes what it found. See `tests::faults`.
//!
//! From the environment: SEED, PHONES, ACTIONS, KILLS, DB (sqlite or postgres); LIES=yes for a disk whose flushes lie:
//! then the checker is expected to find loss, and the run passes when it does; BESIDE, the path of an older program that
//! serves beside this one on the same database.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout, reason = "it is a test")]

use std::{fs, path::PathBuf, process::ExitCode, str::FromStr};

use tests::{
    Backend,
    faults::{Plan, run},
};

fn given<T: FromStr>(name: &str, otherwise: T) -> T {
    match std::env::var(name) {
        Ok(text) if !text.is_empty() => text.parse().unwrap_or_else(|_| panic!("{name}={text} cannot be read")),
        _ => otherwise,
    }
}

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> ExitCode {
    let database = match given("DB", "sqlite".to_owned()).as_str() {
        "sqlite" => Backend::Sqlite,
        "postgres" => Backend::Postgres,
        other => panic!("DB={other} is neither sqlite nor postgres"),
    };
    let plan = Plan {
        seed: given("SEED", 1),
        phones: given("PHONES", 50),
        actions: given("ACTIONS", 20_000),
        kills: given("KILLS", 100),
        database,
        lies: given("LIES", "no".to_owned()) == "yes",
        beside: std::env::var("BESIDE").ok().filter(|path| !path.is_empty()).map(PathBuf::from),
    };
    let program = std::env::current_exe().unwrap().with_file_name("natpatrull");
    let target = PathBuf::from(given("CARGO_TARGET_DIR", "target".to_owned()));
    let folder = target.join("faults").join(if database == Backend::Sqlite { "sqlite" } else { "postgres" });
    let report = run(&plan, &program, &folder).await;
    let text = serde_json::to_string_pretty(&report.json).unwrap();
    fs::write(given("OUT", target.join("faults.json").display().to_string()), format!("{text}\n")).unwrap();
    println!("{text}");
    let passed = if plan.lies { report.verdict.lost > 0 } else { report.verdict.is_clean() };
    println!("history: {}", folder.join("history.jsonl").display());
    if passed { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
