//! The worker's side: reads a file slice by slice, line by line, in constant memory.

use super::{Found, Report};
use poslab_core::codec::{Candidate, Severity, detect, dissect};
use poslab_core::intake::{LineRead, LineReader};
use poslab_core::view::outline::lookup;
use poslab_core::words::{Facts, Lang, sentence};
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{DedicatedWorkerGlobalScope, File};

/// Bytes read at a time; the worker looks at its messages between slices.
const SLICE_BYTES: f64 = 256.0 * 1024.0;

/// A line longer than this is no message.
const MAX_LINE_BYTES: usize = 4 * 1024 * 1024;

/// Starts a job; setting `stop` ends it after the current slice.
pub fn start(scope: DedicatedWorkerGlobalScope, file: File, stop: Rc<Cell<bool>>) {
    spawn_local(async move {
        let mut lines = Lines::default();
        let all = file.size();
        let mut at = 0.0;
        while at < all && !stop.get() {
            let end = (at + SLICE_BYTES).min(all);
            let Ok(bytes) = slice(&file, at, end).await else {
                break;
            };
            at = end;
            lines.take(&bytes, at >= all);
            say(&scope, &mut lines, at, all, false);
        }
        say(&scope, &mut lines, at, all, true);
    });
}

/// Reads a part of a file.
async fn slice(file: &File, from: f64, to: f64) -> Result<Vec<u8>, JsValue> {
    let part = file.slice_with_f64_and_f64(from, to)?;
    let buffer = JsFuture::from(part.array_buffer()).await?;
    Ok(js_sys::Uint8Array::new(&buffer).to_vec())
}

/// Reports what was found since the last time.
fn say(scope: &DedicatedWorkerGlobalScope, lines: &mut Lines, done: f64, all: f64, ended: bool) {
    let found = std::mem::take(&mut lines.found);
    let report = Report {
        done: done as u64,
        all: all as u64,
        ended,
        found,
    };
    // The page may have gone; then nobody listens.
    let _ = scope.post_message(&JsValue::from_str(&report.write()));
}

/// Lines as they come in slices.
#[derive(Default)]
struct Lines {
    reader: LineReader,
    /// The line that is not yet whole.
    rest: Vec<u8>,
    /// Where that line begins in the file.
    offset: u64,
    line: u32,
    /// The reading that fitted last; it stays while it fits.
    fit: Option<Candidate>,
    found: Vec<Found>,
}

impl Lines {
    /// Takes the next slice of the file.
    fn take(&mut self, bytes: &[u8], last: bool) {
        let mut pieces = bytes.split(|byte| *byte == b'\n').peekable();
        while let Some(piece) = pieces.next() {
            if self.rest.len() < MAX_LINE_BYTES {
                self.rest.extend(piece);
            }
            if pieces.peek().is_some() || last {
                self.finish();
            }
        }
    }

    /// Reads the line that is whole now.
    fn finish(&mut self) {
        let line = std::mem::take(&mut self.rest);
        self.line += 1;
        if self.reader.read(&line) == LineRead::Bytes {
            self.decode(line.len());
        }
        self.offset += line.len() as u64 + 1;
        self.rest = line;
        self.rest.clear();
    }

    /// Takes the message of the line apart and notes it.
    fn decode(&mut self, len: usize) {
        let frame = self.reader.bytes();
        let fits = self
            .fit
            .as_ref()
            .is_some_and(|fit| fit.dissect(frame).stopped.is_none());
        if !fits {
            self.fit = detect(frame).into_iter().next();
        }
        let Some(fit) = &self.fit else { return };
        let tree = dissect(&fit.dialect, frame, &fit.framing);
        let facts = Facts::gather(&|path: &str| lookup(&tree, path));
        let errors = tree
            .findings
            .iter()
            .filter(|one| one.severity == Severity::Error)
            .count();
        self.found.push(Found {
            offset: self.offset,
            len: len as u32,
            line: self.line,
            mti: tree.mti().unwrap_or_default().to_owned(),
            errors: errors as u32,
            sentence: [Lang::En, Lang::Zh]
                .map(|lang| sentence(&facts, lang).replace(['\t', '\n'], " ")),
        });
    }
}

/// Reads a job from a message: the file, where it has one.
pub fn job(message: &JsValue) -> Option<(String, Option<File>)> {
    let get = |key: &str| js_sys::Reflect::get(message, &JsValue::from_str(key)).ok();
    let name = get("job")?.as_string()?;
    Some((name, get("file").and_then(|file| file.dyn_into().ok())))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIGN_ON: &str = "08000020000000c00012000001313030303030303131303030303030303030303030303100110000000100300003303120";

    #[test]
    fn lines_are_found_across_slices() {
        let log = format!("nothing here\n12:00 rx {SIGN_ON}\n{SIGN_ON}");
        let mut lines = Lines::default();
        let (one, two) = log.as_bytes().split_at(40);
        lines.take(one, false);
        lines.take(two, true);
        let found: Vec<(u64, u32)> = lines
            .found
            .iter()
            .map(|one| (one.offset, one.line))
            .collect();
        assert_eq!(found, [(13, 2), (23 + SIGN_ON.len() as u64, 3)]);
        assert_eq!(lines.found[0].mti, "0800");
        assert_eq!(lines.found[0].errors, 0);
    }
}
