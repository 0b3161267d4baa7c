//! The state of the theatre: a scenario, its run, and a cursor in it; branches; what is chosen.
//!
//! Everything drawn follows from the run and the cursor. A click never changes a run: it changes the
//! script, and the run is made anew by core, so that the address alone can bring it back.

use super::cable::Answers;
use super::script;
use crate::browser;
use crate::shell::Shell;
use leptos::prelude::*;
use poslab_core::node::front_end::Discrepancy;
use poslab_core::node::{NodeId, PinChoice};
use poslab_core::pad::Task;
use poslab_core::sim::{Fault, Item, OrderSpec, Replay, Scenario, Stage, World};
use poslab_core::trace::{Event, Tape, What};
use poslab_core::view::address::{self, Address};
use poslab_core::view::books::{Books, Shelf, Trade};
use poslab_core::view::counter::Wish;
use poslab_core::view::ladder::{Jump, Ladder};
use std::collections::BTreeSet;
use std::sync::Arc;

/// A scenario that was run to its end.
#[derive(Debug, Default)]
pub struct Run {
    /// What was run.
    pub scenario: Option<Scenario>,
    /// What happened.
    pub events: Arc<Vec<Event>>,
    /// The rows.
    pub ladder: Ladder,
    /// What a pad outside has to do before the run can go on.
    pub asked: Option<Task>,
    shelf: Shelf,
    places: [Vec<usize>; 4],
    replay: Option<Replay>,
}

impl Run {
    /// What came of a replay.
    fn of(replay: Replay) -> Run {
        let events = Arc::clone(replay.events());
        Run::with(replay.scenario().clone(), events, None, Some(replay))
    }

    /// Runs a scenario as far as the answers of a pad outside go.
    fn beside(stage: &Arc<Stage>, scenario: Scenario, answers: &Answers) -> Run {
        let mut tape = Tape::recording();
        let mut world = World::new(stage, &scenario, SEED);
        let asked = answers.play(&mut world, &mut tape);
        Run::with(scenario, Arc::new(tape.take()), asked, None)
    }

    fn with(
        scenario: Scenario,
        events: Arc<Vec<Event>>,
        asked: Option<Task>,
        replay: Option<Replay>,
    ) -> Run {
        let ladder = Ladder::of(&events);
        Run {
            places: JUMPS.map(|to| ladder.places(&events, to)),
            ladder,
            shelf: Shelf::of(&events),
            scenario: Some(scenario),
            events,
            asked,
            replay,
        }
    }

    /// The replay behind it.
    pub fn replay(&self) -> Option<&Replay> {
        self.replay.as_ref()
    }

    /// The host's discrepancy store at the end.
    pub fn discrepancies(&self) -> &[Discrepancy] {
        self.replay.as_ref().map_or(&[], Replay::discrepancies)
    }

    /// The numbers of the discrepancies that the script resolves, in the order of time.
    pub fn resolved(&self) -> Vec<u32> {
        let script = self.scenario.iter().flat_map(|scenario| &scenario.script);
        let resolve = |item: &Item| match item {
            Item::Resolve(resolve) => Some((resolve.at_ms, resolve.discrepancy)),
            _ => None,
        };
        let mut all: Vec<(u64, u32)> = script.filter_map(resolve).collect();
        all.sort_by_key(|(at_ms, _)| *at_ms);
        all.into_iter().map(|(_, number)| number).collect()
    }

    /// The cursors to which a kind of jump leads.
    pub fn places(&self, to: Jump) -> &[usize] {
        let place = JUMPS.iter().position(|jump| *jump == to);
        place
            .and_then(|place| self.places.get(place))
            .map_or(&[], Vec::as_slice)
    }

    /// Where a jump forward from a cursor leads.
    pub fn next(&self, cursor: usize, to: Jump) -> Option<usize> {
        let places = self.places(to);
        places
            .get(places.partition_point(|place| *place <= cursor))
            .copied()
    }

    /// How many rows it has.
    pub fn rows(&self) -> usize {
        self.ladder.rows.len()
    }

    /// The books when so many rows are past.
    pub fn books(&self, cursor: usize) -> Books {
        self.shelf.at(&self.events, self.past(cursor))
    }

    /// How many events have happened when so many rows are past.
    pub fn past(&self, cursor: usize) -> usize {
        self.ladder.events_before(cursor.min(self.rows()))
    }

    /// The time when so many rows are past.
    pub fn time(&self, cursor: usize) -> u64 {
        let last = self.past(cursor).checked_sub(1);
        last.and_then(|at| self.events.get(at))
            .map_or(0, |event| event.at_ms)
    }
}

/// The kinds of jumps, in the order of [`Run::places`].
const JUMPS: [Jump; 4] = [Jump::Message, Jump::Fault, Jump::Decline, Jump::State];

/// The seed of the theatre's worlds: that of `poslab run` without `--seed`.
const SEED: u64 = 0;

/// A future that was left.
#[derive(Clone, Debug)]
pub struct Branch {
    /// Its letter.
    pub name: String,
    /// The run.
    pub run: Arc<Run>,
    /// Where the cursor stood.
    pub cursor: usize,
}

/// What the side panel shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Chosen {
    /// A row of the stage.
    Row(usize),
    /// A box.
    Lane(NodeId),
}

/// The state of the theatre; a handful of signal handles.
#[derive(Clone, Copy)]
pub struct House {
    /// Cast and keys.
    pub stage: StoredValue<Option<Arc<Stage>>>,
    /// The run on the stage.
    pub run: RwSignal<Arc<Run>>,
    /// How many of its rows are past.
    pub cursor: RwSignal<usize>,
    /// What the side panel shows.
    pub chosen: RwSignal<Option<Chosen>>,
    /// Whether time goes by itself.
    pub playing: RwSignal<bool>,
    /// Rows a second; 0 shows the end at once.
    pub speed: RwSignal<u32>,
    /// Futures that were left.
    pub branches: RwSignal<Vec<Branch>>,
    /// The two runs that are compared: each the run on the stage, or a branch.
    pub beside: RwSignal<Option<[Option<usize>; 2]>>,
    /// The strip below has more room than the stage.
    pub tall: RwSignal<bool>,
    /// Boxes that are not drawn.
    pub hidden: RwSignal<BTreeSet<NodeId>>,
    /// The menu of faults, where it is open.
    pub menu: RwSignal<Option<super::faults::Menu>>,
    /// Faults of the script that are put aside.
    pub aside: RwSignal<Vec<String>>,
    /// How many slips of the terminal at the counter are torn off.
    pub torn: RwSignal<usize>,
    /// The terminal at the counter, from zero.
    pub terminal: RwSignal<u8>,
    /// The name of the card in the hand.
    pub card: RwSignal<String>,
    /// The pad of the PIN pad panel answers for the first terminal's.
    pub outside: RwSignal<bool>,
    /// What it has answered.
    pub answers: StoredValue<Answers>,
    /// It is being asked.
    pub asking: RwSignal<bool>,
    /// The books at the cursor.
    pub books: Memo<Arc<Books>>,
    /// The trades of the terminal at the counter, oldest first.
    pub trades: Memo<Arc<Vec<Trade>>>,
    /// The finger that rests on the stage.
    pub held: StoredValue<Option<super::keys::Held>, LocalStorage>,
    letters: StoredValue<u8>,
}

impl House {
    /// A theatre with the piece that the address names.
    pub fn open(rest: &str) -> House {
        let stage = Stage::load().ok();
        let run = RwSignal::new(Arc::new(Run::default()));
        let cursor = RwSignal::new(0);
        // Comparing two books would cost more than drawing them again.
        let books = Memo::new_with_compare(
            move |_| Arc::new(run.with(|run| run.books(cursor.get()))),
            |_, _| true,
        );
        let terminal = RwSignal::new(0);
        let trades = Memo::new_with_compare(
            move |_| Arc::new(books.with(|books| books.trades(terminal.get()))),
            |_, _| true,
        );
        // Seven lanes need room; on a small screen the pad's is hidden until it is wanted.
        let narrow = browser::width() < 700.0;
        let narrow: BTreeSet<NodeId> = narrow.then_some(NodeId::PinPad(0)).into_iter().collect();
        let house = House {
            stage: StoredValue::new(stage),
            run,
            cursor,
            chosen: RwSignal::new(None),
            playing: RwSignal::new(false),
            speed: RwSignal::new(if browser::wants_rest() { 0 } else { 8 }),
            branches: RwSignal::new(Vec::new()),
            beside: RwSignal::new(None),
            tall: RwSignal::new(false),
            hidden: RwSignal::new(narrow),
            menu: RwSignal::new(None),
            aside: RwSignal::new(Vec::new()),
            torn: RwSignal::new(0),
            terminal,
            card: RwSignal::new("lin".to_owned()),
            outside: RwSignal::new(false),
            answers: StoredValue::new(Answers::default()),
            asking: RwSignal::new(false),
            books,
            trades,
            held: StoredValue::new_local(None),
            letters: StoredValue::new(0),
        };
        house.visit(&Address::of(rest));
        house
    }

    /// Brings what an address says on the stage.
    pub fn visit(self, address: &Address) {
        let first = || Address::of(script::FIRST);
        let read = |stage: &Arc<Stage>| {
            let meant = address.scenario(stage);
            meant.or_else(|_| first().scenario(stage)).ok()
        };
        let Some(scenario) = self.with_stage(read).flatten() else {
            return;
        };
        self.branches.set(Vec::new());
        self.beside.set(None);
        self.aside.set(Vec::new());
        self.chosen.set(None);
        self.playing.set(false);
        self.outside.set(false);
        self.answers.set_value(Answers::default());
        self.stage_it(scenario);
        let rows = self.run.with_untracked(|run| run.rows());
        self.cursor.set(address.at.unwrap_or(0).min(rows));
    }

    /// Calls with the cast and keys.
    pub fn with_stage<T>(self, look: impl FnOnce(&Arc<Stage>) -> T) -> Option<T> {
        self.stage.with_value(|stage| stage.as_ref().map(look))
    }

    fn stage_it(self, scenario: Scenario) {
        if self.outside.get_untracked() {
            let run = self.with_stage(|stage| {
                self.answers
                    .with_value(|answers| Run::beside(stage, scenario, answers))
            });
            if let Some(run) = run {
                self.run.set(Arc::new(run));
            }
            return;
        }
        let replay = match &self.run.get_untracked().replay {
            // What is past and does not change is taken over from the run that was there.
            Some(replay) if replay.scenario().name == scenario.name => Some(replay.again(scenario)),
            _ => self.with_stage(|stage| Replay::of(stage, scenario, SEED)),
        };
        if let Some(replay) = replay {
            self.run.set(Arc::new(Run::of(replay)));
        }
    }

    /// Makes the same run again, now that more is known, and goes on from the cursor.
    pub fn again(self) {
        if let Some(scenario) = self.scenario() {
            self.stage_it(scenario);
            self.go_on();
        }
    }

    /// The scenario on the stage.
    pub fn scenario(self) -> Option<Scenario> {
        self.run.with_untracked(|run| run.scenario.clone())
    }

    /// Runs a changed script. What was still to come of the old run is kept as a branch when the
    /// new one goes another way.
    pub fn rewrite(self, scenario: Scenario) {
        let old = self.run.get_untracked();
        let cursor = self.cursor.get_untracked();
        self.stage_it(scenario);
        let left = self.run.with_untracked(|new| {
            let parts = new.ladder.diverges(&new.events, &old.events);
            parts.is_some_and(|row| row < old.rows()) && cursor < old.rows()
        });
        if left {
            self.letters.update_value(|letter| *letter += 1);
            let name = char::from(b'A' + (self.letters.get_value() - 1) % 26).to_string();
            let branch = Branch {
                name,
                run: old,
                cursor,
            };
            self.branches.update(|branches| branches.push(branch));
        }
        let rows = self.run.with_untracked(|run| run.rows());
        self.cursor.set(cursor.min(rows));
        self.chosen.set(None);
    }

    /// Gives an order at the moment of the cursor: orders still to come are forgotten, faults stay.
    pub fn order(self, wish: &Wish) {
        let Some(mut scenario) = self.scenario() else {
            return;
        };
        let Some(order) = self.spec(wish) else { return };
        self.forget_orders_to_come(&mut scenario);
        scenario.script.push(Item::Order(order));
        self.rewrite(scenario);
        self.go_on();
    }

    fn forget_orders_to_come(self, scenario: &mut Scenario) {
        let cursor = self.cursor.get_untracked();
        let mut given = [0usize; 8];
        self.run.with_untracked(|run| {
            for event in run.events.iter().take(run.past(cursor)) {
                if let (NodeId::Terminal(k), What::Order { .. }) = (event.node, &event.what)
                    && let Some(count) = given.get_mut(usize::from(k))
                {
                    *count += 1;
                }
            }
        });
        scenario.script.retain(|item| match item {
            Item::Order(order) => {
                let left = given.get_mut(usize::from(order.terminal.saturating_sub(1)));
                left.is_some_and(|left| {
                    let was_given = *left > 0;
                    *left = left.saturating_sub(1);
                    was_given
                })
            }
            _ => true,
        });
    }

    /// The script line of a wish.
    fn spec(self, wish: &Wish) -> Option<OrderSpec> {
        let verb = script::verb_of(wish.operation)?;
        let terminal = self.terminal.get_untracked();
        let mut order = OrderSpec::plain(verb);
        order.terminal = terminal + 1;
        order.amount = wish.amount;
        if verb.takes_card() {
            order.card = Some(self.card.get_untracked());
            order.entry = wish.entry;
        }
        if verb.asks_pin() {
            order.pin = wish.pin;
        }
        if let Some(trace) = wish.original {
            order.receipt = self.receipt(terminal, trace);
        }
        Some(order)
    }

    /// Which receipt of a terminal carries a trace number, from 1; the newest one when none does.
    fn receipt(self, terminal: u8, wanted: u32) -> Option<u32> {
        let books = self.books.get_untracked();
        let till = books.till_of(NodeId::Terminal(terminal))?;
        let traces = self.run.with_untracked(|run| {
            let trace = |index: &usize| match &run.events.get(*index)?.what {
                What::Print { slip } => script::trace_of(slip),
                _ => None,
            };
            till.slips.iter().filter_map(trace).collect::<Vec<u32>>()
        });
        let place = traces.iter().position(|trace| *trace == wanted)?;
        u32::try_from(place + 1).ok()
    }

    /// The holder types the PIN again, for the host refused the first: the order becomes one with a
    /// wrong PIN and then a right one.
    pub fn type_again(self, pin: PinChoice) {
        let Some(mut scenario) = self.scenario() else {
            return;
        };
        let last = scenario
            .script
            .iter_mut()
            .rev()
            .find_map(|item| match item {
                Item::Order(order) if order.verb.asks_pin() => Some(order),
                _ => None,
            });
        if let (Some(order), PinChoice::Right) = (last, pin) {
            order.pin = PinChoice::WrongThenRight;
            self.rewrite(scenario);
        }
        self.go_on();
    }

    /// Changes the scenario on the stage and runs it anew.
    pub fn change(self, edit: &mut dyn FnMut(&mut Scenario)) {
        if let Some(mut scenario) = self.scenario() {
            edit(&mut scenario);
            self.rewrite(scenario);
        }
    }

    /// Adds a fault, or takes it away when it is there; what is no fault changes nothing.
    pub fn toggle_fault(self, fault: &str) {
        if fault.parse::<Fault>().is_err() {
            return;
        }
        self.change(&mut |scenario| {
            let there = |item: &Item| matches!(item, Item::Fault(text) if text == fault);
            match scenario.script.iter().position(there) {
                Some(place) => drop(scenario.script.remove(place)),
                None => scenario.script.push(Item::Fault(fault.to_owned())),
            }
        });
    }

    /// Whether a fault stands in the script.
    pub fn has_fault(self, fault: &str) -> bool {
        self.run.with(|run| {
            let mut script = run.scenario.iter().flat_map(|s| &s.script);
            script.any(|item| matches!(item, Item::Fault(text) if text == fault))
        })
    }

    /// Puts a fault aside, or back into the script.
    pub fn put_aside(self, fault: &str) {
        let aside = self.aside.get_untracked().iter().any(|one| one == fault);
        self.aside.update(|all| {
            if aside {
                all.retain(|one| one != fault);
            } else {
                all.push(fault.to_owned());
            }
        });
        self.toggle_fault(fault);
    }

    /// Takes a line out of the script.
    pub fn strike(self, line: usize) {
        self.change(&mut |scenario| {
            if line < scenario.script.len() {
                scenario.script.remove(line);
            }
        });
    }

    /// Adds any line to the script.
    pub fn add(self, item: Item) {
        self.change(&mut |scenario| scenario.script.push(item.clone()));
    }

    /// Keeps the rest of the run as a branch and ends the script here.
    pub fn fork(self) {
        let Some(mut scenario) = self.scenario() else {
            return;
        };
        self.forget_orders_to_come(&mut scenario);
        self.rewrite(scenario);
    }

    /// Puts a branch on the stage; the run that was there takes its place.
    pub fn take_branch(self, index: usize) {
        let run = self.run.get_untracked();
        let cursor = self.cursor.get_untracked();
        let mut taken = None;
        self.branches.update(|branches| {
            if let Some(branch) = branches.get_mut(index) {
                taken = Some((Arc::clone(&branch.run), branch.cursor));
                branch.run = run;
                branch.cursor = cursor;
            }
        });
        if let Some((run, cursor)) = taken {
            self.run.set(run);
            self.cursor.set(cursor);
            self.chosen.set(None);
        }
    }

    /// Indices of the events that printed the slips that were torn off.
    pub fn torn_slips(self) -> Vec<usize> {
        let node = NodeId::Terminal(self.terminal.get());
        let torn = self.torn.get();
        self.books.with(|books| {
            let slips = books.till_of(node).map(|till| till.slips.as_slice());
            let slips = slips.unwrap_or_default();
            slips
                .get(..torn.min(slips.len()))
                .unwrap_or_default()
                .to_vec()
        })
    }

    /// Moves the cursor.
    pub fn seek(self, cursor: usize) {
        let rows = self.run.with_untracked(|run| run.rows());
        self.cursor.set(cursor.min(rows));
    }

    /// Moves the cursor by some rows.
    pub fn step(self, rows: isize) {
        self.playing.set(false);
        self.seek(self.cursor.get_untracked().saturating_add_signed(rows));
    }

    /// Lets time go on from the cursor, or shows the end when time is not to be watched.
    pub fn go_on(self) {
        if self.speed.get_untracked() == 0 {
            self.seek(usize::MAX);
        } else {
            self.playing.set(true);
        }
    }

    /// Writes the state into the address, without a step in the browser's history.
    pub fn write_address(self, shell: Shell) {
        let run = self.run.get_untracked();
        let at = self.cursor.get_untracked();
        if shell.route.with_untracked(|route| route.panel == "theatre")
            && let Some(scenario) = &run.scenario
        {
            self.with_stage(|stage| {
                let rest = address::write(scenario, Some(at), stage);
                browser::replace_fragment(&format!("theatre?{rest}"));
                let outside = self.outside.get_untracked();
                shell.same_as(&address::command(scenario, stage, outside));
            });
        }
    }
}
