//! A working as a screen draws it: every value once, the steps over them, and what hangs together.
//!
//! The steps of [`crypto::working`](crate::crypto::working) name what they read. Here the names
//! become one graph: an input that an earlier step made, or that is a part of an earlier value, is
//! that value and not another of the same bytes. So a byte that somebody points at marks all it
//! comes from and all that comes from it, and two runs of one computation can be laid side by side.

use crate::crypto::working::{Flow, Form, Step, Value, Working};
use serde_json::{Map, Value as Json};
use std::fmt;
use std::ops::Range;
use zeroize::Zeroizing;

/// Where a value comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// An input of the operation.
    Given,
    /// Nobody gave or made it: a block of zeros at the start of a chain.
    Constant,
    /// The step with this index made it.
    Step(usize),
    /// It is a part of another value.
    Part {
        /// The index of the whole.
        of: usize,
        /// Where it starts there.
        at: usize,
        /// Places of the whole for one byte here: 2 when the whole is text in hexadecimal.
        stride: usize,
    },
}

/// One value of a working.
#[derive(Clone, PartialEq, Eq)]
pub struct Shown {
    /// Its name.
    pub name: String,
    /// How people read it.
    pub form: Form,
    /// Where it comes from.
    pub origin: Origin,
    bytes: Zeroizing<Vec<u8>>,
}

impl Shown {
    /// The bytes, which may be those of a key or a PIN.
    pub fn reveal(&self) -> &[u8] {
        &self.bytes
    }

    /// Number of bytes, or of characters when it is text.
    pub fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }
}

impl fmt::Debug for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}[{}]", self.name, self.bytes.len())
    }
}

/// One step: a formula over values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The step as a formula over the names of its inputs.
    pub formula: &'static str,
    /// The values it reads, by index, each with its way to the output.
    pub inputs: Vec<(usize, Flow)>,
    /// The value it makes, by index.
    pub output: usize,
}

/// How a place hangs together with the chosen ones.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Tie {
    /// Not at all.
    #[default]
    None,
    /// It is one of them.
    Picked,
    /// They come from it.
    Source,
    /// It comes from them.
    Result,
}

/// What changed in one value between two runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// For each byte, whether its first and its second digit changed.
    pub nibbles: Vec<[bool; 2]>,
    /// How many bits differ.
    pub bits: u32,
}

/// A working laid out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sheet {
    values: Vec<Shown>,
    lines: Vec<Line>,
}

impl Sheet {
    /// Lays out the steps of an operation that was given `inputs`.
    pub fn of(working: &Working, inputs: &Map<String, Json>) -> Self {
        let mut sheet = Self::default();
        for step in working.steps() {
            sheet.add(step, inputs);
        }
        sheet
    }

    /// The values, in the order they are first seen.
    pub fn values(&self) -> &[Shown] {
        &self.values
    }

    /// The steps, in order.
    pub fn lines(&self) -> &[Line] {
        &self.lines
    }

    /// The bytes of every value.
    pub(super) fn bytes(&self) -> Vec<Zeroizing<Vec<u8>>> {
        self.values
            .iter()
            .map(|value| value.bytes.clone())
            .collect()
    }

    /// The same with other bytes.
    pub(super) fn with_bytes(&self, bytes: Vec<Zeroizing<Vec<u8>>>) -> Self {
        let mut other = self.clone();
        other
            .values
            .iter_mut()
            .zip(bytes)
            .for_each(|(value, bytes)| value.bytes = bytes);
        other
    }

    /// The last value of a name.
    pub fn find(&self, name: &str) -> Option<usize> {
        self.values.iter().rposition(|value| value.name == name)
    }

    /// For every place of every value, how it hangs together with `range` of value `index`.
    pub fn ties(&self, index: usize, range: Range<usize>) -> Vec<Vec<Tie>> {
        let none = |value: &Shown| vec![false; value.len()];
        let mut up: Vec<Vec<bool>> = self.values.iter().map(none).collect();
        if let Some(row) = up.get_mut(index) {
            let end = range.end.min(row.len());
            row.iter_mut()
                .take(end)
                .skip(range.start)
                .for_each(|b| *b = true);
        }
        let mut down = up.clone();
        let edges = self.edges();
        for edge in edges.iter().rev() {
            edge.pull(&mut up);
        }
        for edge in &edges {
            edge.push(&mut down);
        }
        let tie = |value: usize, place: usize| {
            let at = |rows: &[Vec<bool>]| rows.get(value).and_then(|r| r.get(place).copied());
            match (at(&up) == Some(true), at(&down) == Some(true)) {
                (true, true) => Tie::Picked,
                (true, false) => Tie::Source,
                (false, true) => Tie::Result,
                (false, false) => Tie::None,
            }
        };
        let row = |(index, value): (usize, &Shown)| {
            (0..value.len()).map(|place| tie(index, place)).collect()
        };
        self.values.iter().enumerate().map(row).collect()
    }

    /// For every value, what changed against an earlier run; nothing where there is no partner.
    pub fn changes(&self, before: &Self) -> Vec<Option<Change>> {
        let nth = |values: &[Shown], index: usize| {
            let name = values.get(index).map(|value| value.name.clone());
            let before = values.iter().take(index);
            before
                .filter(|value| Some(&value.name) == name.as_ref())
                .count()
        };
        let partner = |index: usize, value: &Shown| {
            let nth = nth(&self.values, index);
            let mut named = before.values.iter().filter(|old| old.name == value.name);
            named.nth(nth).filter(|old| old.len() == value.len())
        };
        let change = |(index, value): (usize, &Shown)| {
            partner(index, value).map(|old| difference(old.reveal(), value.reveal()))
        };
        self.values.iter().enumerate().map(change).collect()
    }

    /// Adds a step: its inputs become values already there or new ones.
    fn add(&mut self, step: &Step, given: &Map<String, Json>) {
        let inputs = step
            .inputs()
            .filter_map(|(value, flow)| Some((self.place(value, given)?, flow.clone())))
            .collect();
        let output = self.push(step.output(), Origin::Step(self.lines.len()));
        self.lines.push(Line {
            formula: step.formula(),
            inputs,
            output,
        });
    }

    fn push(&mut self, value: &Value, origin: Origin) -> usize {
        self.values.push(Shown {
            name: value.name().to_owned(),
            form: value.form(),
            origin,
            bytes: Zeroizing::new(value.reveal().to_vec()),
        });
        self.values.len() - 1
    }

    /// The index of the value that an input is.
    fn place(&mut self, input: &Value, given: &Map<String, Json>) -> Option<usize> {
        let bytes = input.reveal();
        let named = self.find(input.name());
        if bytes.is_empty() {
            return named.or_else(|| self.give(input.name(), given));
        }
        let same = |value: &Shown| value.form == input.form() && value.reveal() == bytes;
        let by_name = named.filter(|&at| self.values.get(at).is_some_and(same));
        if let Some(at) = by_name {
            return Some(at);
        }
        if given_bytes(given, input.name(), input.form()).as_deref() == Some(bytes) {
            return Some(self.push(input, Origin::Given));
        }
        // A block of equal bytes may stand anywhere, so it is no evidence.
        let telling = bytes.len() >= 4 && bytes.windows(2).any(|pair| pair.first() != pair.last());
        if !telling {
            return Some(self.push(input, Origin::Constant));
        }
        if let Some(at) = self.values.iter().rposition(same) {
            return Some(at);
        }
        let origin = self.whole_of(bytes, input.form(), given);
        Some(self.push(input, origin.unwrap_or(Origin::Constant)))
    }

    /// An input of the operation that a step knows by its name alone.
    fn give(&mut self, name: &str, given: &Map<String, Json>) -> Option<usize> {
        let bytes = given_bytes(given, name, Form::Hex)?;
        self.values.push(Shown {
            name: name.to_owned(),
            form: Form::Hex,
            origin: Origin::Given,
            bytes: Zeroizing::new(bytes),
        });
        Some(self.values.len() - 1)
    }

    /// The value that `bytes` are a part of: one that is there, else an input not yet seen.
    fn whole_of(&mut self, bytes: &[u8], form: Form, given: &Map<String, Json>) -> Option<Origin> {
        let part = |whole: &Shown| part_of(whole, bytes, form);
        let found = self.values.iter().enumerate().rev();
        let mut found = found.filter_map(|(of, whole)| Some((of, part(whole)?)));
        if let Some((of, (at, stride))) = found.next() {
            return Some(Origin::Part { of, at, stride });
        }
        let (name, text) = given.iter().find_map(|(name, value)| {
            let text = value.as_str()?;
            let hex = hex::encode_upper(bytes);
            let needle = if form == Form::Hex {
                hex
            } else {
                text_of(bytes)?
            };
            text.to_ascii_uppercase()
                .contains(&needle)
                .then(|| (name.clone(), text.to_owned()))
        })?;
        let (form_of_whole, octets) = match hex::decode(&text) {
            Ok(octets) if form == Form::Hex => (Form::Hex, octets),
            _ => (Form::Text, text.into_bytes()),
        };
        let whole = Shown {
            name,
            form: form_of_whole,
            origin: Origin::Given,
            bytes: Zeroizing::new(octets),
        };
        let (at, stride) = part_of(&whole, bytes, form)?;
        self.values.push(whole);
        let of = self.values.len() - 1;
        Some(Origin::Part { of, at, stride })
    }

    /// Every dependency, in an order in which sources come before what they make.
    fn edges(&self) -> Vec<Edge<'_>> {
        let values = self.values.iter().enumerate();
        values
            .flat_map(|(target, value)| self.edges_to(target, &value.origin))
            .collect()
    }

    fn edges_to(&self, target: usize, origin: &Origin) -> Vec<Edge<'_>> {
        let edge = |source, way| Edge {
            target,
            source,
            way,
        };
        match *origin {
            Origin::Part { of, at, stride } => vec![edge(of, Way::Part { at, stride })],
            Origin::Step(line) => self
                .lines
                .get(line)
                .into_iter()
                .flat_map(|line| &line.inputs)
                .map(|(source, flow)| edge(*source, Way::Flow(flow)))
                .collect(),
            Origin::Given | Origin::Constant => Vec::new(),
        }
    }
}

/// How one value depends on another.
struct Edge<'a> {
    target: usize,
    source: usize,
    way: Way<'a>,
}

enum Way<'a> {
    Flow(&'a Flow),
    Part { at: usize, stride: usize },
}

impl Edge<'_> {
    /// The places of the source that one place of the target comes from.
    fn sources(&self, place: usize, len: usize) -> Vec<Range<usize>> {
        match self.way {
            Way::Flow(flow) => flow.sources(place, len),
            Way::Part { at, stride } => {
                let start = at + place * stride;
                std::iter::once(start.min(len)..(start + stride).min(len)).collect()
            }
        }
    }

    /// Marks the sources of every marked place of the target.
    fn pull(&self, marked: &mut [Vec<bool>]) {
        let Some(target) = marked.get(self.target).cloned() else {
            return;
        };
        let Some(source) = marked.get_mut(self.source) else {
            return;
        };
        let len = source.len();
        let places = target.iter().enumerate().filter(|(_, on)| **on);
        for range in places.flat_map(|(place, _)| self.sources(place, len)) {
            if let Some(part) = source.get_mut(range) {
                part.fill(true);
            }
        }
    }

    /// Marks every place of the target that comes from a marked place of the source.
    fn push(&self, marked: &mut [Vec<bool>]) {
        let Some(source) = marked.get(self.source).cloned() else {
            return;
        };
        if !source.contains(&true) {
            return;
        }
        let Some(target) = marked.get_mut(self.target) else {
            return;
        };
        for (place, on) in target.iter_mut().enumerate() {
            let ranges = self.sources(place, source.len());
            let hit = |range: &Range<usize>| {
                source
                    .get(range.clone())
                    .is_some_and(|part| part.contains(&true))
            };
            *on |= ranges.iter().any(hit);
        }
    }
}

/// The bytes of an input of the operation, read as a step reads it.
fn given_bytes(given: &Map<String, Json>, name: &str, form: Form) -> Option<Vec<u8>> {
    let text = given.get(name)?.as_str()?;
    match form {
        Form::Hex => hex::decode(text).ok(),
        Form::Text => Some(text.as_bytes().to_vec()),
    }
}

fn text_of(bytes: &[u8]) -> Option<String> {
    String::from_utf8(bytes.to_vec()).ok()
}

/// Where `bytes` stand in a value, and how many of its places a byte takes there.
fn part_of(whole: &Shown, bytes: &[u8], form: Form) -> Option<(usize, usize)> {
    let find = |needle: &[u8]| {
        let mut windows = whole.bytes.windows(needle.len().max(1));
        windows.position(|window| window.eq_ignore_ascii_case(needle))
    };
    match (whole.form, form) {
        (a, b) if a == b => {
            let mut windows = whole.bytes.windows(bytes.len().max(1));
            windows.position(|window| window == bytes).map(|at| (at, 1))
        }
        (Form::Text, Form::Hex) => find(hex::encode_upper(bytes).as_bytes()).map(|at| (at, 2)),
        _ => None,
    }
}

fn difference(old: &[u8], new: &[u8]) -> Change {
    let pairs = old.iter().zip(new).map(|(a, b)| a ^ b);
    let nibbles = |both: u8| [both & 0xF0 != 0, both & 0x0F != 0];
    Change {
        nibbles: pairs.clone().map(nibbles).collect(),
        bits: pairs.map(u8::count_ones).sum(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::calc::calc;
    use serde_json::json;

    fn sheet(op: &str, inputs: Json) -> Sheet {
        let mut working = Working::recording();
        let inputs = inputs.as_object().unwrap().clone();
        calc(op, &inputs, &mut working).unwrap();
        Sheet::of(&working, &inputs)
    }

    fn unionpay(mab: &str) -> Sheet {
        sheet(
            "mac.unionpay_ecb",
            json!({"mak": "2222222222222222", "mab": mab}),
        )
    }

    /// The places of a value with a tie, by the name of the value.
    fn tied(sheet: &Sheet, ties: &[Vec<Tie>], name: &str, tie: Tie) -> Vec<usize> {
        let row = &ties[sheet.find(name).unwrap()];
        (0..row.len()).filter(|&place| row[place] == tie).collect()
    }

    #[test]
    fn a_byte_of_the_mab_reaches_one_xor_byte_and_then_everything() {
        let sheet = unionpay("1234567890ABCDEFABCDEF1234567890");
        let ties = sheet.ties(sheet.find("mab").unwrap(), 9..10);
        assert_eq!(tied(&sheet, &ties, "xor", Tie::Result), [1]);
        assert_eq!(tied(&sheet, &ties, "ascii", Tie::Result), [2, 3]);
        assert_eq!(tied(&sheet, &ties, "right", Tie::Result), [] as [usize; 0]);
        assert_eq!(tied(&sheet, &ties, "mac_text", Tie::Result).len(), 8);
        assert_eq!(tied(&sheet, &ties, "mak", Tie::Result), [] as [usize; 0]);
    }

    #[test]
    fn a_character_of_the_mac_comes_from_all_of_key_and_message() {
        let sheet = unionpay("1234567890ABCDEFABCDEF1234567890");
        let ties = sheet.ties(sheet.find("mac_text").unwrap(), 0..1);
        assert_eq!(tied(&sheet, &ties, "mac_text", Tie::Picked), [0]);
        assert_eq!(tied(&sheet, &ties, "enc2", Tie::Source), [0]);
        assert_eq!(tied(&sheet, &ties, "mab", Tie::Source).len(), 16);
        assert_eq!(tied(&sheet, &ties, "mak", Tie::Source).len(), 8);
    }

    #[test]
    fn a_chain_knows_its_key_and_its_place_in_the_message() {
        let key = "0123456789ABCDEFFEDCBA9876543210";
        let data = "00000000000000000000000000000000AA";
        let sheet = sheet("mac.retail", json!({"key": key, "data": data, "pad": 1}));
        let ties = sheet.ties(sheet.find("block_2").unwrap(), 3..4);
        assert_eq!(tied(&sheet, &ties, "data", Tie::Source), [11]);
        assert_eq!(
            tied(&sheet, &ties, "chain_1", Tie::Result),
            [] as [usize; 0]
        );
        assert_eq!(tied(&sheet, &ties, "mac", Tie::Result).len(), 8);
        let whole = sheet.values().iter().position(|v| v.len() == 16).unwrap();
        let ties = sheet.ties(sheet.find("opened").unwrap(), 0..1);
        assert_eq!(ties[whole], vec![Tie::Source; 16]);
    }

    #[test]
    fn what_a_part_is_cut_from_is_found() {
        let block =
            "B0080P0TE00E000094B420079CC80BA3461F86FE26EFC4A3B8E4FA4C5F5341176EED7B727B8A248E";
        let kbpk = "DD7515F2BFC17F85CE48F3CA25CB21F6";
        let sheet = sheet("tr31.unwrap", json!({"kbpk": kbpk, "key_block": block}));
        let ties = sheet.ties(sheet.find("enciphered").unwrap(), 0..1);
        assert_eq!(tied(&sheet, &ties, "key_block", Tie::Source), [16, 17]);
    }

    #[test]
    fn one_flipped_bit_is_counted_on_its_way() {
        let before = unionpay("1234567890ABCDEFABCDEF1234567890");
        let after = unionpay("1234567890ABCDEEABCDEF1234567890");
        let changes = after.changes(&before);
        let of = |name| changes[after.find(name).unwrap()].clone().unwrap();
        assert_eq!(of("mab").bits, 1);
        assert_eq!(of("xor").bits, 1);
        assert_eq!(of("xor").nibbles[7], [false, true]);
        assert_eq!(of("left").bits, 0);
        assert!(of("enc2").bits > 16);
    }

    #[test]
    fn debug_shows_no_value() {
        let shown = format!("{:?}", unionpay("9182736455"));
        assert!(!shown.contains("91") && !shown.contains("2222"), "{shown}");
    }
}
