//! The EPP family: our host against our pad in all three codings, and what goes wrong.

use crate::line::{Portions, cable};
use crate::vectors::kmy;
use poslab_core::pad::epp::frame::{Coding, Decoder, Received, wrap};
use poslab_core::pad::epp::{Host, HostEvent, Pad};
use poslab_core::pad::face::{Asks, Fact};
use poslab_core::pad::secure::Vault;
use poslab_core::pad::{LinkError, Protocol};

cable!(Host, Pad, HostEvent);

const CODINGS: [Coding; 3] = [Coding::Hex, Coding::Binary, Coding::BinaryEtx];

fn cable(coding: Coding) -> Cable {
    let pad = Pad::new(Vault::teaching(Protocol::Epp));
    Cable {
        host: Host::new(coding),
        pad,
        now: 0,
        how: Portions::Whole,
        heard: vec![],
    }
}

/// Command and data of a published frame.
fn body(name: &str) -> Vec<u8> {
    let mut found = Vec::new();
    let mut decoder = Decoder::fixed(Coding::Hex);
    kmy(name)
        .hex
        .iter()
        .for_each(|b| decoder.push(*b, &mut found));
    match found.as_slice() {
        [Received::Frame { body, .. }] => body.clone(),
        other => panic!("{name}: {other:?}"),
    }
}

impl Cable {
    /// Sends a command and gives status and data; a short quiet ends what waits for its 03.
    fn ask(&mut self, body: &[u8]) -> Vec<u8> {
        self.host.send(body[0], &body[1..], self.now);
        let mut events = self.settle();
        events.extend(self.pass(100));
        events.extend(self.pass(100));
        match events.as_slice() {
            [HostEvent::Reply { status, data }] => [&[*status][..], data].concat(),
            other => panic!("{other:?}"),
        }
    }

    fn vector(&mut self, name: &str) -> Vec<u8> {
        self.ask(&body(name))
    }

    /// Everything up to the open keyboard, as drivers do it.
    fn until_keys(&mut self) {
        for name in [
            "load WK0 under MK0",
            "PAN",
            "alg use WK 3DES",
            "auto-enter off",
            "activate 0/0",
        ] {
            assert_eq!(self.vector(name), [4], "{name}");
        }
        assert_eq!(self.vector("start PIN 4 digits"), [4]);
    }
}

#[test]
fn a_pin_is_the_published_block_in_every_coding() {
    for coding in CODINGS {
        for how in [Portions::Whole, Portions::Single] {
            let mut cable = cable(coding);
            cable.how = how;
            cable.until_keys();
            assert_eq!(cable.pad.face().asks, Asks::Pin { entered: 0 });
            let keys = cable.press(&["1", "2", "9", "clear", "3", "4", "5", "enter"]);
            let bytes: Vec<u8> = keys
                .iter()
                .map(|k| match k {
                    HostEvent::Key(byte) => *byte,
                    other => panic!("{other:?}"),
                })
                .collect();
            assert_eq!(bytes, *b"***\x08**\x0D", "a fifth digit is not taken");
            cable.heard.clear();
            assert_eq!(cable.vector("read PIN"), body("PIN reply"));
            let want = kmy("PIN reply");
            let want = match coding {
                Coding::Hex => want.hex,
                Coding::Binary => want.binary[..want.binary.len() - 1].to_vec(),
                Coding::BinaryEtx => want.binary,
            };
            assert_eq!(cable.heard, want, "{}", coding.name());
            assert_eq!(
                cable.vector("read PIN"),
                body("param err"),
                "a block is read once"
            );
            assert_eq!(cable.vector("close kbd"), body("ok reply"));
        }
    }
}

#[test]
fn keys_mac_and_encryption_are_the_published_ones() {
    let mut cable = cable(Coding::Hex);
    assert_eq!(cable.vector("reset keys"), [4]);
    assert_eq!(cable.pad.poll_event(), Some(Fact::KeysWiped));
    assert_eq!(cable.vector("load WK0 under MK0"), [0xB5], "no master key");
    assert_eq!(cable.vector("activate 0/0"), [0x15]);
    assert_eq!(cable.vector("alg load 3DES"), [4]);
    assert_eq!(cable.vector("load MK0"), [4]);
    let loaded = Fact::KeyLoaded {
        slot: "master 0".to_owned(),
        kcv: "08D7B4".to_owned(),
    };
    assert_eq!(cable.pad.poll_event(), Some(loaded));
    assert_eq!(
        cable.vector("load WK0 verify N=40"),
        [4, 0x11, 0x0D, 0x81, 0xFC]
    );
    assert_eq!(
        cable.vector("encrypt 8 zero"),
        [0x15],
        "nothing is active yet"
    );
    assert_eq!(cable.vector("activate 0/0"), [4]);
    assert_eq!(cable.vector("MAC"), body("MAC reply"));
    let enciphered = cable.vector("encrypt 8 zero");
    assert_eq!(enciphered, body("KCV-type reply"));
    let back = cable.ask(&[&[0x37][..], &enciphered[1..]].concat());
    assert_eq!(back, [4, 0, 0, 0, 0, 0, 0, 0, 0]);
    // Single DES under the left half: the published MAC of the single key's way differs.
    assert_eq!(cable.ask(&[0x46, 1, 0x20]), [4]);
    assert_ne!(cable.vector("MAC"), body("MAC reply"));
}

#[test]
fn the_union_pay_mac_folds_first() {
    let mut cable = cable(Coding::Binary);
    cable.until_keys();
    assert_eq!(cable.ask(&[0x46, 6, 3]), [4]);
    let mac = cable.vector("MAC");
    assert!(
        mac.len() == 9 && mac[1..].iter().all(u8::is_ascii_hexdigit),
        "{mac:?}"
    );
    let folded = cable.ask(b"\x41\x08\x70\x72\x70\x74\x74\x72\x76");
    assert_eq!(folded.len(), 9);
}

#[test]
fn information_and_refusals() {
    let mut cable = cable(Coding::Hex);
    assert_eq!(cable.vector("reset"), [4]);
    let version = cable.vector("version");
    assert_eq!(
        (version.len(), &version[..11]),
        (27, b"\x04POSLAB EPP".as_slice())
    );
    assert_eq!(cable.ask(&[0x38]), b"\x04SIM00001");
    assert_eq!(cable.ask(&[0x99]), body("invalid cmd"));
    assert_eq!(
        cable.vector("start PIN 6"),
        body("param err"),
        "no account yet"
    );
    for wrong in [
        &[0x32, 0x10, 0, 0][..],
        &[0x34, b'1'],
        &[0x46, 9, 9],
        &[0x36, 1],
        &[0x41, 1],
        &[0x35],
    ] {
        assert_eq!(cable.ask(wrong), [0x15], "{wrong:02X?}");
    }
}

#[test]
fn auto_enter_cancel_timeout_and_close() {
    let mut cable = cable(Coding::Hex);
    cable.until_keys();
    assert_eq!(cable.ask(&[0x46, 5, 1]), [4]);
    assert_eq!(cable.vector("start PIN 4 digits"), [4]);
    let keys = cable.press(&["1", "2", "3", "4"]);
    assert_eq!(keys.last(), Some(&HostEvent::Key(0x0D)));
    assert_eq!(cable.vector("read PIN"), body("PIN reply"));
    cable.vector("start PIN 4 digits");
    assert_eq!(
        cable.press(&["1", "cancel"]),
        [HostEvent::Key(0x2A), HostEvent::Key(0x1B)]
    );
    assert_eq!(cable.vector("read PIN"), [0x15]);
    cable.vector("start PIN 4 digits");
    assert_eq!(cable.pass(60_000), [HostEvent::Key(0x80)]);
    cable.vector("start PIN 4 digits");
    cable.vector("close kbd");
    assert_eq!(cable.press(&["1"]), []);
}

#[test]
fn damage_noise_and_silence() {
    let mut pad = Pad::new(Vault::teaching(Protocol::Epp));
    let mut bad = kmy("version").hex;
    *bad.last_mut().expect("a frame") = b'2';
    pad.feed(&[b"\xFFnoise".to_vec(), bad, kmy("reset").hex].concat(), 0);
    assert_eq!(
        pad.poll_transmit(),
        None,
        "as binary this could still become a frame"
    );
    pad.handle_timeout(30);
    assert_eq!(pad.poll_transmit(), Some(kmy("ok reply").hex));
    assert_eq!(pad.poll_event(), Some(Fact::BadCheck));
    pad.feed(&kmy("reset").hex[..4], 40);
    pad.handle_timeout(70);
    pad.feed(&kmy("reset").hex, 80);
    assert_eq!(pad.poll_transmit(), Some(kmy("ok reply").hex));

    let mut host = Host::new(Coding::Hex);
    host.send(0x31, &[], 0);
    for at in [4000, 8000, 12_000] {
        host.handle_timeout(at);
    }
    assert_eq!(std::iter::from_fn(|| host.poll_transmit()).count(), 3);
    let silence = LinkError::NoAnswer {
        awaited: "reply",
        waited_ms: 12_000,
    };
    assert_eq!(host.poll_event(), Some(HostEvent::Failed(silence)));
    host.send(0x31, &[], 0);
    for _ in 0..3 {
        host.feed(b"\x02010406", 0);
        host.handle_timeout(100);
    }
    assert_eq!(
        host.poll_event(),
        Some(HostEvent::Failed(LinkError::Garbled { times: 3 }))
    );
    host.send(0x31, &[], 0);
    host.feed(&wrap(Coding::BinaryEtx, &[4]), 0);
    assert_eq!(
        host.poll_event(),
        Some(HostEvent::Reply {
            status: 4,
            data: vec![]
        })
    );
}
