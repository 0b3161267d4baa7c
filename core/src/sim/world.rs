//! The world: the only clock, one queue, the links, and the machines between them.
//!
//! [`World::step`] does one thing: carries out one effect, or takes the next job from the queue.
//! Before each step [`World::choices`] says what could go wrong there, and [`World::step_with`]
//! makes it so; that is all a checker needs. Cloning a world is cheap: records and configurations
//! are shared.

mod choices;
mod clear;
mod dial;
mod links;
mod look;
mod pads;
mod power;
mod resume;

pub use pads::{PadAnswer, PadRequest};

use super::fault::{EffectName, Fault, Kind, Place};
use super::person::{Person, Script};
use super::scenario::{Item, Scenario};
use super::sometimes::Reached;
use super::stage::{Configs, Stage};
use super::watch::{Broken, Watch};
use crate::bytes::to_hex;
use crate::node::clearing::{Booked, Clearing};
use crate::node::few::Few;
use crate::node::front_end::{Discrepancy, FrontEnd, FrontEndRecord};
use crate::node::issuer::Issuer;
use crate::node::nac::Nac;
use crate::node::switch::Switch;
use crate::node::terminal::Terminal;
use crate::node::{
    Effect, Fact, Input, Millis, NodeId, Outcome, PinEntry, Record, Screen, Settings, Slip, Tag,
};
use crate::pad::sniff::Seen;
use crate::pad::{self, TaskError};
use crate::trace::{Tape, What};
use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

/// Something waiting for its time.
#[derive(Clone, Debug)]
pub(super) enum Job {
    /// A frame arrives.
    Deliver {
        from: NodeId,
        to: NodeId,
        msg: u32,
        tag: Tag,
        frame: Vec<u8>,
        changed: bool,
    },
    /// A timer of a box.
    Timer { node: NodeId, key: u32 },
    /// The holder typed at the pad.
    Pin { terminal: u8, entry: PinEntry },
    /// Bytes on the cable between a terminal and its pad.
    PadSays { terminal: u8, seen: Box<Seen> },
    /// The pad's answer.
    PadDone {
        terminal: u8,
        outcome: Result<pad::Outcome, TaskError>,
    },
    /// A person gives the order at this place of the script.
    Order { place: usize },
    /// A box has power again.
    PowerOn { node: NodeId },
    /// A fault that has a time.
    Fault { fault: Fault },
    /// What a dial line shows.
    Line {
        node: NodeId,
        note: crate::node::Note,
    },
    /// The line refused a send.
    NotSent { node: NodeId },
    /// The issuer is up again.
    IssuerUp,
    /// A person at the acquirer.
    Resolve {
        index: u32,
        how: crate::node::front_end::Resolution,
    },
    /// Cut-off.
    CutOff,
    /// A merchant writes a settled batch into its books.
    Book(Box<Booked>),
}

/// What could go wrong at the next step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Choice {
    /// The message about to leave is lost.
    Drop,
    /// It comes late.
    Delay,
    /// It comes twice.
    Duplicate,
    /// A bit of its amount flips.
    Corrupt,
    /// The box about to act loses power first.
    PowerCut,
    /// The database refuses the record about to be written.
    DatabaseError,
    /// The front end was restored from an older copy just before it reads the settlement.
    DatabaseRestore,
}

/// Jobs of the script have numbers up to this, so that at the same moment they come first however
/// many there are.
const SCRIPTED: u64 = 1 << 20;

/// A world: machines, links, people, and what the watch has seen.
#[derive(Clone, Debug)]
pub struct World {
    pub(super) stage: Arc<Stage>,
    pub(super) configs: Arc<Configs>,
    settings: Settings,
    pub(super) now: Millis,
    pub(super) queue: BTreeMap<(Millis, u64), Job>,
    jobs: u64,
    messages: u32,
    pub(super) pending: VecDeque<(NodeId, Effect)>,
    /// The box whose batch of effects just ended with a mark, until the next step.
    ended: Option<NodeId>,
    scratch: Vec<Effect>,
    pub(super) terminals: Vec<Terminal>,
    pads: Vec<Option<pads::Pad>>,
    asked: Option<PadRequest>,
    pub(super) nac: Nac,
    pub(super) front_end: FrontEnd,
    pub(super) switch: Switch,
    pub(super) issuer: Issuer,
    pub(super) clearing: Clearing,
    /// Batches whose settlement slip came out.
    settled: Vec<(u8, u32)>,
    pub(super) logs: Few<NodeId, Vec<Arc<Record>>>,
    timers: Few<(NodeId, u32), u64>,
    pub(super) dark: Few<NodeId, Millis>,
    cut: Few<NodeId, Millis>,
    busy: Few<NodeId, bool>,
    armed: Arc<Vec<Fault>>,
    fired: Option<Kind>,
    arrows: Few<(NodeId, NodeId, u16), u32>,
    effects: Few<(NodeId, EffectName), u32>,
    pub(super) script: Script,
    pub(super) people: Vec<Person>,
    pub(super) atc: Vec<u16>,
    pub(super) orders: u32,
    pub(super) outcomes: Vec<(u32, usize, Outcome)>,
    pub(super) slips: Vec<(u8, Slip)>,
    pub(super) screens: Few<NodeId, Screen>,
    pub(super) watch: Watch,
    until: Millis,
    jitter: Option<super::Prng>,
    late_ms: Millis,
}

impl World {
    /// A world for a scenario, at its beginning.
    pub fn new(stage: &Arc<Stage>, scenario: &Scenario, seed: u64) -> World {
        let settings = scenario.world.settings();
        let count = scenario.world.terminals.unwrap_or(1);
        let configs = Arc::new(stage.configs(&scenario.world, seed));
        let faults: Vec<Fault> = scenario.faults().collect();
        let until = scenario
            .world
            .until_s
            .map_or(Millis::MAX, |s| Millis::from(s) * 1000);
        let mut world = World {
            terminals: configs
                .terminals
                .iter()
                .map(|c| Terminal::new(Arc::clone(c)))
                .collect(),
            pads: pads::Pad::all(stage, &settings, count),
            asked: None,
            nac: Nac::new(Arc::clone(&configs.nac)),
            front_end: FrontEnd::new(Arc::clone(&configs.front_end)),
            switch: Switch::new(Arc::clone(&configs.switch)),
            issuer: Issuer::new(Arc::clone(&configs.issuer)),
            clearing: Clearing::new(Arc::clone(&configs.clearing)),
            settled: Vec::new(),
            stage: Arc::clone(stage),
            configs,
            settings,
            now: 0,
            queue: BTreeMap::new(),
            jobs: 0,
            messages: 0,
            pending: VecDeque::new(),
            ended: None,
            scratch: Vec::new(),
            logs: Few::new(),
            timers: Few::new(),
            dark: Few::new(),
            cut: Few::new(),
            busy: Few::new(),
            armed: Arc::new(Vec::new()),
            fired: None,
            arrows: Few::new(),
            effects: Few::new(),
            script: Script::of(scenario),
            people: vec![Person::default(); usize::from(count)],
            atc: vec![0; stage.holders.len()],
            orders: 0,
            outcomes: Vec::new(),
            slips: Vec::new(),
            screens: Few::new(),
            watch: Watch::default(),
            until,
            jitter: None,
            late_ms: super::fault::LATE_MS,
        };
        world.arm(faults);
        world.begin(scenario);
        world.jobs = SCRIPTED;
        world
    }

    /// Puts the script's first orders and its timed items into the queue.
    fn begin(&mut self, scenario: &Scenario) {
        for terminal in 0..self.people.len() as u8 {
            self.next_order(terminal, 1_000);
        }
        for (place, order) in Arc::clone(&self.script.orders).iter().enumerate() {
            if let super::scenario::When::At(at) = order.when {
                self.schedule(at, Job::Order { place });
            }
        }
        for item in &scenario.script {
            match item {
                Item::Resolve(r) => {
                    let index = r.discrepancy.saturating_sub(1);
                    self.schedule(r.at_ms, Job::Resolve { index, how: r.how });
                }
                Item::CutOff(c) => {
                    self.schedule(c.at_ms, Job::CutOff);
                }
                Item::Order(_) | Item::Fault(_) => {}
            }
        }
    }

    /// Arms faults; those with a time go into the queue.
    pub fn arm(&mut self, faults: Vec<Fault>) {
        let mut armed = (*self.armed).clone();
        for fault in faults {
            match fault.place {
                Place::At { at, .. } => {
                    self.schedule(at.max(self.now), Job::Fault { fault });
                }
                _ => armed.push(fault),
            }
        }
        self.armed = Arc::new(armed);
    }

    /// How late a delayed message comes when the checker delays it.
    pub fn late(&mut self, ms: Millis) {
        self.late_ms = ms;
    }

    /// Draws the latency of each hop from a seed instead of the usual one.
    pub fn jitter(&mut self, seed: u64) {
        self.jitter = Some(super::Prng::new(seed));
    }

    /// The time.
    pub fn now(&self) -> Millis {
        self.now
    }

    /// The world's settings.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The stage it stands on.
    pub fn stage(&self) -> &Arc<Stage> {
        &self.stage
    }

    /// Properties found broken so far.
    pub fn broken(&self) -> &[Broken] {
        &self.watch.broken
    }

    /// Outcomes of the orders that ended: number, place in the script, outcome.
    pub fn outcomes(&self) -> &[(u32, usize, Outcome)] {
        &self.outcomes
    }

    /// What the settlements found.
    pub fn discrepancies(&self) -> &[Discrepancy] {
        &self.front_end.store().discrepancies
    }

    /// Slips printed, with the terminal's number.
    pub fn slips(&self) -> &[(u8, Slip)] {
        &self.slips
    }

    /// What was sometimes reached.
    pub fn reached(&self) -> Reached {
        self.watch.reached
    }

    /// Whether nothing is left to happen.
    pub fn quiet(&self) -> bool {
        self.pending.is_empty() && self.queue.is_empty()
    }

    /// Does one thing; false when nothing is left, or the time of the scenario is over.
    pub fn step(&mut self, tape: &mut Tape) -> bool {
        self.step_with(None, tape)
    }

    /// Does one thing, with something going wrong.
    pub fn step_with(&mut self, choice: Option<Choice>, tape: &mut Tape) -> bool {
        self.ended_check(choice, tape);
        if self.asked.is_some() {
            return false;
        }
        if let Some((node, effect)) = self.pending.pop_front() {
            let choice = choice.or_else(|| self.armed_choice(node, &effect));
            self.execute(node, effect, choice, tape);
            return true;
        }
        if self
            .queue
            .first_key_value()
            .is_none_or(|((at, _), _)| *at > self.until)
        {
            return false;
        }
        if choice == Some(Choice::DatabaseRestore) {
            self.restore(None, tape);
            return true;
        }
        let Some(((at, seq), job)) = self.queue.pop_first() else {
            return false;
        };
        self.now = at;
        self.run(seq, job, tape);
        true
    }

    /// Runs until nothing is left, then compares the books.
    pub fn run_to_end(&mut self, tape: &mut Tape) {
        while self.step(tape) {}
        self.conclude(tape);
    }

    /// Compares the books and writes what the properties say.
    pub fn conclude(&mut self, tape: &mut Tape) {
        self.watch.cut_off(&self.clearing.store().open);
        self.watch.compare(&self.front_end, &self.issuer, self.now);
        self.compare_cleared();
        if !tape.on() {
            return;
        }
        for property in super::watch::Property::ALL {
            let broken = self.watch.broken.iter().find(|b| b.property == property);
            let (holds, detail) = (broken.is_none(), broken.map(|b| b.detail.clone()));
            tape.write(self.now, NodeId::Clearing, || What::Property {
                name: property.name(),
                holds,
                detail: detail.unwrap_or_default(),
            });
        }
    }

    /// A cut at the end of a batch: chosen by the checker, or armed as `after=`.
    fn ended_check(&mut self, choice: Option<Choice>, tape: &mut Tape) {
        let Some(node) = self.ended.take() else {
            return;
        };
        if choice == Some(Choice::PowerCut) && self.pending.is_empty() {
            self.cut_power(node, super::fault::DARK_MS, tape);
        }
    }

    pub(super) fn schedule(&mut self, at: Millis, job: Job) -> u64 {
        self.jobs += 1;
        self.queue.insert((at, self.jobs), job);
        self.jobs
    }

    /// Gives a box an input and queues its effects.
    pub(super) fn give(&mut self, node: NodeId, input: Input) {
        let mut fx = std::mem::take(&mut self.scratch);
        let now = self.now;
        match node {
            NodeId::Terminal(k) | NodeId::PinPad(k) => {
                if let Some(t) = self.terminals.get_mut(usize::from(k)) {
                    t.handle(now, input, &mut fx);
                }
            }
            NodeId::Nac => self.nac.handle(now, input, &mut fx),
            NodeId::FrontEnd => self.front_end.handle(now, input, &mut fx),
            NodeId::Switch => self.switch.handle(now, input, &mut fx),
            NodeId::Issuer => self.issuer.handle(now, input, &mut fx),
            NodeId::Clearing => self.clearing.handle(now, input, &mut fx),
            NodeId::Holder => {}
        }
        let node = if let NodeId::PinPad(k) = node {
            NodeId::Terminal(k)
        } else {
            node
        };
        self.pending.extend(fx.drain(..).map(|e| (node, e)));
        self.scratch = fx;
    }

    fn run(&mut self, seq: u64, job: Job, tape: &mut Tape) {
        match job {
            Job::Deliver {
                from,
                to,
                msg,
                tag,
                frame,
                changed,
            } => {
                if self.dark.contains_key(&to) {
                    return;
                }
                tape.write(self.now, to, || What::Deliver {
                    from,
                    msg,
                    mti: tag.to_string(),
                    stan: tag.stan,
                    frame: changed.then(|| to_hex(&frame)),
                });
                if let (NodeId::Nac, NodeId::Terminal(line)) = (from, to) {
                    self.nac.hang_up(line);
                }
                self.give(to, Input::Frame { from, bytes: frame });
            }
            Job::Timer { node, key } => {
                if self.timers.get(&(node, key)) == Some(&seq) {
                    self.timers.remove(&(node, key));
                    tape.write(self.now, node, || What::Timer { key });
                    self.give(node, Input::Timer(key));
                }
            }
            Job::Pin { terminal, entry } => {
                self.give(NodeId::Terminal(terminal), Input::Pin(entry))
            }
            Job::PadSays { terminal, seen } => self.pad_says(terminal, &seen, tape),
            Job::PadDone { terminal, outcome } => {
                self.give(NodeId::Terminal(terminal), Input::Pad(outcome));
            }
            Job::Order { place } => self.order(place, tape),
            Job::PowerOn { node } => self.power_on(node, false, tape),
            Job::Fault { fault } => self.timed_fault(fault, tape),
            Job::Line { node, note } => self.shows(node, note, tape),
            Job::NotSent { node } => self.give(node, Input::NotSent),
            Job::IssuerUp => self.give(NodeId::Switch, Input::Available(true)),
            Job::Resolve { index, how } => {
                self.give(NodeId::FrontEnd, Input::Resolve { index, how })
            }
            Job::CutOff => self.cut_off(),
            Job::Book(booked) => self.give(NodeId::Clearing, Input::Booked(booked)),
        }
    }

    /// Carries out one effect.
    fn execute(&mut self, node: NodeId, effect: Effect, choice: Option<Choice>, tape: &mut Tape) {
        if choice == Some(Choice::PowerCut) {
            let text = self.name_cut(node, &effect);
            tape.write(self.now, node, || What::Fault {
                fault: text,
                msg: None,
            });
            let ms = match self.fired.take() {
                Some(Kind::PowerCut(ms)) => ms,
                _ => super::fault::DARK_MS,
            };
            return self.cut_power(node, ms, &mut Tape::off());
        }
        let name = effect_name(&effect);
        match effect {
            Effect::Persist(record) => self.persist(node, record, choice, tape),
            Effect::Send { to, tag, frame } => self.send(node, to, tag, frame, choice, tape),
            Effect::SetTimer { key, after_ms } => {
                let seq = self.schedule(self.now + after_ms, Job::Timer { node, key });
                if let Some(old) = self.timers.insert((node, key), seq) {
                    self.queue.retain(|(_, s), _| *s != old);
                }
            }
            Effect::ClearTimer(key) => {
                if let Some(old) = self.timers.remove(&(node, key)) {
                    self.queue.retain(|(_, s), _| *s != old);
                }
            }
            Effect::AskPin { .. } => self.type_pin(node),
            Effect::AskPad(task) => self.ask_pad(node, task),
            Effect::Print(slip) => self.print(node, *slip, tape),
            Effect::Show(screen) => {
                let lane = match (node, screen) {
                    (NodeId::Terminal(k), Screen::EnterPin { .. } | Screen::PinAgain { .. }) => {
                        NodeId::PinPad(k)
                    }
                    _ => node,
                };
                tape.write(self.now, lane, || What::Screen { screen });
                self.screens.insert(lane, screen);
            }
            Effect::Finished { order, outcome } => {
                tape.write(self.now, node, || What::Outcome { order, outcome });
                self.finished(node, order, outcome);
            }
            Effect::Report(fact) => {
                if let Fact::Decision { code, .. } = fact {
                    self.watch.reached.decided(code);
                }
                tape.write(self.now, node, || What::of(fact));
            }
            Effect::Pad(fact) => {
                self.pad_keys(node, &fact);
                let pad = if let NodeId::Terminal(k) = node {
                    NodeId::PinPad(k)
                } else {
                    node
                };
                tape.write(self.now, pad, || What::of(fact));
            }
        }
        if let Some(name) = name {
            *self.effects.slot((node, name)) += 1;
            self.ended = Some(node);
            self.after(node, name, tape);
        }
        if self.pending.is_empty() && matches!(node, NodeId::Terminal(_)) {
            self.watch.settled_down(self.now);
        }
        if !self.pending.is_empty() {
            self.ended = None;
        }
    }

    fn persist(&mut self, node: NodeId, record: Record, choice: Option<Choice>, tape: &mut Tape) {
        if choice == Some(Choice::DatabaseError) {
            tape.write(self.now, node, || What::Fault {
                fault: format!("database-error at {}", record.name()),
                msg: None,
            });
            self.pending.clear();
            self.power_on(node, false, &mut Tape::off());
            self.give(node, Input::DatabaseFailed(Box::new(record)));
            return;
        }
        let name = record.name();
        tape.write(self.now, node, || What::Persist { record: name });
        if let (NodeId::Terminal(k), Record::Terminal(r)) = (node, &record) {
            self.watch.terminal_wrote(k, r);
            if matches!(r, crate::node::terminal::TerminalRecord::Settling { .. }) {
                self.settling_began(k);
            }
        }
        self.logs.slot(node).push(Arc::new(record));
    }

    fn print(&mut self, node: NodeId, slip: Slip, tape: &mut Tape) {
        tape.write(self.now, node, || What::Print {
            slip: Box::new(slip.clone()),
        });
        let NodeId::Terminal(k) = node else { return };
        self.watch.printed(k, &slip);
        if let Slip::Settlement { batch, .. } = &slip {
            self.batch_settled(k, *batch);
        }
        if let Some(person) = self.people.get_mut(usize::from(k)) {
            person.takes(&slip);
        }
        self.slips.push((k, slip));
    }
}

/// The name of an effect a power cut can be placed at.
fn effect_name(effect: &Effect) -> Option<EffectName> {
    match effect {
        Effect::Persist(_) => Some(EffectName::Persist),
        Effect::Send { .. } => Some(EffectName::Send),
        Effect::Print(_) => Some(EffectName::Print),
        _ => None,
    }
}
