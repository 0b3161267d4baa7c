//! `pad replay`: a recorded log read again, or said again to a pad.

use super::log::shown;
use super::out::{Failure, line as print};
use super::{Line, Show, line, port, protocol};
use poslab_core::pad::sniff::{Seen, Sniffer};
use poslab_core::pad::traffic::{Direction, Record};
use poslab_core::pad::{Millis, Protocol};
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// Read a recorded log again; with --port say its requests again and compare the answers
///
/// Records with masked bytes are shown but cannot be sent. Requests that load or erase keys are
/// sent only when `--confirm` repeats the port. Exit 1 when an answer differs.
#[derive(clap::Args)]
#[command(verbatim_doc_comment)]
pub(super) struct Replay {
    /// The log: lines as --log writes them
    file: PathBuf,
    /// Say the requests again to the pad on this port
    #[arg(long, value_name = "PORT")]
    port: Option<String>,
    /// The port again, typed out: key loading in the log is sent too
    #[arg(long, value_name = "PORT", requires = "port")]
    confirm: Option<String>,
    /// Speed and shape of the line
    #[arg(long, value_parser = line, default_value = "9600-8N1", value_name = "LINE")]
    line: Line,
    /// The family that is expected
    #[arg(long, value_parser = protocol, value_name = "abecs|visa|epp")]
    protocol: Option<Protocol>,
    #[command(flatten)]
    pub(super) show: Show,
}

impl Replay {
    pub(super) fn run(self) -> Result<(), Failure> {
        let text = std::fs::read_to_string(&self.file)?;
        let mut records = Vec::new();
        let mut masked = 0;
        for (number, row) in text
            .lines()
            .enumerate()
            .filter(|(_, row)| !row.trim().is_empty())
        {
            match Record::from_json(row) {
                Some(record) => records.push(record),
                None if row.contains("**") => masked += 1,
                None => {
                    let message = format!("line {} is no record of traffic", number + 1);
                    return Err(Failure::Undecodable(message));
                }
            }
        }
        if masked > 0 {
            eprintln!("{masked} records are masked and left out");
        }
        match &self.port {
            None => self.read(&records),
            Some(name) => self.say(name, &records),
        }
    }

    fn read(&self, records: &[Record]) -> Result<(), Failure> {
        let mut sniffer = Sniffer::new(self.protocol);
        let mut last = 0;
        for record in records {
            last = record.at_ms;
            self.print(&sniffer.feed(record.direction, &record.bytes, record.at_ms))?;
        }
        self.print(&sniffer.flush(last))
    }

    fn print(&self, seen: &[Seen]) -> Result<(), Failure> {
        seen.iter()
            .try_for_each(|one| print(&shown(one, self.show.format, false)))
    }

    /// Sends each request and waits for as many bytes as were answered then.
    fn say(&self, name: &str, records: &[Record]) -> Result<(), Failure> {
        self.check_keys(name, records)?;
        let mut port = port::open(name, self.line)?;
        let mut differing = 0;
        for turn in turns(records) {
            port::write(&mut *port, name, &turn.request)?;
            let start = Instant::now();
            let mut answer = Vec::new();
            while answer.len() < turn.answer.len() && start.elapsed() < PATIENCE {
                answer.extend(port::read(&mut *port, name)?);
            }
            let mut sniffer = Sniffer::new(self.protocol);
            let mut seen = sniffer.feed(Direction::ToPad, &turn.request, turn.at_ms);
            seen.extend(sniffer.feed(Direction::FromPad, &answer, turn.at_ms));
            seen.extend(sniffer.flush(turn.at_ms));
            self.print(&seen)?;
            differing += u32::from(answer != turn.answer);
        }
        if differing == 0 {
            return Ok(());
        }
        let message = format!("{differing} answers differ from the log");
        Err(Failure::Negative {
            code: "differs",
            message,
        })
    }

    /// Key loading is sent only to a port that was typed twice.
    fn check_keys(&self, name: &str, records: &[Record]) -> Result<(), Failure> {
        let mut sniffer = Sniffer::new(self.protocol);
        let mut seen = Vec::new();
        for record in records.iter().filter(|r| r.direction == Direction::ToPad) {
            seen.extend(sniffer.feed(record.direction, &record.bytes, 0));
        }
        seen.extend(sniffer.flush(0));
        if self.confirm.as_deref() == Some(name) || !seen.iter().any(changes_keys) {
            return Ok(());
        }
        Err(Failure::Usage(format!(
            "the log loads or erases keys; to send that to {name}, add --confirm {name}"
        )))
    }
}

/// A request and what was answered to it.
struct Turn {
    at_ms: Millis,
    request: Vec<u8>,
    answer: Vec<u8>,
}

fn turns(records: &[Record]) -> Vec<Turn> {
    let mut turns: Vec<Turn> = Vec::new();
    for record in records {
        match (record.direction, turns.last_mut()) {
            (Direction::ToPad, Some(turn)) if turn.answer.is_empty() => {
                turn.request.extend(&record.bytes);
            }
            (Direction::ToPad, _) => turns.push(Turn {
                at_ms: record.at_ms,
                request: record.bytes.clone(),
                answer: Vec::new(),
            }),
            (Direction::FromPad, Some(turn)) => turn.answer.extend(&record.bytes),
            (Direction::FromPad, None) => {}
        }
    }
    turns
}

/// The requests that load or erase a key, by code; the EPP's 31 erases only with its 38.
fn changes_keys(seen: &Seen) -> bool {
    match seen.code.as_str() {
        "02" | "90" | "94" | "32" | "33" | "23" | "24" => true,
        "31" => seen.parts.iter().any(|part| part.text == "38"),
        _ => false,
    }
}

/// How long one answer may take.
const PATIENCE: Duration = Duration::from_secs(5);
