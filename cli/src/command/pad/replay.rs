//! `pad replay`: a recorded log read again, or said again to a pad.

use super::log::shown;
use super::out::{Failure, line as print, with};
use super::{Line, Show, line, port, protocol};
use poslab_core::pad::replay::{self, log_changes_keys};
use poslab_core::pad::sniff::{Seen, Sniffer};
use poslab_core::pad::traffic::{Direction, Record};
use poslab_core::pad::{Millis, Protocol};
use std::path::PathBuf;
use std::time::Instant;

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
                    let message = with(
                        "line {line} is no record of traffic",
                        "第 {line} 行不是通信记录",
                        &[("line", &(number + 1).to_string())],
                    );
                    return Err(Failure::Undecodable(message));
                }
            }
        }
        if masked > 0 {
            let words = with(
                "{count} records are masked and left out",
                "{count} 条记录已遮蔽，略过",
                &[("count", &masked.to_string())],
            );
            eprintln!("{words}");
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
        let allowed = self.confirm.as_deref() == Some(name);
        if !allowed && log_changes_keys(records, self.protocol) {
            return Err(Failure::Usage(with(
                "the log loads or erases keys; to send that to {port}, add --confirm {port}",
                "记录中含装载或清除密钥的命令；如需发往 {port}，请加 --confirm {port}",
                &[("port", name)],
            )));
        }
        let mut port = port::open(name, self.line)?;
        let mut replay = replay::Replay::new(records);
        let mut sniffer = Sniffer::new(self.protocol);
        let start = Instant::now();
        let now = || start.elapsed().as_millis() as Millis;
        let (said, differing) = loop {
            while let Some(bytes) = replay.poll_transmit(now()) {
                self.print(&sniffer.feed(Direction::ToPad, &bytes, now()))?;
                port::write(&mut *port, name, &bytes)?;
            }
            if let Some(outcome) = replay.outcome() {
                break outcome;
            }
            let bytes = port::read(&mut *port, name)?;
            self.print(&sniffer.feed(Direction::FromPad, &bytes, now()))?;
            replay.feed(&bytes);
            replay.handle_timeout(now());
        };
        self.print(&sniffer.flush(now()))?;
        if differing == 0 {
            return Ok(());
        }
        Err(Failure::Negative {
            code: "differs",
            message: with(
                "{differing} of {said} answers differ from the log",
                "{said} 个应答中有 {differing} 个与记录不同",
                &[
                    ("differing", &differing.to_string()),
                    ("said", &said.to_string()),
                ],
            ),
        })
    }
}
