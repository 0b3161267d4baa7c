//! The pad's application layer: which command does what, and what ends a blocking one.

use super::command::command;
use super::job::{Job, Kind};
use super::pad::Profile;
use super::request::{Reply, Request, from_latin1};
use super::status as st;
use super::tables::Tables;
use crate::pad::card::Card;
use crate::pad::face::{Asks, Face, Fact};
use crate::pad::secure::Vault;
use crate::pad::secure::random::Random;
use crate::pad::{Key, Millis};
use std::collections::VecDeque;

/// What a command leads to.
#[derive(Clone)]
pub(super) enum Answer {
    /// A reply at once.
    Now(Reply),
    /// A reply when the person has acted.
    Later(Job),
}

impl Answer {
    pub(super) fn status(id: [u8; 3], status: u16) -> Self {
        Self::Now(Reply::status(id, status))
    }
}

/// Everything of the pad but its line.
#[derive(Clone)]
pub(super) struct App {
    pub(super) vault: Vault,
    pub(super) profile: Profile,
    pub(super) random: Random,
    pub(super) face: Face,
    pub(super) facts: VecDeque<Fact>,
    pub(super) notices: VecDeque<String>,
    pub(super) open: bool,
    /// The card last read, until GTK has given its tracks away.
    pub(super) read: Option<Card>,
    pub(super) chip: bool,
    pub(super) tables: Tables,
    pub(super) job: Option<Job>,
}

impl App {
    pub(super) fn new(vault: Vault) -> Self {
        Self {
            vault,
            profile: Profile::default(),
            random: Random::new([0; 16]),
            face: Face::default(),
            facts: VecDeque::new(),
            notices: VecDeque::new(),
            open: false,
            read: None,
            chip: false,
            tables: Tables::default(),
            job: None,
        }
    }

    /// Runs a command; a blocking one leaves its job behind and gives no reply yet.
    pub(super) fn execute(&mut self, data: &[u8], now: Millis) -> Option<Reply> {
        self.abort();
        let request = Request::read(data);
        let known = request.filter(|r| command(&r.id).is_some());
        let Some(request) = known else {
            let name = from_latin1(data.get(..3).unwrap_or(data));
            self.facts.push_back(Fact::UnknownCommand(name));
            return Some(Reply::status(*b"ERR", st::INVCALL));
        };
        match self.answer(&request) {
            Answer::Now(reply) => Some(reply),
            Answer::Later(job) => self.begin(job, now),
        }
    }

    fn answer(&mut self, request: &Request<'_>) -> Answer {
        let id = request.id;
        if !self.open && !matches!(&id, b"GIN" | b"GIX" | b"CLO" | b"CLX") {
            return Answer::status(id, st::INVCALL);
        }
        if request.blocks.is_none() {
            return Answer::status(id, st::INVPARM);
        }
        match &id {
            b"GIN" => self.gin(request),
            b"GIX" => self.gix(request),
            b"CLO" => self.close(id, &from_latin1(request.block())),
            b"CLX" => self.clx(request),
            b"DSP" => self.show(id, &from_latin1(request.block())),
            b"DEX" => self.dex(request),
            b"GDU" => self.gdu(request),
            b"EBX" => self.ebx(request),
            b"ENB" => self.enb(request),
            b"GTK" => self.gtk(request),
            b"GTS" | b"TLI" | b"TLR" | b"TLE" => self.tables.answer(request),
            b"CHP" => self.chp(request),
            // The rest need a chip transaction, or wait for a person.
            b"CNG" | b"GOC" | b"FNC" | b"GED" | b"GOX" | b"FCX" => Answer::status(id, st::INVCALL),
            _ => self.job(request),
        }
    }

    /// Starts a job: what it asks for may already be there.
    fn begin(&mut self, mut job: Job, now: Millis) -> Option<Reply> {
        job.restart(now);
        let chip = self.chip;
        if let Some(reply) = job.already(chip) {
            return Some(reply);
        }
        job.show(&mut self.face);
        self.job = Some(job);
        None
    }

    /// A finger on a key.
    pub(super) fn press(&mut self, key: Key, now: Millis) -> Option<Reply> {
        let mut job = self.job.take()?;
        let done = job.press(key, &mut self.vault, &mut self.facts);
        if done.is_some() {
            self.face.clear();
            return done;
        }
        job.restart(now);
        job.show(&mut self.face);
        if self.profile.notices {
            self.notices.extend(job.notice());
        }
        self.job = Some(job);
        None
    }

    /// A card through the stripe reader.
    pub(super) fn swipe(&mut self, card: Card) -> Option<Reply> {
        let job = self.job.take()?;
        match job.swipe(&card) {
            Some(reply) => {
                self.read = Some(card);
                self.face.clear();
                Some(reply)
            }
            None => {
                self.job = Some(job);
                None
            }
        }
    }

    /// A chip card goes in or comes out.
    pub(super) fn set_chip(&mut self, present: bool) -> Option<Reply> {
        self.chip = present;
        let reply = self.job.as_ref()?.already(present)?;
        self.job = None;
        self.face.clear();
        Some(reply)
    }

    pub(super) fn deadline(&self) -> Option<Millis> {
        self.job.as_ref().and_then(|job| job.deadline)
    }

    pub(super) fn timeout(&mut self, now: Millis) -> Option<Reply> {
        if self.deadline().is_none_or(|at| at > now) {
            return None;
        }
        let job = self.job.take()?;
        self.face.clear();
        Some(job.timed_out())
    }

    /// Ends a blocking command without a reply.
    pub(super) fn abort(&mut self) {
        if self.job.take().is_some() {
            self.face.clear();
        }
    }

    fn show(&mut self, id: [u8; 3], text: &str) -> Answer {
        self.face.show(text, 16);
        self.face.asks = Asks::Nothing;
        Answer::status(id, st::OK)
    }

    fn close(&mut self, id: [u8; 3], text: &str) -> Answer {
        self.open = false;
        self.read = None;
        self.show(id, text.trim_end())
    }

    fn clx(&mut self, request: &Request<'_>) -> Answer {
        let Some(fields) = request.fields() else {
            return Answer::status(request.id, st::INVPARM);
        };
        let text = fields
            .first(super::field::DSPMSG)
            .map(from_latin1)
            .unwrap_or_default();
        self.close(request.id, &text)
    }

    fn dex(&mut self, request: &Request<'_>) -> Answer {
        let block = request.block();
        let text = block
            .split_first_chunk::<3>()
            .and_then(|(head, rest)| rest.get(..super::request::digits(head)?));
        match text {
            Some(text) if text.len() <= 160 => self.show(request.id, &from_latin1(text)),
            _ => Answer::status(request.id, st::INVPARM),
        }
    }

    /// No chip of ours answers, so every operation says why.
    fn chp(&mut self, request: &Request<'_>) -> Answer {
        let status = match request.block() {
            [
                b'0'..=b'9',
                b'0'..=b'3',
                b'0'..=b'9',
                b'0'..=b'9',
                b'0'..=b'9',
                ..,
            ] => match (request.block(), self.chip) {
                ([_, b'0', ..], _) => {
                    return Answer::Now(Reply::block(request.id, *b"000"));
                }
                ([b'0', ..], true) => st::DUMBCARD,
                _ => st::NOCARD,
            },
            _ => st::INVPARM,
        };
        Answer::status(request.id, status)
    }

    fn job(&mut self, request: &Request<'_>) -> Answer {
        let kind = match &request.id {
            b"GKY" => Ok(Kind::Key),
            b"CEX" => Kind::cex(request),
            b"CKE" => Kind::cke(request),
            b"GPN" => Kind::gpn(request, &self.vault, self.read.as_ref()),
            b"GCD" => Kind::gcd(request),
            b"MNU" => Kind::mnu(request),
            b"RMC" => Ok(Kind::Removal(from_latin1(request.block()))),
            b"GCX" => Ok(Kind::Card { old: false }),
            b"GCR" => self
                .tables
                .version_fits(request)
                .map(|()| Kind::Card { old: true }),
            _ => Err(st::INVCALL),
        };
        match kind {
            Ok(kind) => Answer::Later(Job::new(request, kind)),
            Err(status) => Answer::status(request.id, status),
        }
    }
}
