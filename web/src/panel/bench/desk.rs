//! The state of one open algorithm.

use super::data::Bench;
use super::run::{Field, Refusal, Run, fields, run};
use leptos::prelude::*;
use poslab_core::view::working::{Change, Tie};
use std::collections::BTreeSet;

/// One algorithm on the bench. Nothing of it is stored, and nothing of it is in the address.
#[derive(Clone, Copy)]
pub struct Desk {
    /// Which algorithm.
    pub bench: &'static Bench,
    /// The inputs as they stand in the form.
    pub fields: RwSignal<Vec<Field>>,
    /// The last computation that gave a result.
    pub run: RwSignal<Run>,
    /// Why the inputs of the moment give none.
    pub refused: RwSignal<Option<Refusal>>,
    /// What the last change did, value by value.
    pub changes: RwSignal<Vec<Option<Change>>>,
    /// The chosen value and place.
    pub pick: RwSignal<Option<(usize, usize)>>,
    /// How every place hangs together with the chosen one.
    pub ties: Memo<Vec<Vec<Tie>>>,
    /// How many figures are done; the others are still to come.
    pub cursor: RwSignal<usize>,
    /// The figures in front of which a run stops.
    pub stops: RwSignal<BTreeSet<usize>>,
    /// The steps that are left out, by index.
    pub skipped: RwSignal<BTreeSet<usize>>,
    /// The steps that can be left out, by index.
    pub optional: Memo<Vec<bool>>,
    whole: RwSignal<Run>,
    /// The other value, of which people ask why it differs.
    pub observed: RwSignal<String>,
    /// Whether the inputs came from the message on the Inspect page.
    pub handed: bool,
}

impl Desk {
    /// An algorithm with its vector, or with inputs that were handed over.
    pub fn new(bench: &'static Bench, given: Option<&serde_json::Value>) -> Desk {
        let mut list = fields(bench);
        for field in &mut list {
            if let Some(text) = given.and_then(|given| given["inputs"][&field.name].as_str()) {
                field.text = text.to_owned();
            }
        }
        let observed = given.and_then(|given| given["observed"].as_str());
        let (made, refused) = match run(bench, &list) {
            Ok(made) => (made, None),
            Err(refusal) => (Run::default(), Some(refusal)),
        };
        let whole = RwSignal::new(made.clone());
        let run = RwSignal::new(made);
        let pick = RwSignal::new(None);
        let ties = Memo::new(move |_| match pick.get() {
            Some((value, place)) => run.with(|run| run.sheet.ties(value, place..place + 1)),
            None => Vec::new(),
        });
        Desk {
            bench,
            fields: RwSignal::new(list),
            run,
            refused: RwSignal::new(refused),
            changes: RwSignal::new(Vec::new()),
            pick,
            ties,
            cursor: RwSignal::new(usize::MAX),
            stops: RwSignal::new(BTreeSet::new()),
            skipped: RwSignal::new(BTreeSet::new()),
            optional: Memo::new(move |_| whole.with(|whole| whole.sheet.optional())),
            whole,
            observed: RwSignal::new(observed.unwrap_or_default().to_owned()),
            handed: given.is_some(),
        }
    }

    /// Takes a new text for one input and computes again.
    pub fn edit(self, index: usize, text: String) {
        self.fields.update(|fields| {
            if let Some(field) = fields.get_mut(index) {
                field.text = text;
            }
        });
        self.again();
    }

    /// Goes back to the vector.
    pub fn reset(self) {
        self.fields.set(fields(self.bench));
        self.skipped.set(BTreeSet::new());
        self.again();
        self.changes.set(Vec::new());
    }

    /// Leaves a step out, or takes it in again; the later steps are done once more.
    pub fn skip(self, line: usize) {
        self.skipped.update(|skipped| toggle(skipped, line));
        let whole = self.whole.get_untracked();
        self.show(self.with_gaps(whole));
    }

    /// Whether the bytes came from a message and the key is still that of the vector.
    pub fn waits_for_key(self) -> bool {
        let own = fields(self.bench);
        let is_key = |field: &&Field| matches!(field.name.as_str(), "mak" | "key");
        let key_of = |fields: &[Field]| fields.iter().find(is_key).map(|field| field.text.clone());
        self.handed && self.fields.with(|fields| key_of(fields)) == key_of(&own)
    }

    /// Makes a run stop in front of a figure, or no longer.
    pub fn stop_at(self, figure: usize) {
        self.stops.update(|stops| toggle(stops, figure));
    }

    /// The run with the steps left out that people chose.
    fn with_gaps(self, mut run: Run) -> Run {
        let skipped = self.skipped.get_untracked();
        if let Some(sheet) = run.sheet.without(&skipped).filter(|_| !skipped.is_empty()) {
            run.sheet = sheet;
            run.gaps = true;
        }
        run
    }

    /// Shows another run, what changed against the one before marked.
    fn show(self, made: Run) {
        let (changes, alike) = self.run.with_untracked(|old| {
            let alike = old.sheet.values().len() == made.sheet.values().len();
            (made.sheet.changes(&old.sheet), alike)
        });
        if !alike {
            self.pick.set(None);
        }
        self.changes.set(changes);
        self.refused.set(None);
        self.run.set(made);
    }

    fn again(self) {
        match self.fields.with_untracked(|fields| run(self.bench, fields)) {
            Ok(made) => {
                let lines = |run: &Run| run.sheet.lines().len();
                if self.whole.with_untracked(lines) != lines(&made) {
                    // Other steps: what was left out is no longer the same.
                    self.skipped.set(BTreeSet::new());
                }
                self.whole.set(made.clone());
                self.show(self.with_gaps(made));
            }
            Err(refusal) => self.refused.set(Some(refusal)),
        }
    }
}

/// Puts a number in, or takes it out.
fn toggle(set: &mut BTreeSet<usize>, number: usize) {
    if !set.remove(&number) {
        set.insert(number);
    }
}
