//! The simulated VISA pad's line: ACK and NAK, replies that want an ACK, what waits for a person.

use super::frame::{ACK, Decoder, EOT, NAK, Received, wrap};
use super::reply::{After, Entry, Mac, Outcome, Reply};
use crate::pad::face::{Asks, Face, Fact, earlier};
use crate::pad::secure::{Slot, Vault};
use crate::pad::{Key, Millis};
use std::collections::VecDeque;

/// Which requests for a PIN the pad answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mode {
    /// Both, by what the request carries.
    #[default]
    Both,
    /// Only with a working key.
    MasterSession,
    /// Only under DUKPT.
    Dukpt,
}

/// What the pad says of itself, and how it was set up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// `vvv yymmdd p bb nnnn` without the spaces.
    pub serial: String,
    /// The permanent serial number, `xxx-xxx-xxx`.
    pub permanent: String,
    /// Answer a display request with `Z20`, as UIC pads do.
    pub confirms_display: bool,
    /// How keys are managed.
    pub mode: Mode,
}

impl Default for Profile {
    fn default() -> Self {
        Self {
            serial: "246880401A001234".to_owned(),
            permanent: "000-000-001".to_owned(),
            confirms_display: false,
            mode: Mode::Both,
        }
    }
}

/// A reply that has not been acknowledged.
#[derive(Clone)]
struct Sent {
    frame: Vec<u8>,
    times: u8,
    at: Millis,
    after: After,
}

/// The simulated VISA pad.
#[derive(Clone)]
pub struct Pad {
    pub(super) vault: Vault,
    pub(super) profile: Profile,
    pub(super) face: Face,
    pub(super) facts: VecDeque<Fact>,
    /// The master key in use.
    pub(super) active: u8,
    /// The DUKPT register in use.
    pub(super) register: u8,
    pub(super) mac: Option<Mac>,
    decoder: Decoder,
    gap_at: Option<Millis>,
    sent: Option<Sent>,
    entry: Option<(Entry, Option<Millis>)>,
    /// A late EOT: the dummy packet ends after a second.
    end_at: Option<Millis>,
    out: VecDeque<Vec<u8>>,
}

impl Pad {
    /// A pad with these keys.
    #[must_use]
    pub fn new(vault: Vault) -> Self {
        Self {
            vault,
            profile: Profile::default(),
            face: Face::default(),
            facts: VecDeque::new(),
            active: 0,
            register: 0,
            mac: None,
            decoder: Decoder::new(),
            gap_at: None,
            sent: None,
            entry: None,
            end_at: None,
            out: VecDeque::new(),
        }
    }

    /// Says something else of itself.
    #[must_use]
    pub fn with_profile(mut self, profile: Profile) -> Self {
        self.profile = profile;
        self
    }

    /// The line carries seven bits and parity.
    #[must_use]
    pub fn seven_bits(mut self, on: bool) -> Self {
        self.decoder = Decoder::new().seven_bits(on);
        self
    }

    /// Takes bytes from the host.
    pub fn feed(&mut self, bytes: &[u8], now: Millis) {
        self.handle_timeout(now);
        for byte in bytes {
            match self.decoder.push(*byte) {
                Some(Received::Frame { text, .. }) => self.frame(&text, now),
                Some(Received::Bad(_)) => self.refuse(),
                Some(Received::Byte(ACK)) => self.acknowledged(),
                Some(Received::Byte(NAK)) => self.send_again(now),
                Some(Received::Byte(EOT)) => {
                    self.sent = None;
                    self.stop();
                }
                Some(Received::Byte(_)) | None => {}
            }
        }
        self.gap_at = self.decoder.inside().then_some(now + GAP_MS);
    }

    /// When [`handle_timeout`](Self::handle_timeout) wants to be called.
    #[must_use]
    pub fn poll_timeout(&self) -> Option<Millis> {
        let sent = self.sent.as_ref().map(|s| s.at);
        let entry = self.entry.as_ref().and_then(|(_, at)| *at);
        earlier(earlier(sent, entry), earlier(self.gap_at, self.end_at))
    }

    /// Does what is due at `now`.
    pub fn handle_timeout(&mut self, now: Millis) {
        let due = |at: Option<Millis>| at.is_some_and(|at| at <= now);
        if due(self.gap_at) {
            self.gap_at = None;
            self.decoder.reset();
            self.refuse();
        }
        if due(self.end_at) {
            self.end_at = None;
            self.out.push_back(vec![EOT]);
        }
        if due(self.sent.as_ref().map(|s| s.at)) {
            self.send_again(now);
        }
        if due(self.entry.as_ref().and_then(|(_, at)| *at)) {
            let reply = self.entry.take().and_then(|(entry, _)| entry.timed_out());
            self.face.clear();
            match reply {
                Some(reply) => self.put(reply, now),
                None => self.out.push_back(vec![EOT]),
            }
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

    /// The display and what is asked for.
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
        let Some((mut entry, at)) = self.entry.take() else {
            return;
        };
        match entry.press(key, self) {
            Outcome::Goes => {
                entry.show(&mut self.face);
                self.entry = Some((entry, at));
            }
            Outcome::Done(reply) => {
                self.face.clear();
                self.put(reply, now);
            }
            Outcome::Cancelled => {
                self.face.clear();
                self.out.push_back(vec![EOT]);
            }
        }
    }

    fn frame(&mut self, text: &[u8], now: Millis) {
        self.sent = None;
        if text.starts_with(b"72") {
            self.mac = None;
            let running = self.stop();
            self.out.push_back(vec![if running { EOT } else { ACK }]);
            return;
        }
        self.stop();
        self.out.push_back(vec![ACK]);
        match self.answer(text) {
            Reply::Nothing => {}
            Reply::End => self.out.push_back(vec![EOT]),
            Reply::LateEnd => self.end_at = Some(now + 1000),
            reply @ Reply::Text { .. } => self.put(reply, now),
            Reply::Person { entry, idle_ms } => {
                entry.show(&mut self.face);
                self.entry = Some((*entry, idle_ms.map(|ms| now + ms)));
            }
        }
    }

    /// Ends what waits for a person; says whether anything did.
    fn stop(&mut self) -> bool {
        let running = self.entry.take().is_some();
        if running || self.face.asks != Asks::Nothing {
            self.face.clear();
        }
        running
    }

    fn put(&mut self, reply: Reply, now: Millis) {
        let Reply::Text { kind, text, after } = reply else {
            return;
        };
        let frame = wrap(kind, &text);
        self.out.push_back(frame.clone());
        self.sent = Some(Sent {
            frame,
            times: 1,
            at: now + ACK_MS,
            after,
        });
    }

    fn refuse(&mut self) {
        self.facts.push_back(Fact::BadCheck);
        self.out.push_back(vec![NAK]);
    }

    fn acknowledged(&mut self) {
        let Some(sent) = self.sent.take() else { return };
        if let After::Store { master, key } = &sent.after
            && let Ok(kcv) = self.vault.load(Slot::Master(*master), key)
        {
            self.facts.push_back(Fact::KeyLoaded {
                slot: format!("master {master}"),
                kcv,
            });
        }
        self.out.push_back(vec![EOT]);
    }

    fn send_again(&mut self, now: Millis) {
        let Some(mut sent) = self.sent.take() else {
            return;
        };
        if sent.times >= TRIES {
            self.out.push_back(vec![EOT]);
            return;
        }
        self.out.push_back(sent.frame.clone());
        sent.times += 1;
        sent.at = now + ACK_MS;
        self.sent = Some(sent);
    }
}

/// How long an ACK may take before the reply goes out again.
const ACK_MS: Millis = 5000;
/// The longest pause inside a frame.
const GAP_MS: Millis = 2000;
/// How often a reply is sent.
const TRIES: u8 = 3;
