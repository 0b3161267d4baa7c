//! What a pad and its host can print at every step of taking a PIN: no key, no digit of the PIN,
//! no account.

use crate::line::cable;
use poslab_core::pad::epp::frame::Coding;
use poslab_core::pad::session::{PinTask, Under};
use poslab_core::pad::simulated::Setup;
use poslab_core::pad::{Key, Protocol, Session, SessionEvent, SimulatedPad, Task};
use std::fmt::Debug;

cable!(Session, SimulatedPad, SessionEvent);

const ACCOUNT: &str = "4012345678909";
/// The double-length and the initial key of the teaching vaults.
const KEYS: [&str; 2] = [
    "0123456789ABCDEFFEDCBA9876543210",
    "6AC292FAA1315B4D858AB3A3D7D5933A",
];

fn clean(what: &str, value: &impl Debug) {
    let shown = format!("{value:?}").to_uppercase();
    for secret in [ACCOUNT, "9182", "9, 1, 8, 2", "57, 49, 56, 50"] {
        assert!(!shown.contains(secret), "{what} shows {secret}: {shown}");
    }
    for key in KEYS {
        let octets = hex::decode(key).expect("hexadecimal");
        let list: Vec<String> = octets.iter().map(u8::to_string).collect();
        assert!(!shown.contains(key), "{what} shows a key");
        assert!(!shown.contains(&list.join(", ")), "{what} shows a key");
    }
}

impl Cable {
    /// Prints all that can be printed.
    fn print(&mut self, events: &[SessionEvent]) {
        let what = self.host.protocol().name();
        clean(what, &events);
        clean(what, self.pad.face());
        clean(what, self.pad.vault_mut());
        while let Some(fact) = self.pad.poll_event() {
            clean(what, &fact);
        }
    }
}

#[test]
fn nothing_of_a_pad_prints_a_secret() {
    for protocol in Protocol::ALL {
        let mut cable = Cable {
            host: Session::new(protocol, Coding::Hex, false),
            pad: SimulatedPad::teaching(protocol, Setup::default()),
            now: 0,
            how: crate::line::Portions::Whole,
            heard: vec![],
        };
        let task = Task::Pin(PinTask {
            account: ACCOUNT.to_owned(),
            under: Under::Sent {
                master: u8::from(protocol == Protocol::Visa),
                wrapped: hex::decode("3EB3B72576BBBE835601104F2DF94405").expect("hex"),
            },
            min: 4,
            max: 4,
            seconds: 60,
            prompt: "ENTER PIN".to_owned(),
        });
        clean(protocol.name(), &task);
        cable.host.begin(task, cable.now);
        let mut events = cable.settle();
        cable.print(&events);
        for key in ["9", "1", "8", "2", "enter"] {
            clean(protocol.name(), &Key::from_name(key));
            events = cable.press(&[key]);
            cable.print(&events);
        }
        events = cable.pass(100);
        cable.print(&events);
        assert!(!cable.heard.is_empty(), "{} said nothing", protocol.name());
    }
}
