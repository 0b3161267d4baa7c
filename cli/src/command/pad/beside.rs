//! A real pad beside a simulated terminal: `poslab run --pad PORT`.

use super::talk::Talk;
use super::{Cable, Format, Show, coding, line, out, protocol};
use poslab_core::node::PadProtocol;
use poslab_core::pad::Protocol;
use poslab_core::pad::epp::frame::Coding;
use poslab_core::pad::probe::Line;
use poslab_core::sim::{PadAnswer, PadRequest, WorldSpec};
use poslab_core::words::Lang;
use std::path::PathBuf;

/// Which pad the first terminal of a run uses.
#[derive(clap::Args)]
#[command(next_help_heading = "PIN pad")]
pub(in crate::command) struct Beside {
    /// The first terminal asks the real pad on this serial port for PIN block and MAC
    #[arg(long, value_name = "PORT", requires = "protocol")]
    pad: Option<String>,
    /// What terminal and PIN pad speak on their cable; without --pad a simulated pad answers
    #[arg(long, value_parser = protocol, value_name = "abecs|visa|epp")]
    protocol: Option<Protocol>,
    /// Where the pad keeps the terminal's master key; emulated pads have that of the stage at 9
    #[arg(long, value_name = "N", requires = "protocol")]
    pad_slot: Option<u8>,
    /// Speed and shape of the line, such as 9600-8N1 or 1200-7E1
    #[arg(long, value_parser = line, value_name = "LINE", requires = "pad")]
    line: Option<Line>,
    /// How an EPP is written to
    #[arg(long, value_parser = coding, default_value = "hex", value_name = "hex|binary|binary-03")]
    coding: Coding,
    /// ABECS: talk through a secure channel (RSA and AES)
    #[arg(long, requires = "pad")]
    secure: bool,
    /// Write the pad's traffic to this file, one JSON object per line, card data masked
    #[arg(long, value_name = "FILE", requires = "pad")]
    log: Option<PathBuf>,
}

impl Beside {
    /// Puts the choice into the scenario's world.
    pub(in crate::command) fn settle(&self, world: &mut WorldSpec) {
        if let Some(protocol) = self.protocol {
            world.pad_protocol = Some(PadProtocol::from(protocol));
        }
        world.pad_master = self.pad_slot.or(world.pad_master);
    }

    /// Opens the port, when there is one.
    pub(in crate::command) fn plug_in(self, lang: Lang) -> Result<Option<Plugged>, (u8, String)> {
        out::speak(lang);
        let (Some(port), Some(protocol)) = (self.pad, self.protocol) else {
            return Ok(None);
        };
        let cable = Cable {
            port,
            protocol,
            line: self.line,
            coding: self.coding,
            secure: self.secure,
            log: self.log,
            reveal: false,
            show: Show {
                format: Format::Text,
            },
        };
        let talk = Talk::open(&cable).map_err(out::Failure::words)?;
        Ok(Some(Plugged(talk)))
    }
}

/// A pad on an open port.
pub(in crate::command) struct Plugged(Talk);

impl Plugged {
    /// Gives the pad what the world wants of it.
    pub(in crate::command) fn answer(
        &mut self,
        request: &PadRequest,
    ) -> Result<PadAnswer, (u8, String)> {
        let start = self.0.now();
        let outcome = self.0.perform(request.task.clone());
        let outcome = outcome.map_err(out::Failure::words)?;
        let mut seen = self.0.seen();
        for one in &mut seen {
            one.at_ms = one.at_ms.saturating_sub(start);
        }
        Ok(PadAnswer {
            seen,
            took_ms: self.0.now() - start,
            outcome,
        })
    }

    /// Closes log and port.
    pub(in crate::command) fn close(self) -> Result<(), (u8, String)> {
        self.0.close().map_err(out::Failure::words)
    }
}
