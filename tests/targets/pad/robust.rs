//! Seeded random bytes, flips and cuts at every door: no machine panics, none stops answering.

use poslab_core::pad::abecs::frame::wrap;
use poslab_core::pad::epp::frame::Coding;
use poslab_core::pad::probe::PROBES;
use poslab_core::pad::secure::random::Random;
use poslab_core::pad::simulated::Setup;
use poslab_core::pad::sniff::Sniffer;
use poslab_core::pad::traffic::{Direction, Record};
use poslab_core::pad::{Key, Protocol, Session, SimulatedPad, Task};

/// Requests that reach deep into each family, to be damaged.
fn seeds(protocol: Protocol) -> Vec<Vec<u8>> {
    match protocol {
        Protocol::Abecs => crate::vectors::abecs()
            .into_iter()
            .map(|v| v.frame)
            .collect(),
        Protocol::Visa => [
            "load MK0",
            "Z60",
            "70",
            "Z62",
            "Z66 mine",
            "Z60 dukpt",
            "90",
            "06",
        ]
        .map(crate::vectors::line_frame)
        .to_vec(),
        Protocol::Epp => [
            "load MK0",
            "load WK0 under MK0",
            "PAN",
            "MAC",
            "start PIN 4 digits",
        ]
        .map(|name| crate::vectors::kmy(name).binary)
        .to_vec(),
    }
}

/// The frame with its check made right again after damage, where that is easy.
fn damaged(frame: &[u8], protocol: Protocol, random: &mut Random) -> Vec<u8> {
    let mut bytes = frame.to_vec();
    for _ in 0..1 + random.byte() % 3 {
        let at = usize::from(random.byte()) % bytes.len().max(1);
        match random.byte() % 3 {
            0 => bytes[at] ^= 1 << (random.byte() % 8),
            1 => bytes.truncate(at.max(1)),
            _ => bytes.insert(at, random.byte()),
        }
    }
    match (protocol, random.byte() % 2) {
        (Protocol::Abecs, 0) => wrap(bytes.get(1..bytes.len().saturating_sub(3)).unwrap_or(&[])),
        (Protocol::Visa, 0) if bytes.len() > 3 => {
            let end = bytes.len() - 1;
            bytes[end] = bytes[1..end].iter().fold(0, |lrc, b| lrc ^ b);
            bytes
        }
        (Protocol::Epp, 0) if bytes.len() > 4 => {
            let body = bytes[2..bytes.len() - 2].to_vec();
            poslab_core::pad::epp::frame::wrap(Coding::Binary, &body)
        }
        _ => bytes,
    }
}

#[test]
fn pads_survive_anything_and_still_answer() {
    for protocol in Protocol::ALL {
        let mut random = Random::new([u8::from(protocol == Protocol::Epp) + 1; 16]);
        let seeds = seeds(protocol);
        let mut now = 0;
        for round in 0..1500 {
            let mut pad = SimulatedPad::teaching(protocol, Setup::default());
            if protocol == Protocol::Abecs {
                pad.feed(&wrap(b"OPN"), now);
            }
            for _ in 0..4 {
                let seed = &seeds[usize::from(random.byte()) % seeds.len()];
                pad.feed(&damaged(seed, protocol, &mut random), now);
                for key in [
                    Key::Digit(random.byte()),
                    Key::Enter,
                    Key::Clear,
                    Key::Function(9),
                ] {
                    pad.press(key, now);
                }
                now += u64::from(random.byte()) * 100;
                pad.handle_timeout(now);
            }
            now += 200_000;
            pad.handle_timeout(now);
            pad.handle_timeout(now + 600);
            while pad.poll_transmit().is_some() {}
            let (ask, protocol_name) = match protocol {
                Protocol::Abecs => (vec![0x18], "abecs"),
                Protocol::Visa => (b"\x0F06\x0E\x08".to_vec(), "visa"),
                Protocol::Epp => (vec![2, 1, 0x30, 0x31], "epp"),
            };
            pad.feed(&ask, now + 1000);
            pad.handle_timeout(now + 1100);
            assert!(
                pad.poll_transmit().is_some(),
                "{protocol_name} is dumb after round {round}"
            );
            now += 2000;
        }
    }
}

#[test]
fn hosts_sniffers_and_probes_survive_anything() {
    let mut random = Random::new([9; 16]);
    for round in 0..600u32 {
        for protocol in Protocol::ALL {
            let seeds = seeds(protocol);
            let mut session = Session::new(protocol, Coding::Hex, round % 2 == 0);
            session.begin(Task::Info, 0);
            let mut sniffer = Sniffer::new((round % 3 == 0).then_some(protocol));
            let mut sniffed = 0;
            let mut given = 0;
            for step in 0..6 {
                let bytes = match step % 2 {
                    0 => damaged(
                        &seeds[usize::from(random.byte()) % seeds.len()],
                        protocol,
                        &mut random,
                    ),
                    _ => {
                        let count = usize::from(random.byte() % 40);
                        random.bytes(count)
                    }
                };
                session.feed(&bytes, step * 300);
                given += bytes.len();
                let seen = sniffer.feed(Direction::FromPad, &bytes, step);
                sniffed += seen.iter().map(|s| s.bytes.len()).sum::<usize>();
                seen.iter().for_each(|s| drop(s.masked()));
                PROBES
                    .iter()
                    .for_each(|probe| drop(probe.recognise(&bytes)));
                drop(Record::from_json(&String::from_utf8_lossy(&bytes)));
            }
            sniffed += sniffer
                .flush(10)
                .iter()
                .map(|s| s.bytes.len())
                .sum::<usize>();
            assert_eq!(
                sniffed, given,
                "the sniffer neither drops nor makes up bytes"
            );
            let mut now = 2000;
            while let Some(at) = session.poll_timeout() {
                now = now.max(at);
                session.handle_timeout(now);
                while session.poll_transmit().is_some() {}
            }
            assert!(!session.busy(), "a session ends by itself");
        }
    }
}
