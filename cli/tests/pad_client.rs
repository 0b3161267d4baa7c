//! An ABECS client that shares no line with ours, with the quirks of one that is in use, against
//! `poslab pad emulate` on a pseudo-terminal.
//!
//! The quirks are those seen of github.com/guilhermecabral05/abecs-rust (MIT) against an emulator:
//! CLO without its block, DSP with blocks of 17, 19 and 36 characters, GPN with the methods 0 and 2.
//! Framing and CRC are written here a second time, from the protocol's description, so that a
//! mistake in ours would show.
#![cfg(unix)]

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// The emulator, ended with its test.
struct Pad(Child);

impl Drop for Pad {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The client's end of the cable.
struct Client {
    port: Box<dyn serialport::SerialPort>,
    _pad: Pad,
}

/// CRC-16 bit by bit: polynomial 1021h, from zero.
fn crc(bytes: &[u8]) -> u16 {
    let mut sum = 0u16;
    for byte in bytes {
        for bit in (0..8).rev() {
            let high = sum & 0x8000 != 0;
            sum = sum << 1 | u16::from(byte >> bit & 1);
            if high {
                sum ^= 0x1021;
            }
        }
    }
    // Sixteen zero bits push the message through.
    for _ in 0..16 {
        let high = sum & 0x8000 != 0;
        sum <<= 1;
        if high {
            sum ^= 0x1021;
        }
    }
    sum
}

impl Client {
    fn start(keys: &str) -> Client {
        let mut child = Command::new(env!("CARGO_BIN_EXE_poslab"))
            .args(["pad", "emulate", "--protocol", "abecs", "--seconds", "60"])
            .args(["--keys", keys, "--repeat", "--key-ms", "5"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the binary runs");
        let mut path = String::new();
        BufReader::new(child.stdout.take().expect("a pipe"))
            .read_line(&mut path)
            .expect("the path comes first");
        let port = serialport::new(path.trim(), 19_200)
            .timeout(Duration::from_millis(20))
            .open()
            .expect("it opens");
        Client {
            port,
            _pad: Pad(child),
        }
    }

    fn byte(&mut self) -> u8 {
        let start = Instant::now();
        let mut one = [0];
        while self.port.read(&mut one).unwrap_or(0) == 0 {
            assert!(start.elapsed() < Duration::from_secs(10), "the pad is mute");
        }
        one[0]
    }

    /// CAN, which an idle pad answers with EOT.
    fn begin(&mut self) {
        self.port.write_all(&[0x18]).expect("it writes");
        assert_eq!(self.byte(), 0x04);
    }

    /// Sends a command and gives the reply's data.
    fn ask(&mut self, data: &[u8]) -> String {
        let mut packet = vec![0x16];
        packet.extend(data);
        packet.push(0x17);
        let sum = crc(&packet[1..]);
        packet.extend(sum.to_be_bytes());
        self.port.write_all(&packet).expect("it writes");
        assert_eq!(self.byte(), 0x06, "the packet is accepted");
        assert_eq!(self.byte(), 0x16, "a reply begins");
        let mut reply = Vec::new();
        loop {
            match self.byte() {
                0x17 => break,
                byte => reply.push(byte),
            }
        }
        let found = u16::from_be_bytes([self.byte(), self.byte()]);
        let summed = [&reply[..], &[0x17]].concat();
        assert_eq!(found, crc(&summed), "the reply's check");
        String::from_utf8(reply).expect("no binary in these replies")
    }

    fn ask_text(&mut self, text: &str) -> String {
        self.ask(text.as_bytes())
    }
}

#[test]
fn the_check_is_the_published_one() {
    assert_eq!(crc(b"OPN\x17"), 0xA8A9);
    assert_eq!(crc(b"GIN00200\x17"), 0xEECA);
}

#[test]
fn displays_of_any_length_and_a_close_without_its_block() {
    let mut client = Client::start("enter");
    client.begin();
    assert_eq!(client.ask_text("OPN"), "OPN000");
    for text in [
        "17 characters lon",
        "19 characters long.",
        "    SENHA OK!       PROCESSANDO...  ",
    ] {
        let request = format!("DSP{:03}{text}", text.len());
        assert_eq!(client.ask_text(&request), "DSP000", "{request}");
    }
    assert!(client.ask_text("GIN00200").starts_with("GIN000100"));
    assert_eq!(client.ask_text("CLO"), "CLO000");
    // The session can begin anew.
    client.begin();
    assert_eq!(client.ask_text("OPN"), "OPN000");
}

#[test]
fn pins_by_the_methods_that_are_not_in_the_table() {
    let mut client = Client::start("1,2,3,4,enter");
    client.begin();
    assert_eq!(client.ask_text("OPN"), "OPN000");
    let wrapped = "3EB3B72576BBBE835601104F2DF94405";
    let gpn = |method: char, index: &str, key: &str| {
        let account = format!("{:<19}", "4012345678909");
        let prompt = format!("{:<32}", "DIGITE A SENHA");
        format!("GPN093{method}{index}{key}13{account}10412{prompt}")
    };
    let block = "BE58BB5C6D12149C";
    let same = client.ask_text(&gpn('1', "00", wrapped));
    assert_eq!(same, format!("GPN000036{block}{}", "0".repeat(20)));
    // 0 and 2 are the single-DES forms of older versions: the client takes any 36 characters of
    // hex for block and serial number.
    for method in ['0', '2'] {
        let index = if method == '0' { "00" } else { "01" };
        let reply = client.ask_text(&gpn(method, index, wrapped));
        let hex = reply.strip_prefix("GPN000036").expect("a block");
        assert!(
            hex.len() == 36 && hex.bytes().all(|b| b.is_ascii_hexdigit()),
            "{reply}"
        );
    }
    assert_eq!(client.ask_text("XYZ"), "ERR010");
}
