//! The peer of `poslab decode --format jsonl`: a hex log in, lines of JSON out, by `iso_8583_rs`
//! (strict) and `serde_json`. It masks nothing, and reads its hex as poslab does.

use iso_8583_rs::{CompiledSpec, Message};
use poslab_core::intake::{LineRead, LineReader};
use serde::{Serialize, Serializer, ser::SerializeMap as _};
use std::fs::File;
use std::io::{BufRead as _, BufReader, BufWriter, Write as _};

fn main() {
    let mut arguments = std::env::args().skip(1);
    let (Some(spec), Some(log)) = (arguments.next(), arguments.next()) else {
        eprintln!("usage: peer_log SPEC.yml LOG");
        std::process::exit(2);
    };
    let spec = CompiledSpec::from_file(&spec).expect("a spec of the peer");
    let mut log = BufReader::with_capacity(1 << 18, File::open(log).expect("a log"));
    let mut out = BufWriter::with_capacity(1 << 18, std::io::stdout().lock());
    let (mut line, mut hex) = (Vec::new(), LineReader::new());
    while log.read_until(b'\n', &mut line).expect("a log") > 0 {
        assert_eq!(hex.read(&line), LineRead::Bytes, "hex");
        let record = Record(Message::parse(&spec, hex.bytes()));
        serde_json::to_writer(&mut out, &record).expect("an open pipe");
        out.write_all(b"\n").expect("an open pipe");
        line.clear();
    }
    out.flush().expect("an open pipe");
}

/// A message, or what is wrong with it.
struct Record<'a>(Result<Message<'a>, iso_8583_rs::Error>);

impl Serialize for Record<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        match &self.0 {
            Ok(message) => {
                map.serialize_entry("mti", &text(&message.mti))?;
                map.serialize_entry("fields", &Fields(message))?;
                map.serialize_entry("findings", &[(); 0])?;
            }
            Err(error) => map.serialize_entry("findings", &[error.to_string()])?,
        }
        map.end()
    }
}

struct Fields<'m, 'a>(&'m Message<'a>);

impl Serialize for Fields<'_, '_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.fields().map(|(de, value)| (de, text(value))))
    }
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap_or("?")
}
