//! The clearing of a run as rows: positions, postings and reconciliation statements of each day.
//!
//! A fold over the events, so a page can show it at any moment of a trace and step to the event
//! behind a row. The papers themselves are [`Positions`] and [`Statement`]; their words, in both
//! languages, stand there.

use crate::node::clearing::{Positions, Statement, Transit, sides};
use crate::node::ledger::{Account, Fen};
use crate::node::{NodeId, Note, Slip};
use crate::trace::{Event, What};

/// A posting of clearing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PostingRow {
    /// Index of its event.
    pub event: usize,
    /// The movements, credit positive; they sum to zero.
    pub legs: Vec<(Account, Fen)>,
}

/// A cut-off and what followed it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClearingDay {
    /// Index of the event of the cut-off.
    pub event: usize,
    /// The net positions, once they are printed.
    pub positions: Option<Positions>,
    /// The postings, oldest first.
    pub postings: Vec<PostingRow>,
    /// Indices of the events that print statements, and the statements.
    pub statements: Vec<(usize, Statement)>,
}

/// The cut-offs among some events, oldest first.
pub fn days(events: &[Event]) -> Vec<ClearingDay> {
    let mut out: Vec<ClearingDay> = Vec::new();
    let of_clearing = |e: &(usize, &Event)| e.1.node == NodeId::Clearing;
    for (index, event) in events.iter().enumerate().filter(of_clearing) {
        if let What::Note { note: Note::CutOff } = event.what {
            out.push(ClearingDay {
                event: index,
                positions: None,
                postings: Vec::new(),
                statements: Vec::new(),
            });
        }
        if let Some(day) = out.last_mut() {
            day.take(index, &event.what);
        }
    }
    out
}

impl ClearingDay {
    fn take(&mut self, event: usize, what: &What) {
        match what {
            What::Ledger { legs, .. } => self.postings.push(PostingRow {
                event,
                legs: legs.clone(),
            }),
            What::Print { slip } => match &**slip {
                Slip::Positions(positions) => self.positions = Some(positions.clone()),
                Slip::Statement(statement) => self.statements.push((event, statement.clone())),
                _ => {}
            },
            _ => {}
        }
    }
}

/// One of the four kinds of items in transit of a statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TransitGroup {
    /// What kind, in the language asked for.
    pub title: &'static str,
    /// Whether its items are added to the balance above them, or taken off.
    pub adds: bool,
    /// The items, with their words.
    pub items: Vec<(String, Fen)>,
}

/// The four kinds of items in transit of a statement: two that change the books' balance, two that
/// change the bank's.
pub fn groups(statement: &Statement, zh: bool) -> [TransitGroup; 4] {
    let titles = sides(zh);
    let group = |title, adds, items: &[Transit]| TransitGroup {
        title,
        adds,
        items: items.iter().map(|t| (t.words(zh), t.amount)).collect(),
    };
    let [bank_in, bank_out, books_in, books_out] = titles;
    [
        group(bank_in, true, &statement.bank_received),
        group(bank_out, false, &statement.bank_paid),
        group(books_in, true, &statement.books_received),
        group(books_out, false, &statement.books_paid),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::{Scenario, Stage, World, shipped};
    use crate::trace::Tape;

    #[test]
    fn the_worked_example_has_all_four_kinds_and_ends_equal() {
        let stage = Stage::load().expect("the stage loads");
        let text = shipped("reconciliation").expect("it ships");
        let scenario = Scenario::read(text, &stage).expect("it reads");
        let mut tape = Tape::recording();
        World::new(&stage, &scenario, 0).run_to_end(&mut tape);
        let days = days(tape.events());
        let [day] = &days[..] else {
            panic!("{} days", days.len())
        };
        let nets = day.positions.as_ref().map(Positions::rest);
        assert_eq!(nets, Some(0));
        for posting in &day.postings {
            assert_eq!(posting.legs.iter().map(|l| l.1).sum::<Fen>(), 0);
        }
        let (_, statement) = &day.statements[0];
        let counts = groups(statement, false).map(|group| group.items.len());
        assert_eq!(counts, [1, 1, 1, 1], "{}", statement.text(false));
        assert!(statement.agrees() && statement.books != statement.bank);
    }
}
