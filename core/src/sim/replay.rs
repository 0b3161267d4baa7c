//! A run that can be run again with a changed script, from where the change begins to matter.
//!
//! Copies of the world are kept at regular moments. Another script that agrees with the first up to
//! such a moment goes on from there, so that a fork late in a long day costs what is left of the
//! day. The promise: the events are those of a run from the beginning, byte for byte.

use super::fault::{Fault, Place};
use super::scenario::{Item, OrderSpec, Scenario, When};
use super::stage::Stage;
use super::world::World;
use crate::node::front_end::Discrepancy;
use crate::trace::{Event, Tape};
use std::sync::Arc;

/// Events between two copies of the world.
const APART: usize = 400;

/// A copy of the world, when so many events had happened.
#[derive(Clone, Debug)]
struct Mark {
    events: usize,
    world: World,
}

/// A scenario that was run to its end, with copies of the world on the way.
#[derive(Clone, Debug)]
pub struct Replay {
    stage: Arc<Stage>,
    seed: u64,
    scenario: Scenario,
    events: Arc<Vec<Event>>,
    marks: Vec<Mark>,
    discrepancies: Vec<Discrepancy>,
    taken_over: usize,
    apart: usize,
}

impl Replay {
    /// Runs a scenario from its beginning.
    pub fn of(stage: &Arc<Stage>, scenario: Scenario, seed: u64) -> Replay {
        Self::with(stage, scenario, seed, APART)
    }

    fn with(stage: &Arc<Stage>, scenario: Scenario, seed: u64, apart: usize) -> Replay {
        let world = World::new(stage, &scenario, seed);
        let mut replay = Replay {
            stage: Arc::clone(stage),
            seed,
            scenario,
            events: Arc::default(),
            marks: Vec::new(),
            discrepancies: Vec::new(),
            taken_over: 0,
            apart,
        };
        replay.go_on(world);
        replay
    }

    /// Runs a changed scenario, from the newest copy of the world that it agrees with.
    pub fn again(&self, scenario: Scenario) -> Replay {
        let fresh = World::new(&self.stage, &scenario, self.seed);
        let agrees = |mark: &&Mark| mark.world.agrees(&self.scenario, &scenario, &fresh);
        let kept = self.marks.iter().rev().find(agrees);
        let (world, events) = match kept {
            None => (fresh.clone(), 0),
            Some(mark) => (mark.world.continued(&self.scenario, &fresh), mark.events),
        };
        let earlier = self.marks.iter().filter(|mark| mark.events <= events);
        let carried = earlier.map(|mark| Mark {
            events: mark.events,
            world: mark.world.continued(&self.scenario, &fresh),
        });
        let mut replay = Replay {
            stage: Arc::clone(&self.stage),
            seed: self.seed,
            marks: carried.collect(),
            discrepancies: Vec::new(),
            scenario,
            events: Arc::new(self.events.get(..events).unwrap_or_default().to_vec()),
            taken_over: events,
            apart: self.apart,
        };
        replay.go_on(world);
        replay
    }

    fn go_on(&mut self, mut world: World) {
        let mut tape = Tape::from(self.events.len() as u64);
        let mut last = self.marks.last().map_or(0, |mark| mark.events);
        loop {
            let so_far = self.events.len() + tape.events().len();
            if so_far >= last + self.apart {
                last = so_far;
                self.marks.push(Mark {
                    events: so_far,
                    world: world.clone(),
                });
            }
            if !world.step(&mut tape) {
                break;
            }
        }
        world.conclude(&mut tape);
        self.discrepancies = world.discrepancies().to_vec();
        Arc::make_mut(&mut self.events).append(&mut tape.take());
    }

    /// What was run.
    pub fn scenario(&self) -> &Scenario {
        &self.scenario
    }

    /// What happened.
    pub fn events(&self) -> &Arc<Vec<Event>> {
        &self.events
    }

    /// The world when so many events have happened: run again from the newest copy before.
    pub fn world_at(&self, events: usize) -> World {
        let kept = self.marks.iter().rev().find(|mark| mark.events <= events);
        let (mut world, from) = match kept {
            Some(mark) => (mark.world.clone(), mark.events),
            None => (World::new(&self.stage, &self.scenario, self.seed), 0),
        };
        let mut tape = Tape::from(from as u64);
        while from + tape.events().len() < events && world.step(&mut tape) {}
        world
    }

    /// The host's discrepancy store at the end.
    pub fn discrepancies(&self) -> &[Discrepancy] {
        &self.discrepancies
    }

    /// How many events were taken over from the run before.
    pub fn taken_over(&self) -> usize {
        self.taken_over
    }
}

impl World {
    /// Whether everything that two scripts say differently is still to come in this world, a world
    /// of the first; `fresh` is one of the second, at its beginning.
    fn agrees(&self, old: &Scenario, new: &Scenario, fresh: &World) -> bool {
        old.world == new.world
            && self.orders_agree(&orders(old), &orders(new), fresh)
            && self.faults_agree(old, new)
            && self.times_agree(old, new)
    }

    fn orders_agree(&self, old: &[OrderSpec], new: &[OrderSpec], fresh: &World) -> bool {
        let taken = self.people.iter().map(|person| {
            let running = person
                .running
                .as_ref()
                .map_or(0, |running| running.index + 1);
            person.next.max(running)
        });
        let timed = |orders: &[OrderSpec]| orders.iter().any(|order| order.when != When::Next);
        let mut common = taken.max().unwrap_or(0);
        if timed(old) || timed(new) {
            common = common.max(old.len().min(new.len()));
        }
        let more = new.get(common..).unwrap_or_default();
        let waits = |(k, person): (usize, &super::person::Person)| {
            let next = fresh.script.in_turn(k as u8, person.next);
            person.waits && next.is_some()
        };
        old.get(..common)
            .is_some_and(|old| new.get(..common) == Some(old))
            && (!timed(old) && !timed(new) || more.iter().all(|order| order.when == When::Next))
            && !self.people.iter().enumerate().any(waits)
    }

    fn faults_agree(&self, old: &Scenario, new: &Scenario) -> bool {
        let (old, new): (Vec<Fault>, Vec<Fault>) = (old.faults().collect(), new.faults().collect());
        let gone = old.iter().filter(|fault| !new.contains(fault));
        let added = new.iter().filter(|fault| !old.contains(fault));
        gone.chain(added).all(|fault| match fault.place {
            Place::At { at, .. } => at > self.now(),
            Place::Before { .. } if old.contains(fault) => self.is_armed(fault),
            _ => self.is_to_come(fault),
        })
    }

    /// Whether nothing that has a time differs up to now, and nothing happens just now.
    fn times_agree(&self, old: &Scenario, new: &Scenario) -> bool {
        let times = |scenario: &Scenario| -> Vec<(u64, Item)> {
            let timed = scenario.script.iter().filter_map(|item| {
                let at = match item {
                    Item::Resolve(resolve) => resolve.at_ms,
                    Item::CutOff(cut_off) => cut_off.at_ms,
                    Item::Fault(text) => match text.parse::<Fault>().ok()?.place {
                        Place::At { at, .. } => at,
                        _ => return None,
                    },
                    Item::Order(order) => match order.when {
                        When::At(at) => at,
                        When::Next | When::Settling => return None,
                    },
                };
                (at <= self.now()).then(|| (at, item.clone()))
            });
            timed.collect()
        };
        let (old, new) = (times(old), times(new));
        old == new && old.iter().all(|(at, _)| *at < self.now())
    }
}

fn orders(scenario: &Scenario) -> Vec<OrderSpec> {
    let order = |item: &Item| match item {
        Item::Order(order) => Some(order.clone()),
        _ => None,
    };
    scenario.script.iter().filter_map(order).collect()
}

#[cfg(test)]
mod tests {
    use super::super::scenario::Verb;
    use super::super::shipped;
    use super::*;

    const EVERY: usize = 25;

    fn edits(scenario: &Scenario) -> Vec<Scenario> {
        let mut edits = Vec::new();
        for place in 0..scenario.script.len() {
            let mut edit = scenario.clone();
            edit.script.remove(place);
            edits.push(edit);
        }
        let items = [
            "drop:0210@nac-terminal",
            "drop:0210#3@nac-terminal",
            "duplicate:0200#2@terminal-nac",
            "corrupt:0210#2@front-end-nac",
            "power-cut@terminal:after=send#4",
            "power-cut@issuer:before=persist#3",
            "database-error@front-end:before=persist#7",
            "database-error@front-end:t=9.500",
            "power-cut@terminal:t=9.300",
            "tamper@pin-pad:t=14.000",
            "database-restore@front-end:t=16.500",
        ];
        let faults = items.map(|text| Item::Fault(text.to_owned()));
        let orders = [
            OrderSpec::trade(Verb::Sale, "zhao", 4_200),
            OrderSpec::plain(Verb::Settle),
        ];
        for item in faults.into_iter().chain(orders.map(Item::Order)) {
            let mut edit = scenario.clone();
            edit.script.push(item);
            edits.push(edit);
        }
        edits
    }

    #[test]
    fn a_run_again_is_a_run_from_the_beginning() {
        let stage = Stage::load().unwrap();
        let mut taken_over = 0;
        for name in [
            "calm",
            "bad-line",
            "everything-breaks",
            "settlement-mismatch",
            "two-terminals",
        ] {
            let scenario = Scenario::read(shipped(name).unwrap(), &stage).unwrap();
            let first = Replay::with(&stage, scenario.clone(), 0, EVERY);
            for edit in edits(&scenario) {
                let second = first.again(edit.clone());
                let whole = Replay::of(&stage, edit.clone(), 0);
                assert!(
                    second.events() == whole.events(),
                    "{name}: {:?}",
                    edit.script
                );
                taken_over += second.taken_over();
                let back = second.again(scenario.clone());
                assert!(
                    back.events() == first.events(),
                    "{name}: back from {:?}",
                    edit.script
                );
            }
        }
        assert!(
            taken_over > 5_000,
            "only {taken_over} events were taken over"
        );
    }
}
