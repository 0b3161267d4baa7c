//! The MAC of whole messages: where it stands, what it covers, whether it is right, and which
//! mistake made it when it is not.
//!
//! Here the codec, which never sees a key, and the crypto, which never sees a dialect, meet. The
//! dialect says how the MAC is made; it covers the message type up to the field that holds it.
//! Many messages are checked at once, those of one key together in the bitsliced batch.

use super::decode::push_text;
use crate::bytes::{Span, to_hex};
use crate::codec::{Dissection, Fault, Finding, NodeKind};
use crate::crypto::calc::CalcError;
use crate::crypto::calc::explain::{Mistake, explain_behind};
use crate::crypto::cipher::Algorithm;
use crate::crypto::key::Mak;
use crate::crypto::{CryptoError, Key, UnionPayMac, batch, mac};
use crate::spec::MacRule;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Where the MAC of a message stands and what it covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Covered {
    /// The field: 64 or 128.
    pub de: u8,
    /// The bits of the MAC.
    pub field: Span,
    /// The bits that go into it.
    pub data: Span,
}

/// Where the MAC of a message stands; nothing when the message carries none.
#[must_use]
pub fn covered(tree: &Dissection<'_>) -> Option<Covered> {
    let mut top = tree.children(tree.root()).filter_map(|id| tree.node(id));
    let start = top.find(|node| node.kind == NodeKind::Mti)?.span.start;
    let (de, id) = [64, 128]
        .into_iter()
        .find_map(|de| Some((de, tree.field(de)?)))?;
    let whole = tree.node(id)?.span;
    let field = tree.node(tree.data(id))?.span;
    let data = Span::bits(start, whole.start);
    Some(Covered { de, field, data })
}

/// A message and the key to check its MAC with.
#[derive(Clone, Copy)]
pub struct Question<'q, 'a> {
    /// The message.
    pub tree: &'q Dissection<'a>,
    /// The bytes of its MAC key.
    pub key: &'q [u8],
    /// What the key is for: triple DES, unless somebody or the message says SM4.
    pub cipher: Option<Algorithm>,
}

/// A MAC that was checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    /// Where it stands and what it covers.
    pub covered: Covered,
    /// The operation that makes it, as `poslab calc` calls it.
    pub op: &'static str,
    /// What it should be.
    pub expected: String,
    /// What the message carries.
    pub found: String,
    /// Whether they agree.
    pub valid: bool,
    /// The mistakes that, alone, make what was found.
    pub causes: Vec<Mistake>,
}

impl Checked {
    /// What to say of a MAC that is wrong.
    #[must_use]
    pub fn finding(&self) -> Option<Finding> {
        let fault = Fault::MacWrong {
            expected: self.expected.clone(),
            found: self.found.clone(),
        };
        let path = format!("DE{}", self.covered.de);
        (!self.valid).then(|| Finding::new(fault, path, self.covered.field))
    }

    /// Appends the outcome as a JSON object.
    pub fn push_json(&self, out: &mut String) {
        let Covered { de, field, data } = self.covered;
        let state = if self.valid { "valid" } else { "wrong" };
        // Writing to a string cannot fail.
        let _ = write!(
            out,
            "{{\"state\":\"{state}\",\"path\":\"DE{de}\",\"op\":\"{}\",\
             \"bits\":[{},{}],\"covers\":[{},{}],\"expected\":",
            self.op, field.start, field.end, data.start, data.end
        );
        push_text(&self.expected, out);
        out.push_str(",\"found\":");
        push_text(&self.found, out);
        out.push_str(",\"causes\":[");
        for (index, cause) in self.causes.iter().enumerate() {
            out.push_str(if index > 0 { ",{" } else { "{" });
            let _ = write!(out, "\"cause\":\"{}\",\"explanation\":", cause.code());
            push_text(cause.english(), out);
            out.push_str(",\"zh\":");
            push_text(cause.chinese(), out);
            out.push('}');
        }
        out.push_str("]}");
    }
}

/// What the key of a message is for when nobody says: SM4 where the UnionPay DE53 says so.
///
/// **Source** practice: the second digit of DE53 is 3 for SM4.
#[must_use]
pub fn cipher_of(tree: &Dissection<'_>) -> Algorithm {
    let union_pay = tree.dialect().mac == MacRule::UnionPay;
    match tree.field(53).map(|id| tree.value(id)) {
        Some(digits) if union_pay && digits.get(1..2) == Some("3") => Algorithm::Sm4,
        _ => Algorithm::Tdes,
    }
}

/// Checks one message; nothing when it carries no MAC.
///
/// **Errors** `KEY_LENGTH` when the MAC of this dialect takes no such key.
pub fn check(question: Question<'_, '_>) -> Result<Option<Checked>, CryptoError> {
    check_all(&[question])
        .into_iter()
        .next()
        .unwrap_or(Ok(None))
}

/// Checks many messages, those of one key at once; the answers stand as the questions do.
///
/// **Errors** as [`check`].
#[must_use]
pub fn check_all(questions: &[Question<'_, '_>]) -> Vec<Result<Option<Checked>, CryptoError>> {
    let mut answers: Vec<Result<Option<Checked>, CryptoError>> = vec![Ok(None); questions.len()];
    let mut groups: BTreeMap<(&str, &str, &[u8]), Group<'_>> = BTreeMap::new();
    for (index, question) in questions.iter().enumerate() {
        let Some(carried) = Carried::of(question) else {
            continue;
        };
        let group = (carried.rule.word(), carried.cipher.name(), question.key);
        groups.entry(group).or_default().push((index, carried));
    }
    for ((_, _, key), group) in groups {
        let made = made_for(key, &group);
        for (nth, (index, carried)) in group.iter().enumerate() {
            let answer = match &made {
                Ok(macs) => Ok(macs.get(nth).map(|mac| carried.compare(key, mac))),
                Err(error) => Err(*error),
            };
            if let Some(slot) = answers.get_mut(*index) {
                *slot = answer;
            }
        }
    }
    answers
}

/// Messages whose MACs are made alike, each with its place among the questions.
type Group<'a> = Vec<(usize, Carried<'a>)>;

/// A MAC as a message carries it.
struct Carried<'a> {
    covered: Covered,
    rule: MacRule,
    cipher: Algorithm,
    data: &'a [u8],
    /// Everything in front of the message: what somebody may have put into the MAC by mistake.
    before: &'a [u8],
    found: Vec<u8>,
}

impl<'a> Carried<'a> {
    fn of(question: &Question<'_, 'a>) -> Option<Self> {
        let tree = question.tree;
        let covered = covered(tree)?;
        let rule = tree.dialect().mac;
        let data = covered.data.byte_range();
        let id = tree.field(covered.de)?;
        let found = match rule {
            MacRule::UnionPay => tree.frame().get(covered.field.byte_range())?.to_vec(),
            // Some dialects write the octets as characters; the value is the octets in all.
            MacRule::Cbc => hex::decode(tree.value(id)).ok()?,
        };
        Some(Self {
            covered,
            rule,
            cipher: question.cipher.unwrap_or_else(|| cipher_of(tree)),
            data: tree.frame().get(data.clone())?,
            before: tree.frame().get(..data.start)?,
            found,
        })
    }

    fn compare(&self, key: &[u8], made: &[u8; 8]) -> Checked {
        let valid = self.found.len() == made.len() && mac::matches(made, &self.found) == Ok(true);
        let [expected, found] = [made.as_slice(), &self.found].map(|mac| self.shown(mac));
        let mut checked = Checked {
            covered: self.covered,
            op: op(self.rule, key),
            expected,
            found,
            valid,
            causes: Vec::new(),
        };
        if !valid {
            checked.causes = self.causes(key, &checked).unwrap_or_default();
        }
        checked
    }

    /// Characters as they are where the MAC is text, octets in hexadecimal otherwise.
    fn shown(&self, mac: &[u8]) -> String {
        let text = std::str::from_utf8(mac).ok();
        let text = text.filter(|text| text.bytes().all(|byte| byte.is_ascii_alphanumeric()));
        match (self.rule, text) {
            (MacRule::UnionPay, Some(text)) => text.to_owned(),
            _ => to_hex(mac),
        }
    }

    fn causes(&self, key: &[u8], checked: &Checked) -> Result<Vec<Mistake>, CalcError> {
        let (key_name, data_name) = names(self.rule);
        let mut inputs = Map::new();
        inputs.insert(key_name.to_owned(), json!(to_hex(key)));
        inputs.insert(data_name.to_owned(), json!(to_hex(self.data)));
        inputs.insert("cipher".to_owned(), Value::from(self.cipher.name()));
        let fronts: Vec<&[u8]> = (0..self.before.len())
            .filter_map(|at| self.before.get(at..))
            .collect();
        explain_behind(checked.op, &inputs, &checked.found, &fronts)
    }
}

/// The MACs of a group.
fn made_for(key: &[u8], group: &Group<'_>) -> Result<Vec<[u8; 8]>, CryptoError> {
    let Some((_, first)) = group.first() else {
        return Ok(Vec::new());
    };
    let data: Vec<&[u8]> = group.iter().map(|(_, carried)| carried.data).collect();
    made(first.rule, first.cipher, key, &data)
}

/// The MACs of messages under one key.
fn made(
    rule: MacRule,
    cipher: Algorithm,
    key: &[u8],
    data: &[&[u8]],
) -> Result<Vec<[u8; 8]>, CryptoError> {
    let key = Key::<Mak>::new(cipher, key)?;
    match (rule, cipher) {
        (MacRule::UnionPay, Algorithm::Sm4) => {
            let mac = UnionPayMac::new(&key);
            Ok(data.iter().map(|data| mac.generate(data)).collect())
        }
        (MacRule::UnionPay, _) => batch::unionpay_macs(&key, data),
        (MacRule::Cbc, _) => batch::cbc_macs(&key, data),
    }
}

/// The MAC of one message under a key, as the dialect makes it.
///
/// **Errors** `KEY_LENGTH`.
pub fn generate(
    rule: MacRule,
    cipher: Algorithm,
    key: &[u8],
    data: &[u8],
) -> Result<[u8; 8], CryptoError> {
    let macs = made(rule, cipher, key, &[data])?;
    Ok(macs.first().copied().unwrap_or_default())
}

/// The operation that makes such a MAC with such a key.
#[must_use]
pub const fn op(rule: MacRule, key: &[u8]) -> &'static str {
    match (rule, key.len()) {
        (MacRule::UnionPay, _) => "mac.unionpay_ecb",
        (MacRule::Cbc, 16) => "mac.retail",
        (MacRule::Cbc, _) => "mac.cbc",
    }
}

/// What the operation calls its key and its data.
#[must_use]
pub const fn names(rule: MacRule) -> (&'static str, &'static str) {
    match rule {
        MacRule::UnionPay => ("mak", "mab"),
        MacRule::Cbc => ("key", "data"),
    }
}
