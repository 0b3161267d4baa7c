//! One of each thing that the verbs print, made by the functions that print it.

use super::emulate::{fact_json, ready_json};
use super::log::as_json;
use super::out::{error_json, outcome_json};
use super::port::port_json;
use poslab_core::pad::face::Fact;
use poslab_core::pad::sniff::Sniffer;
use poslab_core::pad::traffic::Direction;
use poslab_core::pad::{Outcome, Protocol};
use serde_json::json;
use serialport::{SerialPortInfo, SerialPortType, UsbPortInfo};

/// The samples, one object each.
pub(in crate::command) fn samples() -> Vec<String> {
    let usb = UsbPortInfo {
        vid: 0x11CA,
        pid: 0x0220,
        serial_number: Some("SN0001".to_owned()),
        manufacturer: None,
        product: None,
    };
    let port = |port_type| SerialPortInfo {
        port_name: "/dev/ttyUSB0".to_owned(),
        port_type,
    };
    let ports =
        [SerialPortType::UsbPort(usb), SerialPortType::Unknown].map(|kind| port_json(&port(kind)));
    let rows = vec![("sernum".to_owned(), "1".to_owned())];
    let outcomes = [
        ("info", Outcome::Info(rows)),
        ("display", Outcome::Shown),
        ("key", Outcome::Key("f1".to_owned())),
        (
            "pin",
            Outcome::PinBlock {
                block: [1; 8],
                ksn: None,
            },
        ),
        ("mac", Outcome::Mac([2; 8])),
        ("load-key", Outcome::Loaded { check: None }),
    ];
    let facts = [
        Fact::KeyLoaded {
            slot: "master 0".to_owned(),
            kcv: "08D7B4".to_owned(),
        },
        Fact::KeysWiped,
        Fact::PinTaken { digits: 4 },
        Fact::BadCheck,
        Fact::UnknownCommand("XYZ".to_owned()),
    ];
    let mut sniffer = Sniffer::new(Some(Protocol::Epp));
    let traffic = sniffer.feed(Direction::ToPad, b"\x02013130", 0);
    let mut all = vec![
        json!({ "schema": "poslab/pad-ports/1", "ports": ports }).to_string(),
        ready_json(Protocol::Visa, "/dev/pts/5").to_string(),
        error_json("busy", "in use", Some("close it")).to_string(),
    ];
    all.extend(
        outcomes
            .iter()
            .map(|(verb, o)| outcome_json(verb, o).to_string()),
    );
    all.extend(facts.iter().map(|fact| fact_json(fact).to_string()));
    all.extend(traffic.iter().map(|seen| as_json(seen, false)));
    all
}
