//! Any bytes to the simulated pads: the first byte chooses the family, later ones are keys too.
#![no_main]

use libfuzzer_sys::fuzz_target;
use poslab_core::pad::simulated::Setup;
use poslab_core::pad::{Key, Protocol, SimulatedPad};

fuzz_target!(|data: &[u8]| {
    let Some((choice, rest)) = data.split_first() else { return };
    let protocol = Protocol::ALL[usize::from(*choice) % Protocol::ALL.len()];
    let mut pad = SimulatedPad::teaching(protocol, Setup::default());
    let mut now = 0;
    for part in rest.chunks(37) {
        pad.feed(part, now);
        pad.press(Key::Digit(part[0] % 10), now);
        pad.press(Key::Enter, now);
        now += u64::from(part[0]) * 20;
        pad.handle_timeout(now);
        while pad.poll_transmit().is_some() {}
    }
});
