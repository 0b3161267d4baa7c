//! `pad identify`: which family hangs on that port, by questions that change nothing.

use super::out::{Failure, line, object, with};
use super::{Show, port};
use poslab_core::pad::probe::{Found, PROBES, Probe, WAIT_MS};
use serde_json::json;
use serialport::SerialPort;
use std::time::{Duration, Instant};

/// Find out which family of pad hangs on a port
///
/// Sends only questions that change nothing, in this order: CAN at 19200-8N1 (ABECS), serial
/// number at 1200-7E1 and 9600-8N1 (VISA), version at 9600-8N1 (EPP, IDTECH NGA, ZT598).
#[derive(clap::Args)]
#[command(verbatim_doc_comment)]
pub(super) struct Identify {
    /// The serial port
    #[arg(long, value_name = "PORT")]
    port: String,
    #[command(flatten)]
    pub(super) show: Show,
}

impl Identify {
    pub(super) fn run(self) -> Result<(), Failure> {
        let first = PROBES.first().map(|probe| probe.line);
        let Some(first) = first else { return Ok(()) };
        let mut port = port::open(&self.port, first)?;
        for probe in PROBES {
            port::reshape(&mut *port, &self.port, probe.line)?;
            port::write(&mut *port, &self.port, probe.send)?;
            let answer = listen(&mut *port, &self.port)?;
            if let Some(found) = probe.recognise(&answer) {
                return self.print(probe, &found);
            }
        }
        Err(Failure::Negative {
            code: "not-found",
            message: with(
                "no pad of a known family answered on {port}; is it on, and is its speed another?",
                "{port} 上没有已知协议的键盘应答；是否通电？速率是否不同？",
                &[("port", &self.port)],
            ),
        })
    }

    fn print(&self, probe: &Probe, found: &Found) -> Result<(), Failure> {
        let coding = found.coding.map(|coding| coding.name());
        match self.show.format {
            super::Format::Json => object(&json!({
                "schema": "poslab/pad-identify/1", "port": self.port,
                "family": found.family.name(), "line": probe.line.to_string(),
                "coding": coding, "said": found.said,
            })),
            super::Format::Text => {
                line(&format!("family {}", found.family.name()))?;
                line(&format!("line   {}", probe.line))?;
                if let Some(coding) = coding {
                    line(&format!("coding {coding}"))?;
                }
                line(&format!("said   {}", found.said))
            }
        }
    }
}

/// What comes in until the line has been quiet for a while, or nothing came at all.
fn listen(port: &mut dyn SerialPort, name: &str) -> Result<Vec<u8>, Failure> {
    let start = Instant::now();
    let mut last = start;
    let mut answer = Vec::new();
    loop {
        let bytes = port::read(port, name)?;
        if !bytes.is_empty() {
            last = Instant::now();
            answer.extend(bytes);
        }
        let quiet = !answer.is_empty() && last.elapsed() > Duration::from_millis(200);
        if quiet || start.elapsed() > Duration::from_millis(WAIT_MS) + answered(&answer) {
            return Ok(answer);
        }
    }
}

/// A slow line needs longer for the rest of an answer that has begun.
fn answered(answer: &[u8]) -> Duration {
    Duration::from_millis(if answer.is_empty() { 0 } else { 800 })
}
