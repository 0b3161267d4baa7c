//! Tasks over a whole conversation: the same question to each family, and what its pad cannot do.

use crate::line::cable;
use poslab_core::pad::abecs::rsa::KeyPair;
use poslab_core::pad::epp::frame::Coding;
use poslab_core::pad::secure::random::Random;
use poslab_core::pad::session::{Load, MacTask, PinTask, Under};
use poslab_core::pad::simulated::Setup;
use poslab_core::pad::{
    LinkError, Outcome, Protocol, Session, SessionEvent, SimulatedPad, Task, TaskError,
};

cable!(Session, SimulatedPad, SessionEvent);

fn cable(protocol: Protocol) -> Cable {
    Cable {
        host: Session::new(protocol, Coding::Hex, false),
        pad: SimulatedPad::teaching(protocol, Setup::default()),
        now: 0,
        how: crate::line::Portions::Whole,
        heard: vec![],
    }
}

impl Cable {
    fn run(&mut self, task: Task) -> Result<Outcome, TaskError> {
        self.host.begin(task, self.now);
        let mut events = self.settle();
        // What only a quiet line ends.
        events.extend(self.pass(100));
        finish(&events).unwrap_or_else(|| panic!("not done: {events:?}"))
    }

    fn run_and_type(&mut self, task: Task, keys: &[&str]) -> Result<Outcome, TaskError> {
        self.host.begin(task, self.now);
        let mut events = self.settle();
        assert_eq!(events.last(), Some(&SessionEvent::Waiting), "{events:?}");
        events.extend(self.press(keys));
        finish(&events).unwrap_or_else(|| panic!("not done: {events:?}"))
    }
}

fn finish(events: &[SessionEvent]) -> Option<Result<Outcome, TaskError>> {
    events.iter().find_map(|event| match event {
        SessionEvent::Done(outcome) => Some(outcome.clone()),
        _ => None,
    })
}

fn wrapped() -> Vec<u8> {
    hex::decode("3EB3B72576BBBE835601104F2DF94405").expect("hex")
}

fn pin(under: Under) -> Task {
    Task::Pin(PinTask {
        account: "4012345678909".to_owned(),
        under,
        min: 4,
        max: 4,
        seconds: 60,
        prompt: "ENTER PIN".to_owned(),
    })
}

/// The number of the master key of double length in each teaching vault.
fn double_key(protocol: Protocol) -> u8 {
    u8::from(protocol == Protocol::Visa)
}

const KEYS: [&str; 5] = ["1", "2", "3", "4", "enter"];

#[test]
fn one_pin_block_through_every_family() {
    for protocol in Protocol::ALL {
        let under = Under::Sent {
            master: double_key(protocol),
            wrapped: wrapped(),
        };
        let outcome = cable(protocol).run_and_type(pin(under), &KEYS);
        let Ok(Outcome::PinBlock { block, ksn: None }) = outcome else {
            panic!("{outcome:?}")
        };
        assert_eq!(
            hex::encode_upper(block),
            "BE58BB5C6D12149C",
            "{}",
            protocol.name()
        );
    }
}

#[test]
fn one_dukpt_block_through_two_families() {
    for (protocol, index) in [(Protocol::Abecs, 1), (Protocol::Visa, 0)] {
        let outcome = cable(protocol).run_and_type(pin(Under::Dukpt { index }), &KEYS);
        let Ok(Outcome::PinBlock { block, ksn }) = outcome else {
            panic!("{outcome:?}")
        };
        assert_eq!(hex::encode_upper(block), "1B9C1845EB993A7A");
        assert_eq!(ksn.as_deref(), Some("FFFF9876543210E00001"));
    }
}

#[test]
fn a_pin_over_the_secure_channel() {
    let mut cable = cable(Protocol::Abecs);
    let session = Session::new(Protocol::Abecs, Coding::Hex, false);
    cable.host = session.with_channel(KeyPair::generate(&mut Random::new([3; 16])));
    let under = Under::Sent {
        master: 0,
        wrapped: wrapped(),
    };
    let outcome = cable.run_and_type(pin(under), &KEYS);
    assert!(
        matches!(outcome, Ok(Outcome::PinBlock { .. })),
        "{outcome:?}"
    );
    let clear = b"BE58BB5C6D12149C";
    assert!(!cable.heard.windows(16).any(|w| w == clear));
}

#[test]
fn macs_where_the_family_has_them() {
    let data = b"0123456789ABCDEF".to_vec();
    let mac = |protocol, master, wrapped| {
        let under = Under::Sent { master, wrapped };
        cable(protocol).run(Task::Mac(MacTask {
            under,
            data: data.clone(),
        }))
    };
    let hex = |s: &str| <[u8; 8]>::try_from(hex::decode(s).expect("hex").as_slice()).expect("8");
    let single = hex::decode("B4CC3FD9D8D95214").expect("hex");
    assert_eq!(
        mac(Protocol::Visa, 0, single),
        Ok(Outcome::Mac(hex("755F131DD8F9AFCC")))
    );
    assert_eq!(
        mac(Protocol::Visa, 1, wrapped()),
        Ok(Outcome::Mac(hex("C05AFFF094BB8E64")))
    );
    assert_eq!(
        mac(Protocol::Epp, 0, wrapped()),
        Ok(Outcome::Mac(hex("CE1B43E7A3800995")))
    );
    // ABECS has no MAC command; the last block of a CBC chain is the same one.
    assert_eq!(
        mac(Protocol::Abecs, 0, wrapped()),
        Ok(Outcome::Mac(hex("CE1B43E7A3800995")))
    );
    // A single key under a double master key chains with single DES everywhere.
    let single = hex::decode("3EB3B72576BBBE83").expect("hex");
    let x9_9 = mac(Protocol::Epp, 0, single.clone());
    assert_eq!(mac(Protocol::Abecs, 0, single.clone()), x9_9);
    assert_eq!(mac(Protocol::Visa, 1, single), x9_9);
    // A long one over several packets is one chain.
    let long = vec![0x5A; 500];
    let under = Under::Sent {
        master: 0,
        wrapped: hex::decode("B4CC3FD9D8D95214").expect("hex"),
    };
    let outcome = cable(Protocol::Visa).run(Task::Mac(MacTask { under, data: long }));
    assert!(matches!(outcome, Ok(Outcome::Mac(_))), "{outcome:?}");
}

#[test]
fn information_text_and_keys() {
    for (protocol, name) in [
        (Protocol::Abecs, "sernum"),
        (Protocol::Visa, "serial"),
        (Protocol::Epp, "version"),
    ] {
        let outcome = cable(protocol).run(Task::Info);
        let Ok(Outcome::Info(rows)) = outcome else {
            panic!("{outcome:?}")
        };
        assert!(
            rows.iter().any(|(n, v)| n == name && !v.is_empty()),
            "{rows:?}"
        );
    }
    for protocol in [Protocol::Abecs, Protocol::Visa] {
        let mut cable = cable(protocol);
        assert_eq!(
            cable.run(Task::Display("HELLO".to_owned())),
            Ok(Outcome::Shown)
        );
        assert_eq!(cable.pad.face().lines[0], "HELLO");
        let key = cable.run_and_type(Task::Key { seconds: 30 }, &["f1"]);
        assert_eq!(key, Ok(Outcome::Key("f1".to_owned())));
    }
    let mut abecs = cable(Protocol::Abecs);
    let text = "three lines\nof\ntext that is long";
    assert_eq!(
        abecs.run(Task::Display(text.to_owned())),
        Ok(Outcome::Shown)
    );
    assert_eq!(
        abecs.pad.face().lines,
        ["three lines", "of", "text that is lon", "g"]
    );
    assert!(
        cable(Protocol::Epp)
            .run(Task::Display("A".to_owned()))
            .is_err()
    );
}

#[test]
fn loading_and_wiping() {
    let key = || zeroize_vec("0123456789ABCDEFFEDCBA9876543210");
    for protocol in [Protocol::Visa, Protocol::Epp] {
        let mut cable = cable(protocol);
        cable.pad.vault_mut().wipe();
        let load = Task::Load(Load::Master {
            slot: 3,
            key: key(),
        });
        assert_eq!(cable.run(load), Ok(Outcome::Loaded { check: None }));
        let slot = poslab_core::pad::secure::Slot::Master(3);
        assert_eq!(cable.pad.vault_mut().kcv(slot).as_deref(), Some("08D7B4"));
    }
    let mut epp = cable(Protocol::Epp);
    let working = Task::Load(Load::Working {
        master: 0,
        slot: 2,
        wrapped: wrapped(),
    });
    let check = Some("110D81FC".to_owned());
    assert_eq!(epp.run(working), Ok(Outcome::Loaded { check }));
    let stored = epp.run_and_type(pin(Under::Stored { master: 0, slot: 2 }), &KEYS);
    assert!(matches!(stored, Ok(Outcome::PinBlock { .. })), "{stored:?}");
    assert_eq!(
        epp.run(Task::Load(Load::Wipe)),
        Ok(Outcome::Loaded { check: None })
    );
    let after = epp.run(pin(Under::Stored { master: 0, slot: 2 }));
    assert!(
        matches!(&after, Err(TaskError::Refused { code, .. }) if code == "15"),
        "{after:?}"
    );
}

fn zeroize_vec(hex: &str) -> zeroize::Zeroizing<Vec<u8>> {
    zeroize::Zeroizing::new(hex::decode(hex).expect("hex"))
}

#[test]
fn cancels_timeouts_and_silence_have_their_own_names() {
    for protocol in Protocol::ALL {
        let under = || Under::Sent {
            master: double_key(protocol),
            wrapped: wrapped(),
        };
        let mut line = cable(protocol);
        let outcome = line.run_and_type(pin(under()), &["1", "cancel"]);
        let ended = TaskError::Link(LinkError::Ended);
        let want = if protocol == Protocol::Visa {
            ended
        } else {
            TaskError::Cancelled
        };
        assert_eq!(outcome, Err(want), "{}", protocol.name());

        line.host.begin(pin(under()), line.now);
        line.settle();
        line.host.cancel(line.now);
        let cancelled = TaskError::Link(LinkError::Cancelled);
        assert_eq!(
            finish(&line.settle()),
            Some(Err(cancelled)),
            "{}",
            protocol.name()
        );
        line.pass(100);
        let again = line.run_and_type(pin(under()), &KEYS);
        assert!(again.is_ok(), "{}: {again:?}", protocol.name());

        let mut alone = Session::new(protocol, Coding::Hex, false);
        alone.begin(Task::Info, 0);
        let mut now = 0;
        while let Some(at) = alone.poll_timeout() {
            now = at;
            alone.handle_timeout(now);
        }
        assert!(now <= 15_000, "silence is noticed: {now}");
        let silence = std::iter::from_fn(|| alone.poll_event()).last();
        let Some(SessionEvent::Done(Err(TaskError::Link(LinkError::NoAnswer { .. })))) = silence
        else {
            panic!("{silence:?}");
        };
    }
}

#[test]
fn a_missing_key_and_a_wrong_account_are_told() {
    let mut abecs = cable(Protocol::Abecs);
    abecs.pad.vault_mut().wipe();
    let under = Under::Sent {
        master: 0,
        wrapped: wrapped(),
    };
    let refused = abecs.run(pin(under.clone()));
    assert!(
        matches!(&refused, Err(TaskError::Refused { code, .. }) if code == "042"),
        "{refused:?}"
    );
    let Task::Pin(mut task) = pin(under) else {
        unreachable!()
    };
    task.account = "40123".to_owned();
    let wrong = abecs.run(Task::Pin(task));
    assert!(matches!(wrong, Err(TaskError::Invalid(_))), "{wrong:?}");
}
