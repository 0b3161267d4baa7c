//! The part of the core that loads a dialect.

#[path = "../src/spec/dialect.rs"]
pub mod dialect;
#[path = "../src/spec/error.rs"]
pub mod error;
#[path = "../src/spec/field.rs"]
pub mod field;
#[path = "../src/spec/layout.rs"]
pub mod layout;
#[path = "../src/spec/load/mod.rs"]
pub mod load;
#[path = "../src/spec/notation.rs"]
pub mod notation;
#[path = "../src/spec/prebuilt.rs"]
pub mod prebuilt;
#[path = "../src/spec/rules.rs"]
pub mod rules;
#[path = "../src/spec/step.rs"]
pub mod step;
#[path = "../src/spec/wire.rs"]
pub mod wire;
