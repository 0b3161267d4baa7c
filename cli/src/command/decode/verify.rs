//! The MACs of what is decoded, checked under the keys that were given.

use super::Decode;
use crate::fail::Fail;
use crate::look::{Look, Paint};
use crate::message_keys::Ready;
use poslab_core::codec::Dissection;
use poslab_core::view::decode::push_text;
use poslab_core::view::mac::{Checked, Question, check_all, covered};
use poslab_core::words::Lang;
use zeroize::Zeroizing;

/// Checks MACs; there is one only when a key was given.
pub struct Verifier {
    ready: Ready,
}

/// What came of the MAC of one message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mac {
    /// The message carries none.
    Absent,
    /// It was checked.
    Checked(Checked),
    /// No key for it, or one of a length that the dialect's MAC does not take.
    Unchecked(String),
}

/// How many MACs were right, wrong, and could not be checked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    valid: usize,
    wrong: usize,
    unchecked: usize,
}

impl Verifier {
    /// Reads the keys that the options name; nothing when they name none.
    pub fn of(decode: &Decode) -> Result<Option<Self>, Fail> {
        let ready = decode.keys.read(decode.input.is_stdin())?;
        Ok(ready.map(|ready| Self { ready }))
    }

    /// Checks one message and adds what is wrong to its findings.
    pub fn one(&self, tree: &mut Dissection<'_>) -> Mac {
        let one = self.all(std::slice::from_mut(tree)).into_iter().next();
        one.unwrap_or(Mac::Absent)
    }

    /// Checks many messages at once, those of one key together.
    pub fn all(&self, trees: &mut [Dissection<'_>]) -> Vec<Mac> {
        let keys: Vec<Result<Zeroizing<Vec<u8>>, Fail>> = trees
            .iter()
            .map(|tree| match covered(tree) {
                Some(_) => {
                    let terminal = tree.field(41).map(|id| tree.value(id));
                    self.ready.mak(terminal.as_deref())
                }
                None => Ok(Zeroizing::default()),
            })
            .collect();
        let questions: Vec<Question<'_, '_>> = trees
            .iter()
            .zip(&keys)
            .map(|(tree, key)| Question {
                tree,
                key: key.as_ref().map_or(&[], |key| key.as_slice()),
                cipher: self.ready.cipher,
            })
            .collect();
        let answers = check_all(&questions);
        let outcomes = answers.into_iter().zip(&keys).map(|both| match both {
            (Ok(None), _) => Mac::Absent,
            (_, Err(fail)) => Mac::Unchecked(fail.to_string()),
            (Ok(Some(checked)), _) => Mac::Checked(checked),
            (Err(error), _) => Mac::Unchecked(error.to_string()),
        });
        let outcomes: Vec<Mac> = outcomes.collect();
        for (tree, mac) in trees.iter_mut().zip(&outcomes) {
            tree.findings
                .extend(mac.checked().and_then(Checked::finding));
        }
        outcomes
    }
}

impl Mac {
    fn checked(&self) -> Option<&Checked> {
        match self {
            Self::Checked(checked) => Some(checked),
            Self::Absent | Self::Unchecked(_) => None,
        }
    }

    /// The outcome as a JSON object.
    pub fn json(&self) -> String {
        let mut out = String::new();
        match self {
            Self::Absent => out.push_str("{\"state\":\"absent\"}"),
            Self::Checked(checked) => checked.push_json(&mut out),
            Self::Unchecked(reason) => {
                out.push_str("{\"state\":\"unchecked\",\"reason\":");
                push_text(reason, &mut out);
                out.push('}');
            }
        }
        out
    }

    /// The outcome in a line or more for people.
    pub fn text(&self, paint: Paint, look: &Look) -> String {
        let zh = look.lang() == Lang::Zh;
        match self {
            Self::Absent => format!(
                "MAC    {}\n",
                look.say("none in this message", "本报文没有")
            ),
            Self::Unchecked(reason) => {
                let words = look.say("not checked", "未核验");
                format!("{}  {words}: {reason}\n", paint.style("33", "MAC ?"))
            }
            Self::Checked(checked) => {
                let data = checked.covered.data.byte_range();
                let (first, last) = (data.start, data.end.saturating_sub(1));
                let place = format!(
                    "DE{} · {} · {}",
                    checked.covered.de,
                    checked.op,
                    if zh {
                        format!("覆盖第 {first} 至 {last} 字节")
                    } else {
                        format!("over bytes {first} to {last}")
                    }
                );
                if checked.valid {
                    let words = look.say("valid", "正确");
                    return format!("{}  {words} · {place}\n", paint.style("32", "MAC ✓"));
                }
                let mut out = format!(
                    "{}  {} · {place}\n",
                    paint.style("31", "MAC ✗"),
                    look.say("wrong", "错误"),
                );
                for cause in &checked.causes {
                    let sentence = look.say(cause.english(), cause.chinese());
                    let because = look.say("because", "原因");
                    out.push_str(&format!(
                        "       {because}: {sentence} ({})\n",
                        cause.code()
                    ));
                }
                out
            }
        }
    }
}

impl Count {
    /// Counts one message.
    pub fn count(&mut self, mac: &Mac) {
        match mac {
            Mac::Absent => {}
            Mac::Checked(checked) if checked.valid => self.valid += 1,
            Mac::Checked(_) => self.wrong += 1,
            Mac::Unchecked(_) => self.unchecked += 1,
        }
    }

    /// Adds another count.
    pub fn add(&mut self, other: Self) {
        self.valid += other.valid;
        self.wrong += other.wrong;
        self.unchecked += other.unchecked;
    }

    /// Whether a MAC could not be checked, so that nobody takes silence for consent.
    pub fn is_open(self) -> bool {
        self.unchecked > 0
    }

    /// The count in a line.
    pub fn text(self, look: &Look) -> String {
        let Self {
            valid,
            wrong,
            unchecked,
        } = self;
        if look.lang() == Lang::Zh {
            return format!("MAC：{valid} 个正确，{wrong} 个错误，{unchecked} 个未核验");
        }
        format!("MACs: {valid} valid, {wrong} wrong, {unchecked} not checked")
    }
}
