//! What people do in the world: orders, PINs, trying again, the day's end.

use super::person::{self, Running, THINK_MS, TYPE_MS};
use super::scenario::{OrderSpec, When};
use super::world::{Job, World};
use crate::node::card::Card;
use crate::node::{Input, Millis, NodeId, Order, Outcome, PinChoice, PinEntry};
use crate::trace::{Tape, What};
use std::sync::Arc;

impl World {
    /// Schedules the next order in turn at a terminal.
    pub(super) fn next_order(&mut self, terminal: u8, after: Millis) {
        let Some(person) = self.people.get_mut(usize::from(terminal)) else {
            return;
        };
        let next = self.script.in_turn(terminal, person.next);
        person.waits = next.is_none();
        if let Some(place) = next {
            person.next = place + 1;
            self.schedule(self.now + after, Job::Order { place });
        }
    }

    /// A person gives an order now; what a live page does at a click.
    pub fn give_order(&mut self, spec: OrderSpec) -> usize {
        let mut orders = (*self.script.orders).clone();
        orders.push(OrderSpec {
            when: When::At(self.now),
            ..spec
        });
        let place = orders.len() - 1;
        self.script.orders = Arc::new(orders);
        self.schedule(self.now, Job::Order { place });
        place
    }

    pub(super) fn order(&mut self, place: usize, tape: &mut Tape) {
        let orders = Arc::clone(&self.script.orders);
        let Some(spec) = orders.get(place) else {
            return;
        };
        let k = spec.terminal - 1;
        let node = NodeId::Terminal(k);
        if self.dark.contains_key(&node) {
            self.schedule(self.now + THINK_MS, Job::Order { place });
            return;
        }
        self.orders += 1;
        let id = self.orders;
        let holder = spec
            .card
            .as_deref()
            .and_then(|name| self.stage.holder(name))
            .cloned();
        let card = holder.as_ref().filter(|_| spec.verb.takes_card()).map(|h| {
            let atc = self.atc.get_mut(usize::from(h.profile.index));
            let atc = atc.map_or(0, |a| {
                *a += 1;
                *a
            });
            Card {
                profile: Arc::clone(&h.profile),
                atc,
            }
        });
        let Some(person) = self.people.get_mut(usize::from(k)) else {
            return;
        };
        let original = if spec.verb.takes_receipt() {
            person.receipt(spec.receipt)
        } else {
            None
        };
        let tries = match &person.running {
            Some(running) if running.index == place => running.tries,
            _ => 0,
        };
        if spec.when == When::Next || person.running.is_none() {
            person.running = Some(Running {
                order: id,
                index: place,
                tries: tries + 1,
                entries: 0,
                printed: false,
            });
        }
        let operation = spec.verb.operation();
        let (entry, amount) = (spec.entry, spec.amount);
        tape.write(self.now, node, || What::Order {
            order: id,
            operation,
            card: spec.card.clone(),
            entry,
            amount,
        });
        let order = Order {
            id,
            operation,
            card,
            entry,
            amount,
            asks_pin: spec.verb.asks_pin() && spec.pin != PinChoice::None,
            original,
        };
        self.give(node, Input::Order(Box::new(order)));
    }

    /// The holder answers the pad.
    pub(super) fn type_pin(&mut self, node: NodeId) {
        let NodeId::Terminal(k) = node else { return };
        if let Some(entry) = self.typed(k) {
            self.schedule(self.now + TYPE_MS, Job::Pin { terminal: k, entry });
        }
    }

    /// What the holder at a terminal types next.
    pub(super) fn typed(&mut self, k: u8) -> Option<PinEntry> {
        let running = self.people.get_mut(usize::from(k))?.running.as_mut()?;
        let entries = running.entries;
        running.entries += 1;
        let spec = self.script.orders.get(running.index)?;
        let holder = spec
            .card
            .as_deref()
            .and_then(|name| self.stage.holder(name));
        let digits = holder.and_then(|h| h.types(spec.pin, entries));
        Some(digits.map_or(PinEntry::Cancel, PinEntry::Digits))
    }

    /// An order ended: the person goes on, or tries again.
    pub(super) fn finished(&mut self, node: NodeId, order: u32, outcome: Outcome) {
        let NodeId::Terminal(k) = node else { return };
        let Some(person) = self.people.get_mut(usize::from(k)) else {
            return;
        };
        let Some(running) = person.running.clone().filter(|r| r.order == order) else {
            return self.outcomes.push((order, usize::MAX, outcome));
        };
        let spec = self.script.orders.get(running.index).cloned();
        let again =
            spec.is_some_and(|spec| person::again(&spec, outcome, running.tries, running.printed));
        self.outcomes.push((order, running.index, outcome));
        self.go_on(k, &running, again);
    }

    fn go_on(&mut self, k: u8, running: &Running, again: bool) {
        if again {
            self.schedule(
                self.now + THINK_MS,
                Job::Order {
                    place: running.index,
                },
            );
            return;
        }
        if let Some(person) = self.people.get_mut(usize::from(k)) {
            person.running = None;
        }
        self.next_order(k, THINK_MS);
    }

    /// Power is back: an order that was running is over, and the person knows only the paper.
    pub(super) fn person_after_cut(&mut self, k: u8) {
        let Some(running) = self
            .people
            .get(usize::from(k))
            .and_then(|p| p.running.clone())
        else {
            return;
        };
        let spec = self.script.orders.get(running.index).cloned();
        // The slip of a recovered trade is among the effects that are still pending.
        let prints = self
            .pending
            .iter()
            .any(|(n, e)| *n == NodeId::Terminal(k) && matches!(e, crate::node::Effect::Print(_)));
        let printed = running.printed || prints;
        let again = spec.is_some_and(|s| s.insist && running.tries < person::TRIES && !printed);
        self.go_on(k, &running, again);
    }

    /// A settlement began: whoever waits for that acts now.
    pub(super) fn settling_began(&mut self, k: u8) {
        for place in self.script.while_settling(k) {
            self.schedule(self.now + 10, Job::Order { place });
        }
    }
}
