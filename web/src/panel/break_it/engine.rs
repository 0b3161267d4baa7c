//! The engine of Break it, in the worker: a check piece by piece, so that it can be stopped.

use crate::browser::worker;
use gloo::timers::callback::Timeout;
use poslab_core::node::Protection;
use poslab_core::sim::{Check, Found, Scenario, Stage, Work, model};
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
    /// The properties that broke, with what was found.
    pub broken: Vec<(String, String)>,
}

/// A check that is running.
struct Running {
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
    let check = model(name)?.check(&stage, faults, without);
    // The calm run is the last piece and so the first to run: it may break by itself.
    let pieces = check.split();
    let of = pieces.len();
    Some(Running {
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
            self.found.merge(self.check.run(piece, &mut |_| false));
            self.progress.done += 1;
            // With no fault or one, nothing shorter can come.
            let fewest = self
                .found
                .counter_example
                .as_ref()
                .map(|example| example.faults.len());
            if fewest.is_some_and(|count| count <= 1) {
                self.pieces.clear();
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
                .map(|broken| (broken.property.name().to_owned(), broken.detail.clone()))
                .collect(),
        });
    }
}
