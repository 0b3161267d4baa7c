//! Everything that is wrong with a message as people read it: code, place, sentence, hint, fix.
//!
//! What the reader stumbled over comes first, in the order of the bytes; then the likely causes, the
//! most telling first, as findings of severity info. The command line, JSON and the page draw the
//! same list.

use crate::bytes::Span;
use crate::codec::{
    Candidate, Cause, CauseKind, Dissection, Finding, Fix, Severity, causes, fix, fix_cause,
};
use crate::frame::Framing;
use crate::intake::{Note, NoteCode};
use crate::words::{Lang, hint};
use std::ops::Range;

/// One thing that is wrong, ready to be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// The stable slug, with a page in the documentation.
    pub code: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// The field path; `frame` for what stands in front.
    pub path: String,
    /// Which bits.
    pub span: Span,
    /// What should stand there.
    pub expected: String,
    /// What stands there.
    pub found: String,
    /// The sentence, in English and Chinese.
    pub text: [String; 2],
    /// What to look at next, in English and Chinese.
    pub hint: [&'static str; 2],
    /// A repair that was tried.
    pub fix: Option<Fix>,
    /// Where it stands in the pasted text, in UTF-8 bytes, when no bits say so.
    pub chars: Option<Range<usize>>,
}

impl Told {
    /// A finding without a repair.
    #[must_use]
    pub fn of(finding: &Finding) -> Self {
        Self {
            code: finding.fault.code(),
            severity: finding.severity,
            path: finding.path.clone(),
            span: finding.span,
            expected: finding.fault.expected(),
            found: finding.fault.found(),
            text: [Lang::En, Lang::Zh].map(|lang| finding.say(lang)),
            hint: [Lang::En, Lang::Zh].map(|lang| finding.hint(lang)),
            fix: None,
            chars: None,
        }
    }

    fn cause(cause: &Cause) -> Self {
        Self {
            code: cause.kind.code(),
            severity: Severity::Info,
            path: cause.path.clone(),
            span: cause.span,
            expected: cause.expected(),
            found: cause.found(),
            text: [Lang::En, Lang::Zh].map(|lang| cause.say(lang)),
            hint: [Lang::En, Lang::Zh].map(|lang| cause.hint(lang)),
            fix: None,
            chars: None,
        }
    }

    /// A remark of the reader about the text itself.
    #[must_use]
    pub fn note(note: &Note) -> Self {
        let code = note.code.slug();
        Self {
            code,
            severity: match note.code {
                NoteCode::OddDigits => Severity::Warning,
                _ => Severity::Info,
            },
            path: "text".to_owned(),
            span: Span::default(),
            expected: "the bytes of one message".to_owned(),
            found: note.text(),
            text: [note.text(), note.text_zh()],
            hint: [Lang::En, Lang::Zh].map(|lang| hint(code, lang)),
            fix: None,
            chars: Some(note.chars.clone()),
        }
    }

    /// Writes the dots of hidden digits as asterisks, as JSON has them.
    pub fn hide(&mut self) {
        let [en, zh] = &mut self.text;
        for text in [&mut self.expected, &mut self.found, en, zh] {
            *text = text.replace('•', "*");
        }
    }

    /// The sentence.
    #[must_use]
    pub fn say(&self, lang: Lang) -> &str {
        let [en, zh] = &self.text;
        if lang == Lang::Zh { zh } else { en }
    }

    /// What to look at next.
    #[must_use]
    pub const fn hint(&self, lang: Lang) -> &'static str {
        let [en, zh] = self.hint;
        match lang {
            Lang::En => en,
            Lang::Zh => zh,
        }
    }
}

/// Everything that is wrong with a reading, with the repairs that work.
#[must_use]
pub fn tell(tree: &Dissection<'_>, best: &Candidate, double_encoded: bool) -> Vec<Told> {
    let mut told = tell_findings(tree, &best.framing);
    for cause in all_causes(tree, best, double_encoded) {
        let fix = fix_cause(tree, best, &cause);
        // A repair is shown once, where it repairs.
        let fix = fix.filter(|fix| told.iter().all(|one| one.fix.as_ref() != Some(fix)));
        told.push(Told {
            fix,
            ..Told::cause(&cause)
        });
    }
    told
}

/// What the reader stumbled over, with the repairs that work.
#[must_use]
pub fn tell_findings(tree: &Dissection<'_>, framing: &Framing) -> Vec<Told> {
    let one = |finding: &Finding| Told {
        fix: fix(tree, framing, finding),
        ..Told::of(finding)
    };
    tree.findings.iter().map(one).collect()
}

/// The causes of what is wrong, and whether the text was encoded twice.
#[must_use]
pub fn all_causes(tree: &Dissection<'_>, best: &Candidate, double_encoded: bool) -> Vec<Cause> {
    let mut found = causes(tree, best);
    if double_encoded {
        let twice = Cause {
            kind: CauseKind::DoubleEncoded { ebcdic: false },
            path: "frame".to_owned(),
            span: Span::bytes(0..tree.frame().len()),
        };
        found.insert(0, twice);
    }
    found
}
