//! The engine of Break it, in the worker: a check piece by piece, so that it can be stopped.

use crate::browser::worker;
use gloo::timers::callback::Timeout;
use poslab_core::node::Protection;
use poslab_core::sim::{Check, Found, Scenario, Stage, Work, model};
use poslab_core::view::moral::moral;
use serde::{Deserialize, Serialize};
use std::cell::RefCell;
use std::rc::Rc;

/// What the page asks.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "job", rename_all = "kebab-case")]
pub enum Job {
    /// Check a model.
    Check {
        /// The number of the check; its answers carry it.
        id: u32,
        /// The name of the model.
        model: String,
        /// Faults to place at most.
        faults: u8,
        /// Protections that are off.
        without: Vec<Protection>,
    },
    /// Stop checking.
    StopCheck,
}

/// What the worker answers, again and again.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Progress {
    /// The number of the check.
    pub check: u32,
    /// Pieces done.
    pub done: usize,
    /// Pieces in all.
    pub of: usize,
    /// Schedules run.
    pub schedules: u64,
    /// Nothing more will come.
    pub over: bool,
    /// The shortest counter-example so far.
    pub example: Option<Example>,
}

/// A counter-example, as a scenario to open.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Example {
    /// The scenario.
    pub scenario: Scenario,
    /// How many faults it has.
    pub faults: usize,
    /// The names of the properties that broke.
    pub broken: Vec<String>,
    /// What it teaches, in a sentence: English, Chinese.
    pub moral: [String; 2],
}

/// A check that is running.
struct Running {
    deeper: Vec<Check>,
    check: Check,
    pieces: Vec<Work>,
    found: Found,
    progress: Progress,
}

/// Answers jobs for as long as the worker lives.
pub fn serve() {
    let running = Rc::new(RefCell::new(None::<Running>));
    worker::on_job(move |text| match serde_json::from_str::<Job>(&text) {
        Ok(Job::Check {
            id,
            model,
            faults,
            without,
        }) => {
            let started = start(id, &model, faults, &without);
            let was_idle = running.replace(started).is_none();
            if was_idle {
                go_on(Rc::clone(&running));
            }
        }
        Ok(Job::StopCheck) => drop(running.replace(None)),
        // Other panels' jobs.
        Err(_) => {}
    });
}

fn start(id: u32, name: &str, faults: u8, without: &[Protection]) -> Option<Running> {
    let stage = Stage::load().ok()?;
    let model = model(name)?;
    // Fewer faults first: the first counter-example that is found is one of the shortest.
    let mut deeper: Vec<Check> = (0..=faults)
        .rev()
        .map(|count| model.check(&stage, count, without))
        .collect();
    let check = deeper.pop()?;
    let pieces = check.split();
    let of = pieces.len();
    Some(Running {
        deeper,
        check,
        pieces,
        found: Found::default(),
        progress: Progress {
            check: id,
            of,
            ..Progress::default()
        },
    })
}

/// Runs some pieces, says how far it is, and comes back after the worker's messages were heard.
fn go_on(running: Rc<RefCell<Option<Running>>>) {
    let mut slot = running.borrow_mut();
    let Some(run) = slot.as_mut() else { return };
    run.step();
    let over = run.progress.over;
    worker::answer(&serde_json::to_string(&run.progress).unwrap_or_default());
    if over {
        *slot = None;
        return;
    }
    drop(slot);
    Timeout::new(0, move || go_on(running)).forget();
}

impl Running {
    /// Runs pieces for about one answer's worth of schedules.
    fn step(&mut self) {
        let until = self.found.schedules + 64;
        while self.found.schedules < until {
            let Some(piece) = self.pieces.pop() else {
                break;
            };
            let found = self
                .check
                .run(piece, &mut |found| found.counter_example.is_some());
            self.found.merge(found);
            self.progress.done += 1;
            if self.found.counter_example.is_some() {
                self.pieces.clear();
                self.deeper.clear();
            } else if self.pieces.is_empty()
                && let Some(deeper) = self.deeper.pop()
            {
                self.pieces = deeper.split();
                self.progress.of += self.pieces.len();
                self.check = deeper;
            }
        }
        self.progress.schedules = self.found.schedules;
        self.progress.over = self.pieces.is_empty();
        self.progress.example = self.found.counter_example.as_ref().map(|example| Example {
            scenario: example.scenario.clone(),
            faults: example.faults.len(),
            broken: example
                .broken
                .iter()
                .map(|broken| broken.property.name().to_owned())
                .collect(),
            moral: [false, true].map(|zh| {
                let off = &example.scenario.world.without;
                moral(off, example.faults.len(), &example.broken, zh)
            }),
        });
    }
}
