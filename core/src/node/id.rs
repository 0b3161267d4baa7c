//! The names of the boxes on the wire, and the time they share.
//!
//! Apart from the machines because links, faults and traces speak of boxes without running one.
//! Names are kebab-case wherever people or files meet them: `terminal`, `terminal-2`, `front-end`.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::str::FromStr;

/// Milliseconds since the world began.
pub type Millis = u64;

/// One box of the world; terminals and their PIN pads are numbered from zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NodeId {
    /// The people: cardholder, cashier, supervisor.
    Holder,
    /// A point-of-sale terminal.
    Terminal(u8),
    /// The PIN pad of the terminal with the same number.
    PinPad(u8),
    /// The network access controller between dial lines and the front end.
    Nac,
    /// The acquirer's POS centre (前置机).
    FrontEnd,
    /// The switch between acquirers and issuers.
    Switch,
    /// The bank of the cards.
    Issuer,
    /// Clearing and settlement between the banks.
    Clearing,
}

impl NodeId {
    /// The Chinese name of the box.
    pub fn zh(self) -> &'static str {
        match self {
            NodeId::Holder => "持卡人",
            NodeId::Terminal(_) => "终端",
            NodeId::PinPad(_) => "密码键盘",
            NodeId::Nac => "网络接入控制器",
            NodeId::FrontEnd => "前置机",
            NodeId::Switch => "交换中心",
            NodeId::Issuer => "发卡行",
            NodeId::Clearing => "清算",
        }
    }

    /// Whether the two ids name the same kind of box, whatever its number.
    pub fn same_kind(self, other: NodeId) -> bool {
        std::mem::discriminant(&self) == std::mem::discriminant(&other)
    }
}

impl fmt::Display for NodeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let numbered = |f: &mut fmt::Formatter<'_>, name: &str, k: u8| match k {
            0 => f.write_str(name),
            k => write!(f, "{name}-{}", k + 1),
        };
        match *self {
            NodeId::Holder => f.write_str("cardholder"),
            NodeId::Terminal(k) => numbered(f, "terminal", k),
            NodeId::PinPad(k) => numbered(f, "pin-pad", k),
            NodeId::Nac => f.write_str("nac"),
            NodeId::FrontEnd => f.write_str("front-end"),
            NodeId::Switch => f.write_str("switch"),
            NodeId::Issuer => f.write_str("issuer"),
            NodeId::Clearing => f.write_str("clearing"),
        }
    }
}

/// The text names no box.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotABox;

impl fmt::Display for NotABox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "not a box: expected cardholder, terminal, terminal-2, pin-pad, nac, front-end, \
             switch, issuer or clearing",
        )
    }
}

impl FromStr for NodeId {
    type Err = NotABox;

    fn from_str(text: &str) -> Result<Self, NotABox> {
        let numbered = |rest: &str| -> Result<u8, NotABox> {
            match rest.strip_prefix('-') {
                None if rest.is_empty() => Ok(0),
                Some(n) => match n.parse::<u8>() {
                    Ok(n) if n >= 1 => Ok(n - 1),
                    _ => Err(NotABox),
                },
                None => Err(NotABox),
            }
        };
        match text {
            "cardholder" => Ok(NodeId::Holder),
            "nac" => Ok(NodeId::Nac),
            "front-end" => Ok(NodeId::FrontEnd),
            "switch" => Ok(NodeId::Switch),
            "issuer" => Ok(NodeId::Issuer),
            "clearing" => Ok(NodeId::Clearing),
            _ => {
                if let Some(rest) = text.strip_prefix("terminal") {
                    numbered(rest).map(NodeId::Terminal)
                } else if let Some(rest) = text.strip_prefix("pin-pad") {
                    numbered(rest).map(NodeId::PinPad)
                } else {
                    Err(NotABox)
                }
            }
        }
    }
}

impl Serialize for NodeId {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for NodeId {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        String::deserialize(d)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_read_back() {
        for id in [
            NodeId::Holder,
            NodeId::Terminal(0),
            NodeId::Terminal(1),
            NodeId::PinPad(0),
            NodeId::Nac,
            NodeId::FrontEnd,
            NodeId::Clearing,
        ] {
            assert_eq!(id.to_string().parse(), Ok(id));
        }
        assert_eq!("terminal-0".parse::<NodeId>(), Err(NotABox));
        assert_eq!("host".parse::<NodeId>(), Err(NotABox));
    }
}
