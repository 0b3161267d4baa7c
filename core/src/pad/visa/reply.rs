//! What the simulated VISA pad answers: keys, tests, display, PIN, MAC.

use super::frame::{FS, Kind, SUB};
use super::pad::{Mode, Pad};
use crate::pad::Key;
use crate::pad::Millis;
use crate::pad::face::{Asks, Face, Fact};
use crate::pad::secure::vault::{Chaining, Register, Secret};
use crate::pad::secure::{PinEntry, Slot, Step};
use zeroize::Zeroizing;

/// What a frame leads to.
#[derive(Clone)]
pub(super) enum Reply {
    /// ACK was all.
    Nothing,
    /// EOT at once.
    End,
    /// EOT after a second.
    LateEnd,
    /// A frame that the host must acknowledge.
    Text {
        kind: Kind,
        text: Vec<u8>,
        after: After,
    },
    /// Something that a person must do first.
    Person {
        entry: Box<Entry>,
        idle_ms: Option<Millis>,
    },
}

/// What the host's ACK makes happen, besides EOT.
#[derive(Clone)]
pub(super) enum After {
    Nothing,
    Store { master: u8, key: Zeroizing<Vec<u8>> },
}

/// What a key made of an entry.
#[derive(Clone)]
pub(super) enum Outcome {
    Goes,
    Done(Reply),
    Cancelled,
}

/// What the pad waits for.
#[derive(Clone)]
pub(super) enum Entry {
    Key,
    Text { echo: u8, max: usize, typed: String },
    Pin { ask: PinAsk, entry: PinEntry },
}

/// A request for a PIN, read.
#[derive(Clone)]
pub(super) struct PinAsk {
    account: String,
    /// The working key under the master; `None` asks for DUKPT.
    working: Option<Vec<u8>>,
    /// The answer to a DUKPT request is `710`, not `73.`.
    short: bool,
    /// An empty PIN is allowed.
    empty: bool,
    prompts: Vec<String>,
    done: String,
}

/// A MAC that goes over several packets.
#[derive(Clone)]
pub(super) struct Mac {
    key: Secret,
    chain: [u8; 8],
    next: u8,
}

impl Reply {
    fn admin(text: impl Into<Vec<u8>>) -> Self {
        Self::Text {
            kind: Kind::Admin,
            text: text.into(),
            after: After::Nothing,
        }
    }

    fn transaction(text: impl Into<Vec<u8>>) -> Self {
        Self::Text {
            kind: Kind::Transaction,
            text: text.into(),
            after: After::Nothing,
        }
    }
}

impl Pad {
    pub(super) fn answer(&mut self, text: &[u8]) -> Reply {
        match text {
            [b'Z', b'2', rest @ ..] => self.display(rest),
            [b'Z', b'3', _, rest @ ..] => self.display(rest),
            [b'Z', b'4', b'2', seconds @ ..] => {
                let idle_ms = number(seconds).map(|s| s * 1000);
                Reply::Person {
                    entry: Box::new(Entry::Key),
                    idle_ms,
                }
            }
            [b'Z', b'5', b'0', rest @ ..] => text_entry(rest),
            [b'7', b'0', rest @ ..] => self.pin(rest, Ask::Amount),
            [b'Z', b'6', b'0', rest @ ..] => self.pin(rest, Ask::Bare),
            [b'Z', b'6', b'2' | b'3', rest @ ..] => self.pin(rest, Ask::Prompts),
            [b'7', b'6', rest @ ..] => self.dukpt_test(rest),
            [b'9', b'0', rest @ ..] => self.load_dukpt(0, rest),
            [b'9', b'4', rest @ ..] => self.load_dukpt(1, rest),
            [b'9', b'6', n @ b'0'..=b'1', ..] | [b'1', b'9', n @ b'0'..=b'1', ..] => {
                self.register = n - b'0';
                Reply::End
            }
            [b'Z', b'6', b'6', rest @ ..] => self.mac(rest),
            _ => self.administer(text),
        }
    }

    fn administer(&mut self, text: &[u8]) -> Reply {
        match text {
            [b'0', b'1', b'0', b'6'] => Reply::admin(format!("14{}", self.profile.serial)),
            [b'0', b'1', _, _] => Reply::admin(*b"140"),
            [b'0', b'2', n @ b'0'..=b'9', key @ ..] => load_master(text, *n, key),
            [b'0', b'4', n @ b'0'..=b'9'] => {
                let there = self.vault.has(Slot::Master(n - b'0'));
                Reply::admin(if there { *b"04F" } else { *b"040" })
            }
            [b'0', b'5', serial @ ..] if serial.len() == 16 => {
                self.profile.serial = String::from_utf8_lossy(serial).into_owned();
                Reply::End
            }
            b"06" => Reply::admin(format!("06{}", self.profile.serial)),
            b"07" => Reply::LateEnd,
            [b'0', b'8', n @ b'0'..=b'9'] => {
                self.active = n - b'0';
                Reply::End
            }
            b"09" => Reply::admin(*b"09\x1APROCESSING"),
            [b'1', b'6'] => Reply::admin(*b"160"),
            [b'1', b'1' | b'3' | b'5' | b'7' | b'8', ..] => Reply::End,
            b"25" => Reply::admin(format!("25{}", self.register)),
            b"M04" => Reply::admin(format!("M04{}", self.profile.permanent)),
            other => {
                let id = String::from_utf8_lossy(other.get(..3).unwrap_or(other)).into_owned();
                self.facts.push_back(Fact::UnknownCommand(id));
                Reply::End
            }
        }
    }

    /// SUB clears first; GS and RS name the fixed prompts of UIC pads.
    fn display(&mut self, rest: &[u8]) -> Reply {
        let text = rest.strip_prefix(&[SUB]).unwrap_or(rest);
        let first = text.split(|b| *b == FS).next().unwrap_or_default();
        self.face.show(&String::from_utf8_lossy(first), 16);
        match self.profile.confirms_display {
            true => Reply::transaction(*b"Z20"),
            false => Reply::Nothing,
        }
    }

    fn pin(&mut self, rest: &[u8], ask: Ask) -> Reply {
        let Some(parsed) = PinRequest::read(rest, ask) else {
            return Reply::transaction(*b"712");
        };
        let dukpt = parsed.working.is_none();
        let fault = match (self.profile.mode, dukpt) {
            (Mode::Dukpt, false) => Some('5'),
            (Mode::MasterSession, true) => Some('2'),
            _ if !dukpt && !self.vault.has(Slot::Master(self.active)) => Some('1'),
            _ if dukpt && self.vault.serial(Register::Pin, self.register).is_none() => Some('1'),
            _ => None,
        };
        if let Some(fault) = fault {
            return Reply::transaction(format!("71{fault}"));
        }
        let entry = PinEntry::new(if parsed.empty { 0 } else { parsed.min }, parsed.max);
        let ask = PinAsk {
            account: parsed.account,
            working: parsed.working,
            short: matches!(ask, Ask::Amount),
            empty: parsed.empty,
            prompts: parsed.prompts,
            done: parsed.done,
        };
        let entry = Box::new(Entry::Pin { ask, entry });
        Reply::Person {
            entry,
            idle_ms: Some(parsed.periods * 30_000),
        }
    }

    /// `76`, with or without an account: as if 1234 had been typed.
    fn dukpt_test(&mut self, rest: &[u8]) -> Reply {
        let account = rest.strip_prefix(b".").unwrap_or(rest);
        let account = String::from_utf8_lossy(account).into_owned();
        let mut entry = PinEntry::new(4, 4);
        for digit in 1..=4 {
            entry.press(Key::Digit(digit));
        }
        self.dukpt_reply(&entry, &account, true)
    }

    fn dukpt_reply(&mut self, entry: &PinEntry, account: &str, short: bool) -> Reply {
        let Ok((block, serial)) = self.vault.dukpt_pin_block(self.register, entry, account) else {
            return Reply::transaction(*b"711");
        };
        let serial = hex::encode_upper(serial);
        let head = if short { "710" } else { "73.00000" };
        let text = format!(
            "{head}{}{}",
            serial.trim_start_matches('F'),
            hex::encode_upper(block)
        );
        Reply::transaction(text)
    }

    /// The PIN is complete.
    fn pin_reply(&mut self, ask: &PinAsk, entry: &PinEntry) -> Reply {
        self.facts.push_back(Fact::PinTaken {
            digits: entry.len(),
        });
        let Some(working) = &ask.working else {
            return self.dukpt_reply(entry, &ask.account, ask.short);
        };
        let under = Slot::Master(self.active);
        match self.vault.pin_block(under, working, entry, &ask.account) {
            Ok(block) => {
                let block = hex::encode_upper(block);
                Reply::transaction(format!("71.0{:02}01{block}", entry.len()))
            }
            Err(_) => Reply::transaction(*b"712"),
        }
    }

    fn load_dukpt(&mut self, register: u8, rest: &[u8]) -> Reply {
        let bytes = hex::decode(rest).map(Zeroizing::new).unwrap_or_default();
        // A key of single length counts as its two halves.
        let parts = match bytes.len() {
            26 => bytes
                .split_at_checked(16)
                .map(|(key, ksn)| (key.to_vec(), ksn)),
            18 => bytes
                .split_at_checked(8)
                .map(|(key, ksn)| (key.repeat(2), ksn)),
            _ => None,
        };
        let parts = parts.and_then(|(key, ksn)| {
            Some((
                <[u8; 16]>::try_from(key).ok()?,
                <[u8; 10]>::try_from(ksn).ok()?,
            ))
        });
        let Some((initial, ksn)) = parts else {
            return Reply::transaction(*b"911");
        };
        self.vault.load_dukpt(Register::Pin, register, initial, ksn);
        self.register = register;
        let kcv = String::from("-");
        self.facts.push_back(Fact::KeyLoaded {
            slot: format!("dukpt {register}"),
            kcv,
        });
        Reply::transaction(*b"910")
    }

    fn mac(&mut self, rest: &[u8]) -> Reply {
        let text = match self.mac_packet(rest) {
            Ok(Some(mac)) => format!("Z670{}", hex::encode_upper(mac)),
            Ok(None) => "Z671".to_owned(),
            Err(code) => {
                self.mac = None;
                format!("Z67{code}")
            }
        };
        Reply::transaction(text)
    }

    /// `f ss [n] FS key FS [n2] FS data`: a MAC when the packet was the last.
    fn mac_packet(&mut self, rest: &[u8]) -> Result<Option<[u8; 8]>, char> {
        let fields: Vec<&[u8]> = rest.splitn(4, |b| *b == FS).collect();
        let [head, key, second, data] = fields.as_slice() else {
            return Err('5');
        };
        let [flag, a, b, master @ ..] = head else {
            return Err('5');
        };
        let sequence = number(&[*a, *b]).ok_or('2')? as u8;
        let (last, hexadecimal) = match flag {
            b'4' => (true, false),
            b'5' => (false, false),
            b'6' => (true, true),
            b'7' => (false, true),
            _ => return Err('6'),
        };
        let mut data = match hexadecimal {
            true => hex::decode(data).map_err(|_| '7')?,
            false => data.to_vec(),
        };
        if data.len() > 224 || data.is_empty() || (!last && !data.len().is_multiple_of(8)) {
            return Err('7');
        }
        let fill = if hexadecimal { 0 } else { b'0' };
        data.resize(data.len().next_multiple_of(8), fill);
        let mut mac = match (sequence, self.mac.take()) {
            (0, _) => Mac {
                key: self.mac_key(master, key, second)?,
                chain: [0; 8],
                next: 0,
            },
            (n, Some(mac)) if mac.next == n => mac,
            _ => return Err('2'),
        };
        let (body, tail) = data.split_at(if last {
            data.len().saturating_sub(8)
        } else {
            data.len()
        });
        mac.chain = mac.key.left().mac_from(mac.chain, body);
        mac.next += 1;
        if last {
            return Ok(Some(mac.key.retail_last(mac.chain, tail)));
        }
        self.mac = Some(mac);
        Ok(None)
    }

    fn mac_key(&self, master: &[u8], key: &[u8], second: &[u8]) -> Result<Secret, char> {
        let index = match master {
            [] => self.active,
            [n @ b'0'..=b'9'] => n - b'0',
            _ => return Err('3'),
        };
        if !second.is_empty() {
            return Err('4');
        }
        let wrapped = hex::decode(key).map_err(|_| '8')?;
        self.vault
            .session(Slot::Master(index), &wrapped)
            .map_err(|_| '8')
    }
}

impl Entry {
    pub(super) fn press(&mut self, key: Key, pad: &mut Pad) -> Outcome {
        match self {
            Self::Key => match key_letter(key) {
                Some(letter) => Outcome::Done(Reply::transaction([b'Z', b'4', b'3', letter])),
                None => Outcome::Goes,
            },
            Self::Text { max, typed, .. } => match key {
                Key::Digit(d) if d <= 9 && typed.len() < *max => {
                    typed.push(char::from(b'0' + d));
                    Outcome::Goes
                }
                Key::Clear => {
                    typed.pop();
                    Outcome::Goes
                }
                Key::Enter => Outcome::Done(Reply::transaction(format!("Z51{typed}"))),
                Key::Cancel => Outcome::Cancelled,
                _ => Outcome::Goes,
            },
            Self::Pin { ask, entry } => match entry.press(key) {
                // An empty PIN may be allowed where a short one is not.
                Step::Done if ask.empty && (1..4).contains(&entry.len()) => Outcome::Goes,
                Step::Done => {
                    let reply = pad.pin_reply(ask, entry);
                    pad.face.show(&ask.done, 16);
                    Outcome::Done(reply)
                }
                Step::Cancelled => Outcome::Cancelled,
                Step::Digit | Step::Erased | Step::Ignored => Outcome::Goes,
            },
        }
    }

    /// What goes to the host when nobody acts; without it EOT does.
    pub(super) fn timed_out(self) -> Option<Reply> {
        match self {
            Self::Key => Some(Reply::transaction(*b"Z43?")),
            Self::Text { .. } | Self::Pin { .. } => None,
        }
    }

    pub(super) fn show(&self, face: &mut Face) {
        match self {
            Self::Key => face.asks = Asks::Key,
            Self::Text { echo, typed, .. } => {
                let shown = match echo {
                    b'0' => "*".repeat(typed.len()),
                    b'2' => String::new(),
                    _ => typed.clone(),
                };
                face.lines = vec![shown];
                face.asks = Asks::Digits;
            }
            Self::Pin { ask, entry } => {
                if !ask.prompts.is_empty() {
                    face.lines.clone_from(&ask.prompts);
                }
                let keep = ask.prompts.len().max(1);
                face.lines.truncate(keep);
                face.lines.push("*".repeat(entry.len()));
                face.asks = Asks::Pin {
                    entered: entry.len(),
                };
            }
        }
    }
}

/// The three requests for a PIN.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ask {
    /// 70: the pad shows the amount.
    Amount,
    /// Z60: the host has shown what is to be shown.
    Bare,
    /// Z62, Z63: limits and prompts come along.
    Prompts,
}

/// A request for a PIN as it stands in the frame.
#[derive(Clone)]
struct PinRequest {
    account: String,
    working: Option<Vec<u8>>,
    min: usize,
    max: usize,
    empty: bool,
    prompts: Vec<String>,
    done: String,
    /// How many half minutes the person has.
    periods: Millis,
}

impl PinRequest {
    /// `. account FS key rest`; `None` when the account or the key is no such thing.
    fn read(rest: &[u8], ask: Ask) -> Option<Self> {
        let rest = rest.strip_prefix(b".")?;
        let mut fields = rest.split(|b| *b == FS);
        let account = fields.next().filter(|a| (8..=19).contains(&a.len()))?;
        if !account.iter().all(u8::is_ascii_digit) {
            return None;
        }
        let body = fields.next()?;
        let (working, tail) = working_key(body)?;
        let mut request = Self {
            account: String::from_utf8_lossy(account).into_owned(),
            working,
            min: 4,
            max: 12,
            empty: false,
            prompts: Vec::new(),
            done: String::new(),
            periods: 1,
        };
        let texts: Vec<String> = fields
            .map(|f| String::from_utf8_lossy(f).into_owned())
            .collect();
        match ask {
            Ask::Bare => {}
            Ask::Amount => {
                let amount = String::from_utf8_lossy(tail).into_owned();
                request.prompts = vec![amount, "ENTER PIN".to_owned()];
                request.periods = half_minutes(texts.first());
            }
            Ask::Prompts => request.prompts(tail, &texts)?,
        }
        Some(request)
    }

    /// `min2 max2 null prompt FS prompt FS done [FS time]`.
    fn prompts(&mut self, tail: &[u8], texts: &[String]) -> Option<()> {
        let (min, tail) = tail.split_at_checked(2)?;
        let (max, tail) = tail.split_at_checked(2)?;
        let (null, first) = tail.split_first()?;
        self.min = number(min)? as usize;
        self.max = number(max).filter(|m| *m <= 12)? as usize;
        self.empty = *null == b'Y';
        self.prompts = vec![String::from_utf8_lossy(first).into_owned()];
        self.prompts.extend(texts.first().cloned());
        self.done = texts.get(1).cloned().unwrap_or_default();
        self.periods = half_minutes(texts.get(2));
        (self.min >= 4 && self.max >= self.min).then_some(())
    }
}

/// 32 or 16 hex digits are a key; words or an amount in their place ask for DUKPT.
fn working_key(body: &[u8]) -> Option<(Option<Vec<u8>>, &[u8])> {
    if let Some(tail) = body.strip_prefix(b"DUKPT ENCRYPTION") {
        return Some((None, tail));
    }
    let run = body.iter().take_while(|b| b.is_ascii_hexdigit()).count();
    let len = match run {
        32.. => 32,
        16.. => 16,
        _ => return Some((None, body)),
    };
    let (key, tail) = body.split_at_checked(len)?;
    Some((Some(hex::decode(key).ok()?), tail))
}

fn half_minutes(text: Option<&String>) -> Millis {
    text.and_then(|t| t.bytes().next())
        .filter(u8::is_ascii_digit)
        .map_or(1, |b| Millis::from(b - b'0').max(1))
}

/// Echo, seconds, and how much at most: `Z50 e ttt mm`.
fn text_entry(rest: &[u8]) -> Reply {
    let (Some(echo), Some(seconds), max) = (
        rest.first(),
        rest.get(1..4).and_then(number),
        rest.get(4..6).and_then(number),
    ) else {
        return Reply::End;
    };
    let max = max.unwrap_or(49).min(49) as usize;
    let entry = Entry::Text {
        echo: *echo,
        max,
        typed: String::new(),
    };
    Reply::Person {
        entry: Box::new(entry),
        idle_ms: Some(seconds * 1000),
    }
}

/// The pad says the frame back; only the host's ACK makes the key stay.
fn load_master(text: &[u8], slot: u8, key: &[u8]) -> Reply {
    match hex::decode(key).map(Zeroizing::new) {
        Ok(key) if matches!(key.len(), 8 | 16) => Reply::Text {
            kind: Kind::Admin,
            text: text.to_vec(),
            after: After::Store {
                master: slot - b'0',
                key,
            },
        },
        _ => Reply::End,
    }
}

fn number(digits: &[u8]) -> Option<Millis> {
    crate::pad::abecs::request::digits(digits).map(|n| n as Millis)
}

fn key_letter(key: Key) -> Option<u8> {
    match key {
        Key::Digit(d) if d <= 9 => Some(b'0' + d),
        Key::Function(n @ 1..=3) => Some(b'A' + n - 1),
        Key::Cancel => Some(b'*'),
        Key::Enter => Some(b'#'),
        Key::Clear => Some(b'/'),
        Key::Digit(_) | Key::Function(_) | Key::Up | Key::Down => None,
    }
}

impl Secret {
    /// The left half as a key of its own: ISO 9797-1 algorithm 3 chains under it.
    fn left(&self) -> Secret {
        self.half(false)
    }

    /// The last block: a double key deciphers under its right half and enciphers again.
    fn retail_last(&self, chain: [u8; 8], tail: &[u8]) -> [u8; 8] {
        let left = self.left();
        let out = left.mac_from(chain, tail);
        if self.len() == 8 {
            return out;
        }
        let middle = self.half(true).decipher_all(&out);
        let last = left.encipher_all(&middle, Chaining::Ecb);
        <[u8; 8]>::try_from(last).unwrap_or(out)
    }
}
