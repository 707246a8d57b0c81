//! Film and sound without what is told beside them: `ffmpeg`, where it is installed, packs the same pictures and sounds anew. What is
//! plain lies in memory only, in files that have no name.

use std::{
    fs::{File, OpenOptions},
    io,
    os::unix::fs::OpenOptionsExt,
    process::Stdio,
    time::Duration,
};

use tokio::{process::Command, time::timeout};
use uuid::Uuid;

/// Longer than a phone's film of 100 MiB takes by far.
const LONGEST: Duration = Duration::from_secs(60);
/// What packing may add.
const SPARE: i64 = 1024 * 1024;
/// In bytes of address space.
const MOST_MEMORY: u64 = 1024 * 1024 * 1024;
const PROGRAM: &str = "ffmpeg";

/// How film or sound of a type is read and packed: the two forms, and the type that comes out.
pub struct Packing {
    reads: &'static str,
    writes: &'static str,
    pub media_type: &'static str,
}

pub fn packing(media_type: &str) -> Option<Packing> {
    let of = |reads, writes, media_type| Some(Packing { reads, writes, media_type });
    match media_type {
        "video/mp4" | "video/quicktime" => of("mov", "mp4", "video/mp4"),
        "video/webm" => of("matroska", "webm", "video/webm"),
        "audio/mpeg" => of("mp3", "mp3", "audio/mpeg"),
        "audio/mp4" => of("mov", "ipod", "audio/mp4"),
        "audio/ogg" => of("ogg", "ogg", "audio/ogg"),
        "audio/wav" => of("wav", "wav", "audio/wav"),
        _ => None,
    }
}

/// A file in memory that nobody finds by a name; `once` is what it is called until it has none.
pub fn nameless(once: Uuid) -> io::Result<File> {
    let path = format!("/dev/shm/natpatrull-{once}");
    let file = OpenOptions::new().read(true).write(true).create_new(true).mode(0o600).open(&path)?;
    std::fs::remove_file(path)?;
    Ok(file)
}

/// Packs `from` into `to`. Whether that could be done, and if not, why.
pub async fn pack(packing: &Packing, from: File, to: File, size: i64) -> Result<(), String> {
    run(PROGRAM, packing, from, to, size).await
}

async fn run(program: &str, packing: &Packing, from: File, to: File, size: i64) -> Result<(), String> {
    let most = (size + SPARE).to_string();
    // A file of a thousand bytes can make it ask for gigabytes.
    let mut command = Command::new("prlimit");
    command.arg(format!("--as={MOST_MEMORY}")).arg("--").arg(program);
    // It reads what strangers made: no setting of ours, no address and no other file is within its reach.
    command.env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default());
    command.args(["-nostdin", "-hide_banner", "-loglevel", "error", "-threads", "1", "-protocol_whitelist", "file"]);
    command.args(["-f", packing.reads, "-i", "/proc/self/fd/0"]);
    if packing.media_type.starts_with("video/") {
        command.args(["-map", "0:V:0"]);
    }
    command.args(["-map", "0:a?", "-map_metadata", "-1", "-map_metadata:s", "-1", "-map_chapters", "-1", "-c", "copy"]);
    command.args(["-fflags", "+bitexact", "-flags:v", "+bitexact", "-flags:a", "+bitexact"]);
    match packing.writes {
        "mp4" | "ipod" => command.args(["-movflags", "+faststart"]),
        "mp3" => command.args(["-id3v2_version", "0", "-write_id3v1", "0", "-write_xing", "0"]),
        _ => &mut command,
    };
    command.args(["-fs", &most, "-f", packing.writes, "-y", "/proc/self/fd/1"]);
    command.stdin(Stdio::from(from)).stdout(Stdio::from(to)).stderr(Stdio::null()).kill_on_drop(true);
    let mut child = command.spawn().map_err(|error| format!("{program}: {error}"))?;
    match timeout(LONGEST, child.wait()).await {
        Ok(Ok(status)) if status.success() => Ok(()),
        Ok(Ok(status)) => Err(format!("{program} ended with {status}")),
        Ok(Err(error)) => Err(format!("{program}: {error}")),
        Err(_) => Err(format!("{program} took longer than {} s", LONGEST.as_secs())),
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test says what went wrong by ending")]
#[expect(clippy::disallowed_methods, reason = "a test has no chance passed in")]
mod tests {
    use std::{
        io::{Read, Seek},
        os::unix::fs::PermissionsExt,
    };

    use super::*;

    /// A film of two tracks that say to hold 85 million pictures each took 4 GB to be packed.
    #[tokio::test]
    async fn the_program_has_a_bound_of_memory() {
        let script = std::env::temp_dir().join(format!("natpatrull-{}", Uuid::new_v4()));
        std::fs::write(&script, "#!/bin/sh\nulimit -v\n").unwrap();
        std::fs::set_permissions(&script, std::fs::Permissions::from_mode(0o700)).unwrap();
        let (from, mut to) = (nameless(Uuid::new_v4()).unwrap(), nameless(Uuid::new_v4()).unwrap());
        let packing = packing("video/mp4").unwrap();
        run(script.to_str().unwrap(), &packing, from, to.try_clone().unwrap(), 1).await.unwrap();
        std::fs::remove_file(script).unwrap();
        to.rewind().unwrap();
        let mut said = String::new();
        to.read_to_string(&mut said).unwrap();
        assert_eq!(said.trim(), (MOST_MEMORY / 1024).to_string());
    }

    #[tokio::test]
    async fn without_the_program_it_is_said_and_nothing_breaks() {
        let file = || nameless(Uuid::new_v4()).unwrap();
        let packing = packing("video/mp4").unwrap();
        let ended = run("no-such-program", &packing, file(), file(), 1).await;
        assert!(ended.unwrap_err().starts_with("no-such-program ended with "));
    }
}
