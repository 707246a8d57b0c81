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

/// Longer than it takes by far to pack a phone's film of 100 MiB, or to find a picture in it.
const LONGEST: Duration = Duration::from_secs(60);
/// To draw each picture of one anew, with one thread that gives way to all else.
const LONGEST_DRAWING: Duration = Duration::from_secs(600);
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

/// Why nothing was made.
#[derive(Debug)]
pub enum Failure {
    /// The program is not installed.
    NoProgram,
    Because(String),
}

/// What shells and their like end with when there is no such program.
const NO_PROGRAM: i32 = 127;

/// Packs `from` into `to`: the same pictures and sounds.
pub async fn pack(packing: &Packing, from: File, to: File, size: i64) -> Result<(), Failure> {
    let mut how: Vec<&str> = Vec::new();
    if packing.media_type.starts_with("video/") {
        how.extend(["-map", "0:V:0"]);
    }
    how.extend(["-map", "0:a?", "-c", "copy"]);
    match packing.writes {
        "mp4" | "ipod" => how.extend(FAST_START),
        "mp3" => how.extend(["-id3v2_version", "0", "-write_id3v1", "0", "-write_xing", "0"]),
        _ => {}
    }
    run(PROGRAM, &Work { packing, how: &how, writes: packing.writes, longest: LONGEST, gives_way: "0" }, from, to, size)
        .await
}

/// What begins to play before the whole of it has come.
const FAST_START: [&str; 2] = ["-movflags", "+faststart"];
/// The type of what [`small`] makes.
pub const SMALL_TYPE: &str = "video/mp4";

/// Draws a film anew into `to`, 480 points wide: for slow networks, and for whoever cannot show the form of the large one.
pub async fn small(packing: &Packing, from: File, to: File, size: i64) -> Result<(), Failure> {
    let how = [
        "-map",
        "0:V:0",
        "-map",
        "0:a:0?",
        "-threads",
        "1",
        "-c:v",
        "libx264",
        "-preset",
        "veryfast",
        "-crf",
        "28",
        "-maxrate",
        "900k",
        "-bufsize",
        "1800k",
        "-pix_fmt",
        "yuv420p",
        "-fpsmax",
        "30",
        "-vf",
        "scale=w='2*trunc(min(480,iw)/2)':h=-2",
        "-c:a",
        "aac",
        "-b:a",
        "64k",
        "-ac",
        "1",
        FAST_START[0],
        FAST_START[1],
    ];
    let work = Work { packing, how: &how, writes: "mp4", longest: LONGEST_DRAWING, gives_way: "10" };
    run(PROGRAM, &work, from, to, size).await
}

/// One picture of the first seconds of a film, as a JPEG: the one that is most like all of them, so that it is not a black one.
pub async fn poster(packing: &Packing, from: File, to: File) -> Result<(), Failure> {
    let how = ["-map", "0:V:0", "-an", "-vf", "thumbnail=90", "-frames:v", "1", "-c:v", "mjpeg", "-q:v", "3"];
    let work = Work { packing, how: &how, writes: "image2pipe", longest: LONGEST, gives_way: "10" };
    run(PROGRAM, &work, from, to, LARGEST_POSTER).await
}

/// In bytes.
const LARGEST_POSTER: i64 = 16 * 1024 * 1024;

struct Work<'a> {
    packing: &'a Packing,
    how: &'a [&'a str],
    writes: &'a str,
    longest: Duration,
    /// By how many steps all else comes before it.
    gives_way: &'a str,
}

async fn run(program: &str, work: &Work<'_>, from: File, to: File, size: i64) -> Result<(), Failure> {
    let most = (size + SPARE).to_string();
    let mut command = Command::new("nice");
    // A file of a thousand bytes can make it ask for gigabytes.
    command.args(["-n", work.gives_way, "prlimit", &format!("--as={MOST_MEMORY}"), "--", program]);
    // It reads what strangers made: no setting of ours, no address and no other file is within its reach.
    command.env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default());
    command.args(["-nostdin", "-hide_banner", "-loglevel", "error", "-threads", "1", "-protocol_whitelist", "file"]);
    command.args(["-f", work.packing.reads, "-i", "/proc/self/fd/0"]).args(work.how);
    command.args(["-map_metadata", "-1", "-map_metadata:s", "-1", "-map_chapters", "-1"]);
    command.args(["-fflags", "+bitexact", "-flags:v", "+bitexact", "-flags:a", "+bitexact"]);
    command.args(["-fs", &most, "-f", work.writes, "-y", "/proc/self/fd/1"]);
    command.stdin(Stdio::from(from)).stdout(Stdio::from(to)).stderr(Stdio::null()).kill_on_drop(true);
    let because = |cause: String| Err(Failure::Because(format!("{program} {cause}")));
    let mut child = match command.spawn() {
        Ok(child) => child,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(Failure::NoProgram),
        Err(error) => return because(format!("did not start: {error}")),
    };
    match timeout(work.longest, child.wait()).await {
        Ok(Ok(status)) if status.success() => Ok(()),
        Ok(Ok(status)) if status.code() == Some(NO_PROGRAM) => Err(Failure::NoProgram),
        Ok(Ok(status)) => because(format!("ended with {status}")),
        Ok(Err(error)) => because(format!("is lost: {error}")),
        Err(_) => because(format!("took longer than {} s", work.longest.as_secs())),
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
        let packing = &packing("video/mp4").unwrap();
        let work = Work { packing, how: &[], writes: "mp4", longest: LONGEST, gives_way: "0" };
        run(script.to_str().unwrap(), &work, from, to.try_clone().unwrap(), 1).await.unwrap();
        std::fs::remove_file(script).unwrap();
        to.rewind().unwrap();
        let mut said = String::new();
        to.read_to_string(&mut said).unwrap();
        assert_eq!(said.trim(), (MOST_MEMORY / 1024).to_string());
    }

    #[tokio::test]
    async fn without_the_program_it_is_said_and_nothing_breaks() {
        let file = || nameless(Uuid::new_v4()).unwrap();
        let packing = &packing("video/mp4").unwrap();
        let work = Work { packing, how: &[], writes: "mp4", longest: LONGEST, gives_way: "0" };
        let ended = run("no-such-program", &work, file(), file(), 1).await;
        assert!(matches!(ended, Err(Failure::NoProgram)), "{ended:?}");
    }
}
