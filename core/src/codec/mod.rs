//! Messages to bytes and back.
//!
//! Two views of one truth: [`dissect()`] takes any bytes apart and never fails; [`unpack()`] reads a
//! message that conforms, or refuses; [`pack()`] is its inverse, byte for byte. This module never
//! sees a key.

mod causes;
mod chars;
mod detect;
mod dissect;
mod doubts;
mod draft;
mod fault;
mod fix;
mod head;
mod inner;
mod pack;
mod read;
mod rules;
mod self_check;
mod tree;
mod unpack;
mod value;

pub use causes::{Cause, CauseKind, causes};
pub use detect::{Candidate, Reason, detect, detect_among, detect_framed, detect_quickly};
pub use dissect::dissect;
pub use draft::{Draft, Value};
pub use fault::{Fault, Finding, SaidBy, Severity, UnpackError};
pub use fix::{Edit, Fix, FixKind, fix, fix_cause};
pub use head::FieldSet;
pub use pack::{PackError, PackFault, pack, pack_into};
pub use self_check::{Misfit, self_check};
pub use tree::{Dissection, Key, Node, NodeId, NodeKind, key_text};
pub use unpack::{Message, unpack};
