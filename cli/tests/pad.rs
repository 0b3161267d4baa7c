//! `poslab pad` over real pseudo-terminals: the emulator on one end, our own host on the other.
#![cfg(unix)]

use serde_json::Value;
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};

const BINARY: &str = env!("CARGO_BIN_EXE_poslab");
const WORKING_KEY: &str = "3EB3B72576BBBE835601104F2DF94405";
const PIN_BLOCK: &str = "BE58BB5C6D12149C";
const KEYS: &str = "1,2,3,4,enter";

/// A child that ends with its test, and the pseudo-terminal it opened.
struct Running {
    child: Child,
    port: String,
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn emulate(protocol: &str, more: &[&str]) -> Running {
    let mut child = Command::new(BINARY)
        .args(["pad", "emulate", "--protocol", protocol, "--seconds", "60"])
        .args(more)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the binary runs");
    let mut port = String::new();
    let out = child.stdout.take().expect("a pipe");
    BufReader::new(out)
        .read_line(&mut port)
        .expect("the path comes first");
    Running {
        child,
        port: port.trim().to_owned(),
    }
}

fn pad(arguments: &[&str]) -> Output {
    Command::new(BINARY)
        .arg("pad")
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .expect("it runs")
}

/// Runs a verb against a port and gives its JSON; it must succeed.
fn ask(verb: &[&str], port: &str, protocol: &str) -> Value {
    let tail = ["--port", port, "--protocol", protocol, "--format", "json"];
    let output = pad(&[verb, &tail].concat());
    assert!(
        output.status.success(),
        "{verb:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    serde_json::from_slice(&output.stdout).expect("JSON")
}

fn pin(more: &[&'static str]) -> Vec<&'static str> {
    let head = [
        "pin",
        "--test-data",
        "--account",
        "4012345678909",
        "--max",
        "4",
    ];
    [&head[..], more].concat()
}

fn temporary(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name)
}

#[test]
fn one_pin_block_from_every_emulated_pad() {
    for (protocol, master) in [("abecs", "0"), ("visa", "1"), ("epp", "0")] {
        let pad = emulate(protocol, &["--keys", KEYS, "--repeat"]);
        let verb = pin(&["--master", master, "--working-key", WORKING_KEY]);
        for _ in 0..2 {
            let answer = ask(&verb, &pad.port, protocol);
            assert_eq!(answer["pin_block"], PIN_BLOCK, "{protocol}: {answer}");
            assert_eq!(answer["schema"], "poslab/pad-pin/1");
        }
    }
    for coding in ["hex", "binary", "binary-03"] {
        let pad = emulate("epp", &["--keys", KEYS, "--coding", coding]);
        let verb = pin(&["--master", "0", "--working-key", WORKING_KEY]);
        let answer = ask(
            &[&verb[..], &["--coding", coding]].concat(),
            &pad.port,
            "epp",
        );
        assert_eq!(answer["pin_block"], PIN_BLOCK, "{coding}");
    }
}

#[test]
fn dukpt_and_the_secure_channel() {
    for (protocol, register) in [("abecs", "1"), ("visa", "0")] {
        let pad = emulate(protocol, &["--keys", KEYS]);
        let answer = ask(&pin(&["--dukpt", register]), &pad.port, protocol);
        assert_eq!(answer["pin_block"], "1B9C1845EB993A7A");
        assert_eq!(answer["ksn"], "FFFF9876543210E00001");
    }
    let pad = emulate("abecs", &["--keys", KEYS]);
    let verb = pin(&["--master", "0", "--working-key", WORKING_KEY, "--secure"]);
    assert_eq!(ask(&verb, &pad.port, "abecs")["pin_block"], PIN_BLOCK);
}

#[test]
fn identify_info_display_and_key() {
    for (protocol, said, name) in [
        ("abecs", "EOT", "sernum"),
        ("visa", "246880401A001234", "serial"),
        ("epp", "POSLAB EPP 1.00", "version"),
    ] {
        let pad = emulate(protocol, &["--keys", "f1", "--repeat"]);
        let found = self::pad(&["identify", "--port", &pad.port, "--format", "json"]);
        let found: Value = serde_json::from_slice(&found.stdout).expect("JSON");
        assert_eq!(
            (&found["family"], &found["said"]),
            (&protocol.into(), &said.into())
        );
        let info = ask(&["info"], &pad.port, protocol);
        assert!(
            info["info"][name].as_str().is_some_and(|v| !v.is_empty()),
            "{info}"
        );
        if protocol != "epp" {
            assert_eq!(
                ask(&["display", "HELLO"], &pad.port, protocol)["shown"],
                true
            );
            assert_eq!(ask(&["key"], &pad.port, protocol)["key"], "f1");
        }
    }
}

#[test]
fn macs_and_keys() {
    let visa = emulate("visa", &[]);
    let data = "30313233343536373839414243444546";
    let verb = [
        "mac",
        "--master",
        "0",
        "--working-key",
        "B4CC3FD9D8D95214",
        "--data",
        data,
    ];
    assert_eq!(ask(&verb, &visa.port, "visa")["mac"], "755F131DD8F9AFCC");
    let epp = emulate("epp", &["--no-keys"]);
    let key = [
        "load-key",
        "master",
        "--key",
        "0123456789ABCDEFFEDCBA9876543210",
        "--test-data",
    ];
    let unconfirmed = pad(&[&key[..], &["--port", &epp.port, "--protocol", "epp"]].concat());
    assert_eq!(
        unconfirmed.status.code(),
        Some(2),
        "nothing is sent unconfirmed"
    );
    let loaded = ask(
        &[&key[..], &["--confirm", &epp.port]].concat(),
        &epp.port,
        "epp",
    );
    assert_eq!(loaded["loaded"], true);
    let working = [
        "load-key",
        "working",
        "--slot",
        "3",
        "--key",
        WORKING_KEY,
        "--test-data",
    ];
    let loaded = ask(
        &[&working[..], &["--confirm", &epp.port]].concat(),
        &epp.port,
        "epp",
    );
    assert_eq!(loaded["check"], "110D81FC");
    let verb = ["mac", "--master", "0", "--stored", "3", "--data", data];
    assert_eq!(ask(&verb, &epp.port, "epp")["mac"], "CE1B43E7A3800995");
}

#[test]
fn every_end_has_its_exit_code_and_words() {
    let failing = |arguments: &[&str]| {
        let output = pad(arguments);
        let words = String::from_utf8_lossy(&output.stderr).into_owned();
        let last = words.lines().last().unwrap_or_default();
        let error: Value = serde_json::from_str(last).unwrap_or_default();
        (
            output.status.code(),
            error["error"]["code"].as_str().map(str::to_owned),
        )
    };
    let json = ["--format", "json"];
    let code = |c: &str| Some(c.to_owned());
    let missing = [
        &["info", "--port", "/dev/no-such-port", "--protocol", "abecs"][..],
        &json,
    ]
    .concat();
    assert_eq!(failing(&missing), (Some(4), code("not-found")));
    let cancelling = emulate("abecs", &["--keys", "1,cancel", "--repeat"]);
    let port = cancelling.port.as_str();
    let key = ["--master", "0", "--working-key", WORKING_KEY];
    let tail = ["--port", port, "--protocol", "abecs", "--format", "json"];
    let cancelled = [&pin(&key)[..], &tail].concat();
    assert_eq!(failing(&cancelled), (Some(1), code("cancelled")));
    let no_key = [
        &pin(&["--master", "7", "--working-key", WORKING_KEY])[..],
        &tail,
    ]
    .concat();
    assert_eq!(failing(&no_key), (Some(1), code("refused")));
    let literal = [
        &["pin", "--account", "4012345678909", "--dukpt", "1"][..],
        &tail,
    ]
    .concat();
    assert_eq!(
        failing(&literal),
        (Some(2), code("usage")),
        "a secret in the open"
    );
    let mac = [&["mac", "--data", "00", "--dukpt", "1"][..], &tail].concat();
    assert_eq!(failing(&mac), (Some(1), code("unsupported")));
    // An EPP does not understand CAN: nothing answers.
    let epp = emulate("epp", &[]);
    let wrong = [
        &["info", "--port", &epp.port, "--protocol", "abecs"][..],
        &json,
    ]
    .concat();
    assert_eq!(failing(&wrong), (Some(4), code("no-answer")));
}

#[test]
fn a_port_in_use_says_so() {
    let pad = emulate("abecs", &[]);
    let held = serialport::new(&pad.port, 9600)
        .open()
        .expect("the port opens");
    let output = self::pad(&["info", "--port", &pad.port, "--protocol", "abecs"]);
    drop(held);
    assert_eq!(output.status.code(), Some(4));
    let words = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(words.contains("in use by another program"), "{words}");
}

#[test]
fn a_pad_that_goes_away_says_so() {
    let mut pad = emulate("abecs", &[]);
    let child = Command::new(BINARY)
        .args(["pad", "key", "--port", &pad.port, "--protocol", "abecs"])
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn();
    let mut child = child.expect("the binary runs");
    let mut words = BufReader::new(child.stderr.take().expect("a pipe"));
    let mut first = String::new();
    words.read_line(&mut first).expect("a line");
    assert!(first.contains("waiting for the person"), "{first}");
    pad.child.kill().expect("it runs");
    let mut rest = String::new();
    words.read_to_string(&mut rest).expect("text");
    assert_eq!(child.wait().expect("it ends").code(), Some(4));
    assert!(rest.contains("is gone"), "{rest}");
}

#[test]
fn logs_are_masked_and_can_be_read_and_said_again() {
    let pad = emulate("abecs", &["--keys", KEYS, "--repeat"]);
    let path = temporary("pad-log.jsonl");
    let log = path.to_str().expect("a path");
    let verb = pin(&["--master", "0", "--working-key", WORKING_KEY]);
    ask(&[&verb[..], &["--log", log]].concat(), &pad.port, "abecs");
    let text = std::fs::read_to_string(&path).expect("the log stands there");
    assert!(
        !text.contains("34303132333435363738393039"),
        "the account is masked: {text}"
    );
    assert!(
        text.contains("BE58BB5C6D12149C"),
        "what is enciphered is not"
    );
    let read = self::pad(&["replay", log, "--format", "json"]);
    let read = String::from_utf8_lossy(&read.stdout).into_owned();
    assert!(
        read.lines().count() >= 5 && read.contains("\"code\":\"OPN\""),
        "{read}"
    );

    ask(&["info", "--log", log], &pad.port, "abecs");
    let said = self::pad(&["replay", log, "--port", &pad.port]);
    assert!(
        said.status.success(),
        "{}",
        String::from_utf8_lossy(&said.stderr)
    );
    let other = emulate("abecs", &["--no-keys"]);
    let said = self::pad(&["replay", log, "--port", &other.port]);
    assert_eq!(said.status.code(), Some(1), "another pad answers otherwise");
}

#[test]
fn the_sniffer_passes_on_and_tells() {
    let pad = emulate("visa", &["--keys", KEYS]);
    let mut child = Command::new(BINARY)
        .args(["pad", "sniff", "--host", "pty", "--pad", &pad.port])
        .args(["--protocol", "visa", "--format", "json", "--seconds", "60"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary runs");
    let mut where_to = String::new();
    let errors = child.stderr.take().expect("a pipe");
    BufReader::new(errors)
        .read_line(&mut where_to)
        .expect("a line");
    let port = where_to
        .trim()
        .rsplit(' ')
        .next()
        .expect("a path")
        .to_owned();
    let mut out = BufReader::new(child.stdout.take().expect("a pipe"));
    let _guard = Running {
        child,
        port: String::new(),
    };
    let verb = pin(&["--master", "1", "--working-key", WORKING_KEY]);
    assert_eq!(ask(&verb, &port, "visa")["pin_block"], PIN_BLOCK);
    let mut told = String::new();
    while !told.contains("\"code\":\"71\"") {
        let mut row = String::new();
        assert!(
            out.read_line(&mut row).expect("a line") > 0,
            "it ended early: {told}"
        );
        told.push_str(&row);
    }
    for code in ["08", "Z60", "ACK", "EOT"] {
        assert!(
            told.contains(&format!("\"code\":\"{code}\"")),
            "{code}: {told}"
        );
    }
    assert!(!told.contains("4012345678909"), "{told}");
}

#[test]
fn a_closed_pipe_is_silent() {
    let output = Command::new("bash")
        .args([
            "-o",
            "pipefail",
            "-c",
            &format!(
                "{BINARY} pad emulate --protocol epp --format json --seconds 1 </dev/null | head -0"
            ),
        ])
        .output()
        .expect("bash runs");
    assert!(
        output.stderr.is_empty(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(matches!(output.status.code(), Some(0 | 141)));
}

/// Fields of the first 0200 that a run sent, as the dialect reads them.
fn first_0200(events: &str) -> (Vec<u8>, poslab_core::node::Image) {
    let frame = events.lines().find_map(|row| {
        let event: Value = serde_json::from_str(row).expect("JSON lines");
        let what = &event["what"];
        let ours = what["type"] == "send" && what["mti"] == "0200";
        ours.then(|| hex::decode(what["frame"].as_str().expect("hex")).expect("hex"))
    });
    let frame = frame.expect("a sale sends a 0200");
    let dialect = poslab_core::spec::builtin("unionpay-pos").expect("it is shipped");
    let body = poslab_core::node::wire::unwrap_pos(&frame)
        .expect("a POS frame")
        .body;
    let message = poslab_core::codec::unpack(&dialect, body).expect("a whole message");
    let image = poslab_core::node::wire::image_of(&message);
    (frame, image)
}

/// The PIN 246813 of 9999900000000000013 as a format 0 block under the stage's published PIK.
fn expected_f52() -> String {
    let clear = 0x0624_6813_FFFF_FFFF_u64 ^ 0x0000_0000_0000_0001;
    let pik = 0x807A_23AD_32B3_6D45_7AE9_1FDF_9275_70EA_u128.to_be_bytes();
    let block = poslab_core::crypto::cipher::Cipher64::double(&pik).encrypt(clear.to_be_bytes());
    hex::encode_upper(block)
}

#[test]
fn a_sale_with_a_pad_on_a_cable_sends_the_same_0200() {
    let run = |more: &[&str]| {
        let output = Command::new(BINARY)
            .args(["run", "sale", "--format", "jsonl"])
            .args(more)
            .stdin(Stdio::null())
            .output()
            .expect("it runs");
        let words = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{more:?}: {words}");
        String::from_utf8(output.stdout).expect("text")
    };
    let (built_in, fields) = first_0200(&run(&[]));
    assert_eq!(fields.get(52), Some(expected_f52().as_str()));
    for protocol in ["abecs", "visa", "epp"] {
        let keys = ["--keys", "2,4,6,8,1,3,enter", "--repeat", "--key-ms", "5"];
        let pad = emulate(protocol, &keys);
        let ways = [
            vec!["--protocol", protocol],
            vec!["--protocol", protocol, "--pad", &pad.port],
        ];
        for way in ways {
            let events = run(&way);
            let (frame, fields) = first_0200(&events);
            assert_eq!(fields.get(52), Some(expected_f52().as_str()), "{way:?}");
            assert!(
                frame == built_in,
                "{way:?}: the whole message, MAC included"
            );
            assert!(events.contains(r#""approved":"00""#), "{way:?}");
            let said = format!(r#""family":"{protocol}""#);
            assert!(events.matches(&said).count() > 6, "{way:?}: {events}");
        }
    }
}

#[test]
fn a_pad_that_cannot_be_reached_is_said() {
    let run = |more: &[&str]| {
        let output = Command::new(BINARY)
            .args(["run", "sale", "--protocol", "visa"])
            .args(more)
            .stdin(Stdio::null())
            .output()
            .expect("it runs");
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        (output.status.code(), text)
    };
    assert_eq!(run(&["--pad", "/dev/no-such-pad"]).0, Some(4));
    // A pad without keys refuses; the terminal says so and the run goes on to its end.
    let pad = emulate("visa", &["--no-keys", "--keys", KEYS]);
    let (code, text) = run(&["--pad", &pad.port]);
    assert_eq!(code, Some(0), "{text}");
    assert!(
        text.contains("The PIN pad refuses or does not answer"),
        "{text}"
    );
    assert!(text.contains("did not do what was asked"), "{text}");
}

/// The values were made with pycryptodome 3.14.1: format 0 under the PIK, CBC-MAC under the MAK.
#[test]
fn a_key_ring_serves_pads_and_the_simulated_terminal() {
    let ring = temporary("ring.json");
    let keys = serde_json::json!({"schema": "poslab/keys/1", "terminals": {"10000001": {
        "TMK": "0123456789ABCDEFFEDCBA9876543210",
        "PIK": "76DC5E61F8A8B5A4BF4CC12F6D1C94A1",
        "MAK": "5BB5C72CD00B7338",
        "TDK": "C9A0F37E18EA3FF71E3BDA58ACCEFCE0",
    }}});
    std::fs::write(&ring, keys.to_string()).expect("it can be written");
    let ring = ring.to_str().expect("a path that is text");
    let data = "30313233343536373839414243444546";
    for protocol in ["abecs", "visa", "epp"] {
        let held = ["--no-keys", "--keys", ring, "--keys", KEYS];
        let pad = emulate(protocol, &held);
        let verb = ["pin", "--test-data", "--account", "9999910000000002"];
        let under = ["--master", "0", "--keys", ring];
        let found = ask(&[&verb[..], &under].concat(), &pad.port, protocol);
        assert_eq!(found["pin_block"], "ACCE4C56EFC93C2D", "{protocol}");
        let found = ask(
            &[&["mac", "--data", data][..], &under].concat(),
            &pad.port,
            protocol,
        );
        assert_eq!(found["mac"], "3B4C3358ADBB53A4", "{protocol}");
    }
    let epp = emulate("epp", &["--no-keys"]);
    let load = |what: &[&str]| {
        let tail = ["--keys", ring, "--confirm", &epp.port];
        ask(&[&["load-key"], what, &tail].concat(), &epp.port, "epp")
    };
    assert_eq!(load(&["master"])["loaded"], true);
    assert_eq!(
        load(&["working", "--slot", "1", "--role", "MAK"])["check"],
        "AB7153CA"
    );
    let run = |more: &[&str]| {
        let output = Command::new(BINARY)
            .args(["run", "sale"])
            .args(more)
            .output();
        let output = output.expect("it runs");
        let words = String::from_utf8_lossy(&output.stdout).into_owned();
        (output.status.code(), words)
    };
    let (code, words) = run(&["--keys", ring]);
    assert_eq!(code, Some(0), "{words}");
    assert!(
        words.contains("loads key PIK, check value C5405FAC"),
        "{words}"
    );
    assert_eq!(
        run(&["--keys", ring]).1,
        words,
        "the same ring, the same run"
    );
    assert!(!run(&[]).1.contains("C5405FAC"));
    assert_eq!(run(&["--keys", ring, "--terminal", "7"]).0, Some(2));
}
