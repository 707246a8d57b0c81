//! The program as a process of its own, as an operator runs it.

use std::{
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::OnceLock,
    time::Duration,
};

use natpatrull::base::config::Config;

use crate::World;

/// The program itself, as it stands now; or another build of it that is to be tested.
pub fn program() -> &'static Path {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    BUILT.get_or_init(|| {
        if let Some(named) = std::env::var_os("NATPATRULL_PROGRAM") {
            return named.into();
        }
        let cargo = Command::new(env!("CARGO"))
            .args(["build", "--quiet", "--locked", "--workspace", "--bin", "natpatrull"])
            .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
            .status();
        assert!(cargo.expect("cargo runs").success(), "the program does not build");
        let test = std::env::current_exe().unwrap();
        test.ancestors().nth(2).unwrap().join("natpatrull")
    })
}

/// Runs the program as a process of its own. Gives whether it ended well, and what it said.
pub async fn runs(config: &Config, args: &[&str]) -> (bool, String) {
    let mut command = command(config, args).await;
    let output = tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
    let said = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8(said).unwrap())
}

/// A process of its own, with the settings of a program and nothing of the tests.
pub async fn command(config: &Config, args: &[&str]) -> Command {
    let mut command = Command::new(tokio::task::spawn_blocking(program).await.unwrap());
    // What is set for the tests themselves is none of its settings.
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("NATPATRULL_")) {
        command.env_remove(name);
    }
    command
        .args(args)
        .current_dir(&config.data_dir)
        .env("NATPATRULL_DATA_DIR", &config.data_dir)
        .env("NATPATRULL_LOG", "warn");
    if let Some(url) = &config.database_url {
        command.env("NATPATRULL_DATABASE_URL", url);
    }
    command
}

/// The program on the same data, which serves whoever asks there. What it says goes to `says`.
pub async fn serves(world: &World, says: impl Fn() -> Stdio) -> (Child, World) {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let url = format!("http://127.0.0.1:{port}");
    let mut command = command(&world.deps.config, &["serve"]).await;
    command
        .env("NATPATRULL_LISTEN", format!("127.0.0.1:{port}"))
        .env("NATPATRULL_BASE_URL", format!("http://localhost:{port}"))
        .env("NATPATRULL_ACTIONS_A_MINUTE", "1000000")
        .env("NATPATRULL_LOG", "info")
        .env("NATPATRULL_PUSH_ALLOW_LOOPBACK", "true")
        .stdout(says())
        .stderr(says());
    let (mut child, there) = (command.spawn().unwrap(), world.elsewhere(url));
    let ready = format!("{}/readyz", there.url);
    for _ in 0..3000 {
        if there.http.get(&ready).send().await.is_ok_and(|answer| answer.status().is_success()) {
            return (child, there);
        }
        assert_eq!(child.try_wait().unwrap(), None, "the program has ended");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    child.kill().unwrap();
    panic!("the program does not serve")
}
