//! The terminal: what happens between a card and a slip of paper.
//!
//! A machine without I/O. It holds a [`Store`] that only records change, a PIN pad, and what it is
//! waiting for. The sub-flows stand beside it: [`sign_on`], [`trade`], [`reversal`], [`queue`],
//! [`settle`] and [`upload`]; this file decides which of them comes next.

mod answer;
mod build;
mod cable;
mod event;
mod queue;
mod reversal;
mod script;
mod settle;
mod sign_on;
mod store;
mod trade;
mod upload;

pub(in crate::node) use build::tag;
pub use store::{
    JournalEntry, Queued, Reversal, Settling, Store, TerminalRecord, Upload, UploadItem,
    UploadKind, Voided,
};

use super::card::Signed;
use super::effect::{Effect, Input, PinEntry, Tag};
use super::fact::{Fact, Note};
use super::id::{Millis, NodeId};
use super::image::Image;
use super::kind::TradeKind;
use super::order::{Impossible, Operation, Order, Outcome};
use super::pin_pad::PinPad;
use super::protection::Protection;
use super::record::Record;
use super::response::Code;
use super::screen::Screen;
use super::settings::{ReversalPolicy, Settings};
use super::vault::{BlockKey, MacKey};
use super::wire;
use crate::spec::Dialect;
use std::sync::Arc;

/// What a terminal is told at installation.
#[derive(Clone, Debug)]
pub struct TerminalConfig {
    /// Which terminal of the world this is, from zero.
    pub index: u8,
    /// Terminal id (F41).
    pub tid: String,
    /// Merchant id (F42).
    pub mid: String,
    /// Network address of the front end.
    pub nii: u16,
    /// The address it gives itself.
    pub port: u16,
    /// Terminal master key.
    pub tmk: BlockKey,
    /// Settings of the world.
    pub settings: Settings,
    /// The dialect it speaks.
    pub pos: Arc<Dialect>,
}

/// What a terminal is waiting for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// An order.
    Idle,
    /// The holder's PIN.
    AwaitingPin,
    /// The MAC of a pad on a cable.
    AwaitingPad,
    /// A 0810.
    AwaitingSignOn,
    /// A 0830 to a sign-off.
    AwaitingSignOff,
    /// A 0830 to an echo test.
    AwaitingEcho,
    /// A 0410.
    AwaitingReversal,
    /// A 0630.
    AwaitingScript,
    /// The answer to a queued trade.
    AwaitingQueued,
    /// The answer to a trade.
    AwaitingAnswer,
    /// A 0510.
    AwaitingSettlement,
    /// A 0330 to an upload.
    AwaitingUpload,
    /// A 0330 to the end of an upload.
    AwaitingEnd,
}

impl State {
    /// Every state, in the order a diagram lists them.
    pub const ALL: [State; 13] = [
        State::Idle,
        State::AwaitingPin,
        State::AwaitingPad,
        State::AwaitingSignOn,
        State::AwaitingScript,
        State::AwaitingReversal,
        State::AwaitingQueued,
        State::AwaitingAnswer,
        State::AwaitingSettlement,
        State::AwaitingUpload,
        State::AwaitingEnd,
        State::AwaitingSignOff,
        State::AwaitingEcho,
    ];

    /// The state's name in kebab-case.
    pub fn name(self) -> &'static str {
        match self {
            State::Idle => "idle",
            State::AwaitingPin => "awaiting-pin",
            State::AwaitingPad => "awaiting-pad",
            State::AwaitingSignOn => "awaiting-sign-on",
            State::AwaitingSignOff => "awaiting-sign-off",
            State::AwaitingEcho => "awaiting-echo",
            State::AwaitingReversal => "awaiting-reversal",
            State::AwaitingScript => "awaiting-script",
            State::AwaitingQueued => "awaiting-queued",
            State::AwaitingAnswer => "awaiting-answer",
            State::AwaitingSettlement => "awaiting-settlement",
            State::AwaitingUpload => "awaiting-upload",
            State::AwaitingEnd => "awaiting-end",
        }
    }
}

/// The request whose answer is awaited.
#[derive(Clone, Debug)]
struct Sent {
    mti: u16,
    stan: Option<u32>,
    f3: Option<String>,
    f4: Option<String>,
    maced: bool,
}

/// The chip's part of a running trade.
#[derive(Clone, Debug)]
struct ChipRun {
    signed: Signed,
    arqc: [u8; 8],
}

/// What is remembered of the running order only while power is on.
#[derive(Clone, Debug, Default)]
struct Job {
    /// F52 for the next request.
    pin: Option<[u8; 8]>,
    /// PIN entries so far.
    entries: u8,
    /// Attempts of the running sub-flow.
    attempt: u8,
    /// Pass of the upload.
    pass: u8,
    /// Upload messages tried in this pass.
    tried: Vec<(u32, UploadKind)>,
    /// A sign-on was tried for this order.
    signed_on: bool,
    /// The chip's part.
    chip: Option<ChipRun>,
    /// The trade that was sent: its kind, trace and image.
    trade: Option<(TradeKind, u32, Image)>,
    /// The reversal record that is not written yet, when write-ahead is off.
    unsaved: Option<Box<Reversal>>,
    /// The order's outcome is decided once the reversal is answered.
    reversing: bool,
}

/// A point-of-sale terminal.
#[derive(Clone, Debug)]
pub struct Terminal {
    cfg: Arc<TerminalConfig>,
    store: Store,
    pad: PinPad,
    state: State,
    sent: Option<Sent>,
    held: Option<cable::Held>,
    order: Option<Order>,
    waiting: Option<Order>,
    job: Job,
}

/// The answer timer; a terminal has only this one.
const ANSWER: u32 = 0;

impl Terminal {
    /// A terminal fresh from the installer.
    pub fn new(cfg: Arc<TerminalConfig>) -> Self {
        let pad = PinPad::new(cfg.tmk.clone());
        Terminal {
            cfg,
            store: Store::default(),
            pad,
            state: State::Idle,
            sent: None,
            held: None,
            order: None,
            waiting: None,
            job: Job::default(),
        }
    }

    /// A terminal after a power cut: its records decide what it does first.
    pub fn recover<'a>(
        cfg: Arc<TerminalConfig>,
        records: impl Iterator<Item = &'a TerminalRecord>,
        now: Millis,
        fx: &mut Vec<Effect>,
    ) -> Self {
        let mut terminal = Terminal::new(cfg);
        records.for_each(|r| terminal.store.apply(r));
        if !terminal.store.injected {
            terminal.pad.tamper();
        }
        let block = terminal
            .store
            .block
            .as_deref()
            .and_then(|b| hex::decode(b).ok());
        if let Some(facts) = block.and_then(|b| terminal.pad.load(&b).ok()) {
            fx.extend(facts.map(Effect::Pad));
        }
        fx.push(Effect::Report(Fact::Note(Note::Recovered)));
        if terminal.store.unprinted && !terminal.store.journal.is_empty() {
            fx.push(Effect::Report(Fact::Note(Note::ApprovedNotPrinted)));
            terminal.print_last(true, fx);
        }
        if terminal.store.settling.is_some() {
            fx.push(Effect::Show(Screen::ResumeSettlement));
        }
        terminal.advance(now, fx);
        terminal
    }

    /// Takes an input and appends what is to be done.
    pub fn handle(&mut self, now: Millis, input: Input, fx: &mut Vec<Effect>) {
        match input {
            Input::Order(order) => self.take_order(now, *order, fx),
            Input::Pin(entry) => self.take_pin(now, entry, fx),
            Input::Pad(outcome) => self.take_pad(now, outcome, fx),
            Input::Frame { bytes, .. } => self.take_frame(now, &bytes, fx),
            Input::NotSent => self.not_sent(now, fx),
            Input::Timer(_) => self.timed_out(now, fx),
            Input::Tamper => self.tampered(now, fx),
            Input::DatabaseFailed(_)
            | Input::Available(_)
            | Input::Resolve { .. }
            | Input::CutOff(_)
            | Input::Booked(_) => {}
        }
    }

    /// The stable state.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// What it waits for.
    pub fn state(&self) -> State {
        self.state
    }

    /// The pad beside it.
    pub fn pad(&self) -> &PinPad {
        &self.pad
    }

    /// What it was told at installation.
    pub fn config(&self) -> &TerminalConfig {
        &self.cfg
    }

    /// The order that is running.
    pub fn order(&self) -> Option<u32> {
        self.order.as_ref().map(|o| o.id)
    }

    fn on(&self, protection: Protection) -> bool {
        self.cfg.settings.protections.on(protection)
    }

    fn take_order(&mut self, now: Millis, order: Order, fx: &mut Vec<Effect>) {
        if self.order.is_some() {
            let settling = self.store.settling.is_some();
            if settling && !self.on(Protection::UploadBlocking) && self.waiting.is_none() {
                self.waiting = Some(order);
                return;
            }
            let why = if settling {
                Impossible::Settling
            } else {
                Impossible::Busy
            };
            fx.push(Effect::Show(Screen::Impossible { why }));
            fx.push(Effect::Finished {
                order: order.id,
                outcome: Outcome::Impossible(why),
            });
            return;
        }
        let id = order.id;
        let operation = order.operation;
        self.order = Some(order);
        let resting = self.state == State::Idle;
        if resting {
            self.job = Job::default();
        }
        if let Some(why) = self.obstacle(operation) {
            fx.push(Effect::Show(Screen::Impossible { why }));
            self.order = None;
            fx.push(Effect::Finished {
                order: id,
                outcome: Outcome::Impossible(why),
            });
        } else if resting {
            self.advance(now, fx);
        }
    }

    /// Why an order cannot even begin.
    fn obstacle(&self, operation: Operation) -> Option<Impossible> {
        let settling = self.store.settling.as_ref();
        let blocked = self.store.reversal.as_ref().is_some_and(|r| r.exhausted);
        match operation {
            Operation::Trade(kind) => {
                if settling.is_some() && self.on(Protection::UploadBlocking) {
                    Some(Impossible::Settling)
                } else if blocked {
                    Some(Impossible::ReversalBlocks)
                } else if self.store.journal.len() >= usize::from(self.cfg.settings.journal_limit) {
                    Some(Impossible::JournalFull)
                } else {
                    self.missing_original(kind)
                }
            }
            Operation::Settle if blocked => Some(Impossible::ReversalBlocks),
            Operation::SignOn | Operation::SignOff if settling.is_some() => {
                Some(Impossible::Settling)
            }
            Operation::SignOn if !self.pad.injected() => Some(Impossible::NoKeys),
            Operation::CancelSettle => match settling {
                Some(s) if s.flags.is_none() => None,
                _ => Some(Impossible::Nothing),
            },
            Operation::DropReversal if !blocked => Some(Impossible::Nothing),
            Operation::Reprint if self.store.journal.is_empty() => Some(Impossible::Nothing),
            _ => None,
        }
    }

    /// Does the next thing there is to do, for the running order or by itself.
    fn advance(&mut self, now: Millis, fx: &mut Vec<Effect>) {
        let Some(order) = &self.order else {
            return self.rest(now, fx);
        };
        match order.operation {
            Operation::SignOn => self.start_sign_on(now, fx),
            Operation::SignOff => self.start_sign_off(now, fx),
            Operation::Echo => self.start_echo(now, fx),
            Operation::InjectKey => {
                let fact = self.pad.inject();
                fx.push(Effect::Pad(fact));
                self.persist(TerminalRecord::KeyInjected, fx);
                self.finish(Outcome::Done, fx);
            }
            Operation::CancelSettle => {
                self.persist(TerminalRecord::SettleCancelled, fx);
                self.finish(Outcome::Done, fx);
            }
            Operation::DropReversal => {
                self.print_given_up(fx);
                self.persist(TerminalRecord::Cleared, fx);
                self.finish(Outcome::Done, fx);
            }
            Operation::Reprint => {
                self.print_last(true, fx);
                self.finish(Outcome::Done, fx);
            }
            Operation::Trade(kind @ (TradeKind::OfflineSale | TradeKind::TipAdjust)) => {
                self.offline_trade(now, kind, fx);
            }
            Operation::Trade(kind) => {
                if !self.flush(now, fx) {
                    self.next_of_trade(now, kind, fx);
                }
            }
            Operation::Settle => {
                if self.store.settling.is_some() || !self.flush(now, fx) {
                    self.next_of_settlement(now, fx);
                }
            }
        }
    }

    /// Between orders: under the repeat policy an open reversal goes out by itself.
    fn rest(&mut self, now: Millis, fx: &mut Vec<Effect>) {
        let open = self.store.reversal.as_ref().is_some_and(|r| !r.exhausted);
        let ready = self.pad.injected() && self.store.settling.is_none();
        if self.cfg.settings.reversal == ReversalPolicy::Repeat && open && ready {
            if self.wants_sign_on() {
                if !self.job.signed_on {
                    return self.start_sign_on(now, fx);
                }
            } else {
                return self.start_reversal(now, fx);
            }
        }
        self.go(State::Idle, fx);
    }

    /// Whether keys or a fresh batch number are missing.
    fn wants_sign_on(&self) -> bool {
        !self.store.signed_on || self.pad.keys().is_none()
    }

    /// What must go out before a trade or a settlement; true when something did.
    fn flush(&mut self, now: Millis, fx: &mut Vec<Effect>) -> bool {
        if self.wants_sign_on() {
            if self.job.signed_on || !self.pad.injected() {
                self.show(
                    Screen::Impossible {
                        why: Impossible::SignOn,
                    },
                    fx,
                );
                self.finish(Outcome::Impossible(Impossible::SignOn), fx);
            } else {
                self.start_sign_on(now, fx);
            }
            return true;
        }
        if self.store.script.is_some() {
            self.start_script(now, fx);
            return true;
        }
        if let Some(reversal) = &self.store.reversal {
            if reversal.exhausted {
                self.finish(Outcome::Impossible(Impossible::ReversalBlocks), fx);
            } else {
                self.start_reversal(now, fx);
            }
            return true;
        }
        if !self.store.queue.is_empty() {
            self.start_queued(now, fx);
            return true;
        }
        false
    }

    /// Ends the running order.
    fn finish(&mut self, outcome: Outcome, fx: &mut Vec<Effect>) {
        if let Some(order) = self.order.take() {
            fx.push(Effect::Finished {
                order: order.id,
                outcome,
            });
        }
        self.job = Job::default();
        self.sent = None;
        self.go(State::Idle, fx);
    }

    /// Ends an interjected trade and goes back to the settlement it interrupted.
    fn finish_trade(&mut self, now: Millis, outcome: Outcome, fx: &mut Vec<Effect>) {
        self.finish(outcome, fx);
        if let Some(order) = self.waiting.take() {
            self.order = Some(order);
            self.advance(now, fx);
        }
    }

    fn go(&mut self, to: State, fx: &mut Vec<Effect>) {
        if self.state != to {
            fx.push(Effect::Report(Fact::State {
                from: self.state.name(),
                to: to.name(),
            }));
            self.state = to;
        }
    }

    fn persist(&mut self, record: TerminalRecord, fx: &mut Vec<Effect>) {
        self.store.apply(&record);
        fx.push(Effect::Persist(Record::Terminal(record)));
    }

    fn show(&self, screen: Screen, fx: &mut Vec<Effect>) {
        fx.push(Effect::Show(screen));
    }

    fn note(&self, note: Note, fx: &mut Vec<Effect>) {
        fx.push(Effect::Report(Fact::Note(note)));
    }

    /// The next trace number, after taking one.
    fn following(trace: u32) -> u32 {
        if trace >= 999_999 { 1 } else { trace + 1 }
    }

    /// Takes a trace number in a record of its own.
    fn take_trace(&mut self, fx: &mut Vec<Effect>) -> u32 {
        let trace = self.store.next;
        self.persist(
            TerminalRecord::Trace {
                next: Self::following(trace),
            },
            fx,
        );
        trace
    }

    /// Packs, MACs and sends a request, and waits.
    fn transmit(&mut self, image: Image, maced: bool, state: State, fx: &mut Vec<Effect>) {
        let stan = image.get(11).and_then(|s| s.parse().ok());
        let own = |de| image.get(de).map(str::to_owned);
        let sent = Sent {
            mti: image.mti,
            stan,
            f3: own(3),
            f4: own(4),
            maced,
        };
        if maced && self.cable().is_some() {
            return self.hold(image, sent, state, fx);
        }
        let mak: Option<MacKey> = if maced {
            self.pad.keys().map(|k| k.mak.clone())
        } else {
            None
        };
        let body = wire::seal_pos(&self.cfg.pos, image, mak.as_ref());
        self.leave(sent, body, state, fx);
    }

    /// Sends a packed request, and waits.
    fn leave(&mut self, sent: Sent, body: Option<Vec<u8>>, state: State, fx: &mut Vec<Effect>) {
        let tag = Tag {
            mti: sent.mti,
            stan: sent.stan.unwrap_or(0),
        };
        self.sent = Some(sent);
        let Some(body) = body else {
            // Only a field that does not fit its dialect ends here; nothing was sent.
            self.note(Note::Unreadable, fx);
            self.not_sent(0, fx);
            return;
        };
        let frame = wire::wrap_pos(self.cfg.nii, self.cfg.port, 0, &body);
        self.go(state, fx);
        fx.push(Effect::Send {
            to: NodeId::Nac,
            tag,
            frame,
        });
        let after_ms = Millis::from(self.cfg.settings.terminal_wait_s) * 1000;
        fx.push(Effect::SetTimer {
            key: ANSWER,
            after_ms,
        });
    }

    /// F60 of a management message.
    fn f60(&self, code: &str) -> String {
        format!("00{:06}{code}", self.store.batch)
    }
}

/// What an answer said, once it was believed.
#[derive(Clone, Debug)]
struct Answer {
    code: Code,
    image: Image,
    /// It carried a MAC that holds, or none was due.
    sealed: bool,
}
