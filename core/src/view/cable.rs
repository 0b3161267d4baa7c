//! What went over the cable between a terminal and its PIN pad, taken apart as the sniffer does.

use crate::pad::Protocol;
use crate::pad::sniff::{Seen, Sniffer};
use crate::pad::traffic::Direction;
use crate::trace::{Event, What};

/// The bytes of an event, part by part; nothing when it is no traffic of a pad.
pub fn seen(event: &Event) -> Option<Seen> {
    let What::PadFrame {
        to, family, frame, ..
    } = &event.what
    else {
        return None;
    };
    let direction = match to {
        crate::node::NodeId::PinPad(_) => Direction::ToPad,
        _ => Direction::FromPad,
    };
    let bytes = hex::decode(frame).ok()?;
    let mut sniffer = Sniffer::new(Protocol::from_name(family));
    let mut all = sniffer.feed(direction, &bytes, event.at_ms);
    all.extend(sniffer.flush(event.at_ms));
    all.into_iter().next()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::{Scenario, Stage, World, shipped};
    use crate::trace::Tape;

    #[test]
    fn every_frame_of_a_run_comes_apart_as_it_was_named() {
        let stage = Stage::load().expect("the shipped stage");
        for protocol in Protocol::ALL {
            let name = format!("pad-{}", protocol.name());
            let text = shipped(&name).expect("it is shipped");
            let scenario = Scenario::read(text, &stage).expect("it reads");
            let mut tape = Tape::recording();
            World::new(&stage, &scenario, 0).run_to_end(&mut tape);
            let mut frames = 0;
            for event in tape.take() {
                let What::PadFrame {
                    code, frame, bare, ..
                } = &event.what
                else {
                    assert_eq!(seen(&event), None);
                    continue;
                };
                let seen = seen(&event).expect("traffic");
                assert_eq!((&seen.code, seen.bytes.len()), (code, frame.len() / 2));
                assert!(*bare || !seen.parts.is_empty(), "{name}: {code}");
                frames += usize::from(!bare);
            }
            assert!(frames >= 6, "{name}: {frames}");
        }
    }
}
