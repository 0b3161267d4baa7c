//! The world: clock, queue, links, people and faults around the machines; scenarios and checks.
//!
//! A [`World`] is stepped event by event and can be cloned at any moment: a clone is a checkpoint,
//! and two clones are two futures. [`Scenario`] is the data it runs; [`watch`] holds the properties.

mod act;
mod check;
mod day;
mod expect;
mod fault;
mod flip;
mod model;
mod needles;
mod person;
mod prng;
mod replay;
mod scenario;
mod shipped;
mod sometimes;
mod stage;
mod watch;
mod world;

pub use check::{Check, CounterExample, Found, Menu, Work};
pub use day::{Day, DayResult};
pub use expect::{Unmet, note_name};
pub use fault::{EffectName, Fault, FaultError, Kind, Place, neighbours};
pub use model::{MODELS, Model, model};
pub use prng::Prng;
pub use replay::Replay;
pub use scenario::{
    CutOffSpec, Expect, Item, OrderSpec, ResolveSpec, Scenario, ScenarioError, Verb, When,
    WorldSpec,
};
pub use shipped::{scenarios, shipped};
pub use sometimes::{GOALS, Goal, Reached};
pub use stage::{Bilingual, Holder, OwnKeys, Stage, StageError};
pub use watch::{Broken, Property};
pub use world::{Choice, PadAnswer, PadRequest, World};
