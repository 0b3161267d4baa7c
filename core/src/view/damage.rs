//! Who notices a bit that flips past the line's own check: found by running the world with it.
//!
//! Parity, LRC and FCS guard one line; what passes them meets the NAC, the parsers, the MAC and the
//! echo checks of the boxes. Nothing here knows those checks: each bit is a fault of a script, and
//! the events of that run say who spoke up first.

use crate::node::{LineKind, Note};
use crate::sim::{Item, Replay};
use crate::trace::{Event, What};

/// Who noticed first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Noticed {
    /// The NAC: a letter without a known address.
    Address,
    /// A parser: the frame cannot be read.
    Form,
    /// A MAC.
    Mac,
    /// The comparison of an answer with its request, or of a request with those before.
    Echo,
    /// A host: it refused what it read.
    Refused,
    /// Nobody, and a property is broken.
    Broken,
    /// Nobody, and no book differs.
    Nobody,
}

impl Noticed {
    /// All of them, in the order in which a frame meets them.
    pub const ALL: [Noticed; 7] = [
        Noticed::Address,
        Noticed::Form,
        Noticed::Mac,
        Noticed::Echo,
        Noticed::Refused,
        Noticed::Broken,
        Noticed::Nobody,
    ];
}

/// Flips bits of one message, one run for each, and counts who noticed; `place` names the message
/// as a fault does: `0210@nac-terminal`.
pub fn tally(run: &Replay, place: &str, bits: &[u32]) -> [usize; Noticed::ALL.len()] {
    let mut counts = [0; Noticed::ALL.len()];
    for bit in bits {
        let mut scenario = run.scenario().clone();
        let fault = format!("corrupt:bit={bit}:{place}");
        scenario.script.push(Item::Fault(fault));
        let noticed = first(run.events(), run.again(scenario).events());
        let slot = Noticed::ALL.iter().position(|one| *one == noticed);
        if let Some(count) = slot.and_then(|slot| counts.get_mut(slot)) {
            *count += 1;
        }
    }
    counts
}

/// Flips pairs of bits on the dial line under one message, one run for each: who noticed behind the
/// line what its own checks let pass. Bits count from the first of the block.
pub fn pairs(run: &Replay, line: LineKind, place: &str, pairs: &[(usize, usize)]) -> Vec<Noticed> {
    let mut sound = run.scenario().clone();
    sound.world.line = Some(line);
    let sound = run.again(sound);
    let noticed = |(one, two): &(usize, usize)| {
        let mut scenario = sound.scenario().clone();
        let fault = format!("wire-bit:bits={one}+{two}:{place}");
        scenario.script.push(Item::Fault(fault));
        first(sound.events(), sound.again(scenario).events())
    };
    pairs.iter().map(noticed).collect()
}

fn first(sound: &[Event], hurt: &[Event]) -> Noticed {
    let alike = sound.iter().zip(hurt).take_while(|(a, b)| a == b).count();
    let since = hurt.get(alike..).unwrap_or_default();
    let spoke = |event: &Event| match &event.what {
        What::Note { note } => match note {
            Note::DeadLetter => Some(Noticed::Address),
            Note::Unreadable => Some(Noticed::Form),
            Note::MacWrong => Some(Noticed::Mac),
            Note::EchoWrong | Note::AnswerIgnored => Some(Noticed::Echo),
            _ => None,
        },
        What::Decision { code, why, .. } if *why == "MAC" && !code.approves() => Some(Noticed::Mac),
        What::Decision { code, .. } if !code.approves() => Some(Noticed::Refused),
        What::Property { holds: false, .. } => Some(Noticed::Broken),
        _ => None,
    };
    since.iter().find_map(spoke).unwrap_or(Noticed::Nobody)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::{Scenario, Stage, shipped};

    #[test]
    fn a_pair_that_the_line_misses_meets_the_mac() {
        let stage = Stage::load().unwrap();
        let scenario = Scenario::read(shipped("sale").unwrap(), &stage).unwrap();
        let run = Replay::of(&stage, scenario, 0);
        // Two characters of the amount, without parity: STX, length, TPDU, header, MTI, bitmap, PAN.
        let amount = 10 * 36 + 1;
        let line = LineKind::AsyncPlain;
        let noticed = pairs(&run, line, "0200@terminal-nac", &[(amount, amount + 10)]);
        assert_eq!(noticed, [Noticed::Mac]);
        // With parity the line itself asks again, and nobody behind it sees anything.
        let even = 11 * 36 + 1;
        let noticed = pairs(
            &run,
            LineKind::Async,
            "0200@terminal-nac",
            &[(even, even + 11)],
        );
        assert_eq!(noticed, [Noticed::Nobody]);
    }

    #[test]
    fn the_mac_of_an_answer_covers_its_amount() {
        let stage = Stage::load().unwrap();
        let scenario = Scenario::read(shipped("sale").unwrap(), &stage).unwrap();
        let run = Replay::of(&stage, scenario, 0);
        // In the amount, in the MAC itself; and a date that is no decimal digit any more.
        let counts = tally(&run, "0210@nac-terminal", &[300, 1440, 400]);
        assert_eq!(counts, [0, 1, 2, 0, 0, 0, 0]);
        let counts = tally(&run, "0200@terminal-nac", &[30]);
        assert_eq!(counts[0], 1, "a wrong network address is a dead letter");
    }
}
