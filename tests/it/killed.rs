//! A program that is killed while it tells something to many phones: none is left out, none is told more than twice, and the sums
//! say what was done. With NATPATRULL_PHONES and NATPATRULL_KILLS as many as wanted.

use std::{
    process::{Child, Stdio},
    time::{Duration, Instant},
};

use entities::words::SendingState;
use natpatrull::{
    base::clock::{Clock, SystemClock},
    push,
};
use tests::{
    World, Youth, on_both_databases,
    people::Person,
    program::{command, serves},
    push_service::{PushService, sending, subscribes, tells},
};
use uuid::Uuid;

/// What the program may hold at the most.
const MEMORY_MIB: u64 = 300;

fn given(name: &str, otherwise: usize) -> usize {
    std::env::var(name).ok().map_or(otherwise, |text| text.parse().unwrap())
}

fn any_up_to(most: usize) -> usize {
    usize::from(u16::from_le_bytes([Uuid::new_v4().as_bytes()[0], Uuid::new_v4().as_bytes()[1]])) * most / 65_536
}

async fn works(world: &World) -> Child {
    let mut command = command(&world.deps.config, &["work"]).await;
    command.env("NATPATRULL_PUSH_ALLOW_LOOPBACK", "true").stdout(Stdio::null()).stderr(Stdio::null());
    command.spawn().unwrap()
}

/// Milliseconds that messages of a youth take, one every so often, until something is so.
async fn writes(noa: &Youth, conversation: Uuid, until: impl Fn(usize) -> bool) -> Vec<u128> {
    let mut took = Vec::new();
    while !until(took.len()) {
        let message = noa.message(conversation, "hej igen");
        let since = Instant::now();
        noa.does(message).await;
        took.push(since.elapsed().as_micros());
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    took.sort_unstable();
    took
}

/// The most that it ever held.
fn memory_mib(child: &Child) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() / 1024
}

fn ends(mut child: Child) {
    child.kill().unwrap();
    child.wait().unwrap();
}

on_both_databases! {
    async fn all_are_told_by_a_program_that_is_killed_time_and_again(world) {
        let (phones, kills) = (given("NATPATRULL_PHONES", 3_000), given("NATPATRULL_KILLS", 3));
        let service = PushService::that_counts().await;
        subscribes(&world.deps, &[&service], phones).await;
        let told = tells(&world.deps, SystemClock.now()).await;
        let (since, mut memory) = (Instant::now(), 0);
        for nth in 0..kills {
            let child = works(&world).await;
            // Those that two programs were killed over are in doubt, and counted so: each kill leaves time for those of the one before.
            let wanted = service.tellings() + 2 * push::WINDOW + any_up_to(phones / kills / 2);
            let started = Instant::now();
            while service.tellings() < wanted {
                assert!(started.elapsed() < Duration::from_secs(60), "nothing is told after kill {nth}");
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
            memory = memory.max(memory_mib(&child));
            ends(child);
        }
        let child = works(&world).await;
        let row = loop {
            let row = sending(&world.deps, told).await;
            if row.state == SendingState::Done {
                break row;
            }
            assert!(since.elapsed() < Duration::from_secs(1500), "it does not come to its end: {row:?}");
            tokio::time::sleep(Duration::from_millis(100)).await;
        };
        memory = memory.max(memory_mib(&child));
        ends(child);
        let took = since.elapsed().as_secs();

        let heard = service.told.lock().unwrap().clone();
        let twice = heard.values().filter(|tellings| tellings.len() == 2).count();
        println!(
            "{phones} phones, killed {kills} times: {} told, {twice} of them twice (at most {}), {} in doubt, in {took} s, at most {memory} MiB",
            heard.len(),
            kills * push::WINDOW,
            row.unsure,
        );
        assert_eq!(heard.len(), phones, "somebody was left out");
        for (path, tellings) in &heard {
            assert!(tellings.len() <= 2, "{path} was told {} times", tellings.len());
            assert!(tellings.iter().all(|topic| topic == &tellings[0]), "what comes twice takes its own place");
        }
        assert!(twice <= kills * push::WINDOW, "{twice} were told twice");
        let others = row.gone + row.refused + row.too_large + row.expired + row.waiting;
        assert_eq!((row.accepted + row.unsure, others), (i64::try_from(phones).unwrap(), 0), "{row:?}");
        assert!(memory < MEMORY_MIB, "it held {memory} MiB");
    }

    async fn one_tip_to_many_delays_no_message(world) {
        let phones = given("NATPATRULL_TOLD", 500);
        let service = PushService::that_counts().await;
        subscribes(&world.deps, &[&service], phones).await;
        let (child, there) = serves(&world, Stdio::null).await;
        let noa = there.youth().await;
        let conversation = noa.writes("hej").await;
        writes(&noa, conversation, |count| count == 50).await;
        let quiet = writes(&noa, conversation, |count| count == if phones < 100_000 { 50 } else { 500 }).await;
        let since = Instant::now();
        tells(&world.deps, SystemClock.now()).await;
        let busy = writes(&noa, conversation, |_| service.tellings() >= phones || since.elapsed() > Duration::from_secs(240)).await;
        let took = since.elapsed();
        let (memory, told) = (memory_mib(&child), service.tellings());
        ends(child);
        let p99 = |took: &[u128]| took.get(took.len() * 99 / 100).copied().unwrap_or_default();
        println!(
            "one tip to {phones} phones: the last had it after {} ms, at most {memory} MiB; {} messages meanwhile, p99 {} us beside {} us when nothing is sent (median {} beside {})",
            took.as_millis(),
            busy.len(),
            p99(&busy),
            p99(&quiet),
            busy.get(busy.len() / 2).copied().unwrap_or_default(),
            quiet[quiet.len() / 2],
        );
        assert_eq!(told, phones);
        assert!(memory < MEMORY_MIB, "it held {memory} MiB");
    }
}
