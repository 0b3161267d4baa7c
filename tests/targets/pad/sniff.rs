//! The sniffer: every published frame is recognised and told, whatever the portions.

use crate::vectors::{Vector, abecs, kmy, line_frame};
use poslab_core::pad::Protocol;
use poslab_core::pad::probe::{Line, PROBES};
use poslab_core::pad::sniff::{Family, Seen, Sniffer, What};
use poslab_core::pad::traffic::Direction;

fn sniff(direction: Direction, bytes: &[u8]) -> Vec<Seen> {
    let mut sniffer = Sniffer::new(None);
    let mut seen: Vec<Seen> = bytes
        .iter()
        .flat_map(|b| sniffer.feed(direction, &[*b], 0))
        .collect();
    seen.extend(sniffer.flush(0));
    let all: Vec<u8> = seen.iter().flat_map(|s| s.bytes.clone()).collect();
    assert_eq!(all, bytes, "no byte is lost");
    seen
}

fn one(direction: Direction, bytes: &[u8], family: Family) -> Seen {
    let mut seen = sniff(direction, bytes);
    assert_eq!(seen.len(), 1, "{bytes:02X?}: {seen:?}");
    let seen = seen.remove(0);
    assert_eq!(seen.what, What::Frame(family), "{bytes:02X?}");
    for part in &seen.parts {
        assert!(
            part.bytes.end <= bytes.len() && part.bytes.start <= part.bytes.end,
            "{part:?}"
        );
    }
    for pair in seen.parts.windows(2) {
        assert!(pair[0].bytes.end <= pair[1].bytes.start, "{pair:?}");
    }
    seen
}

#[test]
fn every_published_frame_is_recognised_byte_by_byte() {
    for Vector { name, frame } in abecs() {
        let from = name.contains("reply") || name.contains("OPN000") || name.contains("0'");
        let direction = if from {
            Direction::FromPad
        } else {
            Direction::ToPad
        };
        let seen = one(direction, &frame, Family::Abecs);
        assert!(!seen.code.is_empty(), "{name}");
    }
    for name in [
        "load MK0",
        "06",
        "72",
        "Z60",
        "70",
        "71",
        "Z62",
        "Z2",
        "Z66 mine",
        "90",
        "VeriFone 73",
    ] {
        one(Direction::ToPad, &line_frame(name), Family::Visa);
    }
    for name in [
        "reset",
        "load MK0",
        "PAN",
        "start PIN 4 digits",
        "PIN reply",
        "MAC",
        "ok reply",
    ] {
        let vector = kmy(name);
        one(Direction::ToPad, &vector.hex, Family::Epp);
        one(Direction::ToPad, &vector.binary, Family::Epp);
    }
}

#[test]
fn other_families_are_recognised_by_their_checks() {
    for (frame, family) in [
        (b"\x020045030\x0331".to_vec(), Family::Zt),
        (
            b"\x0203710102"
                .iter()
                .copied()
                .chain(*b"0123456789ABCDEFFEDCBA9876543210\x0305")
                .collect(),
            Family::Zt,
        ),
        (line_frame("NGA ver"), Family::Nga),
        (line_frame("NGA getpin DUKPT"), Family::Nga),
        (
            vec![0x1B, 0x53, 0x46, 0x00, 0x01, 0x0F, 0x0D, 0x0A],
            Family::Esc,
        ),
        (
            vec![0x10, 0x02, 0x41, 0x10, 0x10, 0x51, 0x10, 0x03],
            Family::Dle,
        ),
    ] {
        one(Direction::ToPad, &frame, family);
    }
}

#[test]
fn account_numbers_and_clear_keys_are_hidden() {
    let gpn = abecs()
        .into_iter()
        .find(|v| v.name.starts_with("ABECS GPN MKWK"))
        .expect("vector");
    let pan_digits = "34 30 31 32 33 34 35 36 37 38 39 30 39";
    for (frame, secret) in [
        (gpn.frame, pan_digits),
        (line_frame("Z60"), pan_digits),
        (
            line_frame("load MK0"),
            "30 31 32 33 34 35 36 37 38 39 41 42",
        ),
        (kmy("PAN").hex, "33 34 33 30 33 31"),
        (kmy("load MK0").binary, "01 23 45 67 89 AB"),
    ] {
        let seen = sniff(Direction::ToPad, &frame).remove(0);
        assert!(seen.has_secret(), "{seen:?}");
        assert!(!seen.masked().contains(secret), "{}", seen.masked());
        assert!(
            !format!("{:?}", seen.parts).contains("4012345678909"),
            "{:?}",
            seen.parts
        );
    }
}

#[test]
fn a_conversation_with_noise_is_taken_apart_in_order() {
    let mut sniffer = Sniffer::new(Some(Protocol::Abecs));
    let frame = abecs().remove(0).frame;
    assert!(sniffer.feed(Direction::ToPad, &frame[..3], 0).is_empty());
    assert!(sniffer.pending());
    let answer = sniffer.feed(Direction::FromPad, &[0xFF, 0x00, 0x06], 5);
    assert_eq!(
        answer.iter().map(|s| s.code.as_str()).collect::<Vec<_>>(),
        ["?", "ACK"]
    );
    let rest = sniffer.feed(Direction::ToPad, &[&frame[3..], &[0x18]].concat(), 9);
    assert_eq!(
        rest.iter()
            .map(|s| (s.at_ms, s.code.as_str()))
            .collect::<Vec<_>>(),
        [(0, "OPN"), (9, "CAN")]
    );
    let mut damaged = frame.clone();
    *damaged.last_mut().expect("bytes") ^= 1;
    let seen = sniffer.feed(Direction::FromPad, &damaged, 20);
    assert_eq!(seen[0].what, What::Damaged(Family::Abecs));
    let keys = sniff(Direction::FromPad, b"**\x08*\x0D");
    assert_eq!(
        keys.iter().map(|s| s.code.as_str()).collect::<Vec<_>>(),
        ["*", "*", "BS", "*", "CR"]
    );
}

#[test]
fn probes_ask_only_harmless_things_in_the_documented_order() {
    let order: Vec<(Family, String)> = PROBES
        .iter()
        .map(|p| (p.family, p.line.to_string()))
        .collect();
    let want = [
        (Family::Abecs, "19200-8N1"),
        (Family::Visa, "1200-7E1"),
        (Family::Visa, "9600-8N1"),
        (Family::Epp, "9600-8N1"),
        (Family::Nga, "9600-8N1"),
        (Family::Zt, "9600-8N1"),
    ];
    assert_eq!(order, want.map(|(f, l)| (f, l.to_owned())));
    for probe in PROBES {
        assert_eq!(Line::from_text(&probe.line.to_string()), Some(probe.line));
        assert_eq!(probe.recognise(b""), None);
        assert_eq!(probe.recognise(b"\xFF\x13garbage at a wrong speed"), None);
    }
    let sent: Vec<String> = PROBES.iter().map(|p| hex::encode_upper(p.send)).collect();
    let want = [
        "18",
        "0F30360E08",
        "0F30360E08",
        "02303133303331",
        "02030078 46013FBF03",
        "02303031330330 31",
    ];
    assert_eq!(sent, want.map(|s| s.replace(' ', "")));
    assert!(PROBES[0].recognise(&[4]).is_some());
    let visa = poslab_core::pad::visa::frame::wrap(
        poslab_core::pad::visa::frame::Kind::Admin,
        b"06246880401A001234",
    );
    let found = PROBES[2]
        .recognise(&[&[6][..], &visa].concat())
        .expect("a serial number");
    assert_eq!(found.said, "246880401A001234");
}
