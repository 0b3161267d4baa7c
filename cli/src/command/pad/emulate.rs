//! `pad emulate`: the core's simulated pad on a pseudo-terminal, with keys from a person or a
//! script.

use super::keyboard::{Act, listen, script};
use super::log::Log;
use super::out::{Failure, line, object, say, with};
use super::ring::Ring;
use super::talk::seed;
use super::{Format, Show, coding, port, protocol};
use poslab_core::pad::card::Card;
use poslab_core::pad::epp::frame::Coding;
use poslab_core::pad::face::{Asks, Face, Fact};
use poslab_core::pad::secure::Vault;
use poslab_core::pad::simulated::Setup;
use poslab_core::pad::traffic::Direction;
use poslab_core::pad::{Millis, Protocol, SimulatedPad};
use serde_json::json;
use serialport::{SerialPort, TTYPort};
use std::path::PathBuf;
use std::sync::mpsc::Receiver;
use std::time::{Duration, Instant};

/// Be a pad: open a pseudo-terminal, print its path, answer as the chosen family
///
/// The first line on standard output is the path to connect to. The pad holds the published test
/// keys (`--no-keys` leaves them out). Keys come
///
///   from --keys, one after the other whenever the pad asks a person for something:
///       0-9 enter clear cancel f1-f4 up down, swipe (a card), wait:MS, quit
///   from the terminal: 0-9, Enter, Backspace = clear, Esc or x = cancel, a-d = F1-F4, arrows,
///       s = swipe, q or Ctrl-C = end
///   from a pipe: lines of the same names as --keys
///
/// Examples:
///
///   poslab pad emulate --protocol abecs
///   poslab pad emulate --protocol visa --keys 1,2,3,4,enter --repeat --link /tmp/pad
///   poslab pad emulate --protocol epp --no-keys --keys keys.json --keys 1,2,3,4,enter
#[derive(clap::Args)]
#[command(verbatim_doc_comment)]
pub(super) struct Emulate {
    /// The family of the pad
    #[arg(long, value_parser = protocol, value_name = "abecs|visa|epp")]
    protocol: Protocol,
    /// Keys to press when the pad asks for something; or a key ring, a name that ends in .json
    #[arg(long, value_name = "KEYS|FILE")]
    keys: Vec<String>,
    /// Whose master key of the ring the pad holds, when the ring holds several terminals
    #[arg(long, value_name = "TID", requires = "keys")]
    terminal: Option<String>,
    /// The number that the ring's TMK has in the pad
    #[arg(long, default_value_t = 0, value_name = "N")]
    slot: u8,
    /// Begin the script anew with each request
    #[arg(long, requires = "keys")]
    repeat: bool,
    /// How long the script waits before each key
    #[arg(long, default_value_t = 30, value_name = "MS")]
    key_ms: u64,
    /// The card that `swipe` draws through: a test number and its expiry
    #[arg(long, default_value = "9999910000000002:3012", value_name = "PAN:YYMM")]
    card: String,
    /// Make a symbolic link to the pseudo-terminal here
    #[arg(long, value_name = "PATH")]
    link: Option<PathBuf>,
    /// EPP: answer in this coding only; otherwise as asked
    #[arg(long, value_parser = coding, value_name = "hex|binary|binary-03")]
    coding: Option<Coding>,
    /// ABECS: send a notification for every key of a PIN
    #[arg(long)]
    notices: bool,
    /// Hold no keys
    #[arg(long)]
    no_keys: bool,
    /// End after so many seconds
    #[arg(long, value_name = "N")]
    seconds: Option<u64>,
    /// Write the traffic to this file, one JSON object per line, card data and keys masked
    #[arg(long, value_name = "FILE")]
    log: Option<PathBuf>,
    #[command(flatten)]
    pub(super) show: Show,
}

impl Emulate {
    pub(super) fn run(self) -> Result<(), Failure> {
        let (rings, presses): (Vec<&String>, Vec<&String>) =
            self.keys.iter().partition(|value| value.ends_with(".json"));
        let presses: Vec<&str> = presses.into_iter().map(String::as_str).collect();
        let acts = script(&presses.join(",")).map_err(Failure::Usage)?;
        let card = self
            .card
            .split_once(':')
            .and_then(|(pan, expiry)| Card::new(pan, expiry));
        let card = card.ok_or_else(|| {
            Failure::Usage(say("--card wants PAN:YYMM", "--card 须为 PAN:YYMM").to_owned())
        })?;
        let mut vault = if self.no_keys {
            Vault::empty()
        } else {
            Vault::teaching(self.protocol)
        };
        for ring in rings {
            self.load(ring, &mut vault)?;
        }
        let setup = Setup {
            notices: self.notices,
            coding: self.coding,
            seven_bits: false,
            seed: seed()?,
        };
        let (master, slave) = port::pair()?;
        let path = slave.name().unwrap_or_default();
        let link = self
            .link
            .clone()
            .map(|link| Link::make(&path, link))
            .transpose()?;
        let shown = link
            .as_ref()
            .map_or(path, |link| link.0.display().to_string());
        announce(self.show.format, self.protocol, &shown)?;
        let log = self
            .log
            .as_ref()
            .map(|path| Log::open(path, false, Some(self.protocol)));
        let (typed, _raw) = listen();
        let mut desk = Desk {
            pad: SimulatedPad::new(self.protocol, vault, setup),
            line: master,
            log: log.transpose()?,
            face: Face::default(),
            card,
            script: Script {
                acts,
                next: 0,
                at: None,
                repeat: self.repeat,
                key_ms: self.key_ms,
            },
            format: self.show.format,
            start: Instant::now(),
        };
        let outcome = desk.run(&typed, self.seconds.map(Duration::from_secs));
        // The far end stays open in here, or every closing host would end the line for good.
        drop(slave);
        outcome
    }
}

impl Emulate {
    /// Puts the master key of a key ring into the pad.
    fn load(&self, ring: &str, vault: &mut Vault) -> Result<(), Failure> {
        let ring = Ring {
            keys: Some(ring.into()),
            terminal: self.terminal.clone(),
        };
        if let Some(tmk) = ring.key("TMK")? {
            let loaded = vault.load_master(self.protocol, self.slot, &tmk);
            loaded.map_err(|error| Failure::Usage(format!("TMK: {error}")))?;
        }
        Ok(())
    }
}

/// A symbolic link that goes when the emulator goes.
struct Link(PathBuf);

impl Link {
    #[cfg(unix)]
    fn make(path: &str, link: PathBuf) -> Result<Self, Failure> {
        // Only a link that an earlier run left behind is replaced, never a file.
        if link.is_symlink() {
            std::fs::remove_file(&link)?;
        }
        std::os::unix::fs::symlink(path, &link)?;
        Ok(Self(link))
    }

    #[cfg(not(unix))]
    fn make(_: &str, _: PathBuf) -> Result<Self, Failure> {
        Err(Failure::Usage(
            say("--link needs a Unix system", "--link 需要 Unix 系统").to_owned(),
        ))
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        drop(std::fs::remove_file(&self.0));
    }
}

fn announce(format: Format, protocol: Protocol, path: &str) -> Result<(), Failure> {
    match format {
        Format::Text => line(path),
        Format::Json => object(&ready_json(protocol, path)),
    }
}

/// The first line of an emulator.
pub(super) fn ready_json(protocol: Protocol, path: &str) -> serde_json::Value {
    json!({
        "schema": "poslab/pad-emulate/1", "event": "ready",
        "port": path, "protocol": protocol.name(),
    })
}

/// The keys that are pressed by themselves.
struct Script {
    acts: Vec<Act>,
    next: usize,
    at: Option<Millis>,
    repeat: bool,
    key_ms: u64,
}

impl Script {
    /// Whether the pad asks for nothing; the script may then begin anew.
    fn over(&mut self, asks: Asks) -> bool {
        let over = asks == Asks::Nothing;
        if over {
            self.at = None;
            self.next = if self.repeat { 0 } else { self.next };
        }
        over
    }

    /// The next act, when the pad asks for something and the wait is over.
    fn due(&mut self, asks: Asks, now: Millis) -> Option<Act> {
        if self.over(asks) {
            return None;
        }
        let act = *self.acts.get(self.next)?;
        let at = *self.at.get_or_insert(now + self.key_ms);
        if at > now {
            return None;
        }
        self.next += 1;
        let pause = if let Act::Pause(ms) = act {
            ms
        } else {
            self.key_ms
        };
        self.at = Some(now + pause);
        Some(act)
    }
}

/// The pad, its line, and the person in front of it.
struct Desk {
    pad: SimulatedPad,
    line: TTYPort,
    log: Option<Log>,
    face: Face,
    card: Card,
    script: Script,
    format: Format,
    start: Instant,
}

impl Desk {
    fn run(&mut self, typed: &Receiver<Act>, limit: Option<Duration>) -> Result<(), Failure> {
        while limit.is_none_or(|limit| self.start.elapsed() < limit) {
            let bytes = port::read(&mut self.line, "the pseudo-terminal")?;
            let now = self.start.elapsed().as_millis() as Millis;
            if !bytes.is_empty() {
                self.record(Direction::ToPad, &bytes, now)?;
                self.pad.feed(&bytes, now);
            }
            self.pad.handle_timeout(now);
            let scripted = self.script.due(self.pad.face().asks, now);
            for act in scripted.into_iter().chain(typed.try_iter()) {
                if !self.act(act, now) {
                    return self.finish(now);
                }
            }
            // The next request may be here before the next look.
            self.script.over(self.pad.face().asks);
            self.send(now)?;
            self.tell()?;
        }
        self.finish(self.start.elapsed().as_millis() as Millis)
    }

    /// Does one thing; `false` ends the emulator.
    fn act(&mut self, act: Act, now: Millis) -> bool {
        match act {
            Act::Press(key) => self.pad.press(key, now),
            Act::Swipe => self.pad.swipe(self.card.clone()),
            Act::Pause(_) => {}
            Act::Quit => return false,
        }
        true
    }

    fn send(&mut self, now: Millis) -> Result<(), Failure> {
        while let Some(bytes) = self.pad.poll_transmit() {
            self.record(Direction::FromPad, &bytes, now)?;
            port::write(&mut self.line, "the pseudo-terminal", &bytes)?;
        }
        Ok(())
    }

    /// Says what the display shows and what happened inside.
    fn tell(&mut self) -> Result<(), Failure> {
        while let Some(fact) = self.pad.poll_event() {
            match self.format {
                Format::Text => eprintln!("{}", fact_text(&fact)),
                Format::Json => object(&fact_json(&fact))?,
            }
        }
        if *self.pad.face() != self.face {
            self.face = self.pad.face().clone();
            match self.format {
                Format::Text => {
                    let lines = self.face.lines.join(" | ");
                    eprintln!("{} | {lines}", say("display", "显示"));
                }
                Format::Json => object(&json!({ "event": "display", "lines": self.face.lines }))?,
            }
        }
        Ok(())
    }

    fn record(&mut self, direction: Direction, bytes: &[u8], now: Millis) -> Result<(), Failure> {
        match &mut self.log {
            Some(log) => log.take(direction, bytes, now),
            None => Ok(()),
        }
    }

    fn finish(&mut self, now: Millis) -> Result<(), Failure> {
        match &mut self.log {
            Some(log) => log.finish(now),
            None => Ok(()),
        }
    }
}

fn fact_text(fact: &Fact) -> String {
    match fact {
        Fact::KeyLoaded { slot, kcv } => with(
            "key loaded: {slot}, check value {kcv}",
            "已装载密钥：{slot}，校验值 {kcv}",
            &[("slot", slot), ("kcv", kcv)],
        ),
        Fact::KeysWiped => say("all keys erased", "全部密钥已清除").to_owned(),
        Fact::PinTaken { digits } => with(
            "PIN of {digits} digits taken and enciphered",
            "已取得 {digits} 位密码并加密",
            &[("digits", &digits.to_string())],
        ),
        Fact::BadCheck => {
            say("a frame with a wrong check came in", "收到校验错误的报文").to_owned()
        }
        Fact::UnknownCommand(name) => with(
            "unknown command {name}",
            "未知命令 {name}",
            &[("name", &format!("{name:?}"))],
        ),
    }
}

pub(super) fn fact_json(fact: &Fact) -> serde_json::Value {
    match fact {
        Fact::KeyLoaded { slot, kcv } => json!({ "event": "key-loaded", "slot": slot, "kcv": kcv }),
        Fact::KeysWiped => json!({ "event": "keys-wiped" }),
        Fact::PinTaken { digits } => json!({ "event": "pin-taken", "digits": digits }),
        Fact::BadCheck => json!({ "event": "bad-check" }),
        Fact::UnknownCommand(name) => json!({ "event": "unknown-command", "name": name }),
    }
}
