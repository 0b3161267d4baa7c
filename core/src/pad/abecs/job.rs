//! A blocking command while it waits for a person: what each key, card and moment does to it.

use super::field as f;
use super::request::{Fields, Reply, Request, digits, from_latin1};
use super::status as st;
use crate::pad::card::Card;
use crate::pad::face::{Asks, Face, Fact};
use crate::pad::secure::{PinEntry, Slot, Step, Vault};
use crate::pad::{Key, Millis};
use std::collections::VecDeque;

/// A command that has not been answered.
#[derive(Clone)]
pub(super) struct Job {
    id: [u8; 3],
    kind: Kind,
    idle_ms: Option<Millis>,
    /// When it ends by itself.
    pub(super) deadline: Option<Millis>,
}

/// How a PIN will be enciphered.
#[derive(Clone)]
pub(super) enum Scheme {
    /// Under a working key that came along, under the master at the index.
    Master { index: u8, enciphered: Vec<u8> },
    /// Under the next key of the register at the index.
    Dukpt { index: u8 },
}

/// What is waited for.
#[derive(Clone)]
pub(super) enum Kind {
    Key,
    Event(Events),
    Pin {
        scheme: Scheme,
        account: String,
        entry: PinEntry,
        prompt: String,
    },
    Data {
        min: usize,
        max: usize,
        typed: String,
        prompt: &'static str,
    },
    Menu {
        title: String,
        options: Vec<String>,
        current: usize,
    },
    Removal(String),
    Card {
        old: bool,
    },
}

/// The events that CEX and CKE wait for.
#[derive(Clone)]
pub(super) struct Events {
    keys: bool,
    stripe: bool,
    /// `0` not at all, `1` a card going in, `2` a card coming out.
    chip: u8,
    contactless: bool,
    mask: Option<(usize, usize)>,
    old: bool,
}

impl Job {
    pub(super) fn new(request: &Request<'_>, kind: Kind) -> Self {
        let seconds = request
            .fields()
            .and_then(|fields| fields.number(f::TIMEOUT));
        let idle_ms = match &kind {
            Kind::Pin { .. } => Some(60_000),
            Kind::Event(Events {
                contactless: true, ..
            }) => Some(120_000),
            Kind::Event(_) | Kind::Data { .. } | Kind::Menu { .. } => seconds.map(|s| s * 1000),
            Kind::Key | Kind::Removal(_) | Kind::Card { .. } => None,
        };
        Self {
            id: request.id,
            kind,
            idle_ms,
            deadline: None,
        }
    }

    /// Starts the idle time anew.
    pub(super) fn restart(&mut self, now: Millis) {
        self.deadline = self.idle_ms.map(|idle| now + idle);
    }

    /// The reply, when what is waited for is already so.
    pub(super) fn already(&self, chip: bool) -> Option<Reply> {
        match (&self.kind, chip) {
            (Kind::Event(e), true) if e.chip == 1 => Some(e.reply(self.id, b"92", b"21")),
            (Kind::Event(e), false) if e.chip == 2 => Some(e.reply(self.id, b"91", b"20")),
            (Kind::Removal(_), false) => Some(Reply::status(self.id, st::OK)),
            // Without AID tables no application of a chip can fit.
            (Kind::Card { .. }, true) => Some(Reply::status(self.id, st::CARDAPPNAV)),
            _ => None,
        }
    }

    pub(super) fn timed_out(self) -> Reply {
        match self.kind {
            Kind::Event(e) if e.contactless => e.reply(self.id, b"93", b"30"),
            _ => Reply::status(self.id, st::TIMEOUT),
        }
    }

    pub(super) fn press(
        &mut self,
        key: Key,
        vault: &mut Vault,
        facts: &mut VecDeque<Fact>,
    ) -> Option<Reply> {
        let id = self.id;
        match &mut self.kind {
            Kind::Key => code(key).map(|status| Reply::status(id, status)),
            Kind::Event(events) => events.press(id, key),
            Kind::Pin {
                scheme,
                account,
                entry,
                ..
            } => match entry.press(key) {
                Step::Done => {
                    facts.push_back(Fact::PinTaken {
                        digits: entry.len(),
                    });
                    Some(pin_reply(id, scheme, account, entry, vault))
                }
                Step::Cancelled => Some(Reply::status(id, st::CANCEL)),
                Step::Digit | Step::Erased | Step::Ignored => None,
            },
            Kind::Data {
                min, max, typed, ..
            } => press_data(id, key, *min, *max, typed),
            Kind::Menu {
                options, current, ..
            } => press_menu(id, key, options, current),
            Kind::Removal(_) => None,
            Kind::Card { .. } => (key == Key::Cancel).then(|| Reply::status(id, st::CANCEL)),
        }
    }

    pub(super) fn swipe(&self, card: &Card) -> Option<Reply> {
        match &self.kind {
            Kind::Event(events) if events.stripe => Some(events.swiped(self.id, card)),
            Kind::Card { old } => Some(transaction(self.id, card, *old)),
            _ => None,
        }
    }

    /// The line a host may show while it waits.
    pub(super) fn notice(&self) -> Option<String> {
        match &self.kind {
            Kind::Pin { entry, .. } => {
                Some(format!("{:<32}", format!("PIN: {}", stars(entry.len()))))
            }
            _ => None,
        }
    }

    pub(super) fn show(&self, face: &mut Face) {
        match &self.kind {
            Kind::Key => face.asks = Asks::Key,
            Kind::Event(e) => {
                face.asks = if e.stripe || e.chip > 0 || e.contactless {
                    Asks::Card
                } else {
                    Asks::Key
                };
            }
            Kind::Pin { entry, prompt, .. } => {
                face.show(prompt, 16);
                face.lines.push(stars(entry.len()));
                face.asks = Asks::Pin {
                    entered: entry.len(),
                };
            }
            Kind::Data { typed, prompt, .. } => {
                face.show(prompt, 24);
                face.lines.push(typed.clone());
                face.asks = Asks::Digits;
            }
            Kind::Menu {
                title,
                options,
                current,
            } => {
                face.show(title, 24);
                let marked = options.iter().enumerate().map(|(i, option)| {
                    let mark = if i == *current { '>' } else { ' ' };
                    format!("{mark}{option}")
                });
                face.lines.extend(marked);
                face.asks = Asks::Choice;
            }
            Kind::Removal(text) => {
                face.show(text, 16);
                face.lines.push("RETIRE O CARTAO".to_owned());
                face.asks = Asks::Card;
            }
            Kind::Card { .. } => {
                face.show("INSIRA OU PASSE\rO CARTAO", 16);
                face.asks = Asks::Card;
            }
        }
    }
}

impl Kind {
    pub(super) fn cex(request: &Request<'_>) -> Result<Self, u16> {
        let fields = request.fields().ok_or(st::INVPARM)?;
        let options = fields.first(f::CEXOPT).ok_or(st::MANDAT)?;
        let [keys, stripe, chip, contactless, _, _] = options else {
            return Err(st::INVPARM);
        };
        let mask = match fields.first(f::PANMASK) {
            None => None,
            Some([a, b, c, d]) => {
                let two = |x: u8, y: u8| digits(&[x, y]).ok_or(st::INVPARM);
                Some((two(*a, *b)?, two(*c, *d)?))
            }
            Some(_) => return Err(st::INVPARM),
        };
        Ok(Self::Event(Events {
            keys: *keys == b'1',
            stripe: *stripe == b'1',
            chip: chip.wrapping_sub(b'0').min(2),
            contactless: *contactless == b'1',
            mask,
            old: false,
        }))
    }

    pub(super) fn cke(request: &Request<'_>) -> Result<Self, u16> {
        let (keys, stripe, chip, contactless) = match request.block() {
            [k, m, i] => (k, m, i, &b'0'),
            [k, m, i, c] => (k, m, i, c),
            _ => return Err(st::INVPARM),
        };
        Ok(Self::Event(Events {
            keys: *keys == b'1',
            stripe: *stripe == b'1',
            chip: chip.wrapping_sub(b'0').min(2),
            contactless: *contactless == b'1',
            mask: None,
            old: true,
        }))
    }

    /// A missing key is told before anyone is asked.
    pub(super) fn gpn(
        request: &Request<'_>,
        vault: &Vault,
        read: Option<&Card>,
    ) -> Result<Self, u16> {
        let ask = PinAsk::read(request.block()).ok_or(st::INVPARM)?;
        if ask.entries != b'1' || ask.min < 4 || ask.max < ask.min {
            return Err(st::INVPARM);
        }
        // 0 and 2 are the single-DES forms of old hosts: answered under the same keys.
        let scheme = match ask.method {
            b'0' | b'1' => {
                let enciphered = hex::decode(ask.working_key).map_err(|_| st::INVPARM)?;
                vault
                    .has(Slot::AbecsPin(ask.index))
                    .then_some(())
                    .ok_or(st::ERRKEY)?;
                Scheme::Master {
                    index: ask.index,
                    enciphered,
                }
            }
            b'2' | b'3' => {
                let register = crate::pad::secure::vault::Register::Pin;
                vault.serial(register, ask.index).ok_or(st::ERRKEY)?;
                Scheme::Dukpt { index: ask.index }
            }
            _ => return Err(st::INVPARM),
        };
        let account = match ask.pan {
            [] => read.map(|card| card.pan().to_owned()).ok_or(st::INVCALL)?,
            pan if pan.iter().all(u8::is_ascii_digit) => from_latin1(pan),
            _ => return Err(st::INVPARM),
        };
        Ok(Self::Pin {
            scheme,
            account,
            entry: PinEntry::new(ask.min, ask.max),
            prompt: from_latin1(ask.text),
        })
    }

    pub(super) fn gcd(request: &Request<'_>) -> Result<Self, u16> {
        let fields = request.fields().ok_or(st::INVPARM)?;
        let index = fields.number(f::MSGIDX).ok_or(st::MANDAT)?;
        let index = usize::try_from(index).map_err(|_| st::INVPARM)?;
        let prompt = index
            .checked_sub(1)
            .and_then(|i| super::inform::PROMPTS.get(i));
        let digit = |id, default| Fields::number(&fields, id).unwrap_or(default).min(32) as usize;
        let (min, max) = (digit(f::MINDIG, 0), digit(f::MAXDIG, 32));
        match prompt {
            Some(prompt) if max >= min && max > 0 => Ok(Self::Data {
                min,
                max,
                typed: String::new(),
                prompt,
            }),
            _ => Err(st::INVPARM),
        }
    }

    pub(super) fn mnu(request: &Request<'_>) -> Result<Self, u16> {
        let fields = request.fields().ok_or(st::INVPARM)?;
        let options: Vec<String> = fields.each(f::MNUOPT).map(from_latin1).collect();
        match options.len() {
            0 => Err(st::MANDAT),
            1..=20 => Ok(Self::Menu {
                title: fields.first(f::DSPMSG).map(from_latin1).unwrap_or_default(),
                options,
                current: 0,
            }),
            _ => Err(st::INVPARM),
        }
    }
}

impl Events {
    fn press(&self, id: [u8; 3], key: Key) -> Option<Reply> {
        if !self.keys {
            return None;
        }
        let event = match key {
            Key::Up if !self.old => 2,
            Key::Down if !self.old => 3,
            other => code(other)?,
        };
        let event = format!("{event:02}");
        Some(self.reply(id, event.as_bytes(), format!("0{event}").as_bytes()))
    }

    fn reply(&self, id: [u8; 3], new: &[u8], old: &[u8]) -> Reply {
        match self.old {
            true => Reply::block(id, old),
            false => Reply::fields(id, [(f::EVENT, new.to_vec())]),
        }
    }

    fn swiped(&self, id: [u8; 3], card: &Card) -> Reply {
        if self.old {
            return match (card.track1(), card.track2()) {
                (None, None) => Reply::status(id, st::MCDATAERR),
                _ => Reply::block(id, format!("1{}", tracks(card))),
            };
        }
        let mut fields = vec![(f::EVENT, b"90".to_vec())];
        let masked = |track: &str, head: usize| mask(track, head, card.pan().len(), self.mask);
        if let Some(track) = card.track1() {
            fields.push((f::TRK1INC, incomplete(&masked(track, 1), '^')));
        }
        if let Some(track) = card.track2() {
            fields.push((f::TRK2INC, incomplete(&masked(track, 0), '=')));
        }
        Reply::fields(id, fields)
    }
}

/// The fixed block of GPN.
struct PinAsk<'a> {
    method: u8,
    index: u8,
    working_key: &'a [u8],
    pan: &'a [u8],
    entries: u8,
    min: usize,
    max: usize,
    text: &'a [u8],
}

impl<'a> PinAsk<'a> {
    fn read(block: &'a [u8]) -> Option<Self> {
        let (method, rest) = block.split_first()?;
        let (index, rest) = rest.split_at_checked(2)?;
        let (working_key, rest) = rest.split_at_checked(32)?;
        let (pan_len, rest) = rest.split_at_checked(2)?;
        let (pan, rest) = rest.split_at_checked(19)?;
        let (entries, rest) = rest.split_first()?;
        let (min, rest) = rest.split_at_checked(2)?;
        let (max, text) = rest.split_at_checked(2)?;
        Some(Self {
            method: *method,
            index: digits(index)? as u8,
            working_key,
            pan: pan.get(..digits(pan_len)?)?,
            entries: *entries,
            min: digits(min)?,
            max: digits(max)?,
            text,
        })
    }
}

fn pin_reply(
    id: [u8; 3],
    scheme: &Scheme,
    account: &str,
    entry: &PinEntry,
    vault: &mut Vault,
) -> Reply {
    let made = match scheme {
        Scheme::Master { index, enciphered } => vault
            .pin_block(Slot::AbecsPin(*index), enciphered, entry, account)
            .map(|block| (block, [0; 10])),
        Scheme::Dukpt { index } => vault.dukpt_pin_block(*index, entry, account),
    };
    match made {
        Ok((block, serial)) => {
            Reply::block(id, hex::encode_upper(block) + &hex::encode_upper(serial))
        }
        Err(_) => Reply::status(id, st::ERRKEY),
    }
}

fn press_data(id: [u8; 3], key: Key, min: usize, max: usize, typed: &mut String) -> Option<Reply> {
    match key {
        Key::Digit(d) if d <= 9 && typed.len() < max => typed.push(char::from(b'0' + d)),
        Key::Clear => {
            typed.pop();
        }
        Key::Enter if typed.len() >= min => {
            return Some(Reply::fields(id, [(f::VALUE, typed.as_bytes().to_vec())]));
        }
        Key::Cancel => return Some(Reply::status(id, st::CANCEL)),
        _ => {}
    }
    None
}

/// A digit chooses the line that begins with it; arrows and enter choose any line.
fn press_menu(id: [u8; 3], key: Key, options: &[String], current: &mut usize) -> Option<Reply> {
    let chosen = match key {
        Key::Up => {
            *current = current
                .checked_sub(1)
                .unwrap_or(options.len().saturating_sub(1));
            return None;
        }
        Key::Down => {
            *current = (*current + 1) % options.len().max(1);
            return None;
        }
        Key::Enter => *current,
        Key::Cancel => return Some(Reply::status(id, st::CANCEL)),
        Key::Digit(d) => {
            let head = char::from(b'0' + d.min(9));
            let hot = |o: &String| o.starts_with(|c: char| c.is_ascii_digit());
            match options.iter().position(|o| o.starts_with(head)) {
                Some(line) => line,
                None if options.iter().any(hot) => return None,
                None => usize::from(d)
                    .checked_sub(1)
                    .filter(|i| *i < options.len())?,
            }
        }
        Key::Clear | Key::Function(_) => return None,
    };
    Some(Reply::fields(
        id,
        [(f::VALUE, format!("{:02}", chosen + 1).into_bytes())],
    ))
}

/// A magnetic card in the transaction commands: GCX in fields, GCR in its fixed record.
fn transaction(id: [u8; 3], card: &Card, old: bool) -> Reply {
    if card.track1().or(card.track2()).is_none() {
        return Reply::status(id, st::MCDATAERR);
    }
    if old {
        // 352 bytes as in the worked examples: their reserved part has 39 zeros, the text says 29.
        let record = format!("000000000{}00{}", tracks(card), " ".repeat(19));
        let tail = format!(
            "00{}000{}{}",
            " ".repeat(16),
            " ".repeat(26),
            "0".repeat(6 + 39 + 6)
        );
        return Reply::block(id, record + &tail);
    }
    let mut fields = vec![(f::CARDTYPE, b"00".to_vec()), (0x8050, b"0".to_vec())];
    if let Some(track) = card.track1() {
        fields.push((f::TRK1INC, incomplete(track, '^')));
    }
    if let Some(track) = card.track2() {
        fields.push((f::TRK2INC, incomplete(track, '=')));
    }
    Reply::fields(id, fields)
}

/// Three tracks of fixed width, each with its length before it.
fn tracks(card: &Card) -> String {
    let one = card.track1().unwrap_or_default();
    let two = card.track2().unwrap_or_default();
    format!(
        "{:02}{one:<76}{:02}{two:<37}000{:104}",
        one.len(),
        two.len(),
        ""
    )
}

/// A track up to expiry and service code: what follows stays in the pad.
fn incomplete(track: &str, separator: char) -> Vec<u8> {
    let end = track.rfind(separator).map_or(track.len(), |at| at + 1 + 7);
    track.get(..end).unwrap_or(track).as_bytes().to_vec()
}

/// Stars over the middle of the PAN that stands `head` characters into the track.
fn mask(track: &str, head: usize, pan_len: usize, open: Option<(usize, usize)>) -> String {
    let Some((left, right)) = open else {
        return track.to_owned();
    };
    let hidden = head + left..(head + pan_len).saturating_sub(right);
    track
        .chars()
        .enumerate()
        .map(|(i, c)| if hidden.contains(&i) { '*' } else { c })
        .collect()
}

/// The number of a key that is no digit.
fn code(key: Key) -> Option<u16> {
    match key {
        Key::Enter => Some(st::OK),
        Key::Function(n @ 1..=4) => Some(3 + u16::from(n)),
        Key::Clear => Some(st::BACKSP),
        Key::Cancel => Some(st::CANCEL),
        Key::Digit(_) | Key::Function(_) | Key::Up | Key::Down => None,
    }
}

fn stars(count: usize) -> String {
    "*".repeat(count)
}
