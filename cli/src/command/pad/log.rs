//! Traffic as lines: for a person on standard error or output, for a file as JSON.

use super::Format;
use super::out::{Failure, lang, with};
use poslab_core::pad::sniff::{Seen, Sniffer, What};
use poslab_core::pad::traffic::{Direction, readable};
use poslab_core::pad::{Millis, Protocol};
use serde_json::json;
use std::fs::File;
use std::io::Write as _;
use std::path::Path;

/// A file that takes the traffic as it passes.
pub(super) struct Log {
    sniffer: Sniffer,
    file: File,
    reveal: bool,
}

impl Log {
    /// Opens the file, empties it, and warns when nothing will be masked.
    pub(super) fn open(
        path: &Path,
        reveal: bool,
        expect: Option<Protocol>,
    ) -> Result<Self, Failure> {
        if reveal {
            let words = with(
                "poslab: card data and keys will stand unmasked in {file}",
                "poslab：卡数据与密钥将不加遮蔽地写入 {file}",
                &[("file", &path.display().to_string())],
            );
            eprintln!("{words}");
        }
        Ok(Self {
            sniffer: Sniffer::new(expect),
            file: File::create(path)?,
            reveal,
        })
    }

    /// Takes bytes that went one way.
    pub(super) fn take(
        &mut self,
        direction: Direction,
        bytes: &[u8],
        now: Millis,
    ) -> Result<(), Failure> {
        let seen = self.sniffer.feed(direction, bytes, now);
        self.write(&seen)
    }

    /// Writes what still waits for the rest of its frame.
    pub(super) fn finish(&mut self, now: Millis) -> Result<(), Failure> {
        let seen = self.sniffer.flush(now);
        self.write(&seen)
    }

    fn write(&mut self, seen: &[Seen]) -> Result<(), Failure> {
        for one in seen {
            writeln!(self.file, "{}", as_json(one, self.reveal))?;
        }
        Ok(self.file.flush()?)
    }
}

/// One piece of traffic as a line of JSON; `hex` has two stars for each hidden byte.
pub(super) fn as_json(seen: &Seen, reveal: bool) -> String {
    let hex = match reveal {
        true => hex::encode_upper(&seen.bytes),
        false => seen.masked().replace(' ', ""),
    };
    let family = match seen.what {
        What::Frame(family) | What::Damaged(family) => Some(family.name()),
        What::Control(_) | What::Noise => None,
    };
    let what = match seen.what {
        What::Frame(_) => "frame",
        What::Damaged(_) => "damaged",
        What::Control(_) => "control",
        What::Noise => "noise",
    };
    let parts: Vec<_> = seen
        .parts
        .iter()
        .map(|part| {
            json!({
                "bytes": [part.bytes.start, part.bytes.end],
                "name": part.name.say(lang()), "text": part.text,
            })
        })
        .collect();
    json!({
        "at_ms": seen.at_ms, "direction": seen.direction.name(), "hex": hex, "what": what,
        "family": family, "code": seen.code, "title": seen.title.say(lang()), "parts": parts,
    })
    .to_string()
}

/// One piece of traffic for a person.
pub(super) fn as_text(seen: &Seen) -> String {
    let mark = match seen.what {
        What::Damaged(_) => "  ✗ ",
        What::Noise => "  ? ",
        What::Frame(_) | What::Control(_) => "  ",
    };
    let bytes = match seen.has_secret() {
        true => seen.masked(),
        false => readable(&seen.bytes),
    };
    let head = format!("{:>8} {} ", seen.at_ms, seen.direction.arrow());
    let mut text = format!(
        "{head}{:<4}{mark}{}\n             {bytes}",
        seen.code,
        seen.title.say(lang())
    );
    for part in seen.parts.iter().filter(|part| !part.text.is_empty()) {
        text.push_str(&format!(
            "\n             {}: {}",
            part.name.say(lang()),
            part.text
        ));
    }
    text
}

/// Either form.
pub(super) fn shown(seen: &Seen, format: Format, reveal: bool) -> String {
    match format {
        Format::Text => as_text(seen),
        Format::Json => as_json(seen, reveal),
    }
}
