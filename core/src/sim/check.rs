//! The checker: every placement of up to n faults, with shared prefixes.
//!
//! A world is stepped until something could go wrong there; then it is cloned, once for each thing
//! that could, and the original goes on undisturbed. So the beginning that two schedules share is
//! run once. The first counter-example found with the fewest faults wins; its faults are written
//! down as a scenario that anyone can run.

use super::fault::Fault;
use super::scenario::{Item, Scenario};
use super::sometimes::Reached;
use super::stage::Stage;
use super::watch::Broken;
use super::world::{Choice, World};
use crate::node::Protection;
use crate::trace::{Event, Tape};
use std::sync::Arc;

/// A counter-example: a scenario whose run breaks a property.
#[derive(Clone, Debug)]
pub struct CounterExample {
    /// The scenario, its faults in the script.
    pub scenario: Scenario,
    /// The faults.
    pub faults: Vec<Fault>,
    /// What broke.
    pub broken: Vec<Broken>,
}

impl CounterExample {
    /// The run of the counter-example, event by event.
    pub fn trace(&self, stage: &Arc<Stage>) -> Vec<Event> {
        let mut world = World::new(stage, &self.scenario, 0);
        let mut tape = Tape::recording();
        world.run_to_end(&mut tape);
        tape.take()
    }
}

/// What a check found.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// Schedules that were run to their end.
    pub schedules: u64,
    /// What was sometimes reached.
    pub reached: Reached,
    /// Steps taken.
    pub steps: u64,
    /// Runs that were stopped because they did not become quiet.
    pub stopped: u64,
    /// The faults of the first of them.
    pub endless: Vec<Fault>,
    /// The counter-example with the fewest faults.
    pub counter_example: Option<CounterExample>,
}

impl Found {
    /// Adds what another part of the same check found.
    pub fn merge(&mut self, other: Found) {
        self.schedules += other.schedules;
        self.reached.merge(other.reached);
        self.steps += other.steps;
        self.stopped += other.stopped;
        if self.endless.is_empty() {
            self.endless = other.endless;
        }
        let fewer = |a: &CounterExample, b: &CounterExample| {
            (a.faults.len(), &a.faults) < (b.faults.len(), &b.faults)
        };
        self.counter_example = match (self.counter_example.take(), other.counter_example) {
            (Some(a), Some(b)) if fewer(&b, &a) => Some(b),
            (None, b) => b,
            (a, _) => a,
        };
    }
}

/// Which faults a check places.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Menu {
    /// Database errors.
    pub database: bool,
    /// Restores of the front end's database before a settlement.
    pub restore: bool,
    /// Milliseconds a delayed message is late.
    pub late_ms: u64,
}

/// A part of a check: a world somewhere on the way, and how many faults may still be placed.
#[derive(Clone, Debug)]
pub struct Work {
    world: World,
    faults: Vec<Fault>,
    left: u8,
    choice: Option<Choice>,
}

/// Steps after which a run counts as never quiet.
const MOST_STEPS: u64 = 20_000;

/// A check of one scenario.
#[derive(Clone, Debug)]
pub struct Check {
    stage: Arc<Stage>,
    scenario: Scenario,
    menu: Menu,
    faults: u8,
}

impl Check {
    /// A check of `scenario` with up to `faults` faults, some protections switched off.
    pub fn new(
        stage: &Arc<Stage>,
        scenario: &Scenario,
        menu: Menu,
        faults: u8,
        without: &[Protection],
    ) -> Self {
        let mut scenario = scenario.clone();
        scenario.world.without.extend(without);
        Check {
            stage: Arc::clone(stage),
            scenario,
            menu,
            faults,
        }
    }

    /// The whole check as one piece of work.
    pub fn work(&self) -> Work {
        let mut world = World::new(&self.stage, &self.scenario, 0);
        world.late(self.menu.late_ms);
        Work {
            world,
            faults: Vec::new(),
            left: self.faults,
            choice: None,
        }
    }

    /// Splits the check by its first fault: pieces that can run side by side.
    pub fn split(&self) -> Vec<Work> {
        let mut out = Vec::new();
        let mut work = self.work();
        let mut tape = Tape::off();
        let mut steps = 0;
        loop {
            self.branches(&work, &mut out);
            steps += 1;
            if steps > MOST_STEPS || !work.world.step(&mut tape) {
                break;
            }
        }
        let calm = Work {
            left: 0,
            ..self.work()
        };
        out.push(calm);
        out
    }

    /// Runs a piece of work to its end, or until `stop` says so; `stop` is asked now and then.
    pub fn run(&self, work: Work, stop: &mut dyn FnMut(&Found) -> bool) -> Found {
        let mut found = Found::default();
        let mut stack = vec![work];
        while let Some(mut work) = stack.pop() {
            let mut tape = Tape::off();
            let mut steps = 0;
            if let Some(choice) = work.choice.take() {
                work.world.step_with(Some(choice), &mut tape);
            }
            loop {
                self.branches(&work, &mut stack);
                steps += 1;
                if steps > MOST_STEPS {
                    found.stopped += 1;
                    if found.endless.is_empty() {
                        found.endless.clone_from(&work.faults);
                    }
                    break;
                }
                if !work.world.step(&mut tape) {
                    work.world.conclude(&mut tape);
                    break;
                }
            }
            found.steps += steps;
            found.reached.merge(work.world.reached());
            found.schedules += 1;
            if !work.world.broken().is_empty() {
                self.keep(&work, &mut found);
            }
            if stop(&found) {
                break;
            }
        }
        found
    }

    /// The counter-example with the fewest faults: first none, then one, and so on up to the
    /// bound; stops at the first that is found.
    pub fn shortest(&self) -> Found {
        let mut all = Found::default();
        for faults in 0..=self.faults {
            let part = Check {
                faults,
                ..self.clone()
            };
            let work = part.work();
            all.merge(part.run(work, &mut |found| found.counter_example.is_some()));
            if all.counter_example.is_some() {
                break;
            }
        }
        all
    }

    /// The futures in which something goes wrong at the next step.
    fn branches(&self, work: &Work, out: &mut Vec<Work>) {
        if work.left == 0 {
            return;
        }
        for choice in work.world.choices() {
            let wanted = match choice {
                Choice::DatabaseError => self.menu.database,
                Choice::DatabaseRestore => self.menu.restore,
                _ => true,
            };
            let Some(fault) = work.world.fault_of(choice).filter(|_| wanted) else {
                continue;
            };
            let mut faults = work.faults.clone();
            faults.push(fault);
            out.push(Work {
                world: work.world.clone(),
                faults,
                left: work.left - 1,
                choice: Some(choice),
            });
        }
    }

    fn keep(&self, work: &Work, found: &mut Found) {
        let mut scenario = self.scenario.clone();
        scenario.name = format!("{}-counter-example", scenario.name);
        scenario.expect.clear();
        let items = work.faults.iter().map(|f| Item::Fault(f.to_string()));
        scenario.script.extend(items);
        let example = CounterExample {
            scenario,
            faults: work.faults.clone(),
            broken: work.world.broken().to_vec(),
        };
        let other = Found {
            counter_example: Some(example),
            ..Found::default()
        };
        found.merge(other);
    }

    /// The stage of the check.
    pub fn stage(&self) -> &Arc<Stage> {
        &self.stage
    }

    /// The scenario with its protections.
    pub fn scenario(&self) -> &Scenario {
        &self.scenario
    }
}
