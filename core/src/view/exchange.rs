//! A block on a dial line with everything around it, turn by turn: who says what, and when.
//!
//! ```text
//! async   ENQ → · ← ACK · STX frame ETX LRC → · ← ACK, or ← NAK and the block again · EOT →
//! sync    I-frame → · ← RR; a damaged frame is thrown away, and silence brings it again
//! ```
//! The same rules as the dial line of the world; here on bits that a person flips. What comes of
//! them is what [`receive`] says.

use crate::frame::line::{Caught, Line, Parity, receive, send};

/// What is said on the line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Say {
    /// May I send?
    Enq,
    /// Yes; or: the block is good.
    Ack,
    /// The block is damaged: again.
    Nak,
    /// The block, so many bits.
    Block(usize),
    /// Nothing more.
    Eot,
    /// Receiver ready: the frame of before is acknowledged.
    Ready,
    /// Nothing: a damaged frame is thrown away without a word.
    Silence,
}

/// One turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Turn {
    /// What is said.
    pub say: Say,
    /// By the sender of the block; else by its receiver.
    pub sender: bool,
    /// When it begins, in bit times since the first.
    pub at: usize,
    /// The layer that made the receiver say so.
    pub because: Option<Caught>,
}

/// An exchange: its turns, and what is handed on at its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exchange {
    /// The turns.
    pub turns: Vec<Turn>,
    /// Bit times from the first to the last.
    pub lasts: usize,
    /// Whether a damaged frame was handed on as if it were sound.
    pub unnoticed: bool,
}

/// Bits on the line for one character, and those of them that carry text.
pub fn character_bits(parity: Parity) -> (usize, usize) {
    match parity {
        Parity::None => (10, 8),
        Parity::Even | Parity::Odd => (11, 8),
    }
}

/// Bit times that a sender of a synchronous frame waits for an acknowledgement.
const SILENCE: usize = 1_440;

/// The exchange for a frame, some levels of its first block flipped.
pub fn exchange(line: Line, frame: &[u8], flips: &[usize]) -> Exchange {
    let good: Vec<bool> = send(line, frame).iter().map(|bit| bit.high).collect();
    let got = receive(line, &flipped(&good, flips));
    let mut told = Told {
        turns: Vec::new(),
        at: 0,
        line,
    };
    if line != Line::Sync {
        told.say(Say::Enq, true, None);
        told.say(Say::Ack, false, None);
    }
    told.say(Say::Block(good.len()), true, None);
    if let Err(caught) = got {
        let refusal = match line {
            Line::Sync => Say::Silence,
            Line::Async(_) => Say::Nak,
        };
        told.say(refusal, false, Some(caught));
        told.say(Say::Block(good.len()), true, None);
    }
    if line == Line::Sync {
        told.say(Say::Ready, false, None);
    } else {
        told.say(Say::Ack, false, None);
        told.say(Say::Eot, true, None);
    }
    Exchange {
        turns: told.turns,
        lasts: told.at,
        unnoticed: got.is_ok_and(|got| got != frame),
    }
}

struct Told {
    turns: Vec<Turn>,
    at: usize,
    line: Line,
}

impl Told {
    fn say(&mut self, say: Say, sender: bool, because: Option<Caught>) {
        self.turns.push(Turn {
            say,
            sender,
            at: self.at,
            because,
        });
        self.at += match (say, self.line) {
            (Say::Block(bits), _) => bits,
            (Say::Silence, _) => SILENCE,
            // A frame without text: flag, address, control, check sequence, flag.
            (_, Line::Sync) => 48,
            (_, Line::Async(parity)) => character_bits(parity).0,
        };
    }
}

fn flipped(levels: &[bool], flips: &[usize]) -> Vec<bool> {
    let level = |(at, high): (usize, &bool)| *high ^ flips.contains(&at);
    levels.iter().enumerate().map(level).collect()
}

/// Pairs of bits that pass every check of the line when both flip: found by flipping them.
///
/// **Shape**: the first of each pair and the distance to the second, one character; no more than
/// `most` of them, spread over the block.
pub fn missed(line: Line, frame: &[u8], most: usize) -> Vec<(usize, usize)> {
    let good: Vec<bool> = send(line, frame).iter().map(|bit| bit.high).collect();
    let apart = match line {
        Line::Async(parity) => character_bits(parity).0,
        Line::Sync => 8,
    };
    let passes = |at: &usize| {
        let got = receive(line, &flipped(&good, &[*at, at + apart]));
        got.is_ok_and(|got| got != frame)
    };
    let all: Vec<usize> = (0..good.len().saturating_sub(apart))
        .filter(passes)
        .collect();
    let every = all.len().div_ceil(most.max(1)).max(1);
    all.into_iter()
        .step_by(every)
        .map(|at| (at, at + apart))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame() -> Vec<u8> {
        vec![0, 6, 0x60, 0, 3, 0, 1, 2]
    }

    fn said(line: Line, flips: &[usize]) -> Vec<Say> {
        let exchange = exchange(line, &frame(), flips);
        exchange.turns.iter().map(|turn| turn.say).collect()
    }

    #[test]
    fn a_sound_block_is_asked_for_sent_and_ended() {
        let block = Say::Block(11 * 11);
        let line = Line::Async(Parity::Even);
        assert_eq!(
            said(line, &[]),
            [Say::Enq, Say::Ack, block, Say::Ack, Say::Eot]
        );
        let nak = [
            Say::Enq,
            Say::Ack,
            block,
            Say::Nak,
            block,
            Say::Ack,
            Say::Eot,
        ];
        assert_eq!(said(line, &[30]), nak);
        let lasts = exchange(line, &frame(), &[]).lasts;
        assert_eq!(lasts, 11 * (4 + 11), "eleven characters and four around");
        assert_eq!(said(Line::Sync, &[30])[1], Say::Silence);
    }

    #[test]
    fn an_lrc_without_parity_misses_pairs() {
        let line = Line::Async(Parity::None);
        let pairs = missed(line, &frame(), 6);
        assert!(!pairs.is_empty() && pairs.len() <= 6, "{pairs:?}");
        for (one, two) in pairs {
            assert!(exchange(line, &frame(), &[one, two]).unnoticed);
        }
        assert_eq!(missed(Line::Async(Parity::Even), &frame(), 6), []);
        assert_eq!(missed(Line::Sync, &frame(), 6), []);
    }
}
