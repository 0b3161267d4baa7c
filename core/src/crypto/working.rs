//! The working of a computation: its steps, each with the values it reads and the value it makes.
//!
//! An operation writes into a [`Working`] that is either recording or off; off, a step costs one
//! branch and no allocation, so the fast paths and the explained paths are the same code. A step
//! also says, for each byte it makes, which bytes it came from: that is what lets a screen mark
//! everything a byte depends on.
//!
//! Values hold keys and PINs, so they are wiped on drop and `Debug` shows names and lengths only.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;
use zeroize::Zeroizing;

/// How the bytes of a value are read by people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Octets, shown as upper-case hexadecimal.
    Hex,
    /// ASCII characters, shown as they are.
    Text,
}

/// How one input of a step reaches its output.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Flow {
    /// Output byte *i* comes from input byte *i + offset* (a slice; 0 for a plain XOR).
    From(usize),
    /// Input byte *i* becomes output byte *i + offset* (a part of a concatenation).
    Into(usize),
    /// Every output byte depends on every input byte (a key, a hash).
    Whole,
    /// Output block *k* depends on input block *k* as a whole (ECB); the block length in bytes.
    Blocks(usize),
    /// Output block *k* depends on input blocks 0 to *k* (CBC); the block length in bytes.
    Chain(usize),
    /// Output byte *i* depends on every input byte whose index is *i* modulo this (an XOR fold).
    Fold(usize),
    /// Output character *i* comes from input byte *i / 2* (hexadecimal expansion).
    Expand,
    /// Output byte *i* comes from input characters *2i* and *2i + 1* (packing).
    Pack,
    /// Output character *i* comes from the input position listed (decimalisation).
    Pick(Vec<usize>),
}

impl Flow {
    /// The input bytes that output byte `index` depends on, for an input of `len` bytes.
    pub fn sources(&self, index: usize, len: usize) -> Vec<Range<usize>> {
        let until = |from: usize, to: usize| {
            let (from, to) = (from.min(len), to.min(len));
            Vec::from_iter((from < to).then_some(from..to))
        };
        let one = |at: usize| until(at, at.saturating_add(1));
        match self {
            Self::From(offset) => one(index + offset),
            Self::Into(offset) => index.checked_sub(*offset).map(one).unwrap_or_default(),
            Self::Whole => until(0, len),
            Self::Blocks(block) => {
                let start = index / block.max(&1) * block;
                until(start, start + block)
            }
            Self::Chain(block) => until(0, (index / block.max(&1) + 1) * block),
            Self::Fold(block) => (index..len)
                .step_by((*block).max(1))
                .map(|at| at..at + 1)
                .collect(),
            Self::Expand => one(index / 2),
            Self::Pack => until(2 * index, 2 * index + 2),
            Self::Pick(from) => from.get(index).map(|&at| one(at)).unwrap_or_default(),
        }
    }
}

/// A named value of a working: an input that was given, or what an earlier step made.
#[derive(Clone, PartialEq, Eq)]
pub struct Value {
    name: Cow<'static, str>,
    form: Form,
    bytes: Zeroizing<Vec<u8>>,
}

impl Value {
    /// Name of the value; equal names in one working are the same value.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How people read it.
    pub fn form(&self) -> Form {
        self.form
    }

    /// The bytes, which may be those of a key or a PIN.
    pub fn reveal(&self) -> &[u8] {
        &self.bytes
    }

    /// The value as people read it: upper-case hexadecimal, or the characters themselves.
    pub fn reveal_text(&self) -> String {
        match self.form {
            Form::Hex => hex::encode_upper(&*self.bytes),
            Form::Text => String::from_utf8_lossy(&self.bytes).into_owned(),
        }
    }
}

impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}[{}]", self.name, self.bytes.len())
    }
}

/// One input of a step, borrowed while the step is taken down.
#[derive(Clone)]
pub struct Given<'a> {
    name: &'a str,
    form: Form,
    bytes: &'a [u8],
    flow: Flow,
}

/// An input of octets, byte by byte unless told otherwise.
pub fn octets<'a>(name: &'a str, bytes: &'a [u8]) -> Given<'a> {
    Given {
        name,
        form: Form::Hex,
        bytes,
        flow: Flow::From(0),
    }
}

/// An input of characters, position by position unless told otherwise.
pub fn chars<'a>(name: &'a str, text: &'a str) -> Given<'a> {
    Given {
        name,
        form: Form::Text,
        bytes: text.as_bytes(),
        flow: Flow::From(0),
    }
}

/// A key: every output byte depends on all of it.
pub fn key<'a>(name: &'a str, bytes: &'a [u8]) -> Given<'a> {
    octets(name, bytes).flow(Flow::Whole)
}

/// The whole of a value that was given or made elsewhere, known here by its name alone.
///
/// A prepared cipher no longer has the bytes of its key; a step can still say which key it was.
pub fn named(name: &str) -> Given<'_> {
    key(name, &[])
}

impl Given<'_> {
    /// The same input with another way to the output.
    pub fn flow(mut self, flow: Flow) -> Self {
        self.flow = flow;
        self
    }

    fn keep(&self) -> (Value, Flow) {
        let value = Value {
            name: Cow::Owned(self.name.to_owned()),
            form: self.form,
            bytes: Zeroizing::new(self.bytes.to_vec()),
        };
        (value, self.flow.clone())
    }
}

impl fmt::Debug for Given<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}[{}]", self.name, self.bytes.len())
    }
}

/// One step: what it is called, its formula, what it reads and what it makes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    formula: &'static str,
    inputs: Vec<(Value, Flow)>,
    output: Value,
}

impl Step {
    /// The step's name, which is that of the value it makes.
    pub fn name(&self) -> &str {
        self.output.name()
    }

    /// The step as a formula over the names of its inputs.
    pub fn formula(&self) -> &'static str {
        self.formula
    }

    /// What the step reads, each with its way to the output.
    pub fn inputs(&self) -> impl Iterator<Item = (&Value, &Flow)> {
        self.inputs.iter().map(|(value, flow)| (value, flow))
    }

    /// What the step makes.
    pub fn output(&self) -> &Value {
        &self.output
    }

    /// Names and byte ranges of everything that output byte `index` comes from directly.
    pub fn sources(&self, index: usize) -> Vec<(&str, Range<usize>)> {
        self.inputs
            .iter()
            .flat_map(|(value, flow)| {
                flow.sources(index, value.bytes.len())
                    .into_iter()
                    .map(|range| (value.name(), range))
            })
            .collect()
    }
}

/// The steps of one computation, or nothing when it is off.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Working {
    recording: bool,
    steps: Vec<Step>,
}

impl Working {
    /// A working that takes nothing down.
    pub fn off() -> Self {
        Self::default()
    }

    /// A working that takes every step down.
    pub fn recording() -> Self {
        Self {
            recording: true,
            steps: Vec::new(),
        }
    }

    /// Whether steps are taken down.
    pub fn is_recording(&self) -> bool {
        self.recording
    }

    /// Takes down a step that makes octets.
    pub fn step(&mut self, name: &str, formula: &'static str, inputs: &[Given<'_>], output: &[u8]) {
        self.note(name, formula, inputs, output, Form::Hex);
    }

    /// Takes down a step that makes characters.
    pub fn text(&mut self, name: &str, formula: &'static str, inputs: &[Given<'_>], output: &str) {
        self.note(name, formula, inputs, output.as_bytes(), Form::Text);
    }

    fn note(
        &mut self,
        name: &str,
        formula: &'static str,
        inputs: &[Given<'_>],
        output: &[u8],
        form: Form,
    ) {
        if !self.recording {
            return;
        }
        let output = Value {
            name: Cow::Owned(name.to_owned()),
            form,
            bytes: Zeroizing::new(output.to_vec()),
        };
        let inputs = inputs.iter().map(Given::keep).collect();
        self.steps.push(Step {
            formula,
            inputs,
            output,
        });
    }

    /// The steps taken down, in order.
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// The value that the last step of this name made.
    pub fn value(&self, name: &str) -> Option<&Value> {
        self.steps
            .iter()
            .rev()
            .find(|step| step.name() == name)
            .map(Step::output)
    }

    /// Everything that byte `index` of value `name` comes from, through all steps before it.
    ///
    /// Each entry is a value's name and one range of its bytes; ranges are not merged.
    pub fn origins(&self, name: &str, index: usize) -> Vec<(String, Range<usize>)> {
        let mut found: Vec<(String, Range<usize>)> = Vec::new();
        let mut open = vec![(name.to_owned(), index, self.steps.len())];
        while let Some((name, index, before)) = open.pop() {
            let Some((at, step)) = self
                .steps
                .iter()
                .enumerate()
                .take(before)
                .rev()
                .find(|(_, s)| s.name() == name)
            else {
                continue;
            };
            for (source, range) in step.sources(index) {
                let entry = (source.to_owned(), range.clone());
                if !found.contains(&entry) {
                    open.extend(range.map(|byte| (source.to_owned(), byte, at)));
                    found.push(entry);
                }
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_byte_knows_where_it_came_from() {
        let mut working = Working::recording();
        working.step(
            "sum",
            "a XOR b",
            &[octets("a", &[1, 2]), octets("b", &[3, 4])],
            &[2, 6],
        );
        let hex = [octets("sum", &[2, 6]).flow(Flow::Expand)];
        working.text("hex", "hex(sum)", &hex, "0206");
        let mut origins = working.origins("hex", 3);
        origins.sort_by(|a, b| a.0.cmp(&b.0));
        assert_eq!(
            origins,
            [("a".into(), 1..2), ("b".into(), 1..2), ("sum".into(), 1..2)]
        );
    }

    #[test]
    fn a_working_that_is_off_keeps_nothing() {
        let mut working = Working::off();
        working.step("sum", "a XOR b", &[octets("a", &[1])], &[1]);
        assert!(working.steps().is_empty());
    }

    #[test]
    fn debug_shows_no_value() {
        let mut working = Working::recording();
        working.text("pin", "given", &[chars("digits", "918273")], "918273");
        assert!(!format!("{working:?}").contains("918273"));
    }
}
