//! What a person wants of a pad, done in the family's own words: information, text, a key, a PIN
//! block, a MAC, a key loaded.
//!
//! A [`Session`] is a host that knows the order of things: ABECS wants CAN and OPN first, VISA
//! wants the master key chosen, an EPP wants account, algorithm and active key before its
//! keyboard opens. The page, the CLI and the simulated terminal all ask through it.
//!
//! Nothing here sends a command that loads or erases a key unless the task is a [`Load`].

mod abecs_plan;
mod epp_plan;
mod error;
mod visa_plan;

pub use error::TaskError;

use super::abecs::rsa::KeyPair;
use super::epp::frame::Coding;
use super::visa::Expect;
use super::visa::frame::Kind;
use super::{LinkError, Millis, Protocol, Words, abecs, epp, visa};
use std::collections::VecDeque;
use std::fmt;
use zeroize::Zeroizing;

/// What is wanted of the pad.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Task {
    /// Everything that can be read without changing anything.
    Info,
    /// Text on the display.
    Display(String),
    /// One key that is no secret, within so many seconds.
    Key {
        /// 1 to 255.
        seconds: u8,
    },
    /// A PIN, enciphered.
    Pin(PinTask),
    /// A MAC over bytes.
    Mac(MacTask),
    /// A key into the pad, or all keys out of it.
    Load(Load),
}

/// Which key enciphers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Under {
    /// A working key sent along, enciphered under the pad's master key.
    Sent {
        /// The master key's number.
        master: u8,
        /// 8, 16 or 24 bytes; enciphered, so no secret.
        wrapped: Vec<u8>,
    },
    /// A working key that stands in the pad (EPP).
    Stored {
        /// The master key's number.
        master: u8,
        /// The working key's number.
        slot: u8,
    },
    /// The next key of a DUKPT register.
    Dukpt {
        /// The register's number.
        index: u8,
    },
}

/// A PIN to ask for.
#[derive(Clone, PartialEq, Eq)]
pub struct PinTask {
    /// The whole account number, check digit included.
    pub account: String,
    /// Which key enciphers.
    pub under: Under,
    /// Least digits, 4 or more.
    pub min: u8,
    /// Most digits, 12 or fewer.
    pub max: u8,
    /// How long the person has.
    pub seconds: u8,
    /// What stands on the display, where the family allows it.
    pub prompt: String,
}

impl fmt::Debug for PinTask {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PinTask(account ***, under {:?})", self.under)
    }
}

/// A MAC to compute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MacTask {
    /// Which key computes.
    pub under: Under,
    /// Over what; filled up with zeros to whole blocks.
    pub data: Vec<u8>,
}

/// A change of the pad's keys.
#[derive(Clone, PartialEq, Eq)]
pub enum Load {
    /// A master key in clear.
    Master {
        /// Its number.
        slot: u8,
        /// 8, 16 or 24 bytes.
        key: Zeroizing<Vec<u8>>,
    },
    /// A working key under a master key (EPP).
    Working {
        /// The master key's number.
        master: u8,
        /// The working key's number.
        slot: u8,
        /// Enciphered.
        wrapped: Vec<u8>,
    },
    /// A DUKPT register (VISA).
    Dukpt {
        /// 0 or 1.
        register: u8,
        /// The initial key.
        initial: Zeroizing<[u8; 16]>,
        /// The serial number, counter at zero.
        ksn: [u8; 10],
    },
    /// Every key is erased (EPP).
    Wipe,
}

impl fmt::Debug for Load {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Master { .. } => "Load(master ***)",
            Self::Working { .. } => "Load(working)",
            Self::Dukpt { .. } => "Load(dukpt ***)",
            Self::Wipe => "Load(wipe)",
        })
    }
}

/// What came of a task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Names and values.
    Info(Vec<(String, String)>),
    /// The text is on the display.
    Shown,
    /// The name of the key: `enter`, `f1`, `7`.
    Key(String),
    /// The enciphered PIN block.
    PinBlock {
        /// Eight bytes.
        block: [u8; 8],
        /// The DUKPT serial number, in hex.
        ksn: Option<String>,
    },
    /// The MAC.
    Mac([u8; 8]),
    /// The keys were changed; the check value where the pad gives one.
    Loaded {
        /// In hex.
        check: Option<String>,
    },
}

/// What the asker learns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SessionEvent {
    /// A text from the pad while it waits.
    Notice(String),
    /// A key was pressed; which one is the pad's secret.
    KeyPressed,
    /// The pad now waits for a person.
    Waiting,
    /// The task is done, or not.
    Done(Result<Outcome, TaskError>),
}

/// One exchange of a plan.
#[derive(Clone)]
enum Step {
    Cancel,
    Abecs(Vec<u8>),
    /// ABECS: opens a channel with the session's key pair.
    Secure,
    Visa(Kind, Vec<u8>, Expect),
    Epp(u8, Vec<u8>),
    /// EPP: until enter, cancel or time out.
    Keys,
}

/// A step, and whether its refusal ends the task.
#[derive(Clone)]
struct Planned {
    step: Step,
    optional: bool,
}

impl Planned {
    fn must(step: Step) -> Self {
        Self {
            step,
            optional: false,
        }
    }

    fn may(step: Step) -> Self {
        Self {
            step,
            optional: true,
        }
    }
}

/// What a step brought: the reply's bytes, or why there are none.
type Brought = Result<Vec<u8>, TaskError>;

#[derive(Clone)]
enum AnyHost {
    Abecs(abecs::Host),
    Visa(visa::Host),
    Epp(epp::Host),
}

/// A conversation with one pad.
#[derive(Clone)]
pub struct Session {
    host: AnyHost,
    pair: Option<KeyPair>,
    opened: bool,
    task: Option<Task>,
    plan: VecDeque<Planned>,
    current: Option<Planned>,
    brought: Vec<Brought>,
    events: VecDeque<SessionEvent>,
}

impl Session {
    /// A conversation in this family's words; an EPP is asked in `coding`.
    #[must_use]
    pub fn new(protocol: Protocol, coding: Coding, seven_bits: bool) -> Self {
        let host = match protocol {
            Protocol::Abecs => AnyHost::Abecs(abecs::Host::new()),
            Protocol::Visa => AnyHost::Visa(visa::Host::new().seven_bits(seven_bits)),
            Protocol::Epp => AnyHost::Epp(epp::Host::new(coding)),
        };
        Self {
            host,
            pair: None,
            opened: false,
            task: None,
            plan: VecDeque::new(),
            current: None,
            brought: Vec::new(),
            events: VecDeque::new(),
        }
    }

    /// ABECS: talk through a secure channel made with this pair.
    #[must_use]
    pub fn with_channel(mut self, pair: KeyPair) -> Self {
        self.pair = Some(pair);
        self
    }

    /// Which family is spoken.
    #[must_use]
    pub fn protocol(&self) -> Protocol {
        match self.host {
            AnyHost::Abecs(_) => Protocol::Abecs,
            AnyHost::Visa(_) => Protocol::Visa,
            AnyHost::Epp(_) => Protocol::Epp,
        }
    }

    /// A task runs.
    #[must_use]
    pub fn busy(&self) -> bool {
        self.task.is_some()
    }

    /// Begins a task; one that runs is dropped.
    pub fn begin(&mut self, task: Task, now: Millis) {
        let plan = match self.host {
            AnyHost::Abecs(_) => abecs_plan::plan(&task, self.opened, self.pair.is_some()),
            AnyHost::Visa(_) => visa_plan::plan(&task),
            AnyHost::Epp(_) => epp_plan::plan(&task),
        };
        self.brought.clear();
        self.current = None;
        self.task = Some(task);
        match plan {
            Ok(plan) => {
                self.plan = plan.into();
                self.next(now);
            }
            Err(error) => self.done(Err(error)),
        }
    }

    /// Ends the task that runs: the pad stops waiting.
    pub fn cancel(&mut self, now: Millis) {
        self.plan.clear();
        self.current = None;
        if self.task.is_some() {
            self.done(Err(TaskError::Link(LinkError::Cancelled)));
        }
        match &mut self.host {
            AnyHost::Abecs(host) => host.cancel(now),
            AnyHost::Visa(host) => host.cancel(now),
            AnyHost::Epp(host) => host.send(0x45, &[0], now),
        }
    }

    /// Takes bytes from the pad.
    pub fn feed(&mut self, bytes: &[u8], now: Millis) {
        match &mut self.host {
            AnyHost::Abecs(host) => host.feed(bytes, now),
            AnyHost::Visa(host) => host.feed(bytes, now),
            AnyHost::Epp(host) => host.feed(bytes, now),
        }
        self.learn(now);
    }

    /// When [`handle_timeout`](Self::handle_timeout) wants to be called.
    #[must_use]
    pub fn poll_timeout(&self) -> Option<Millis> {
        match &self.host {
            AnyHost::Abecs(host) => host.poll_timeout(),
            AnyHost::Visa(host) => host.poll_timeout(),
            AnyHost::Epp(host) => host.poll_timeout(),
        }
    }

    /// Does what is due at `now`.
    pub fn handle_timeout(&mut self, now: Millis) {
        match &mut self.host {
            AnyHost::Abecs(host) => host.handle_timeout(now),
            AnyHost::Visa(host) => host.handle_timeout(now),
            AnyHost::Epp(host) => host.handle_timeout(now),
        }
        self.learn(now);
    }

    /// The next bytes for the pad.
    pub fn poll_transmit(&mut self) -> Option<Vec<u8>> {
        match &mut self.host {
            AnyHost::Abecs(host) => host.poll_transmit(),
            AnyHost::Visa(host) => host.poll_transmit(),
            AnyHost::Epp(host) => host.poll_transmit(),
        }
    }

    /// The next thing the asker learns.
    pub fn poll_event(&mut self) -> Option<SessionEvent> {
        self.events.pop_front()
    }

    /// Carries the host's events into the plan.
    fn learn(&mut self, now: Millis) {
        loop {
            let brought = match &mut self.host {
                AnyHost::Abecs(host) => match host.poll_event() {
                    None => return,
                    Some(abecs::HostEvent::Notice(text)) => {
                        self.events.push_back(SessionEvent::Notice(text));
                        continue;
                    }
                    Some(abecs::HostEvent::Accepted) => continue,
                    Some(abecs::HostEvent::Ready) => Ok(Vec::new()),
                    Some(abecs::HostEvent::Reply(reply)) => Ok(reply),
                    Some(abecs::HostEvent::Failed(error)) => Err(TaskError::Link(error)),
                },
                AnyHost::Visa(host) => match host.poll_event() {
                    None => return,
                    Some(visa::HostEvent::Accepted) if !self.ends_with_ack() => continue,
                    Some(visa::HostEvent::Accepted | visa::HostEvent::Done) => Ok(Vec::new()),
                    Some(visa::HostEvent::Reply(reply)) => Ok(reply),
                    Some(visa::HostEvent::Failed(error)) => Err(TaskError::Link(error)),
                },
                AnyHost::Epp(host) => match host.poll_event() {
                    None => return,
                    Some(epp::HostEvent::Key(byte)) => match self.key_byte(byte) {
                        Some(brought) => brought,
                        None => continue,
                    },
                    Some(epp::HostEvent::Reply { status, data }) => {
                        Ok([&[status][..], &data].concat())
                    }
                    Some(epp::HostEvent::Failed(error)) => Err(TaskError::Link(error)),
                },
            };
            self.took(brought, now);
        }
    }

    fn ends_with_ack(&self) -> bool {
        let step = self.current.as_ref().map(|p| &p.step);
        matches!(step, Some(Step::Visa(_, _, Expect::Ack)))
    }

    /// A bare byte of an open keyboard; only enter, cancel and time out end the wait.
    fn key_byte(&mut self, byte: u8) -> Option<Brought> {
        if !matches!(self.current.as_ref().map(|p| &p.step), Some(Step::Keys)) {
            return None;
        }
        match byte {
            0x0D => Some(Ok(Vec::new())),
            0x1B => Some(Err(TaskError::Cancelled)),
            0x80 => Some(Err(TaskError::TimedOut)),
            _ => {
                self.events.push_back(SessionEvent::KeyPressed);
                None
            }
        }
    }

    fn took(&mut self, brought: Brought, now: Millis) {
        let Some(current) = self.current.take() else {
            return;
        };
        let brought = brought.and_then(|reply| self.judge(&current.step, reply));
        match brought {
            Err(error) if !current.optional || matches!(error, TaskError::Link(_)) => {
                self.plan.clear();
                self.done(Err(error));
            }
            brought => {
                self.brought.push(brought);
                self.next(now);
            }
        }
    }

    /// The reply, unless it is a refusal.
    fn judge(&mut self, step: &Step, reply: Vec<u8>) -> Brought {
        match (step, &mut self.host) {
            (Step::Secure, AnyHost::Abecs(host)) => {
                let reply = abecs_plan::judge(reply)?;
                if let Some(pair) = &self.pair {
                    host.secure(&reply, pair).map_err(TaskError::Link)?;
                }
                self.opened = true;
                Ok(reply)
            }
            (Step::Abecs(command), _) => {
                let reply = abecs_plan::judge_reply(command, reply)?;
                self.opened |= command.starts_with(b"OPN");
                Ok(reply)
            }
            (Step::Visa(..), _) => visa_plan::judge(reply),
            (Step::Epp(..), _) => epp_plan::judge(reply),
            (Step::Cancel | Step::Keys | Step::Secure, _) => Ok(reply),
        }
    }

    fn next(&mut self, now: Millis) {
        let Some(planned) = self.plan.pop_front() else {
            let outcome = self.task.as_ref().map(|task| match self.host {
                AnyHost::Abecs(_) => abecs_plan::outcome(task, &self.brought),
                AnyHost::Visa(_) => visa_plan::outcome(task, &self.brought),
                AnyHost::Epp(_) => epp_plan::outcome(task, &self.brought),
            });
            return self.done(outcome.unwrap_or(Err(TaskError::Unreadable)));
        };
        match (&planned.step, &mut self.host) {
            (Step::Cancel, AnyHost::Abecs(host)) => host.cancel(now),
            (Step::Abecs(command), AnyHost::Abecs(host)) => host.send(command, now),
            (Step::Secure, AnyHost::Abecs(host)) => {
                if let Some(pair) = &self.pair {
                    host.send(&abecs::Host::secure_request(pair), now);
                }
            }
            (Step::Visa(kind, text, expect), AnyHost::Visa(host)) => {
                host.send(*kind, text, *expect, now);
            }
            (Step::Epp(command, data), AnyHost::Epp(host)) => host.send(*command, data, now),
            // Waiting for keys sends nothing, and no plan holds another family's step.
            _ => {}
        }
        if planned.step.waits() {
            self.events.push_back(SessionEvent::Waiting);
        }
        self.current = Some(planned);
    }

    fn done(&mut self, outcome: Result<Outcome, TaskError>) {
        self.task = None;
        self.current = None;
        self.events.push_back(SessionEvent::Done(outcome));
    }
}

impl Step {
    /// The pad will wait for a person.
    fn waits(&self) -> bool {
        match self {
            Self::Abecs(command) => {
                let id = command.get(..3).unwrap_or_default();
                abecs::command::command(id).is_some_and(|c| c.blocking)
            }
            Self::Visa(_, _, expect) => *expect == Expect::Person,
            Self::Keys => true,
            Self::Cancel | Self::Secure | Self::Epp(..) => false,
        }
    }
}

/// The last reply of a plan.
fn last(brought: &[Brought]) -> Result<&[u8], TaskError> {
    match brought.last() {
        Some(Ok(reply)) => Ok(reply),
        Some(Err(error)) => Err(error.clone()),
        None => Err(TaskError::Unreadable),
    }
}

/// The checks that every family makes of a PIN task.
fn check_pin(pin: &PinTask) -> Result<(), TaskError> {
    let digits = pin.account.bytes().all(|b| b.is_ascii_digit());
    if !digits || !(8..=19).contains(&pin.account.len()) {
        return Err(TaskError::Invalid(Words::new(
            "an account number has 8 to 19 digits",
            "卡号为 8 至 19 位数字",
        )));
    }
    if pin.min < 4 || pin.max > 12 || pin.min > pin.max {
        return Err(TaskError::Invalid(Words::new(
            "a PIN has 4 to 12 digits",
            "密码为 4 至 12 位",
        )));
    }
    if pin.seconds == 0 {
        return Err(TaskError::Invalid(Words::new(
            "the person needs at least a second",
            "至少给持卡人一秒",
        )));
    }
    Ok(())
}
