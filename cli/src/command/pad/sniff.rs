//! `pad sniff`: a man in the middle between a host and a pad, who only listens.

use super::log::{Log, shown};
use super::out::{Failure, line as print, with};
use super::{Line, Show, line, port, protocol};
use poslab_core::pad::sniff::{Seen, Sniffer};
use poslab_core::pad::traffic::Direction;
use poslab_core::pad::{Millis, Protocol};
use serialport::{SerialPort, TTYPort};
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// Stand between a host and a pad, pass everything on and say what it is
///
/// `--host pty` opens a pseudo-terminal for a host on this machine and prints its path. Card data
/// and clear keys are masked in what is printed and logged, unless `--reveal` is given.
#[derive(clap::Args)]
#[command(verbatim_doc_comment)]
pub(super) struct Sniff {
    /// The port towards the host, or `pty`
    #[arg(long, value_name = "PORT|pty")]
    host: String,
    /// The port towards the pad
    #[arg(long, value_name = "PORT")]
    pad: String,
    /// The family that is expected; the others are recognised too
    #[arg(long, value_parser = protocol, value_name = "abecs|visa|epp")]
    protocol: Option<Protocol>,
    /// Speed and shape of both lines
    #[arg(long, value_parser = line, default_value = "9600-8N1", value_name = "LINE")]
    line: Line,
    /// Write the traffic to this file, one JSON object per line
    #[arg(long, value_name = "FILE")]
    log: Option<PathBuf>,
    /// Mask nothing
    #[arg(long)]
    reveal: bool,
    /// End after so many seconds
    #[arg(long, value_name = "N")]
    seconds: Option<u64>,
    #[command(flatten)]
    pub(super) show: Show,
}

impl Sniff {
    pub(super) fn run(self) -> Result<(), Failure> {
        let mut pad = port::open(&self.pad, self.line)?;
        let (mut host, _far_end) = self.open_host()?;
        let log = self
            .log
            .as_ref()
            .map(|path| Log::open(path, self.reveal, self.protocol));
        let mut log = log.transpose()?;
        let mut sniffer = Sniffer::new(self.protocol);
        let start = Instant::now();
        let mut last = Millis::default();
        let limit = self.seconds.map(Duration::from_secs);
        while limit.is_none_or(|limit| start.elapsed() < limit) {
            for direction in [Direction::ToPad, Direction::FromPad] {
                let (from, to, names) = match direction {
                    Direction::ToPad => (&mut host, &mut pad, (&self.host, &self.pad)),
                    Direction::FromPad => (&mut pad, &mut host, (&self.pad, &self.host)),
                };
                let bytes = port::read(&mut **from, names.0)?;
                if bytes.is_empty() {
                    continue;
                }
                port::write(&mut **to, names.1, &bytes)?;
                last = start.elapsed().as_millis() as Millis;
                if let Some(log) = &mut log {
                    log.take(direction, &bytes, last)?;
                }
                self.print(&sniffer.feed(direction, &bytes, last))?;
            }
            let now = start.elapsed().as_millis() as Millis;
            if sniffer.pending() && now > last + QUIET_MS {
                self.print(&sniffer.flush(now))?;
            }
        }
        let now = start.elapsed().as_millis() as Millis;
        self.print(&sniffer.flush(now))?;
        log.map_or(Ok(()), |mut log| log.finish(now))
    }

    /// The port towards the host; of a pseudo-terminal also its far end, kept open.
    fn open_host(&self) -> Result<(Box<dyn SerialPort>, Option<TTYPort>), Failure> {
        if self.host != "pty" {
            return Ok((port::open(&self.host, self.line)?, None));
        }
        let (near, far) = port::pair()?;
        let name = far.name().unwrap_or_default();
        let words = with(
            "connect the host to {port}",
            "请将主机程序连接到 {port}",
            &[("port", &name)],
        );
        eprintln!("{words}");
        Ok((Box::new(near), Some(far)))
    }

    fn print(&self, seen: &[Seen]) -> Result<(), Failure> {
        seen.iter()
            .try_for_each(|one| print(&shown(one, self.show.format, self.reveal)))
    }
}

/// The pause after which a frame that has begun is given as it stands.
const QUIET_MS: Millis = 2000;
