//! A seeded day: many trades, faults drawn from the seed, settled at the end.
//!
//! Where the checker tries every schedule of a small script, a day tries one schedule of a long
//! one. The same seed gives the same day, natively and in the page.

use super::prng::Prng;
use super::scenario::{CutOffSpec, Item, OrderSpec, Scenario, Verb, WorldSpec};
use super::stage::{Bilingual, Stage};
use super::world::{Choice, World};
use crate::node::clearing::SettlementMode;
use crate::node::{Entry, PinChoice, ReversalPolicy};
use crate::trace::Tape;
use std::sync::Arc;

/// How a day is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Day {
    /// Trades before the settlement.
    pub trades: u32,
    /// One fault in so many places where one could happen; 0 for none.
    pub one_in: u64,
}

/// What came of a day.
#[derive(Clone, Debug)]
pub struct DayResult {
    /// The world at its end.
    pub world: World,
    /// Faults that happened.
    pub faults: u32,
    /// Whether it became quiet.
    pub quiet: bool,
}

/// Steps after which a day counts as endless.
const MOST_STEPS: u64 = 400_000;

impl Day {
    /// The day's script.
    pub fn scenario(&self, seed: u64) -> Scenario {
        let mut draw = Prng::new(seed ^ 0x00DA_4000);
        let mut orders = vec![OrderSpec {
            insist: true,
            ..OrderSpec::plain(Verb::SignOn)
        }];
        let mut sales = 0;
        for _ in 0..self.trades {
            orders.push(trade(&mut draw, &mut sales));
        }
        orders.push(OrderSpec {
            insist: true,
            ..OrderSpec::plain(Verb::Settle)
        });
        let policy = if draw.one_in(2) {
            ReversalPolicy::BackToMenu
        } else {
            ReversalPolicy::Repeat
        };
        let mode = draw.below(3) as usize;
        let mut script: Vec<Item> = orders.into_iter().map(Item::Order).collect();
        script.push(Item::CutOff(CutOffSpec::default()));
        Scenario {
            name: format!("day-{seed}"),
            title: Bilingual {
                en: format!("Day {seed}"),
                zh: format!("第 {seed} 日"),
            },
            about: Bilingual::default(),
            world: WorldSpec {
                reversal: Some(policy),
                attempts: Some(9),
                settlement: SettlementMode::ALL.get(mode).copied(),
                ..WorldSpec::default()
            },
            script,
            expect: Vec::new(),
        }
    }

    /// Lives through the day.
    pub fn run(&self, stage: &Arc<Stage>, seed: u64, tape: &mut Tape) -> DayResult {
        let mut world = World::new(stage, &self.scenario(seed), seed);
        world.jitter(seed ^ 0x0071_77E4);
        let mut draw = Prng::new(seed);
        let (mut faults, mut steps) = (0, 0);
        loop {
            let choice = self.fault(&world, &mut draw);
            faults += u32::from(choice.is_some());
            steps += 1;
            if steps > MOST_STEPS || !world.step_with(choice, tape) {
                break;
            }
        }
        let quiet = world.quiet();
        world.conclude(tape);
        DayResult {
            world,
            faults,
            quiet,
        }
    }

    fn fault(&self, world: &World, draw: &mut Prng) -> Option<Choice> {
        if self.one_in == 0 {
            return None;
        }
        let choices = world.choices();
        if choices.is_empty() || !draw.one_in(self.one_in) {
            return None;
        }
        let at = draw.below(choices.len() as u64) as usize;
        choices.get(at).copied()
    }
}

/// One trade of the day: mostly sales, now and then a void of the newest slip.
fn trade(draw: &mut Prng, sales: &mut u32) -> OrderSpec {
    let cards = ["lin", "zhao", "stripe", "smith"];
    let card = cards.get(draw.below(4) as usize).copied().unwrap_or("lin");
    let entry = match (card, draw.below(4)) {
        ("stripe", _) => Entry::Swipe,
        (_, 0) => Entry::Tap,
        _ => Entry::Chip,
    };
    let amount = 100 + draw.below(9_900);
    let pin = if draw.one_in(12) {
        PinChoice::WrongThenRight
    } else {
        PinChoice::Right
    };
    let verb = match draw.below(12) {
        0 if *sales > 0 => Verb::Void,
        1 => Verb::Balance,
        2 => Verb::OfflineSale,
        _ => Verb::Sale,
    };
    *sales = if verb == Verb::Sale { *sales + 1 } else { 0 };
    let spec = OrderSpec {
        insist: true,
        entry,
        pin,
        ..OrderSpec::trade(verb, card, amount)
    };
    if verb == Verb::Void {
        OrderSpec { card: None, ..spec }
    } else {
        spec
    }
}
