//! The simulated EPP: keys in two levels, an active one, a keyboard that opens and closes.

use super::command::{NO_MASTER, OK, PARAMETER, UNKNOWN};
use super::frame::{Coding, Decoder, Received, wrap};
use crate::pad::face::{Asks, Face, Fact, earlier};
use crate::pad::secure::vault::{Chaining, Secret};
use crate::pad::secure::{KeyError, PinEntry, Slot, Step, Vault};
use crate::pad::{Key, Millis};
use std::collections::VecDeque;

/// What the pad says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// Sixteen characters.
    pub version: String,
    /// Eight bytes.
    pub serial: [u8; 8],
}

impl Default for Profile {
    fn default() -> Self {
        Self {
            version: "POSLAB EPP 1.00 ".to_owned(),
            serial: *b"SIM00001",
        }
    }
}

/// The settings of command 46.
#[derive(Debug, Clone, Copy)]
struct Settings {
    /// Parameter 01: which key works, and whether as single or triple DES.
    with_master: bool,
    triple: bool,
    /// Parameter 05.
    auto_enter: bool,
    /// Parameter 06: the UnionPay way.
    union_pay_mac: bool,
}

const FACTORY: Settings = Settings {
    with_master: false,
    triple: true,
    auto_enter: false,
    union_pay_mac: false,
};

/// A keyboard that is open.
#[derive(Clone)]
struct Open {
    entry: PinEntry,
    with_account: bool,
    echo: u8,
    idle_ms: Millis,
    at: Millis,
}

/// The simulated EPP.
#[derive(Clone)]
pub struct Pad {
    vault: Vault,
    profile: Profile,
    settings: Settings,
    account: Option<String>,
    active: Option<(u8, u8)>,
    echo: u8,
    open: Option<Open>,
    typed: Option<(PinEntry, bool)>,
    face: Face,
    facts: VecDeque<Fact>,
    decoder: Decoder,
    fixed: Option<Coding>,
    quiet_at: Option<Millis>,
    out: VecDeque<Vec<u8>>,
}

impl Pad {
    /// A pad with these keys that answers in the coding it is asked in.
    #[must_use]
    pub fn new(vault: Vault) -> Self {
        Self {
            vault,
            profile: Profile::default(),
            settings: FACTORY,
            account: None,
            active: None,
            echo: b'*',
            open: None,
            typed: None,
            face: Face::default(),
            facts: VecDeque::new(),
            decoder: Decoder::new(),
            fixed: None,
            quiet_at: None,
            out: VecDeque::new(),
        }
    }

    /// Takes and gives one coding only.
    #[must_use]
    pub fn with_coding(mut self, coding: Coding) -> Self {
        self.decoder = Decoder::fixed(coding);
        self.fixed = Some(coding);
        self
    }

    /// Says something else of itself.
    #[must_use]
    pub fn with_profile(mut self, profile: Profile) -> Self {
        self.profile = profile;
        self
    }

    /// Takes bytes from the host.
    pub fn feed(&mut self, bytes: &[u8], now: Millis) {
        self.handle_timeout(now);
        let mut received = Vec::new();
        bytes
            .iter()
            .for_each(|b| self.decoder.push(*b, &mut received));
        self.take(received, now);
        self.quiet_at = self.decoder.inside().then_some(now + QUIET_MS);
    }

    /// When [`handle_timeout`](Self::handle_timeout) wants to be called.
    #[must_use]
    pub fn poll_timeout(&self) -> Option<Millis> {
        earlier(self.open.as_ref().map(|o| o.at), self.quiet_at)
    }

    /// Does what is due at `now`.
    pub fn handle_timeout(&mut self, now: Millis) {
        if self.quiet_at.is_some_and(|at| at <= now) {
            self.quiet_at = None;
            let mut received = Vec::new();
            self.decoder.flush(&mut received);
            self.take(received, now);
        }
        if self.open.take_if(|open| open.at <= now).is_some() {
            self.face.clear();
            self.out.push_back(vec![TIMED_OUT]);
        }
    }

    /// The next bytes for the host.
    pub fn poll_transmit(&mut self) -> Option<Vec<u8>> {
        self.out.pop_front()
    }

    /// The next thing that happened inside.
    pub fn poll_event(&mut self) -> Option<Fact> {
        self.facts.pop_front()
    }

    /// The display (an EPP has none; the stars stand for its lamps) and what is asked for.
    #[must_use]
    pub fn face(&self) -> &Face {
        &self.face
    }

    /// The keys.
    pub fn vault_mut(&mut self) -> &mut Vault {
        &mut self.vault
    }

    /// A finger on a key.
    pub fn press(&mut self, key: Key, now: Millis) {
        let Some(mut open) = self.open.take() else {
            return;
        };
        let full_before = open.entry.len();
        match open.entry.press(key) {
            Step::Digit => self.out.push_back(vec![open.echo]),
            Step::Erased => self.out.push_back(vec![ERASED]),
            Step::Ignored => {}
            Step::Cancelled => {
                self.face.clear();
                self.out.push_back(vec![CANCELLED]);
                return;
            }
            Step::Done => {
                if open.entry.len() > full_before {
                    self.out.push_back(vec![open.echo]);
                }
                self.out.push_back(vec![ENTERED]);
                self.face.clear();
                self.typed = Some((open.entry, open.with_account));
                return;
            }
        }
        open.at = now + open.idle_ms;
        self.show(&open.entry);
        self.open = Some(open);
    }

    fn show(&mut self, entry: &PinEntry) {
        self.face.lines = vec!["*".repeat(entry.len())];
        self.face.asks = Asks::Pin {
            entered: entry.len(),
        };
    }

    fn take(&mut self, received: Vec<Received>, now: Millis) {
        for item in received {
            match item {
                Received::Frame { coding, body } => {
                    let reply = self
                        .answer(&body, now)
                        .unwrap_or_else(|status| vec![status]);
                    let coding = self.fixed.unwrap_or(coding);
                    self.out.push_back(wrap(coding, &reply));
                }
                Received::Bad { .. } => self.facts.push_back(Fact::BadCheck),
                Received::Byte(_) => {}
            }
        }
    }

    /// The reply to a command, or the status that refuses it.
    fn answer(&mut self, body: &[u8], now: Millis) -> Result<Vec<u8>, u8> {
        let (command, data) = body.split_first().ok_or(UNKNOWN)?;
        match (command, data) {
            (0x30, []) => Ok(self.version()),
            (0x31, []) => self.reset(false),
            (0x31, [0x38]) => self.reset(true),
            (0x32, [master, key @ ..]) => self.load_master(*master, key),
            (0x33, [master, slot, key @ ..]) => self.load_working(*master, *slot, key),
            (0x34, digits) => self.set_account(digits),
            (0x35, [len, _, account, _, seconds]) => self.start(*len, *account, *seconds, now),
            (0x36 | 0x37, data) => self.crypt(*command == 0x36, data),
            (0x38, []) => Ok([&[OK][..], &self.profile.serial].concat()),
            (0x41, data) => self.mac(data),
            (0x42, []) => self.read_pin(),
            (0x43, [master, slot]) => self.activate(*master, *slot),
            (0x44, [echo]) => {
                self.echo = *echo;
                Ok(vec![OK])
            }
            (0x45, [setting]) => {
                if *setting == 0 {
                    self.open = None;
                    self.face.clear();
                }
                Ok(vec![OK])
            }
            (0x46, [parameter, value]) => self.set(*parameter, *value),
            (0x30..=0x38 | 0x41..=0x46, _) => Err(PARAMETER),
            (other, _) => {
                self.facts
                    .push_back(Fact::UnknownCommand(format!("{other:02X}")));
                Err(UNKNOWN)
            }
        }
    }

    fn version(&self) -> Vec<u8> {
        let version = format!("{:<16.16}", self.profile.version);
        let tail = [0x00, 0x00, 0x00, 0x01, 0x53, 0x49, 0x4D, 0x31, 0x00, 0x00];
        [&[OK][..], version.as_bytes(), &tail].concat()
    }

    fn reset(&mut self, wipe: bool) -> Result<Vec<u8>, u8> {
        self.settings = FACTORY;
        self.account = None;
        self.active = None;
        self.open = None;
        self.typed = None;
        self.echo = b'*';
        self.face.clear();
        if wipe {
            self.vault.wipe();
            self.facts.push_back(Fact::KeysWiped);
        }
        Ok(vec![OK])
    }

    fn load_master(&mut self, master: u8, key: &[u8]) -> Result<Vec<u8>, u8> {
        if master > 0x0F {
            return Err(PARAMETER);
        }
        let kcv = self
            .vault
            .load(Slot::Master(master), key)
            .map_err(refusal)?;
        self.facts.push_back(Fact::KeyLoaded {
            slot: format!("master {master}"),
            kcv,
        });
        Ok(vec![OK])
    }

    /// Slots from 40h on mean: store forty lower and give four check bytes back.
    fn load_working(&mut self, master: u8, slot: u8, key: &[u8]) -> Result<Vec<u8>, u8> {
        if slot > 0x7F {
            return Err(PARAMETER);
        }
        let (under, at) = (Slot::Master(master), Slot::Working(master, slot & 0x3F));
        let [a, b, c, d, ..] = self.vault.load_under(under, at, key).map_err(refusal)?;
        let kcv = hex::encode_upper([a, b, c]);
        let name = format!("working {master}/{}", slot & 0x3F);
        self.facts.push_back(Fact::KeyLoaded { slot: name, kcv });
        Ok(if slot < 0x40 {
            vec![OK]
        } else {
            vec![OK, a, b, c, d]
        })
    }

    fn set_account(&mut self, digits: &[u8]) -> Result<Vec<u8>, u8> {
        if !matches!(digits.len(), 10 | 12) || !digits.iter().all(u8::is_ascii_digit) {
            return Err(PARAMETER);
        }
        // The check digit is not sent, and a PIN block drops the last digit: one stands in.
        self.account = Some(format!("{}0", String::from_utf8_lossy(digits)));
        Ok(vec![OK])
    }

    fn start(&mut self, len: u8, account: u8, seconds: u8, now: Millis) -> Result<Vec<u8>, u8> {
        let with_account = match account {
            0 => self.account.is_some(),
            1 if self.account.is_some() => true,
            2 => false,
            _ => return Err(PARAMETER),
        };
        if !(1..=12).contains(&len) || seconds == 0 {
            return Err(PARAMETER);
        }
        let len = usize::from(len);
        let entry = PinEntry::new(len.min(4), len).auto_enter(self.settings.auto_enter);
        let idle_ms = Millis::from(seconds) * 1000;
        self.typed = None;
        self.show(&entry);
        let at = now + idle_ms;
        self.open = Some(Open {
            entry,
            with_account,
            echo: self.echo,
            idle_ms,
            at,
        });
        Ok(vec![OK])
    }

    fn read_pin(&mut self) -> Result<Vec<u8>, u8> {
        let (entry, with_account) = self.typed.take().ok_or(PARAMETER)?;
        let block = match (&self.account, with_account) {
            (Some(account), true) => entry.format0(account),
            _ => entry.bare(),
        };
        let out = self.with_active(|key| key.encipher(*block))?;
        self.facts.push_back(Fact::PinTaken {
            digits: entry.len(),
        });
        Ok([&[OK][..], &out].concat())
    }

    fn activate(&mut self, master: u8, slot: u8) -> Result<Vec<u8>, u8> {
        let slot_of = if self.settings.with_master {
            Slot::Master(master)
        } else {
            Slot::Working(master, slot)
        };
        if !self.vault.has(slot_of) {
            return Err(PARAMETER);
        }
        self.active = Some((master, slot));
        Ok(vec![OK])
    }

    fn set(&mut self, parameter: u8, value: u8) -> Result<Vec<u8>, u8> {
        match (parameter, value) {
            (0x00, 0x20 | 0x30) | (0x02, _) => {}
            (0x01, 0x20 | 0x30 | 0x60 | 0x70) => {
                self.settings.with_master = value >= 0x60;
                self.settings.triple = value & 0x10 != 0;
            }
            (0x05, 0 | 1) => self.settings.auto_enter = value == 1,
            (0x06, 1 | 3) => self.settings.union_pay_mac = value == 3,
            _ => return Err(PARAMETER),
        }
        Ok(vec![OK])
    }

    fn crypt(&self, forward: bool, data: &[u8]) -> Result<Vec<u8>, u8> {
        if data.is_empty() || !data.len().is_multiple_of(8) || data.len() > 248 {
            return Err(PARAMETER);
        }
        let out = self.with_active(|key| match forward {
            true => key.encipher_all(data, Chaining::Ecb),
            false => key.decipher_all(data),
        })?;
        Ok([&[OK][..], &out].concat())
    }

    fn mac(&self, data: &[u8]) -> Result<Vec<u8>, u8> {
        if !(5..=247).contains(&data.len()) {
            return Err(PARAMETER);
        }
        let mac = self.with_active(|key| match self.settings.union_pay_mac {
            true => union_pay_mac(key, data),
            false => key.mac_from([0; 8], data),
        })?;
        Ok([&[OK][..], &mac].concat())
    }

    fn with_active<T>(&self, with: impl FnOnce(&Secret) -> T) -> Result<T, u8> {
        let (master, slot) = self.active.ok_or(PARAMETER)?;
        let slot = match self.settings.with_master {
            true => Slot::Master(master),
            false => Slot::Working(master, slot),
        };
        let key = self.vault.key(slot).map_err(refusal)?;
        Ok(if self.settings.triple {
            with(key)
        } else {
            with(&key.half(false))
        })
    }
}

/// The exclusive or of all blocks, written in hex, put through the key in two steps; the MAC is
/// the first eight characters of the result, again in hex.
fn union_pay_mac(key: &Secret, data: &[u8]) -> [u8; 8] {
    let mut filled = data.to_vec();
    filled.resize(data.len().next_multiple_of(8), 0);
    let folded = filled
        .as_chunks::<8>()
        .0
        .iter()
        .fold(0, |all, b| all ^ u64::from_be_bytes(*b));
    let text = format!("{folded:016X}");
    let out = key.mac_from([0; 8], text.as_bytes());
    let text = hex::encode_upper(out);
    text.as_bytes()
        .first_chunk::<8>()
        .copied()
        .unwrap_or_default()
}

fn refusal(error: KeyError) -> u8 {
    match error {
        KeyError::Absent => NO_MASTER,
        KeyError::Length { .. } | KeyError::Spent => PARAMETER,
    }
}

/// The pause that ends a frame whose coding is not yet known.
const QUIET_MS: Millis = 30;
const ERASED: u8 = 0x08;
const ENTERED: u8 = 0x0D;
const CANCELLED: u8 = 0x1B;
const TIMED_OUT: u8 = 0x80;
