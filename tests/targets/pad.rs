//! PIN pads: both sides of every protocol over a simulated line, and every published vector.

#[path = "pad/abecs.rs"]
mod abecs;
#[path = "pad/epp.rs"]
mod epp;
#[path = "pad/line.rs"]
mod line;
#[path = "pad/robust.rs"]
mod robust;
#[path = "pad/secrets.rs"]
mod secrets;
#[path = "pad/session.rs"]
mod session;
#[path = "pad/sniff.rs"]
mod sniff;
#[path = "pad/stage.rs"]
mod stage;
#[path = "pad/vectors.rs"]
mod vectors;
#[path = "pad/visa.rs"]
mod visa;
#[path = "pad/wire_formats.rs"]
mod wire_formats;
