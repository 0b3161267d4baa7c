//! A world that goes on with another script: what is to come of the old one makes way.

use super::*;

impl World {
    /// This world with the script of a fresh one: what is still to come of the old script is
    /// forgotten, what is still to come of the new one takes its place.
    pub(in crate::sim) fn continued(&self, old: &Scenario, fresh: &World) -> World {
        let mut world = self.clone();
        let scripted = |seq: &u64| *seq <= SCRIPTED;
        world.queue.retain(|(_, seq), _| !scripted(seq));
        let to_come = fresh.queue.iter().map(|(key, job)| (*key, job.clone()));
        world
            .queue
            .extend(to_come.filter(|((at, _), _)| *at > self.now));
        let old: Vec<Fault> = old.faults().collect();
        let armed = fresh.armed.iter().copied().filter(|fault| {
            // One that struck before its effect stays struck.
            let before = matches!(fault.place, Place::Before { .. });
            !before || !old.contains(fault) || self.armed.contains(fault)
        });
        // What a fault with a time has armed while the world ran is in no script.
        let since = self
            .armed
            .iter()
            .copied()
            .filter(|fault| !old.contains(fault));
        world.armed = Arc::new(armed.chain(since).collect());
        world.script = fresh.script.clone();
        world
    }

    /// Whether a fault is armed and has not struck.
    pub(in crate::sim) fn is_armed(&self, fault: &Fault) -> bool {
        self.armed.contains(fault)
    }

    /// Whether the place of a fault at an arrow or an effect is still to come.
    pub(in crate::sim) fn is_to_come(&self, fault: &Fault) -> bool {
        let (seen, nth) = match fault.place {
            Place::Arrow { from, to, mti, nth } => (self.arrows.get(&(from, to, mti)), nth),
            Place::Before { node, effect, nth } | Place::After { node, effect, nth } => {
                (self.effects.get(&(node, effect)), nth)
            }
            Place::At { at, .. } => return at > self.now,
        };
        seen.copied().unwrap_or(0) < nth
    }
}
