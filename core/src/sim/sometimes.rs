//! What a check must sometimes reach: a search that never meets a declined card or an unbalanced
//! settlement proves nothing about them.
//!
//! Apart from the properties, which hold always: these are marks that runs leave behind, counted
//! over many runs, so that whatever was never reached can be named.

use crate::node::Code;
use crate::spec::Dialect;

/// Something that is sometimes reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Goal {
    /// A host decides with this code.
    Code(&'static [u8; 2]),
    /// A reversal goes out with this reason.
    Reason(&'static [u8; 2]),
    /// An upload message with this 60.3 goes out; 000 is the image of an advice.
    Upload(&'static str),
}

use Goal::{Code as C, Reason as R, Upload as U};

/// Every goal: the codes hosts of this world give, the reasons of reversals, the kinds of upload.
pub const GOALS: &[Goal] = &[
    C(b"00"),
    C(b"03"),
    C(b"10"),
    C(b"12"),
    C(b"14"),
    C(b"22"),
    C(b"25"),
    C(b"30"),
    C(b"40"),
    C(b"41"),
    C(b"43"),
    C(b"45"),
    C(b"51"),
    C(b"54"),
    C(b"55"),
    C(b"59"),
    C(b"61"),
    C(b"62"),
    C(b"64"),
    C(b"75"),
    C(b"77"),
    C(b"91"),
    C(b"92"),
    C(b"94"),
    C(b"96"),
    C(b"97"),
    C(b"98"),
    C(b"99"),
    C(b"A0"),
    R(b"06"),
    R(b"98"),
    R(b"A0"),
    U("000"),
    U("201"),
    U("202"),
    U("203"),
    U("205"),
    U("207"),
];

impl Goal {
    /// The goal that a host's decision reaches.
    pub fn of_decision(code: Code) -> Option<Goal> {
        let of = |goal: &Goal| matches!(goal, C(c) if Code::lit(c) == code);
        GOALS.iter().copied().find(of)
    }

    /// The goal that a message of a terminal reaches: reversals and uploads are looked into.
    pub fn of_message(mti: u16, frame: &[u8], pos: &Dialect) -> Option<Goal> {
        if !matches!(mti, 320 | 400) {
            return None;
        }
        let message = crate::codec::unpack(pos, frame.get(13..)?).ok()?;
        let image = crate::node::wire::image_of(&message);
        let reason = image.get(39).and_then(Code::new).filter(|_| mti == 400);
        let kind = image
            .get(60)
            .and_then(|f| f.get(8..11))
            .filter(|_| mti == 320);
        let of = |goal: &Goal| match goal {
            R(code) => reason == Some(Code::lit(code)),
            U(code) => kind == Some(code),
            C(_) => false,
        };
        GOALS.iter().copied().find(of)
    }

    /// The goal in a few words.
    pub fn words(self, zh: bool) -> String {
        let text = |code: &[u8; 2]| Code::lit(code).as_str().to_owned();
        match (self, zh) {
            (C(code), false) => format!("code {}", text(code)),
            (C(code), true) => format!("应答码 {}", text(code)),
            (R(code), false) => format!("reversal reason {}", text(code)),
            (R(code), true) => format!("冲正原因 {}", text(code)),
            (U("000"), false) => "upload of an advice".to_owned(),
            (U("000"), true) => "上送通知类交易".to_owned(),
            (U(kind), false) => format!("upload {kind}"),
            (U(kind), true) => format!("上送 {kind}"),
        }
    }
}

/// Which goals were reached: a bit each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reached(u64);

impl Reached {
    fn mark(&mut self, reached: Option<Goal>) {
        if let Some(at) = GOALS.iter().position(|goal| Some(*goal) == reached) {
            self.0 |= 1 << at;
        }
    }

    /// A host decided.
    pub(super) fn decided(&mut self, code: Code) {
        self.mark(Goal::of_decision(code));
    }

    /// A terminal sent a message: reversals and uploads are looked into.
    pub(super) fn sent(&mut self, mti: u16, frame: &[u8], pos: &Dialect) {
        self.mark(Goal::of_message(mti, frame, pos));
    }

    /// Adds what another run reached.
    pub fn merge(&mut self, other: Reached) {
        self.0 |= other.0;
    }

    /// Goals that were reached, or that were not.
    pub fn goals(self, reached: bool) -> impl Iterator<Item = Goal> {
        let is = move |at: usize| (self.0 >> at & 1 == 1) == reached;
        GOALS
            .iter()
            .enumerate()
            .filter(move |(at, _)| is(*at))
            .map(|(_, goal)| *goal)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bit_for_each_goal() {
        assert!(GOALS.len() <= 64);
        let mut reached = Reached::default();
        reached.decided(Code::lit(b"51"));
        assert_eq!(reached.goals(true).collect::<Vec<_>>(), [C(b"51")]);
        assert_eq!(reached.goals(false).count(), GOALS.len() - 1);
    }
}
