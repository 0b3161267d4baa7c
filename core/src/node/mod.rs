//! One machine per box on the wire: terminal, PIN pad, NAC, front end, switch, issuer, clearing.
//!
//! A machine takes an [`Input`] and the time and returns [`Effect`]s; it does nothing itself. What
//! it must remember through a power cut it returns as [`Effect::Persist`], and it can be rebuilt
//! from those records alone. So the same machine is model-checked, animated and run over a socket.

pub mod card;
pub mod clearing;
pub mod clock;
mod effect;
mod fact;
pub mod few;
pub mod front_end;
mod id;
mod image;
pub mod issuer;
mod kind;
pub mod ledger;
pub mod nac;
mod order;
pub mod pin_pad;
mod protection;
mod record;
mod response;
mod screen;
mod script;
mod settings;
mod slip;
pub mod switch;
pub mod terminal;
mod totals;
pub mod vault;
pub mod wire;

pub use effect::{Effect, Input, PinEntry, Tag};
pub use fact::{Fact, Note};
pub use id::{Millis, NodeId, NotABox};
pub use image::Image;
pub use kind::{Side, TradeKind};
pub use order::{Entry, Impossible, Operation, Order, Outcome, PinChoice, Receipt};
pub use protection::{Protection, ProtectionRow, Protections, ROWS, UnknownProtection};
pub use record::Record;
pub use response::Code;
pub use screen::{Screen, impossible};
pub use settings::{Exhaustion, LineKind, PadProtocol, ReversalPolicy, Settings};
pub use slip::Slip;
pub use totals::{Totals, compare, field_48, read_48};
