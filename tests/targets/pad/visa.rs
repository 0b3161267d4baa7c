//! The VISA family: our host against our pad, the manuals' examples, and what goes wrong.

use crate::line::{Portions, cable};
use crate::vectors::line_frame;
use poslab_core::pad::face::{Asks, Fact};
use poslab_core::pad::secure::Vault;
use poslab_core::pad::visa::frame::Decoder;
use poslab_core::pad::visa::frame::{ACK, EOT, Fault, Kind, NAK, Received, wrap};
use poslab_core::pad::visa::{Expect, Host, HostEvent, Mode, Pad, Profile};
use poslab_core::pad::{LinkError, Protocol};

cable!(Host, Pad, HostEvent);

fn cable() -> Cable {
    let pad = Pad::new(Vault::teaching(Protocol::Visa));
    Cable {
        host: Host::new(),
        pad,
        now: 0,
        how: Portions::Whole,
        heard: vec![],
    }
}

impl Cable {
    fn ask(&mut self, kind: Kind, text: &[u8], expect: Expect) -> Vec<HostEvent> {
        self.host.send(kind, text, expect, self.now);
        self.settle()
    }

    fn reply(&mut self, kind: Kind, text: &[u8]) -> String {
        match self.ask(kind, text, Expect::Reply).as_slice() {
            [HostEvent::Accepted, HostEvent::Reply(reply)] => {
                String::from_utf8_lossy(reply).into_owned()
            }
            other => panic!("{other:?}"),
        }
    }

    /// Asks for a PIN, types 1234 and gives the reply.
    fn pin(&mut self, text: &[u8]) -> String {
        let accepted = self.ask(Kind::Transaction, text, Expect::Person);
        assert_eq!(accepted, [HostEvent::Accepted]);
        match self.press(&["1", "2", "3", "4", "enter"]).as_slice() {
            [HostEvent::Reply(reply)] => String::from_utf8_lossy(reply).into_owned(),
            other => panic!("{other:?}"),
        }
    }
}

/// The text of a published frame.
fn text(name: &str) -> Vec<u8> {
    let mut decoder = Decoder::new();
    let frame = line_frame(name);
    match frame.iter().find_map(|b| decoder.push(*b)) {
        Some(Received::Frame { text, .. }) => text,
        other => panic!("{name}: {other:?}"),
    }
}

#[test]
fn a_pin_under_a_single_key_is_the_published_block() {
    for how in [Portions::Whole, Portions::Single] {
        for name in ["Z60", "70", "Z62"] {
            let mut cable = cable();
            cable.how = how;
            let reply = cable.pin(&text(name));
            assert_eq!(reply, "71.00401755F4EB3D12E852B", "{name}");
            assert!(cable.heard.ends_with(&[EOT]));
            let frame = line_frame("71");
            assert!(
                cable.heard.windows(frame.len()).any(|w| w == frame),
                "{name}"
            );
        }
    }
}

#[test]
fn a_pin_under_a_double_key_is_the_published_block() {
    let mut cable = cable();
    let done = [HostEvent::Accepted, HostEvent::Done];
    assert_eq!(cable.ask(Kind::Admin, b"081", Expect::End), done);
    let request = b"Z60.4012345678909\x1c3EB3B72576BBBE835601104F2DF94405";
    assert_eq!(cable.pin(request), "71.00401BE58BB5C6D12149C");
}

#[test]
fn a_pin_under_dukpt_is_the_published_block() {
    let mut first = cable();
    assert_eq!(
        first.pin(&text("Z60 dukpt")).as_bytes(),
        text("VeriFone 73")
    );
    let mut second = cable();
    assert_eq!(second.reply(Kind::Transaction, &text("90")), "910");
    assert_eq!(
        second.pin(b"70.4012345678909\x1cD12.34").as_bytes(),
        text("PP791 DUKPT 71")
    );
    let mut test = cable();
    let reply = test.reply(Kind::Transaction, b"76.4012345678909");
    assert_eq!(reply.as_bytes(), text("PP791 DUKPT 71"));
}

#[test]
fn the_mac_is_the_published_one() {
    let mut cable = cable();
    let mac = cable.reply(Kind::Transaction, &text("Z66 mine"));
    assert_eq!(mac, "Z670755F131DD8F9AFCC");
    let hexadecimal = b"Z666000\x1cB4CC3FD9D8D95214\x1c\x1c30313233343536373839414243444546";
    assert_eq!(cable.reply(Kind::Transaction, hexadecimal), mac);
    let first = b"Z665000\x1cB4CC3FD9D8D95214\x1c\x1c01234567";
    let last = b"Z664010\x1cB4CC3FD9D8D95214\x1c\x1c89ABCDEF";
    assert_eq!(cable.reply(Kind::Transaction, first), "Z671");
    assert_eq!(cable.reply(Kind::Transaction, last), mac);
    assert_eq!(cable.reply(Kind::Transaction, last), "Z672", "out of order");
    // The manual's own example has a flag that its own table does not know.
    assert_eq!(
        cable.reply(Kind::Transaction, &text("Z66 doc example")),
        "Z676"
    );
    cable.ask(Kind::Admin, b"081", Expect::End);
    let retail = b"Z66400\x1c3EB3B72576BBBE835601104F2DF94405\x1c\x1c0123456789ABCDEF";
    assert_eq!(
        cable.reply(Kind::Transaction, retail),
        "Z670C05AFFF094BB8E64"
    );
}

#[test]
fn loading_a_key_takes_an_echo_and_an_ack() {
    let mut cable = cable();
    cable.pad.vault_mut().wipe();
    assert_eq!(cable.reply(Kind::Admin, b"040"), "040");
    let request = text("Z60");
    assert_eq!(
        cable.reply(Kind::Transaction, &request),
        "711",
        "no master key"
    );
    let load = text("load MK0");
    let done = [HostEvent::Accepted, HostEvent::Done];
    assert_eq!(cable.ask(Kind::Admin, &load, Expect::Echo), done);
    let loaded = Fact::KeyLoaded {
        slot: "master 0".to_owned(),
        kcv: "D5D44F".to_owned(),
    };
    assert_eq!(cable.pad.poll_event(), Some(loaded));
    assert_eq!(cable.reply(Kind::Admin, b"040").as_bytes(), text("present"));
    assert_eq!(cable.pin(&request), "71.00401755F4EB3D12E852B");
    cable.pad.vault_mut().wipe();
    cable.pad.feed(&wrap(Kind::Admin, &load), 0);
    cable.pad.feed(&[EOT], 0);
    cable.settle();
    assert_eq!(
        cable.reply(Kind::Admin, b"040"),
        "040",
        "EOT leaves the key out"
    );
}

#[test]
fn administration_answers() {
    let mut cable = cable();
    assert_eq!(cable.reply(Kind::Admin, &text("06")), "06246880401A001234");
    assert_eq!(
        cable.reply(Kind::Admin, &text("diag 0106")),
        "14246880401A001234"
    );
    assert_eq!(
        cable.reply(Kind::Admin, &text("test 09")).as_bytes(),
        text("09 PROCESSING")
    );
    assert_eq!(cable.reply(Kind::Admin, &text("16 selftest")), "160");
    assert_eq!(cable.reply(Kind::Admin, &text("check MK2")), "040");
    assert_eq!(cable.reply(Kind::Admin, b"M04"), "M04000-000-001");
    for name in ["baud 134", "select MK7"] {
        let events = cable.ask(Kind::Admin, &text(name), Expect::End);
        assert_eq!(events, [HostEvent::Accepted, HostEvent::Done], "{name}");
    }
    assert_eq!(
        cable.ask(Kind::Admin, b"07", Expect::End),
        [HostEvent::Accepted]
    );
    assert_eq!(cable.pass(1000), [HostEvent::Done]);
    assert_eq!(
        cable.reply(Kind::Transaction, &text("Z60")),
        "711",
        "key 7 is not there"
    );
}

#[test]
fn display_keys_and_digits() {
    let mut cable = cable();
    let shown = cable.ask(Kind::Transaction, &text("Z2"), Expect::Ack);
    assert_eq!(shown, [HostEvent::Accepted]);
    assert_eq!(cable.pad.face().lines, ["HELLO"]);
    for (key, letter) in [
        ("7", "7"),
        ("f1", "A"),
        ("cancel", "*"),
        ("enter", "#"),
        ("clear", "/"),
    ] {
        cable.ask(Kind::Transaction, b"Z42030", Expect::Person);
        let events = cable.press(&[key]);
        assert_eq!(
            events,
            [HostEvent::Reply(format!("Z43{letter}").into_bytes())]
        );
    }
    cable.ask(Kind::Transaction, b"Z42030", Expect::Person);
    assert_eq!(cable.pass(30_000), [HostEvent::Reply(b"Z43?".to_vec())]);
    cable.ask(Kind::Transaction, b"Z50106004", Expect::Person);
    assert_eq!(
        cable.press(&["1", "2", "clear", "3", "enter"]),
        [HostEvent::Reply(b"Z5113".to_vec())]
    );
    let profile = Profile {
        confirms_display: true,
        ..Profile::default()
    };
    let pad = Pad::new(Vault::empty()).with_profile(profile);
    let mut uic = Cable {
        pad,
        ..self::cable()
    };
    assert_eq!(uic.reply(Kind::Transaction, &text("Z2")), "Z20");
}

#[test]
fn refused_pins_say_why() {
    let mut cable = cable();
    for (request, answer) in [
        (b"Z60.12\x1cB4CC3FD9D8D95214".as_slice(), "712"),
        (b"Z60.40123456789AB\x1cB4CC3FD9D8D95214", "712"),
        (b"Z60", "712"),
        (
            b"Z62.4012345678909\x1cB4CC3FD9D8D952140312NA\x1cB\x1cC",
            "712",
        ),
    ] {
        assert_eq!(cable.reply(Kind::Transaction, request), answer);
    }
    assert_eq!(answer_of(Mode::Dukpt, &text("Z60")), "715");
    assert_eq!(
        answer_of(Mode::MasterSession, &text("Z60 dukpt")).as_bytes(),
        text("71 error 2")
    );
}

fn answer_of(mode: Mode, request: &[u8]) -> String {
    let profile = Profile {
        mode,
        ..Profile::default()
    };
    let pad = Pad::new(Vault::teaching(Protocol::Visa)).with_profile(profile);
    Cable { pad, ..cable() }.reply(Kind::Transaction, request)
}

#[test]
fn an_empty_pin_only_where_it_is_allowed() {
    let mut cable = cable();
    let request = b"Z62.4012345678909\x1cB4CC3FD9D8D952140412YPIN?\x1c\x1cBYE";
    cable.ask(Kind::Transaction, request, Expect::Person);
    assert_eq!(
        cable.press(&["1", "enter"]),
        [],
        "neither empty nor long enough"
    );
    let events = cable.press(&["clear", "enter"]);
    let [HostEvent::Reply(reply)] = events.as_slice() else {
        panic!("{events:?}")
    };
    assert!(reply.starts_with(b"71.00001"));
}

#[test]
fn cancelling_from_either_side() {
    let mut cable = cable();
    cable.ask(Kind::Transaction, &text("Z60"), Expect::Person);
    cable.press(&["1", "2"]);
    cable.host.cancel(cable.now);
    assert_eq!(cable.settle(), [HostEvent::Done]);
    assert_eq!(cable.pad.face().asks, Asks::Nothing);
    cable.host.cancel(cable.now);
    assert_eq!(
        cable.settle(),
        [HostEvent::Accepted],
        "an idle pad says ACK"
    );
    cable.ask(Kind::Transaction, &text("Z60"), Expect::Person);
    assert_eq!(
        cable.press(&["cancel"]),
        [HostEvent::Failed(LinkError::Ended)]
    );
    cable.ask(Kind::Transaction, &text("Z60"), Expect::Person);
    assert_eq!(cable.pass(30_000), [HostEvent::Failed(LinkError::Ended)]);
}

fn sent(pad: &mut Pad) -> Vec<u8> {
    std::iter::from_fn(|| pad.poll_transmit())
        .flatten()
        .collect()
}

#[test]
fn damage_noise_gaps_and_lost_acknowledgements_at_the_pad() {
    let mut pad = Pad::new(Vault::teaching(Protocol::Visa));
    let mut bad = line_frame("06");
    bad[4] ^= 1;
    pad.feed(&[b"\x00\xFF".to_vec(), bad].concat(), 0);
    assert_eq!(sent(&mut pad), [NAK]);
    pad.feed(&line_frame("06")[..3], 0);
    pad.handle_timeout(2000);
    assert_eq!(sent(&mut pad), [NAK]);
    pad.feed(&line_frame("06"), 2000);
    let reply = wrap(Kind::Admin, b"06246880401A001234");
    assert_eq!(sent(&mut pad), [vec![ACK], reply.clone()].concat());
    pad.feed(&[NAK], 2100);
    assert_eq!(sent(&mut pad), reply);
    pad.handle_timeout(7100);
    assert_eq!(sent(&mut pad), reply);
    pad.handle_timeout(12_100);
    assert_eq!(sent(&mut pad), [EOT], "after three times it gives up");
}

#[test]
fn the_host_gives_up_in_order() {
    let mut host = Host::new();
    host.send(Kind::Admin, b"06", Expect::Reply, 0);
    host.feed(&[NAK, NAK, NAK], 0);
    let frame = line_frame("06");
    let out: Vec<_> = std::iter::from_fn(|| host.poll_transmit()).collect();
    assert_eq!(
        out,
        [frame.clone(), frame.clone(), frame.clone(), vec![EOT]]
    );
    assert_eq!(
        host.poll_event(),
        Some(HostEvent::Failed(LinkError::Refused { times: 3 }))
    );
    host.send(Kind::Admin, b"06", Expect::Reply, 0);
    for at in [5000, 10_000, 15_000] {
        host.handle_timeout(at);
    }
    let out: Vec<_> = std::iter::from_fn(|| host.poll_transmit()).collect();
    assert_eq!(out, [frame.clone(), frame.clone(), frame, vec![EOT]]);
    let silence = LinkError::NoAnswer {
        awaited: "ack",
        waited_ms: 15_000,
    };
    assert_eq!(host.poll_event(), Some(HostEvent::Failed(silence)));
    host.send(Kind::Admin, b"06", Expect::Reply, 0);
    let mut bad = wrap(Kind::Admin, b"06246880401A001234");
    bad[6] ^= 4;
    host.feed(&[vec![ACK], bad.clone(), bad.clone(), bad].concat(), 0);
    let out: Vec<_> = std::iter::from_fn(|| host.poll_transmit())
        .skip(1)
        .collect();
    assert_eq!(out, [vec![NAK], vec![NAK], vec![EOT]]);
    assert_eq!(host.poll_event(), Some(HostEvent::Accepted));
    assert_eq!(
        host.poll_event(),
        Some(HostEvent::Failed(LinkError::Garbled { times: 3 }))
    );
}

#[test]
fn an_echo_that_differs_is_refused() {
    let mut host = Host::new();
    host.send(Kind::Admin, b"0200123456789ABCDEF", Expect::Echo, 0);
    host.feed(
        &[&[ACK][..], &wrap(Kind::Admin, b"0200123456789ABCDEE")].concat(),
        0,
    );
    let out: Vec<_> = std::iter::from_fn(|| host.poll_transmit())
        .skip(1)
        .collect();
    assert_eq!(out, [[EOT]]);
}

#[test]
fn parity_bits_are_dropped_on_seven_bit_lines() {
    let even = |b: &u8| {
        if b.count_ones() % 2 == 1 {
            b | 0x80
        } else {
            *b
        }
    };
    let frame: Vec<u8> = line_frame("06").iter().map(even).collect();
    assert!(frame.iter().any(|b| b & 0x80 != 0));
    let mut pad = Pad::new(Vault::empty()).seven_bits(true);
    pad.feed(&frame, 0);
    assert_eq!(sent(&mut pad)[0], ACK);
    let mut decoder = Decoder::new();
    let seen = line_frame("06")
        .iter()
        .map(|b| b ^ u8::from(*b == 0x08))
        .find_map(|b| decoder.push(b));
    assert_eq!(
        seen,
        Some(Received::Bad(Fault::Lrc {
            expected: 8,
            found: 9
        }))
    );
}
