//! The links: a frame on its way, and every fault that may meet it there.

use super::*;
use crate::bytes::to_hex;
use crate::node::switch::Channel;

impl World {
    /// Whether the line that a message takes between two boxes is cut. Two lines lead to the
    /// issuer: a cut at the switch is one of the direct line, at the issuer one of the partner's.
    pub(super) fn line_cut(&self, a: NodeId, b: NodeId, stan: u32) -> bool {
        let line = match owner(a, b) {
            NodeId::Switch if self.switch.channel(stan) == Channel::Partner => NodeId::Issuer,
            owner => owner,
        };
        self.cut.get(&line).is_some_and(|until| *until > self.now)
    }

    /// Whether a call or line towards `to` cannot be made at all.
    pub(super) fn refused(&mut self, node: NodeId, to: NodeId, tag: Tag) -> bool {
        if self.line_cut(node, to, tag.stan) && owner(node, to) == node {
            return true;
        }
        match (node, to) {
            (NodeId::Terminal(k), _) => {
                self.busy.remove(&node).is_some() || self.nac.busy(self.now, k)
            }
            _ => false,
        }
    }

    pub(super) fn send(
        &mut self,
        node: NodeId,
        to: NodeId,
        tag: Tag,
        mut frame: Vec<u8>,
        choice: Option<Choice>,
        tape: &mut Tape,
    ) {
        if self.refused(node, to, tag) {
            self.schedule(self.now + 200, Job::NotSent { node });
            return;
        }
        self.messages += 1;
        let msg = self.messages;
        tape.write(self.now, node, || What::Send {
            to,
            msg,
            mti: tag.to_string(),
            stan: tag.stan,
            frame: to_hex(&frame),
        });
        self.watch.frame_left(&self.stage, &frame, self.now);
        if let NodeId::Terminal(k) = node {
            let pos = &self.configs.front_end.pos;
            self.watch.terminal_sent(k, tag, &frame, pos, self.now);
            self.watch.reached.sent(tag.mti, &frame, pos);
        }
        let kind = self.argument(node, to, tag);
        if choice.is_some() {
            let fault = self.arrow_fault(node, to, tag, choice, kind);
            tape.write(self.now, node, || What::Fault {
                fault,
                msg: Some(msg),
            });
        }
        *self.arrows.slot((node, to, tag.mti)) += 1;
        if self.line_cut(node, to, tag.stan) {
            return;
        }
        let hop = match &mut self.jitter {
            Some(prng) => 5 + prng.below(26),
            None => latency(node, to),
        };
        let dial = self.dial_line(node, to, hop);
        let flips = match kind {
            Some(Kind::WireBit(one, two)) => Some((one, two)),
            _ => None,
        };
        if choice == Some(Choice::Drop) {
            return;
        }
        let (mut at, mut changed) = match dial {
            Some(dialled) => self.dial(dialled, &mut frame, flips),
            None => (self.now + hop, false),
        };
        match (choice, kind) {
            (Some(Choice::Delay), Some(Kind::Delay(ms))) => at += ms,
            (Some(Choice::Delay), _) => at += self.late_ms,
            (Some(Choice::Duplicate), _) => {
                let copy = frame.clone();
                let again = Job::Deliver {
                    from: node,
                    to,
                    msg,
                    tag,
                    frame: copy,
                    changed,
                };
                self.schedule(at + 40, again);
            }
            (Some(Choice::Corrupt), Some(Kind::WireBit(..))) if dial.is_none() => {
                at += 2 * hop + 300;
                self.schedule(
                    at,
                    Job::Line {
                        node: to,
                        note: crate::node::Note::LineTcp,
                    },
                );
            }
            (Some(Choice::Corrupt), Some(Kind::WireBit(..))) => {}
            (Some(Choice::Corrupt), kind) => {
                let bit = if let Some(Kind::Corrupt(bit)) = kind {
                    bit
                } else {
                    None
                };
                changed = true;
                self.flip(&mut frame, tag, node, bit);
            }
            _ => {}
        }
        self.schedule(
            at,
            Job::Deliver {
                from: node,
                to,
                msg,
                tag,
                frame,
                changed,
            },
        );
    }

    pub(super) fn arrow_fault(
        &self,
        from: NodeId,
        to: NodeId,
        tag: Tag,
        choice: Option<Choice>,
        kind: Option<Kind>,
    ) -> String {
        let nth = self.arrows.get(&(from, to, tag.mti)).copied().unwrap_or(0) + 1;
        let place = Place::Arrow {
            from,
            to,
            mti: tag.mti,
            nth,
        };
        let kind = kind.unwrap_or(match choice {
            Some(Choice::Drop) => Kind::Drop,
            Some(Choice::Duplicate) => Kind::Duplicate,
            Some(Choice::Corrupt) => Kind::Corrupt(None),
            _ => Kind::Delay(self.late_ms),
        });
        Fault { kind, place }.to_string()
    }

    /// Flips a bit of a frame: the one asked for, or the lowest of the amount.
    pub(super) fn flip(&self, frame: &mut [u8], _tag: Tag, from: NodeId, bit: Option<u32>) {
        let at = match bit {
            Some(bit) => Some((bit as usize / 8, 7 - bit % 8)),
            None => crate::sim::flip::amount(frame, from, &self.configs).map(|byte| (byte, 0)),
        };
        let at = at.unwrap_or((frame.len().saturating_sub(9), 0));
        if let Some(byte) = frame.get_mut(at.0) {
            *byte ^= 1 << at.1;
        }
    }
}

/// The box a link belongs to: the one nearer to the card.
pub(super) fn owner(a: NodeId, b: NodeId) -> NodeId {
    a.min(b)
}

/// Milliseconds a hop takes, by the link's lower box.
pub(super) fn latency(from: NodeId, to: NodeId) -> Millis {
    match (from, to) {
        (NodeId::Terminal(_), _) | (_, NodeId::Terminal(_)) => 20,
        (NodeId::Nac, _) | (_, NodeId::Nac) => 5,
        (NodeId::Issuer, _) | (_, NodeId::Issuer) => 15,
        _ => 10,
    }
}
