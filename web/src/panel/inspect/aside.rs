//! What Inspect needs seldom: a copy, a link, a changed value, a text in JSON or XML.
//!
//! The module `tools` does it, which has the packer anyway, so that the first module stays light.
//! Question and answer are lines of text in an event of this document: what, its two details, then
//! the dialect, the framing and the bytes of the message.

use super::edit;
use super::reading::Reading;
use crate::browser::{event, lab};
use crate::shell::Shelf;
use poslab_core::bytes::to_hex;
use poslab_core::codec::{dissect, pack, unpack};
use poslab_core::frame::{FramePart, Framing};
use poslab_core::intake::{Content, Intake, read_marked};
use poslab_core::spec::Dialect;
use poslab_core::view::copy::CopyAs;
use poslab_core::view::share::Shared;
use poslab_core::view::veil::Veil;
use std::sync::Arc;

/// Writes the message in a form, with or without its secrets.
pub fn copy(reading: &Reading, form: CopyAs, reveal: bool, heed: impl FnOnce(String) + 'static) {
    let reveal = if reveal { "reveal" } else { "" };
    ask(reading, ["copy", form.name(), reveal], heed);
}

/// What the share dialog shows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Link {
    /// Whether something was replaced by zeros.
    pub redacted: bool,
    /// Exactly what the link holds, in hex.
    pub holds: String,
    /// The fragment of the link.
    pub fragment: String,
}

/// Makes a link that holds the message without its secrets.
pub fn share(reading: &Reading, heed: impl FnOnce(Link) + 'static) {
    ask(reading, ["share", "", ""], move |answer| {
        let mut lines = answer.split('\n').map(str::to_owned);
        let mut next = || lines.next().unwrap_or_default();
        heed(Link {
            redacted: next() == "redacted",
            holds: next(),
            fragment: next(),
        });
    });
}

/// A message that came by a link.
pub struct Received {
    /// The name of its dialect.
    pub dialect: String,
    /// Whether its secrets were replaced.
    pub redacted: bool,
    /// Its bytes in hex.
    pub hex: String,
}

/// Opens the fragment of a link; nothing is handed over when it holds no message.
pub fn open_link(fragment: &str, heed: impl FnOnce(Received) + 'static) {
    lab::ask(format!("open\n{fragment}"), move |answer| {
        let mut lines = answer.split('\n').map(str::to_owned);
        let mut next = || lines.next().unwrap_or_default();
        let received = Received {
            dialect: next(),
            redacted: next() == "redacted",
            hex: next(),
        };
        if !received.hex.is_empty() {
            heed(received);
        }
    });
}

/// Reads a text that marks its messages itself, such as JSON, in the way of
/// [`super::reading::read_restated`]; what is handed over is empty when it is no such text.
pub fn restate(text: &str, heed: impl FnOnce(String) + 'static) {
    lab::ask(format!("read\n{text}"), heed);
}

/// Packs the message with one value changed: its hex, or why it cannot be.
pub fn repack(
    reading: &Reading,
    path: &str,
    value: &str,
    heed: impl FnOnce(Result<String, String>) + 'static,
) {
    ask(reading, ["set", path, value], move |answer| {
        let (outcome, text) = answer.split_once('\n').unwrap_or_default();
        let text = text.to_owned();
        heed(if outcome == "packed" {
            Ok(text)
        } else {
            Err(text)
        });
    });
}

/// Asks about a message that was read; nothing is asked about one without a dialect.
fn ask(reading: &Reading, what: [&str; 3], heed: impl FnOnce(String) + 'static) {
    let Some(dialect) = &reading.dialect else {
        return;
    };
    let [what, one, two] = what;
    let (name, framing, bytes) = (dialect.name(), &reading.framing, to_hex(&reading.frame));
    let question = format!("{what}\n{one}\n{two}\n{name}\n{framing}\n{bytes}");
    lab::ask(question, heed);
}

/// Answers for as long as the page lives; called in the module `tools`.
pub fn serve() {
    let shelf = Shelf::here();
    event::on(event::ASK, move |question| {
        event::send(event::ANSWER, &answer(shelf, &question).unwrap_or_default());
    });
}

fn answer(shelf: Shelf, question: &str) -> Option<String> {
    if let Some(text) = question.strip_prefix("read\n") {
        return read_marked(text).as_ref().map(restated);
    }
    if let Some(fragment) = question.strip_prefix("open\n") {
        let shared = Shared::read(fragment)?;
        let (dialect, frame) = (&shared.dialect, to_hex(&shared.frame));
        return Some(format!("{dialect}\n{}\n{frame}", redacted(&shared)));
    }
    let mut lines = question.split('\n');
    let mut next = || lines.next();
    let (what, one, two) = (next()?, next()?, next()?);
    let message = Message {
        dialect: shelf.find(next()?)?,
        framing: next()?.parse().ok()?,
        frame: hex::decode(next()?).ok()?,
    };
    match what {
        "copy" => message.copy(one, two == "reveal"),
        "share" => Some(message.share()),
        "set" => Some(match message.repack(one, two) {
            Ok(hex) => format!("packed\n{hex}"),
            Err(why) => format!("refused\n{why}"),
        }),
        _ => None,
    }
}

/// What was read, as an answer has it.
fn restated(read: &Intake) -> String {
    let skipped = read.notes.iter().map(|note| note.count).sum::<usize>();
    let mut answer = format!("{}\n{}\n{skipped}", read.what(), read.what_zh());
    for item in &read.items {
        answer.push('\n');
        match &item.content {
            Content::Bytes(octets) => answer += &to_hex(&octets.bytes),
            Content::Fields(_) => answer.push('-'),
        }
    }
    answer
}

/// Whether something was replaced, as answers have it.
fn redacted(shared: &Shared) -> &'static str {
    if shared.redacted { "redacted" } else { "" }
}

/// A message, as it was read.
struct Message {
    dialect: Arc<Dialect>,
    framing: Framing,
    frame: Vec<u8>,
}

impl Message {
    fn copy(&self, form: &str, reveal: bool) -> Option<String> {
        let form = CopyAs::ALL.into_iter().find(|one| one.name() == form)?;
        let tree = dissect(&self.dialect, &self.frame, &self.framing);
        let veil = if reveal {
            Veil::lifted()
        } else {
            Veil::over(&tree)
        };
        Some(form.write(&tree, &veil))
    }

    fn share(&self) -> String {
        let tree = dissect(&self.dialect, &self.frame, &self.framing);
        let shared = Shared::of(&tree, &self.framing.to_string());
        let (redacted, frame) = (redacted(&shared), to_hex(&shared.frame));
        format!("{redacted}\n{frame}\n{}", shared.link())
    }

    /// The message with one value changed, packed again, as hex.
    fn repack(&self, path: &str, value: &str) -> Result<String, String> {
        let body = dissect(&self.dialect, &self.frame, &self.framing)
            .body
            .clone();
        let bytes = self.frame.get(body).unwrap_or_default();
        let message = unpack(&self.dialect, bytes).map_err(|error| error.to_string())?;
        let mut draft = message.to_draft();
        if path == "MTI" {
            draft.set_mti(value);
        } else {
            edit::set(&mut draft, path, value)?;
        }
        let packed = pack(&self.dialect, &draft).map_err(|error| error.to_string())?;
        let split = self.framing.split(&self.frame);
        let mut pieces = split
            .pieces
            .iter()
            .filter(|piece| !matches!(piece.part, FramePart::Length(_)))
            .rev();
        let mut header = |_: FramePart| {
            let piece = pieces.next()?;
            self.frame.get(piece.range.clone()).map(<[u8]>::to_vec)
        };
        let framed = self
            .framing
            .wrap(&packed, &mut header)
            .map_err(|part| part.to_string())?;
        Ok(to_hex(&framed))
    }
}
