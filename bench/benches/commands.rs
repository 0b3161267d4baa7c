//! Whole commands, beside a peer in the same run: a log of 100,000 lines, and starting up.
//!
//! Commands take turns and the best of many runs counts, so that a busy machine does no harm to
//! the ratios. `POSLAB` names the binary; `cargo xtask bench` builds and names it.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

/// A sign-on, as short as messages are.
const ONE: &str = "080020200000008000009200000001323931313030303031";

/// One command and the bar it has to clear: at most so many times as long as the first of its
/// group.
struct Contender {
    name: &'static str,
    bar: Option<f64>,
    command: Command,
}

fn contender(name: &'static str, bar: Option<f64>, program: &Path, words: &[&str]) -> Contender {
    let mut command = Command::new(program);
    command.args(words).stdin(Stdio::null());
    command.stdout(Stdio::null()).stderr(Stdio::null());
    Contender { name, bar, command }
}

/// Runs a group in turns and prints a line for each.
fn race(title: &str, rounds: u32, contenders: &mut [Contender]) -> bool {
    let mut best = vec![Duration::MAX; contenders.len()];
    for _ in 0..rounds {
        for (best, contender) in best.iter_mut().zip(contenders.iter_mut()) {
            let start = Instant::now();
            let status = contender.command.status().expect("the program starts");
            *best = start.elapsed().min(*best);
            assert!(
                status.code().is_some_and(|code| code < 2),
                "{title}: {status}"
            );
        }
    }
    println!("\n{title} (best of {rounds} rounds)");
    let mut met = true;
    let first = best.first().map_or(1.0, Duration::as_secs_f64);
    for (best, contender) in best.iter().zip(contenders.iter()) {
        let ratio = best.as_secs_f64() / first;
        let verdict = match contender.bar {
            None => String::new(),
            Some(bar) if ratio <= bar => format!("bar {bar}: met"),
            Some(bar) => {
                met = false;
                format!("bar {bar}: MISSED")
            }
        };
        let ms = best.as_secs_f64() * 1e3;
        println!(
            "  {:<44} {ms:>9.2} ms  {ratio:>5.2}  {verdict}",
            contender.name
        );
    }
    met
}

fn main() -> ExitCode {
    // `cargo test --benches` runs this too, to see that it starts.
    if !std::env::args().any(|word| word == "--bench") {
        return ExitCode::SUCCESS;
    }
    let built = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../target/release/poslab");
    let poslab = std::env::var_os("POSLAB").map_or(built, PathBuf::from);
    let folder = poslab_bench::workload();
    let spec = folder.join("peer.yml");
    std::fs::write(&spec, poslab_bench::peer_spec()).expect("target is writable");
    let ascii = folder.join("ascii.hexl");
    let (spec, ascii) = (spec.to_string_lossy(), ascii.to_string_lossy());
    let peer = Path::new(env!("CARGO_BIN_EXE_peer_log"));
    let decode = ["decode", "--quiet", "--format", "jsonl", "--exit-zero"];
    let log = |name, bar, more: &[&str]| {
        let words = [&decode, more, &[&*ascii]].concat();
        contender(name, bar, &poslab, &words)
    };
    let mut logs = [
        contender("iso_8583_rs + serde_json", None, peer, &[&spec, &ascii]),
        log("poslab decode --format jsonl", Some(1.0), &[]),
        log(
            "poslab decode --format jsonl --threads 1",
            None,
            &["--threads", "1"],
        ),
        log("poslab decode --format jsonl --reveal", None, &["--reveal"]),
        log("poslab decode --format jsonl --spans", None, &["--spans"]),
        log(
            "poslab decode --format jsonl --summary",
            None,
            &["--summary"],
        ),
    ];
    let empty = Path::new(env!("CARGO_BIN_EXE_empty"));
    let mut starts = [
        contender("an empty Rust program", None, empty, &[]),
        contender("poslab --version", None, &poslab, &["--version"]),
        contender(
            "poslab decode --hex …",
            Some(2.0),
            &poslab,
            &["decode", "--hex", ONE],
        ),
    ];
    let log = race(
        "A hex log of 100,000 messages to lines of JSON",
        9,
        &mut logs,
    );
    let start = race("Start-up", 60, &mut starts);
    println!("\nall bars met: {}", log && start);
    ExitCode::SUCCESS
}
