//! What could go wrong at the next step: what the checker enumerates and a script arms.

use super::*;
use crate::node::few::Few;

impl World {
    /// What could go wrong at the next step, in the syntax of scripts.
    pub fn fault_of(&self, choice: Choice) -> Option<Fault> {
        if let (Choice::PowerCut, Some(node), true) = (choice, self.ended, true)
            && self.pending.is_empty()
        {
            let (effect, nth) = self.last_effect(node)?;
            let place = Place::After { node, effect, nth };
            return Some(Fault {
                kind: Kind::PowerCut(crate::sim::fault::DARK_MS),
                place,
            });
        }
        let Some((node, effect)) = self.pending.front() else {
            let place = Place::At {
                node: NodeId::FrontEnd,
                at: self.now,
            };
            return (choice == Choice::DatabaseRestore).then_some(Fault {
                kind: Kind::DatabaseRestore(None),
                place,
            });
        };
        let kind = match choice {
            Choice::Drop => Kind::Drop,
            Choice::Delay => Kind::Delay(self.late_ms),
            Choice::Duplicate => Kind::Duplicate,
            Choice::Corrupt => Kind::Corrupt(None),
            Choice::PowerCut => Kind::PowerCut(crate::sim::fault::DARK_MS),
            Choice::DatabaseError => Kind::DatabaseError,
            Choice::DatabaseRestore => return None,
        };
        let place = match (choice, effect) {
            (Choice::PowerCut | Choice::DatabaseError, effect) => {
                let effect = effect_name(effect)?;
                let nth = self.effects.get(&(*node, effect)).copied().unwrap_or(0) + 1;
                Place::Before {
                    node: *node,
                    effect,
                    nth,
                }
            }
            (_, Effect::Send { to, tag, .. }) => {
                let nth = self
                    .arrows
                    .get(&(*node, *to, tag.mti))
                    .copied()
                    .unwrap_or(0)
                    + 1;
                Place::Arrow {
                    from: *node,
                    to: *to,
                    mti: tag.mti,
                    nth,
                }
            }
            _ => return None,
        };
        Some(Fault { kind, place })
    }

    pub(super) fn last_effect(&self, node: NodeId) -> Option<(EffectName, u32)> {
        // The end of a batch follows a mark; sends come last in nearly every batch.
        [EffectName::Send, EffectName::Persist, EffectName::Print]
            .into_iter()
            .find_map(|e| self.effects.get(&(node, e)).map(|n| (e, *n)))
    }

    /// What could go wrong at the next step.
    pub fn choices(&self) -> Vec<Choice> {
        let mut out = Vec::new();
        let Some((node, effect)) = self.pending.front() else {
            if self.ended.is_some_and(cuttable) {
                out.push(Choice::PowerCut);
            }
            if self.settlement_arrives() {
                out.push(Choice::DatabaseRestore);
            }
            return out;
        };
        if let Effect::Send { tag, .. } = effect {
            out.extend([Choice::Drop, Choice::Delay, Choice::Duplicate]);
            if maced(tag.mti) {
                out.push(Choice::Corrupt);
            }
        }
        if effect.marks() && cuttable(*node) {
            out.push(Choice::PowerCut);
        }
        if matches!(effect, Effect::Persist(r) if refusable(r)) {
            out.push(Choice::DatabaseError);
        }
        out
    }

    /// Whether the next job is a 0500 reaching the front end, and a restore now could lose only
    /// what a settlement finds: a reversal that is still owed to the switch is found at the cut-off.
    pub(super) fn settlement_arrives(&self) -> bool {
        let open = |t: &Terminal| {
            t.store()
                .settling
                .as_ref()
                .is_some_and(|s| s.flags.is_none())
        };
        matches!(
            self.queue.first_key_value(),
            Some((
                _,
                Job::Deliver {
                    to: NodeId::FrontEnd,
                    tag: Tag { mti: 500, .. },
                    ..
                }
            ))
        ) && self.terminals.iter().all(open)
            && self.newest_trade_is_open()
            && self.front_end.store().obligations.is_empty()
    }

    /// Whether the front end's newest trade belongs to a batch that is still open: a trade lost
    /// after its batch was closed is beyond what a settlement can find.
    pub(super) fn newest_trade_is_open(&self) -> bool {
        let log = self
            .logs
            .get(&NodeId::FrontEnd)
            .map(Vec::as_slice)
            .unwrap_or_default();
        let newest = log.iter().rev().find_map(|r| match &**r {
            Record::FrontEnd(FrontEndRecord::Begun { entry, .. }) => Some(entry.key),
            _ => None,
        });
        newest.is_some_and(|key| {
            let terminal = self
                .front_end
                .store()
                .terminals
                .get(usize::from(key.terminal));
            terminal.is_some_and(|t| t.batch == key.batch)
        })
    }

    /// The armed fault that is due at this effect.
    pub(super) fn armed_choice(&mut self, node: NodeId, effect: &Effect) -> Option<Choice> {
        if self.armed.is_empty() {
            return None;
        }
        let next = |map: &Few<_, u32>, key| map.get(&key).copied().unwrap_or(0) + 1;
        let due = self.armed.iter().find(|f| match (f.place, effect) {
            (Place::Arrow { from, to, mti, nth }, Effect::Send { to: t, tag, .. }) => {
                from == node && to == *t && mti == tag.mti && {
                    self.arrows.get(&(from, to, mti)).copied().unwrap_or(0) + 1 == nth
                }
            }
            (
                Place::Before {
                    node: n,
                    effect: e,
                    nth,
                },
                effect,
            ) => n == node && effect_name(effect) == Some(e) && next(&self.effects, (n, e)) == nth,
            _ => false,
        })?;
        let due = *due;
        if let Place::Before { .. } = due.place {
            // The effect does not take place, so its count stays: the fault happens once.
            self.armed = Arc::new(self.armed.iter().copied().filter(|f| *f != due).collect());
        }
        self.fired = Some(due.kind);
        match due.kind {
            Kind::Drop => Some(Choice::Drop),
            Kind::Delay(_) => Some(Choice::Delay),
            Kind::Duplicate => Some(Choice::Duplicate),
            Kind::Corrupt(_) | Kind::WireBit(..) => Some(Choice::Corrupt),
            Kind::PowerCut(_) => Some(Choice::PowerCut),
            Kind::DatabaseError => Some(Choice::DatabaseError),
            _ => None,
        }
    }

    /// The armed arrow fault behind a choice, for its argument.
    pub(super) fn argument(&self, node: NodeId, to: NodeId, tag: Tag) -> Option<Kind> {
        let nth = self.arrows.get(&(node, to, tag.mti)).copied().unwrap_or(0) + 1;
        let place = Place::Arrow {
            from: node,
            to,
            mti: tag.mti,
            nth,
        };
        self.armed.iter().find(|f| f.place == place).map(|f| f.kind)
    }
}

/// Whether messages of this type carry a MAC on every link.
pub(super) fn maced(mti: u16) -> bool {
    matches!(
        mti,
        100 | 110 | 200 | 210 | 220 | 230 | 400 | 410 | 420 | 421 | 430
    )
}

/// Records a database error is interesting at: before a trade is sent on, and after its answer.
pub(super) fn refusable(record: &Record) -> bool {
    use crate::node::front_end::FrontEndRecord as F;
    matches!(
        record,
        Record::FrontEnd(F::Begun { .. } | F::Answered { .. })
    )
}

/// Boxes that keep records, and so have something to prove after a power cut.
pub(super) fn cuttable(node: NodeId) -> bool {
    matches!(
        node,
        NodeId::Terminal(_) | NodeId::FrontEnd | NodeId::Switch | NodeId::Issuer
    )
}
