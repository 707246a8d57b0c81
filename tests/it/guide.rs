//! The guide for those who build on the API does what it says.

use std::{
    io::{BufRead, BufReader, Write},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
};

use tests::{Backend, World};

const GUIDE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../openapi/README.md");

/// A fenced piece of shell, and what it says that it prints.
struct Piece {
    commands: String,
    prints: Vec<String>,
}

fn pieces() -> Vec<Piece> {
    let guide = std::fs::read_to_string(GUIDE).unwrap();
    let fenced = guide.split("```sh\n").skip(1).map(|rest| rest.split("```").next().unwrap());
    let prints = |text: &str| text.lines().filter_map(|line| line.strip_prefix("# → ")).map(str::to_owned).collect();
    fenced.map(|text| Piece { commands: text.to_owned(), prints: prints(text) }).collect()
}

/// One shell, as the reader has it open.
struct Shell {
    process: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Shell {
    fn open(url: &str) -> Self {
        let mut process = Command::new("bash")
            .args(["-euo", "pipefail", "-s"])
            .env("BASE", url)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let (input, output) = (process.stdin.take().unwrap(), BufReader::new(process.stdout.take().unwrap()));
        Self { process, input, output }
    }

    /// What the commands print.
    fn runs(&mut self, commands: &str) -> String {
        const END: &str = "the piece ends here\n";
        self.input.write_all(format!("{commands}\necho; echo {END}").as_bytes()).unwrap();
        let mut said = String::new();
        while !said.ends_with(END) {
            assert!(
                self.output.read_line(&mut said).unwrap() > 0,
                "the shell gave up at\n{commands}\nand said\n{said}"
            );
        }
        said.trim_end_matches(END).trim().to_owned()
    }
}

impl Drop for Shell {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_command_of_the_guide_prints_what_it_says() {
    let world = World::start(Backend::Sqlite).await;
    let kim = world.officer("07").await;
    let mut shell = Shell::open(&world.url);
    let pieces = pieces();
    for Piece { commands, prints } in &pieces {
        if prints.iter().any(|text| text.contains("officer")) {
            let talk = shell.runs("echo $TALK").parse().expect("the guide has opened a talk");
            kim.takes(talk).await;
            kim.answers(talk, "Yes, we are here.").await;
        }
        let said = tokio::task::block_in_place(|| shell.runs(commands));
        let mut rest = &*said;
        for text in prints {
            let at = rest.find(&**text);
            let at = at.unwrap_or_else(|| panic!("{commands}\nsays that it prints {text}, and prints\n{said}"));
            rest = &rest[at + text.len()..];
        }
    }
    assert!(pieces.iter().map(|piece| piece.prints.len()).sum::<usize>() >= 10, "the guide says what is printed");
}
