//! A page in the making: prose, commands with what they print, and links into the theatre.

use poslab_core::sim::{Scenario, Stage, World, shipped};
use poslab_core::trace::{Event, Tape, What};
use poslab_core::view::address;
use poslab_core::view::ladder::Ladder;
use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

/// The language of a page.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Lang {
    En,
    Zh,
}

impl Lang {
    /// The page's file.
    pub fn file(self, name: &str) -> String {
        match self {
            Lang::En => format!("{name}.md"),
            Lang::Zh => format!("{name}.zh-CN.md"),
        }
    }

    /// The text in this language.
    pub fn pick<'a>(self, en: &'a str, zh: &'a str) -> &'a str {
        match self {
            Lang::En => en,
            Lang::Zh => zh,
        }
    }
}

/// A run, as the pages tell it.
pub struct Run {
    pub scenario: Scenario,
    pub events: Vec<Event>,
    ladder: Ladder,
}

impl Run {
    /// A shipped scenario, changed or not, run to its end.
    pub fn of(name: &str, change: impl FnOnce(&mut Scenario)) -> Run {
        let stage = Stage::load().expect("the stage loads");
        let text = shipped(name).expect("the scenario ships");
        let mut scenario = Scenario::read(text, &stage).expect("it reads");
        change(&mut scenario);
        let mut tape = Tape::recording();
        World::new(&stage, &scenario, 0).run_to_end(&mut tape);
        let events = tape.take();
        let ladder = Ladder::of(&events);
        Run {
            scenario,
            events,
            ladder,
        }
    }

    /// The index of the first event from `after` on that fits.
    pub fn find(&self, after: usize, fits: impl Fn(&Event) -> bool) -> usize {
        let rest = self.events.iter().enumerate().skip(after);
        let found = rest.into_iter().find(|(_, event)| fits(event));
        found.expect("the run has such an event").0
    }

    /// The index of the first message of a type from one box to another.
    pub fn message(&self, after: usize, from: &str, to: &str, wanted: &str) -> usize {
        self.find(after, |event| match &event.what {
            What::Send { to: t, mti, .. } => {
                event.node.to_string() == from && t.to_string() == to && mti == wanted
            }
            _ => false,
        })
    }

    /// The bytes of a message.
    pub fn frame(&self, index: usize) -> String {
        match &self.events[index].what {
            What::Send { frame, .. } => frame.clone(),
            other => panic!("{other:?} is no message"),
        }
    }

    /// The fragment that opens the theatre just after an event.
    pub fn link(&self, index: usize) -> String {
        let at = self.ladder.row_of(index) + 1;
        let stage = Stage::load().expect("the stage loads");
        let rest = address::write(&self.scenario, Some(at), &stage);
        format!("http://127.0.0.1:8583/#theatre?{rest}")
    }
}

/// What a command prints: the lines that fit, the rest as dots.
pub fn printed(command: &str, lang: Lang, keep: impl Fn(&str) -> bool) -> String {
    let words: Vec<&str> = command.split_whitespace().skip(1).collect();
    let done = Command::new(env!("CARGO_BIN_EXE_poslab"))
        .args(&words)
        .args(["--lang", lang.pick("en", "zh")])
        .env_remove("LANG")
        .output()
        .expect("poslab runs");
    let errors = String::from_utf8_lossy(&done.stderr);
    assert!(
        matches!(done.status.code(), Some(0 | 1)),
        "{command}: {errors}"
    );
    let text = String::from_utf8(done.stdout).expect("text");
    let (mut out, mut dots) = (String::new(), false);
    for line in text.lines() {
        if keep(line) {
            let _ = writeln!(out, "{}", line.trim_end());
            dots = false;
        } else if !std::mem::replace(&mut dots, true) {
            out.push_str("…\n");
        }
    }
    assert!(
        out.lines().any(|l| l != "…"),
        "{command} prints nothing of it"
    );
    out
}

/// A command with what it prints, as a block.
pub fn shown(command: &str, lang: Lang, keep: impl Fn(&str) -> bool) -> String {
    let zh = lang.pick("", " --lang zh");
    let out = printed(command, lang, keep);
    format!("```console\n$ {command}{zh}\n{out}```\n")
}

/// Writes a page when blessed; otherwise it must be there as it is.
pub fn hold(file: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../docs")
        .join(file);
    if std::env::var_os("POSLAB_BLESS").is_some() {
        return std::fs::write(&path, text).expect("the page is written");
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    let differs = kept.lines().zip(text.lines()).position(|(a, b)| a != b);
    let at = differs.unwrap_or(kept.lines().count().min(text.lines().count()));
    assert!(
        kept == text,
        "docs/{file} is stale at line {}: kept {:?}, now {:?}; POSLAB_BLESS=1 writes it",
        at + 1,
        kept.lines().nth(at),
        text.lines().nth(at)
    );
}
