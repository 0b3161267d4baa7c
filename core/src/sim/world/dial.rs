//! The dial line between terminal and NAC: bits travel, and whichever check notices a flipped one
//! asks for the frame again.
//!
//! ```text
//! async   ENQ → · ← ACK · STX frame ETX LRC → · ← ACK or NAK (again) · EOT →
//! sync    I-frame → · ← RR; a damaged frame is thrown away, and silence brings it again
//! ```
//! A line on a socket has the checksum of TCP instead. What no check of the line notices is passed
//! on, and the MAC of the message is the last to see it.

use super::*;
use crate::frame::line::{self, Caught, Line};
use crate::node::Note;

/// Bits a second of a dial line.
const RATE: Millis = 2_400;
/// How long a sender waits for an acknowledgement of a synchronous frame.
const SILENCE_MS: Millis = 600;

/// Bits that flip on the line, counted from the first bit of the block, around its end.
pub(super) type Flips = Option<(u32, Option<u32>)>;

/// A frame on a dial line.
#[derive(Clone, Copy, Debug)]
pub(super) struct Dialled {
    pub line: Line,
    pub from: NodeId,
    pub to: NodeId,
    pub hop: Millis,
}

impl World {
    /// The dial line between two boxes, when there is one.
    pub(super) fn dial_line(&self, from: NodeId, to: NodeId, hop: Millis) -> Option<Dialled> {
        let dial = matches!(
            (from, to),
            (NodeId::Terminal(_), _) | (_, NodeId::Terminal(_))
        );
        let line = self.settings.line.carries().filter(|_| dial)?;
        Some(Dialled {
            line,
            from,
            to,
            hop,
        })
    }

    /// Sends a frame over the line, the given bits flipped the first time; when it arrives, and
    /// whether it is another than the one that left.
    pub(super) fn dial(&mut self, d: Dialled, frame: &mut Vec<u8>, flips: Flips) -> (Millis, bool) {
        let bits = line::send(d.line, frame);
        let lasts = (bits.len() as Millis * 1_000).div_ceil(RATE);
        let mut at = self.opens(d);
        let mut levels: Vec<bool> = bits.iter().map(|bit| bit.high).collect();
        flip(&mut levels, flips);
        at += lasts + d.hop;
        let mut changed = false;
        match line::receive(d.line, &levels) {
            Ok(got) => {
                changed = got != *frame;
                if changed {
                    self.says(at, d.to, Note::LineUnnoticed);
                }
                *frame = got;
            }
            Err(caught) => {
                self.says(at, d.to, noticed(caught));
                at = self.asks_again(d, at) + lasts + d.hop;
            }
        }
        (self.closes(d, at), changed)
    }

    /// The handshake before the block; when the block leaves.
    fn opens(&mut self, d: Dialled) -> Millis {
        if d.line == Line::Sync {
            return self.now;
        }
        self.says(self.now, d.from, Note::LineEnq);
        self.says(self.now + d.hop, d.to, Note::LineAck);
        self.now + 2 * d.hop
    }

    /// The block was damaged and noticed `at`; when it leaves once more.
    fn asks_again(&mut self, d: Dialled, at: Millis) -> Millis {
        let again = if d.line == Line::Sync {
            self.says(at, d.to, Note::LineDiscarded);
            at + SILENCE_MS
        } else {
            self.says(at, d.to, Note::LineNak);
            at + d.hop
        };
        self.says(again, d.from, Note::LineAgain);
        again
    }

    /// The block is there: said to the sender; when the receiver hands it on.
    fn closes(&mut self, d: Dialled, at: Millis) -> Millis {
        if d.line == Line::Sync {
            self.says(at, d.to, Note::LineReady);
            at
        } else {
            self.says(at, d.to, Note::LineAck);
            self.says(at + d.hop, d.from, Note::LineEot);
            at + 2 * d.hop
        }
    }

    /// A remark of the line, unless the box at that end has no power.
    pub(super) fn shows(&mut self, node: NodeId, note: Note, tape: &mut Tape) {
        if !self.dark.contains_key(&node) {
            tape.write(self.now, node, || What::Note { note });
        }
    }

    /// A remark of the line at a time to come.
    fn says(&mut self, at: Millis, node: NodeId, note: Note) {
        self.schedule(at, Job::Line { node, note });
    }
}

fn flip(levels: &mut [bool], flips: Flips) {
    let Some((first, second)) = flips else { return };
    let len = levels.len().max(1);
    for bit in [Some(first), second].into_iter().flatten() {
        if let Some(level) = levels.get_mut(bit as usize % len) {
            *level = !*level;
        }
    }
}

/// The remark of the layer that noticed.
fn noticed(caught: Caught) -> Note {
    match caught {
        Caught::Character => Note::LineCharacter,
        Caught::Parity => Note::LineParity,
        Caught::Frame => Note::LineFrame,
        Caught::Lrc => Note::LineLrc,
        Caught::Flag => Note::LineFlag,
        Caught::Fcs => Note::LineFcs,
    }
}
