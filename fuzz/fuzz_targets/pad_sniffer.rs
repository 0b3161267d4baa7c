//! Any bytes to the sniffer, both ways: it accounts for each of them.
#![no_main]

use libfuzzer_sys::fuzz_target;
use poslab_core::pad::sniff::Sniffer;
use poslab_core::pad::traffic::Direction;

fuzz_target!(|data: &[u8]| {
    let mut sniffer = Sniffer::new(None);
    let mut seen = Vec::new();
    for (turn, part) in data.chunks(13).enumerate() {
        let direction = if turn % 2 == 0 { Direction::ToPad } else { Direction::FromPad };
        seen.extend(sniffer.feed(direction, part, turn as u64));
    }
    seen.extend(sniffer.flush(0));
    let total: usize = seen.iter().map(|s| s.masked().split(' ').count()).sum();
    assert_eq!(total, data.len());
});
