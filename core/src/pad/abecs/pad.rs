//! The simulated pad's line: frames in, ACK or NAK at once, replies, resending, cancelling.

use super::app::App;
use super::channel::SessionKey;
use super::frame::{ACK, CAN, DC2, Decoder, EOT, NAK, Received, wrap};
use super::request::{Reply, Request, digits};
use super::rsa::PublicKey;
use super::status as st;
use crate::pad::card::Card;
use crate::pad::face::{Face, Fact, earlier};
use crate::pad::secure::Vault;
use crate::pad::secure::random::Random;
use crate::pad::{Key, Millis};
use std::collections::VecDeque;

/// What the pad says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// The maker.
    pub maker: String,
    /// The model and its memory, `name;memory`.
    pub model: String,
    /// The operating system.
    pub system: String,
    /// The manager application, `VVV.VV YYMMDD`.
    pub manager: String,
    /// The Abecs application.
    pub application: String,
    /// The EMV kernel.
    pub kernel: String,
    /// The serial number.
    pub serial: String,
    /// Send a notification for every key of a PIN.
    pub notices: bool,
}

impl Default for Profile {
    fn default() -> Self {
        Self {
            maker: "POSLAB".to_owned(),
            model: "SIMULATED PAD;1MB".to_owned(),
            system: "POSLAB".to_owned(),
            manager: "001.00 261123".to_owned(),
            application: "001.00 261123".to_owned(),
            kernel: "NONE".to_owned(),
            serial: "SIM0000001".to_owned(),
            notices: false,
        }
    }
}

/// The simulated ABECS pad.
#[derive(Clone)]
pub struct Pad {
    app: App,
    channel: Option<SessionKey>,
    decoder: Decoder,
    /// A frame must go on before this.
    gap_at: Option<Millis>,
    /// Bytes are thrown away until the line has been quiet to this moment.
    quiet_at: Option<Millis>,
    last: Option<Vec<u8>>,
    out: VecDeque<Vec<u8>>,
}

impl Pad {
    /// A pad with these keys.
    #[must_use]
    pub fn new(vault: Vault) -> Self {
        Self {
            app: App::new(vault),
            channel: None,
            decoder: Decoder::new(),
            gap_at: None,
            quiet_at: None,
            last: None,
            out: VecDeque::new(),
        }
    }

    /// Says something else of itself.
    #[must_use]
    pub fn with_profile(mut self, profile: Profile) -> Self {
        self.app.profile = profile;
        self
    }

    /// Makes session keys from this seed; without one they are the same in every run.
    #[must_use]
    pub fn with_seed(mut self, seed: [u8; 16]) -> Self {
        self.app.random = Random::new(seed);
        self
    }

    /// Takes bytes from the host.
    pub fn feed(&mut self, bytes: &[u8], now: Millis) {
        self.handle_timeout(now);
        for byte in bytes {
            if self.quiet_at.is_some() {
                self.quiet_at = Some(now + SILENCE_MS);
                continue;
            }
            match self.decoder.push(*byte) {
                Some(Received::Packet(data)) => {
                    self.out.push_back(vec![ACK]);
                    self.packet(&data, now);
                }
                Some(Received::Bad(_)) => self.refuse(now),
                Some(Received::Byte(CAN)) => {
                    self.app.abort();
                    self.out.push_back(vec![EOT]);
                }
                Some(Received::Byte(NAK)) => self.out.extend(self.last.clone()),
                Some(Received::Byte(_)) | None => {}
            }
        }
        self.gap_at = self.decoder.inside().then_some(now + GAP_MS);
    }

    /// When [`handle_timeout`](Self::handle_timeout) wants to be called.
    #[must_use]
    pub fn poll_timeout(&self) -> Option<Millis> {
        earlier(earlier(self.gap_at, self.quiet_at), self.app.deadline())
    }

    /// Does what is due at `now`.
    pub fn handle_timeout(&mut self, now: Millis) {
        if self.gap_at.is_some_and(|at| at <= now) {
            self.gap_at = None;
            self.decoder.reset();
            self.refuse(now);
        }
        if self.quiet_at.is_some_and(|at| at <= now) {
            self.quiet_at = None;
            self.out.push_back(vec![NAK]);
        }
        let reply = self.app.timeout(now);
        self.finish(reply);
    }

    /// The next bytes for the host.
    pub fn poll_transmit(&mut self) -> Option<Vec<u8>> {
        self.out.pop_front()
    }

    /// The next thing that happened inside.
    pub fn poll_event(&mut self) -> Option<Fact> {
        self.app.facts.pop_front()
    }

    /// A finger on a key.
    pub fn press(&mut self, key: Key, now: Millis) {
        let reply = self.app.press(key, now);
        self.finish(reply);
    }

    /// A card through the stripe reader.
    pub fn swipe(&mut self, card: Card) {
        let reply = self.app.swipe(card);
        self.finish(reply);
    }

    /// A chip card goes in or comes out.
    pub fn set_chip(&mut self, present: bool) {
        let reply = self.app.set_chip(present);
        self.finish(reply);
    }

    /// The display and what is asked for.
    #[must_use]
    pub fn face(&self) -> &Face {
        &self.app.face
    }

    /// The keys.
    pub fn vault_mut(&mut self) -> &mut Vault {
        &mut self.app.vault
    }

    /// A secure channel stands.
    #[must_use]
    pub fn secure(&self) -> bool {
        self.channel.is_some()
    }

    fn refuse(&mut self, now: Millis) {
        self.app.facts.push_back(Fact::BadCheck);
        self.quiet_at = Some(now + SILENCE_MS);
    }

    fn packet(&mut self, data: &[u8], now: Millis) {
        match (data.first(), self.channel.clone()) {
            (Some(&DC2), None) => {
                self.app.abort();
                self.send_clear(&Reply::status(*b"ERR", st::NOSEC));
            }
            (Some(&DC2), Some(key)) => self.sealed(&key, data, now),
            (_, Some(_)) if !data.starts_with(b"OPN") => {
                self.app.abort();
                let id = data.first_chunk::<3>().copied().unwrap_or(*b"ERR");
                self.send_clear(&Reply::status(id, st::ERRPKTSEC));
            }
            _ if data.starts_with(b"OPN") => self.open(data),
            _ => {
                let reply = self.app.execute(data, now);
                self.finish(reply);
            }
        }
    }

    fn sealed(&mut self, key: &SessionKey, data: &[u8], now: Millis) {
        match key.open(data) {
            None => {
                self.app.abort();
                self.channel = None;
                self.send_clear(&Reply::status(*b"ERR", st::ERRPKTSEC));
            }
            Some(clear) if clear.starts_with(b"OPN") => {
                self.app.abort();
                self.channel = None;
                self.send_clear(&Reply::status(*b"OPN", st::INVCALL));
            }
            Some(clear) => {
                let reply = self.app.execute(&clear, now);
                self.finish(reply);
            }
        }
    }

    /// OPN is always in clear and always accepted; with a public key it makes a channel.
    fn open(&mut self, data: &[u8]) {
        self.app.abort();
        self.channel = None;
        let request = Request::read(data).filter(|r| r.blocks.is_some());
        let reply = match request.as_ref().map(Request::block) {
            None => Reply::status(*b"OPN", st::INVPARM),
            Some([]) => {
                self.app.open = true;
                Reply::status(*b"OPN", st::OK)
            }
            Some(block) => match self.exchange(block) {
                Some(reply) => {
                    self.app.open = true;
                    reply
                }
                None => Reply::status(*b"OPN", st::INVPARM),
            },
        };
        self.send_clear(&reply);
    }

    /// `0 | 256 | modulus H512 | length N1 | exponent H`: a session key through RSA.
    fn exchange(&mut self, block: &[u8]) -> Option<Reply> {
        let rest = block.strip_prefix(b"0256")?;
        let (modulus, rest) = rest.split_at_checked(512)?;
        let (size, exponent) = rest.split_at_checked(1)?;
        if exponent.len() != digits(size)? * 2 || exponent.is_empty() {
            return None;
        }
        let public = PublicKey {
            modulus: hex::decode(modulus).ok()?,
            exponent: hex::decode(exponent).ok()?,
        };
        let key = SessionKey::new(self.app.random.key());
        let cryptogram = public.encipher(key.bytes(), &mut self.app.random)?;
        self.channel = Some(key);
        Some(Reply::block(
            *b"OPN",
            format!("256{}", hex::encode_upper(cryptogram)),
        ))
    }

    /// Sends the reply of a command, sealed when a channel stands; CLO and CLX end it.
    fn finish(&mut self, reply: Option<Reply>) {
        while let Some(text) = self.app.notices.pop_front() {
            let notice = Reply::block(*b"NTM", super::request::latin1(&text));
            self.send(&notice.to_bytes());
        }
        let Some(reply) = reply else { return };
        if matches!(&reply.id, b"CLO" | b"CLX") && reply.status == st::OK {
            self.channel = None;
        }
        let bytes = reply.to_bytes();
        self.send(&bytes);
    }

    fn send(&mut self, clear: &[u8]) {
        let data = match &self.channel {
            Some(key) => key.seal(clear),
            None => clear.to_vec(),
        };
        self.put(&data);
    }

    fn send_clear(&mut self, reply: &Reply) {
        self.put(&reply.to_bytes());
    }

    fn put(&mut self, data: &[u8]) {
        let frame = wrap(data);
        self.last = Some(frame.clone());
        self.out.push_back(frame);
    }
}

/// The longest pause inside a frame.
const GAP_MS: Millis = 1500;
/// The quiet that ends a damaged frame.
const SILENCE_MS: Millis = 500;
