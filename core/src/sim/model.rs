//! The models of the checker: small scripts in which every fault has somewhere to hurt.

use super::check::{Check, Menu};
use super::scenario::{Item, OrderSpec, Scenario, Verb, When, WorldSpec};
use super::stage::{Bilingual, Stage};
use crate::node::{Entry, PinChoice, Protection, ReversalPolicy};
use std::sync::Arc;

/// A model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Model {
    /// Its name.
    pub name: &'static str,
    /// What it is, in English.
    pub en: &'static str,
    /// What it is, in Chinese.
    pub zh: &'static str,
    /// Faults the gate places.
    pub faults: u8,
}

/// Every model.
pub const MODELS: [Model; 6] = [
    Model {
        name: "sale",
        en: "one sale, reversed at once",
        zh: "一笔消费，立即冲正",
        faults: 2,
    },
    Model {
        name: "sale-next",
        en: "a sale and the next, reversal before the next",
        zh: "两笔消费，下笔之前冲正",
        faults: 2,
    },
    Model {
        name: "two-sales",
        en: "two sales of different amounts",
        zh: "两笔金额不同的消费",
        faults: 1,
    },
    Model {
        name: "two-requests",
        en: "two requests in a row",
        zh: "连续两个请求",
        faults: 1,
    },
    Model {
        name: "sale-settle",
        en: "a sale, then settlement with upload",
        zh: "消费后结算并批上送",
        faults: 2,
    },
    Model {
        name: "settle-with-sale",
        en: "a sale attempted during settlement",
        zh: "结算期间尝试消费",
        faults: 1,
    },
];

/// The model of this name.
pub fn model(name: &str) -> Option<&'static Model> {
    MODELS.iter().find(|m| m.name == name)
}

impl Model {
    /// The model's script.
    pub fn scenario(&self) -> Scenario {
        let insist = |o: OrderSpec| OrderSpec { insist: true, ..o };
        let sale = |amount| insist(OrderSpec::trade(Verb::Sale, "lin", amount));
        let sign_on = insist(OrderSpec::plain(Verb::SignOn));
        let settle = insist(OrderSpec::plain(Verb::Settle));
        let swipe = |amount| OrderSpec {
            entry: Entry::Swipe,
            ..insist(OrderSpec::trade(Verb::Sale, "stripe", amount))
        };
        let menu = Some(ReversalPolicy::BackToMenu);
        let (orders, reversal) = match self.name {
            "sale" => (vec![sign_on, sale(10_000)], None),
            "sale-next" => (vec![sign_on, sale(10_000), sale(2_500)], menu),
            "two-sales" => (
                vec![
                    sign_on,
                    OrderSpec {
                        insist: false,
                        ..sale(10_000)
                    },
                    sale(2_500),
                ],
                menu,
            ),
            "two-requests" => (vec![sale(10_000), sale(2_500)], None),
            "sale-settle" => (vec![sign_on, swipe(10_000), settle], None),
            _ => {
                let cuts_in = OrderSpec {
                    when: When::Settling,
                    pin: PinChoice::None,
                    ..sale(2_500)
                };
                (vec![sign_on, swipe(10_000), settle, cuts_in], None)
            }
        };
        Scenario {
            name: self.name.to_owned(),
            title: Bilingual {
                en: self.en.to_owned(),
                zh: self.zh.to_owned(),
            },
            about: Bilingual::default(),
            world: WorldSpec {
                reversal,
                attempts: Some(5),
                ..WorldSpec::default()
            },
            script: orders.into_iter().map(Item::Order).collect(),
            expect: Vec::new(),
        }
    }

    /// Which faults the model places besides those on arrows and power cuts.
    pub fn menu(&self) -> Menu {
        Menu {
            database: self.name == "sale",
            restore: self.name == "sale-settle",
            // Two sales: just so late that the answer to the first meets the wait of the second.
            late_ms: if self.name == "two-sales" {
                64_550
            } else {
                75_000
            },
        }
    }

    /// A check of the model.
    pub fn check(&self, stage: &Arc<Stage>, faults: u8, without: &[Protection]) -> Check {
        Check::new(stage, &self.scenario(), self.menu(), faults, without)
    }
}
