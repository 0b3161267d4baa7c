//! The state machine of each box as a diagram: its states, the ways between them, where it stands.
//!
//! A terminal reports its own states; what the other boxes are doing follows from what they hold:
//! a host with a trade in flight awaits an answer, a NAC with a line open carries a call. A fold
//! over the events and nothing else, so that any moment of any trace has its machines.

use super::ladder::is_alarm;
use crate::node::{Millis, NodeId, Note, Screen, Settings};
use crate::trace::{Event, What};
use std::collections::BTreeMap;

/// A state and where a diagram draws it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spot {
    /// The state.
    pub name: &'static str,
    /// Column, from 0 to 2.
    pub column: u8,
    /// Row, from 0.
    pub row: u8,
}

/// The states of a kind of box and the ways that are drawn even before they are trodden.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Diagram {
    /// The states; the first is where a box begins.
    pub spots: &'static [Spot],
    /// The ways, without those back to the first state and into [`DARK`], which all states have.
    pub ways: &'static [(&'static str, &'static str)],
    /// The state says what the box holds, so it may change to any other.
    pub any: bool,
}

/// A box without power.
pub const DARK: &str = "dark";

const fn spot(name: &'static str, column: u8, row: u8) -> Spot {
    Spot { name, column, row }
}

const TERMINAL: Diagram = Diagram {
    spots: &[
        spot("idle", 1, 0),
        spot("awaiting-pin", 1, 1),
        spot("awaiting-answer", 1, 2),
        spot("awaiting-pad", 1, 3),
        spot("awaiting-reversal", 1, 4),
        spot("awaiting-sign-on", 0, 1),
        spot("awaiting-script", 0, 2),
        spot("awaiting-queued", 0, 3),
        spot("awaiting-settlement", 2, 1),
        spot("awaiting-upload", 2, 2),
        spot("awaiting-end", 2, 3),
        spot("awaiting-sign-off", 0, 0),
        spot("awaiting-echo", 2, 0),
        spot(DARK, 2, 4),
    ],
    ways: &[
        ("idle", "awaiting-pin"),
        ("idle", "awaiting-answer"),
        ("idle", "awaiting-reversal"),
        ("idle", "awaiting-sign-on"),
        ("idle", "awaiting-script"),
        ("idle", "awaiting-queued"),
        ("idle", "awaiting-settlement"),
        ("idle", "awaiting-upload"),
        ("idle", "awaiting-end"),
        ("idle", "awaiting-sign-off"),
        ("idle", "awaiting-echo"),
        ("awaiting-pin", "awaiting-answer"),
        ("awaiting-pin", "awaiting-pad"),
        ("awaiting-pad", "awaiting-answer"),
        ("awaiting-answer", "awaiting-pin"),
        ("awaiting-answer", "awaiting-reversal"),
        ("awaiting-reversal", "awaiting-pin"),
        ("awaiting-reversal", "awaiting-answer"),
        ("awaiting-reversal", "awaiting-sign-on"),
        ("awaiting-sign-on", "awaiting-reversal"),
        ("awaiting-sign-on", "awaiting-pin"),
        ("awaiting-script", "awaiting-pin"),
        ("awaiting-queued", "awaiting-pin"),
        ("awaiting-queued", "awaiting-settlement"),
        ("awaiting-settlement", "awaiting-upload"),
        ("awaiting-settlement", "awaiting-end"),
        ("awaiting-end", "awaiting-settlement"),
        ("awaiting-upload", "awaiting-end"),
    ],
    any: false,
};

const PIN_PAD: Diagram = Diagram {
    spots: &[
        spot("without-keys", 0, 0),
        spot("ready", 1, 0),
        spot("awaiting-pin", 2, 0),
    ],
    ways: &[
        ("without-keys", "ready"),
        ("ready", "awaiting-pin"),
        ("awaiting-pin", "ready"),
    ],
    any: false,
};

const NAC: Diagram = Diagram {
    spots: &[
        spot("idle", 0, 0),
        spot("carrying-call", 1, 0),
        spot(DARK, 0, 1),
    ],
    ways: &[("idle", "carrying-call")],
    any: false,
};

const FRONT_END: Diagram = Diagram {
    spots: &[
        spot("idle", 0, 0),
        spot("awaiting-switch", 1, 0),
        spot("forwarding-reversal", 2, 0),
        spot("comparing-batch", 1, 1),
        spot(DARK, 0, 1),
    ],
    ways: &[
        ("idle", "awaiting-switch"),
        ("idle", "forwarding-reversal"),
        ("awaiting-switch", "forwarding-reversal"),
        ("idle", "comparing-batch"),
    ],
    any: true,
};

const SWITCH: Diagram = Diagram {
    spots: &[
        spot("idle", 0, 0),
        spot("awaiting-issuer", 1, 0),
        spot("forwarding-reversal", 2, 0),
        spot(DARK, 0, 1),
    ],
    ways: &[
        ("idle", "awaiting-issuer"),
        ("idle", "forwarding-reversal"),
        ("awaiting-issuer", "forwarding-reversal"),
    ],
    any: true,
};

const ISSUER: Diagram = Diagram {
    spots: &[
        spot("ready", 0, 0),
        spot("deciding", 1, 0),
        spot("down", 2, 0),
        spot(DARK, 0, 1),
    ],
    ways: &[("ready", "deciding"), ("ready", "down")],
    any: false,
};

const CLEARING: Diagram = Diagram {
    spots: &[spot("idle", 0, 0), spot("awaiting-payment", 1, 0)],
    ways: &[("idle", "awaiting-payment")],
    any: false,
};

/// The diagram of a kind of box; people have none.
pub fn diagram(lane: NodeId) -> Option<&'static Diagram> {
    match lane {
        NodeId::Terminal(_) => Some(&TERMINAL),
        NodeId::PinPad(_) => Some(&PIN_PAD),
        NodeId::Nac => Some(&NAC),
        NodeId::FrontEnd => Some(&FRONT_END),
        NodeId::Switch => Some(&SWITCH),
        NodeId::Issuer => Some(&ISSUER),
        NodeId::Clearing => Some(&CLEARING),
        NodeId::Holder => None,
    }
}

impl Diagram {
    /// Whether a machine may go this way.
    pub fn allows(&self, from: &str, to: &str) -> bool {
        let first = self.spots.first().is_some_and(|spot| spot.name == to);
        self.any || first || to == DARK || from == DARK || self.ways.contains(&(from, to))
    }
}

/// The transition a machine made last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// The state left.
    pub from: &'static str,
    /// The state entered.
    pub to: &'static str,
    /// Index of the event that made it.
    pub event: usize,
    /// Index of the event that was the reason; `None` when the holder typed at the pad.
    pub because: Option<usize>,
}

/// Where a machine stands, and how it came there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// The state; `None` before the box did anything.
    pub now: Option<&'static str>,
    /// The last transition.
    pub last: Option<Step>,
    /// How often each way was gone.
    pub trod: BTreeMap<(&'static str, &'static str), u32>,
    /// The newest thing that happened to the box, with its time.
    input: Option<(usize, Millis)>,
    /// What a host waits for: trace or reference numbers; lines of a NAC with the end of the call.
    open: BTreeMap<u64, Millis>,
    /// 0420s that are not answered.
    owed: u32,
    collecting: bool,
    down_until: Millis,
}

impl Standing {
    /// The state, from the beginning on.
    pub fn state(&self, lane: NodeId) -> Option<&'static str> {
        let first = || Some(diagram(lane)?.spots.first()?.name);
        self.now.or_else(first)
    }

    fn go(&mut self, lane: NodeId, to: &'static str, event: usize, because: Option<usize>) {
        let Some(from) = self.state(lane).filter(|from| *from != to) else {
            return;
        };
        *self.trod.entry((from, to)).or_insert(0) += 1;
        self.now = Some(to);
        self.last = Some(Step {
            from,
            to,
            event,
            because,
        });
    }
}

/// The machines of all boxes at a moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Machines {
    boxes: BTreeMap<NodeId, Standing>,
}

impl Machines {
    /// Where the machine of a box stands.
    pub fn of(&self, lane: NodeId) -> Standing {
        self.boxes.get(&lane).cloned().unwrap_or_default()
    }

    /// The state of a box, in the words machines use.
    pub fn state(&self, lane: NodeId) -> Option<&'static str> {
        match self.boxes.get(&lane) {
            Some(standing) => standing.state(lane),
            None => diagram(lane)?.spots.first().map(|spot| spot.name),
        }
    }

    /// Takes the next event.
    pub fn take(&mut self, index: usize, event: &Event) {
        let lane = event.node;
        match &event.what {
            What::State { from, .. } if *from == "awaiting-pin" => self.pad_rests(lane, index),
            // An answer that reaches its terminal ends the call.
            What::Deliver {
                from: NodeId::Nac, ..
            } => self.hang_up(lane, index),
            _ => {}
        }
        if diagram(lane).is_none() {
            return;
        }
        let standing = self.boxes.entry(lane).or_default();
        if standing.powered(lane, index, event) {
            return;
        }
        match lane {
            NodeId::Terminal(_) | NodeId::Clearing => standing.reporting(lane, index, event),
            NodeId::PinPad(_) => standing.pin_pad(lane, index, event),
            NodeId::Nac => standing.nac(lane, index, event),
            NodeId::FrontEnd | NodeId::Switch => standing.host(lane, index, event),
            NodeId::Issuer => standing.issuer(lane, index, event),
            NodeId::Holder => {}
        }
    }

    fn pad_rests(&mut self, terminal: NodeId, index: usize) {
        if let NodeId::Terminal(k) = terminal {
            let lane = NodeId::PinPad(k);
            let pad = self.boxes.entry(lane).or_default();
            if pad.now == Some("awaiting-pin") {
                pad.go(lane, "ready", index, None);
            }
        }
    }

    fn hang_up(&mut self, terminal: NodeId, index: usize) {
        if let (NodeId::Terminal(k), Some(nac)) = (terminal, self.boxes.get_mut(&NodeId::Nac)) {
            nac.open.remove(&u64::from(k));
            if nac.open.is_empty() && nac.now == Some("carrying-call") {
                nac.go(NodeId::Nac, "idle", index, Some(index));
            }
        }
    }
}

impl Standing {
    /// Power: true when the event says that it went.
    fn powered(&mut self, lane: NodeId, index: usize, event: &Event) -> bool {
        if let What::Fault { fault, .. } = &event.what
            && fault.starts_with("power-cut")
        {
            self.go(lane, DARK, index, Some(index));
            self.open.clear();
            self.input = None;
            return true;
        }
        if self.now == Some(DARK) {
            let first = diagram(lane).and_then(|diagram| diagram.spots.first());
            if let Some(first) = first {
                self.go(lane, first.name, index, Some(index));
            }
        }
        false
    }

    /// A box that reports its states itself.
    fn reporting(&mut self, lane: NodeId, index: usize, event: &Event) {
        match &event.what {
            What::State { to, .. } => {
                let because = self.input.filter(|(_, at_ms)| *at_ms == event.at_ms);
                self.go(lane, to, index, because.map(|(index, _)| index));
            }
            What::Order { .. } | What::Deliver { .. } | What::Timer { .. } | What::Note { .. } => {
                self.input = Some((index, event.at_ms));
            }
            what if is_alarm(what) => self.input = Some((index, event.at_ms)),
            _ => {}
        }
    }

    fn pin_pad(&mut self, lane: NodeId, index: usize, event: &Event) {
        let to = match &event.what {
            What::KeyLoaded { .. } => "ready",
            What::KeysErased => "without-keys",
            What::Screen {
                screen: Screen::EnterPin { .. } | Screen::PinAgain { .. },
            } => "awaiting-pin",
            _ => return,
        };
        self.go(lane, to, index, Some(index));
    }

    fn nac(&mut self, lane: NodeId, index: usize, event: &Event) {
        match &event.what {
            What::Deliver {
                from: NodeId::Terminal(k),
                ..
            } => self.input = Some((usize::from(*k), event.at_ms)),
            What::Send {
                to: NodeId::FrontEnd,
                ..
            } => {
                let waits = Millis::from(Settings::default().terminal_wait_s) * 1000;
                if let Some((line, at_ms)) = self.input {
                    self.open.insert(line as u64, at_ms + waits);
                }
            }
            _ => {}
        }
        self.open.retain(|_, until| *until > event.at_ms);
        let to = if self.open.is_empty() {
            "idle"
        } else {
            "carrying-call"
        };
        self.go(lane, to, index, Some(index));
    }

    /// A front end knows what is in flight from its journal, a switch from what it forwarded.
    fn host(&mut self, lane: NodeId, index: usize, event: &Event) {
        match &event.what {
            What::Journal {
                rrn: Some(rrn),
                status,
                ..
            } => {
                if *status == "in flight" {
                    self.open.insert(*rrn, Millis::MAX);
                } else {
                    self.open.remove(rrn);
                }
            }
            What::Send { to, mti, stan, .. } if lane == NodeId::Switch => {
                if *to == NodeId::Issuer && matches!(mti.as_str(), "0100" | "0200" | "0220") {
                    self.open.insert(u64::from(*stan), Millis::MAX);
                } else if *to == NodeId::FrontEnd {
                    self.open.remove(&u64::from(*stan));
                }
            }
            What::Persist { record } => match *record {
                "advice-sent" => self.owed += 1,
                "advice-answered" => self.owed = self.owed.saturating_sub(1),
                "batch-closed" => self.collecting = false,
                _ => {}
            },
            What::Note {
                note: Note::Unbalanced,
            } => self.collecting = true,
            _ => {}
        }
        let to = if !self.open.is_empty() {
            match lane {
                NodeId::FrontEnd => "awaiting-switch",
                _ => "awaiting-issuer",
            }
        } else if self.owed > 0 {
            "forwarding-reversal"
        } else if self.collecting {
            "comparing-batch"
        } else {
            "idle"
        };
        self.go(lane, to, index, Some(index));
    }

    fn issuer(&mut self, lane: NodeId, index: usize, event: &Event) {
        let to = match &event.what {
            What::Fault { fault, .. } if fault.starts_with("down") => {
                let lasts = fault.parse::<crate::sim::Fault>().ok();
                let ms = lasts.map_or(0, |fault| match fault.kind {
                    crate::sim::Kind::Down(ms) => ms,
                    _ => 0,
                });
                self.down_until = event.at_ms + ms;
                "down"
            }
            What::Deliver { .. } => "deciding",
            What::Send { .. } => "ready",
            _ if self.now == Some("down") && event.at_ms >= self.down_until => "ready",
            _ => return,
        };
        self.go(lane, to, index, Some(index));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::name;

    #[test]
    fn every_state_has_a_name_in_chinese() {
        let all = [
            &TERMINAL, &PIN_PAD, &NAC, &FRONT_END, &SWITCH, &ISSUER, &CLEARING,
        ];
        for spot in all.into_iter().flat_map(|diagram| diagram.spots) {
            assert_ne!(name(spot.name, true), spot.name);
        }
    }
}
