//! A long log, decoded in the worker: progress, cancel, and a list of what was found.
//!
//! The file stays where it is: the worker reads slices of it, and a click reads one line again.
//! [`engine`] is the worker's side, [`list`] what is drawn.
//!
//! ```text
//! page -> worker   { job: "log", file } | { job: "stop" }
//! worker -> page   "DONE_BYTES\tALL_BYTES\tENDED\n" and a line per message:
//!                  "OFFSET\tLEN\tLINE\tMTI\tERRORS\tSENTENCE\t句子"
//! ```

pub mod engine;
pub mod list;

/// A message of a log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Where its line begins in the file.
    pub offset: u64,
    /// Bytes of its line.
    pub len: u32,
    /// The number of its line, 1-based.
    pub line: u32,
    /// Its message type.
    pub mti: String,
    /// Errors found in it.
    pub errors: u32,
    /// The sentence in English and Chinese.
    pub sentence: [String; 2],
}

/// What the worker said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Bytes read so far.
    pub done: u64,
    /// Bytes in the file.
    pub all: u64,
    /// Whether it has ended.
    pub ended: bool,
    /// What was found since the last report.
    pub found: Vec<Found>,
}

impl Report {
    /// The report as text.
    pub fn write(&self) -> String {
        let mut text = format!("{}\t{}\t{}\n", self.done, self.all, u8::from(self.ended));
        for one in &self.found {
            let [en, zh] = &one.sentence;
            let Found {
                offset,
                len,
                line,
                mti,
                errors,
                ..
            } = one;
            text += &format!("{offset}\t{len}\t{line}\t{mti}\t{errors}\t{en}\t{zh}\n");
        }
        text
    }

    /// Reads a report; `None` when the text is none.
    pub fn read(text: &str) -> Option<Report> {
        let mut lines = text.lines();
        let mut head = lines.next()?.split('\t');
        let done = head.next()?.parse().ok()?;
        let all = head.next()?.parse().ok()?;
        let ended = head.next()? == "1";
        let found = lines.map_while(|line| {
            let mut parts = line.split('\t');
            Some(Found {
                offset: parts.next()?.parse().ok()?,
                len: parts.next()?.parse().ok()?,
                line: parts.next()?.parse().ok()?,
                mti: parts.next()?.to_owned(),
                errors: parts.next()?.parse().ok()?,
                sentence: [parts.next()?.to_owned(), parts.next()?.to_owned()],
            })
        });
        Some(Report {
            done,
            all,
            ended,
            found: found.collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_comes_back() {
        let found = Found {
            offset: 7,
            len: 90,
            line: 2,
            mti: "0200".into(),
            errors: 1,
            sentence: ["Sale".into(), "消费".into()],
        };
        let report = Report {
            done: 5,
            all: 9,
            ended: true,
            found: vec![found],
        };
        assert_eq!(Report::read(&report.write()), Some(report));
        assert_eq!(Report::read("ready"), None);
    }
}
