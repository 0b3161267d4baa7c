//! Faults and their syntax: what goes wrong, and where.
//!
//! ```text
//! KIND[:ARG]:MTI[#N]@FROM-TO          on an arrow: drop:0210@nac-terminal, corrupt:bit=312:0210@switch-front-end
//! KIND[:ARG]@BOX:before=EFFECT#N      in a box: power-cut@terminal:before=persist#2
//! KIND[:ARG]@BOX:after=EFFECT#N
//! KIND[:ARG]@BOX:t=SECONDS            at a time: line-busy@terminal:t=61.240
//! ```

use crate::node::{Millis, NodeId};
use std::fmt;
use std::str::FromStr;

/// What goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// The message is lost.
    Drop,
    /// The message comes so many milliseconds later.
    Delay(Millis),
    /// The message comes twice.
    Duplicate,
    /// A bit of the message flips; without a number, one in the amount.
    Corrupt(Option<u32>),
    /// A bit, or two, of the block on the line flips, below the line's own checks.
    WireBit(u32, Option<u32>),
    /// The box loses power and comes back after so many milliseconds.
    PowerCut(Millis),
    /// The database refuses one record.
    DatabaseError,
    /// The host loses its newest records: so many, or back to before its newest trade.
    DatabaseRestore(Option<u32>),
    /// The next call of the terminal finds the line busy.
    LineBusy,
    /// Nothing passes the box's line for so many milliseconds.
    LineCut(Millis),
    /// The PIN pad's case is opened.
    Tamper,
    /// The issuer is set down for so many milliseconds.
    Down(Millis),
}

/// Where and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    /// The n-th message of this type on the arrow.
    Arrow {
        /// From.
        from: NodeId,
        /// To.
        to: NodeId,
        /// MTI as a number.
        mti: u16,
        /// Which, from 1.
        nth: u32,
    },
    /// Before the n-th effect of this name in the box.
    Before {
        /// The box.
        node: NodeId,
        /// The effect: `persist`, `send` or `print`.
        effect: EffectName,
        /// Which, from 1.
        nth: u32,
    },
    /// After the n-th effect of this name in the box.
    After {
        /// The box.
        node: NodeId,
        /// The effect.
        effect: EffectName,
        /// Which, from 1.
        nth: u32,
    },
    /// At a time.
    At {
        /// The box.
        node: NodeId,
        /// Milliseconds since the world began.
        at: Millis,
    },
}

/// Effects a power cut can be placed at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EffectName {
    /// A record is written.
    Persist,
    /// A message is sent.
    Send,
    /// A slip is printed.
    Print,
}

impl EffectName {
    fn name(self) -> &'static str {
        match self {
            EffectName::Persist => "persist",
            EffectName::Send => "send",
            EffectName::Print => "print",
        }
    }
}

/// A fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fault {
    /// What.
    pub kind: Kind,
    /// Where.
    pub place: Place,
}

/// Milliseconds a box stays dark when nothing else is said.
pub const DARK_MS: Millis = 5_000;
/// Milliseconds a message is late when nothing else is said.
pub const LATE_MS: Millis = 75_000;
/// Milliseconds a line stays cut, or an issuer down, when nothing else is said.
pub const CUT_MS: Millis = 60_000;

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let for_ms = |f: &mut fmt::Formatter<'_>, name: &str, ms: Millis, usual: Millis| {
            if ms == usual {
                f.write_str(name)
            } else {
                write!(f, "{name}:ms={ms}")
            }
        };
        match self.kind {
            Kind::Drop => f.write_str("drop")?,
            Kind::Delay(ms) => for_ms(f, "delay", ms, LATE_MS)?,
            Kind::Duplicate => f.write_str("duplicate")?,
            Kind::Corrupt(None) => f.write_str("corrupt")?,
            Kind::Corrupt(Some(bit)) => write!(f, "corrupt:bit={bit}")?,
            Kind::WireBit(bit, None) => write!(f, "wire-bit:bit={bit}")?,
            Kind::WireBit(one, Some(two)) => write!(f, "wire-bit:bits={one}+{two}")?,
            Kind::PowerCut(ms) => for_ms(f, "power-cut", ms, DARK_MS)?,
            Kind::DatabaseError => f.write_str("database-error")?,
            Kind::DatabaseRestore(None) => f.write_str("database-restore")?,
            Kind::DatabaseRestore(Some(n)) => write!(f, "database-restore:records={n}")?,
            Kind::LineBusy => f.write_str("line-busy")?,
            Kind::LineCut(ms) => for_ms(f, "line-cut", ms, CUT_MS)?,
            Kind::Tamper => f.write_str("tamper")?,
            Kind::Down(ms) => for_ms(f, "down", ms, CUT_MS)?,
        }
        match self.place {
            Place::Arrow { from, to, mti, nth } => {
                write!(f, ":{mti:04}")?;
                if nth != 1 {
                    write!(f, "#{nth}")?;
                }
                write!(f, "@{from}-{to}")
            }
            Place::Before { node, effect, nth } => {
                write!(f, "@{node}:before={}#{nth}", effect.name())
            }
            Place::After { node, effect, nth } => {
                write!(f, "@{node}:after={}#{nth}", effect.name())
            }
            Place::At { node, at } => write!(f, "@{node}:t={}.{:03}", at / 1000, at % 1000),
        }
    }
}

/// Why a fault cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FaultError {
    /// There is no `@`.
    NoPlace,
    /// The kind is unknown.
    Kind(String),
    /// The argument is not one of this kind.
    Argument(String),
    /// The MTI is not four digits.
    Mti(String),
    /// The boxes are unknown or not neighbours.
    Arrow(String),
    /// The box is unknown.
    Box(String),
    /// When is missing or not readable.
    When(String),
    /// This kind does not happen at such a place.
    Mismatch(&'static str),
}

impl fmt::Display for FaultError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FaultError::NoPlace => {
                f.write_str("a fault needs a place: KIND:MTI@FROM-TO or KIND@BOX:before|after|t=…")
            }
            FaultError::Kind(k) => write!(
                f,
                "unknown fault {k:?}: expected drop, delay, duplicate, corrupt, wire-bit, \
                 power-cut, database-error, database-restore, line-busy, line-cut, tamper or down"
            ),
            FaultError::Argument(a) => {
                write!(
                    f,
                    "argument {a:?}: expected ms=N, bit=N, bits=N+N or records=N, as the fault takes it"
                )
            }
            FaultError::Mti(m) => write!(f, "message type {m:?}: expected four digits, then #N"),
            FaultError::Arrow(a) => write!(
                f,
                "arrow {a:?}: expected two neighbours, like nac-terminal or front-end-switch"
            ),
            FaultError::Box(b) => write!(f, "{b:?} is not a box"),
            FaultError::When(w) => write!(
                f,
                "when {w:?}: expected before=EFFECT#N, after=EFFECT#N (persist, send, print) or \
                 t=SECONDS"
            ),
            FaultError::Mismatch(want) => write!(f, "this fault happens {want}"),
        }
    }
}

impl FromStr for Fault {
    type Err = FaultError;

    fn from_str(text: &str) -> Result<Self, FaultError> {
        let (what, place) = text.split_once('@').ok_or(FaultError::NoPlace)?;
        let mut parts: Vec<&str> = what.split(':').collect();
        let name = parts.remove(0);
        let mti = parts.pop_if(|p| p.starts_with(|c: char| c.is_ascii_digit()));
        let arg = parts.pop();
        if let Some(extra) = parts.first() {
            return Err(FaultError::Argument((*extra).to_owned()));
        }
        let kind = kind(name, arg)?;
        let place = match mti {
            Some(mti) => arrow(mti, place)?,
            None => lane(place)?,
        };
        let fault = Fault { kind, place };
        fault.fits().map_err(FaultError::Mismatch)?;
        Ok(fault)
    }
}

impl Fault {
    /// Whether its boxes stand in a world with so many terminals; otherwise what is wrong.
    pub fn in_world(&self, terminals: u8) -> Result<(), String> {
        let boxes = match self.place {
            Place::Arrow { from, to, .. } => [from, to],
            Place::Before { node, .. } | Place::After { node, .. } | Place::At { node, .. } => {
                [node; 2]
            }
        };
        for node in boxes {
            match node {
                NodeId::Terminal(k) | NodeId::PinPad(k) if k >= terminals => {
                    return Err(format!("{node}: this world has {terminals} terminals"));
                }
                NodeId::Holder | NodeId::Clearing => {
                    return Err(format!("{node}: nothing goes wrong there"));
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Whether the kind can happen at the place; otherwise where it does happen.
    fn fits(&self) -> Result<(), &'static str> {
        let arrow = matches!(self.place, Place::Arrow { .. });
        match self.kind {
            Kind::Drop
            | Kind::Delay(_)
            | Kind::Duplicate
            | Kind::Corrupt(_)
            | Kind::WireBit(..) => {
                if arrow {
                    Ok(())
                } else {
                    Err("on an arrow: KIND:MTI@FROM-TO")
                }
            }
            _ if arrow => Err("in a box: KIND@BOX:before|after|t=…"),
            Kind::LineBusy | Kind::LineCut(_) | Kind::Tamper | Kind::Down(_) => match self.place {
                Place::At { .. } => Ok(()),
                _ => Err("at a time: KIND@BOX:t=SECONDS"),
            },
            _ => Ok(()),
        }
    }
}

fn kind(name: &str, arg: Option<&str>) -> Result<Kind, FaultError> {
    let wrong = || FaultError::Argument(arg.unwrap_or_default().to_owned());
    let number = |key: &str| -> Result<Option<u64>, FaultError> {
        let Some(arg) = arg else { return Ok(None) };
        let value = arg
            .strip_prefix(key)
            .and_then(|v| v.strip_prefix('='))
            .ok_or_else(wrong)?;
        value.parse().map(Some).map_err(|_| wrong())
    };
    let ms = |usual| number("ms").map(|n| n.unwrap_or(usual));
    Ok(match name {
        "drop" if arg.is_none() => Kind::Drop,
        "duplicate" if arg.is_none() => Kind::Duplicate,
        "delay" => Kind::Delay(ms(LATE_MS)?),
        "corrupt" => Kind::Corrupt(number("bit")?.map(|b| b as u32)),
        "wire-bit" => wire_bit(arg.ok_or_else(wrong)?).ok_or_else(wrong)?,
        "power-cut" | "restart" => Kind::PowerCut(ms(DARK_MS)?),
        "database-error" | "db-error" if arg.is_none() => Kind::DatabaseError,
        "database-restore" | "db-restore" => {
            Kind::DatabaseRestore(number("records")?.map(|n| n as u32))
        }
        "line-busy" if arg.is_none() => Kind::LineBusy,
        "line-cut" => Kind::LineCut(ms(CUT_MS)?),
        "tamper" if arg.is_none() => Kind::Tamper,
        "down" => Kind::Down(ms(CUT_MS)?),
        "drop" | "duplicate" | "database-error" | "db-error" | "line-busy" | "tamper" => {
            return Err(wrong());
        }
        _ => return Err(FaultError::Kind(name.to_owned())),
    })
}

/// `bit=N` or `bits=N+N`.
fn wire_bit(arg: &str) -> Option<Kind> {
    if let Some(pair) = arg.strip_prefix("bits=") {
        let (one, two) = pair.split_once('+')?;
        return Some(Kind::WireBit(one.parse().ok()?, Some(two.parse().ok()?)));
    }
    Some(Kind::WireBit(arg.strip_prefix("bit=")?.parse().ok()?, None))
}

fn arrow(mti: &str, place: &str) -> Result<Place, FaultError> {
    let bad = || FaultError::Mti(mti.to_owned());
    let (digits, nth) = match mti.split_once('#') {
        Some((d, n)) => (d, n.parse::<u32>().ok().filter(|n| *n > 0).ok_or_else(bad)?),
        None => (mti, 1),
    };
    if digits.len() != 4 {
        return Err(bad());
    }
    let mti = digits.parse().map_err(|_| bad())?;
    let wrong = || FaultError::Arrow(place.to_owned());
    let dashes = place.match_indices('-').map(|(i, _)| i);
    let mut split = dashes.filter_map(|i| {
        let from = place.get(..i)?.parse::<NodeId>().ok()?;
        let to = place.get(i + 1..)?.parse::<NodeId>().ok()?;
        neighbours(from, to).then_some((from, to))
    });
    let (from, to) = split.next_back().ok_or_else(wrong)?;
    Ok(Place::Arrow { from, to, mti, nth })
}

/// Whether a link joins two boxes.
pub fn neighbours(a: NodeId, b: NodeId) -> bool {
    let one_way = |a, b| {
        matches!(
            (a, b),
            (NodeId::Terminal(_), NodeId::Nac)
                | (NodeId::Nac, NodeId::FrontEnd)
                | (NodeId::FrontEnd, NodeId::Switch)
                | (NodeId::Switch, NodeId::Issuer)
        )
    };
    one_way(a, b) || one_way(b, a)
}

fn lane(place: &str) -> Result<Place, FaultError> {
    let (node, when) = place.split_once(':').unwrap_or((place, ""));
    let node = node.parse().map_err(|_| FaultError::Box(node.to_owned()))?;
    let wrong = || FaultError::When(when.to_owned());
    if let Some(t) = when.strip_prefix("t=") {
        return Ok(Place::At {
            node,
            at: seconds(t).ok_or_else(wrong)?,
        });
    }
    let (word, rest) = when.split_once('=').ok_or_else(wrong)?;
    let (effect, nth) = rest.split_once('#').unwrap_or((rest, "1"));
    let effect = match effect {
        "persist" => EffectName::Persist,
        "send" => EffectName::Send,
        "print" => EffectName::Print,
        _ => return Err(wrong()),
    };
    let nth = nth.parse().ok().filter(|n| *n > 0).ok_or_else(wrong)?;
    match word {
        "before" => Ok(Place::Before { node, effect, nth }),
        "after" => Ok(Place::After { node, effect, nth }),
        _ => Err(wrong()),
    }
}

/// Seconds with up to three decimals, as milliseconds.
fn seconds(text: &str) -> Option<Millis> {
    let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
    if part.is_empty() || part.len() > 3 || !part.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let thousandths = format!("{part:0<3}").parse::<Millis>().ok()?;
    whole
        .parse::<Millis>()
        .ok()?
        .checked_mul(1000)?
        .checked_add(thousandths)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_read_back() {
        for text in [
            "drop:0210@nac-terminal",
            "drop:0210#2@nac-terminal-2",
            "delay:ms=61000:0200@terminal-nac",
            "corrupt:bit=312:0210@switch-front-end",
            "duplicate:0200@front-end-switch",
            "wire-bit:bit=90:0200@terminal-nac",
            "wire-bit:bits=90+100:0200@terminal-nac",
            "power-cut@terminal:after=send#1",
            "power-cut:ms=90000@issuer:before=persist#2",
            "line-busy@terminal:t=61.240",
            "database-restore:records=2@front-end:t=120.000",
            "tamper@pin-pad:t=5.000",
        ] {
            let fault = text.parse::<Fault>().expect(text);
            assert_eq!(fault.to_string(), text);
        }
    }

    #[test]
    fn errors_are_exact() {
        let of = |text: &str| text.parse::<Fault>().expect_err(text);
        assert_eq!(of("drop"), FaultError::NoPlace);
        assert_eq!(
            of("lose:0210@nac-terminal"),
            FaultError::Kind("lose".into())
        );
        assert_eq!(of("drop:210@nac-terminal"), FaultError::Mti("210".into()));
        assert_eq!(
            of("drop:0210@nac-issuer"),
            FaultError::Arrow("nac-issuer".into())
        );
        assert_eq!(of("power-cut@till:t=1"), FaultError::Box("till".into()));
        assert_eq!(
            of("power-cut@terminal:soon"),
            FaultError::When("soon".into())
        );
        assert_eq!(
            of("corrupt:byte=3:0210@nac-terminal"),
            FaultError::Argument("byte=3".into())
        );
        assert!(matches!(of("drop@terminal:t=1"), FaultError::Mismatch(_)));
        assert!(matches!(
            of("tamper@pin-pad:after=send#1"),
            FaultError::Mismatch(_)
        ));
    }
}
