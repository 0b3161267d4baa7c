//! Power and databases: what a box loses, and what it is rebuilt from; faults that have a time.

use super::*;

impl World {
    /// A fault whose time has come.
    pub(super) fn timed_fault(&mut self, fault: Fault, tape: &mut Tape) {
        let Place::At { node, .. } = fault.place else {
            return;
        };
        let text = fault.to_string();
        tape.write(self.now, node, || What::Fault {
            fault: text,
            msg: None,
        });
        match fault.kind {
            Kind::PowerCut(ms) => self.cut_power(node, ms, &mut Tape::off()),
            Kind::LineBusy => {
                self.busy.insert(node, true);
            }
            Kind::LineCut(ms) => {
                self.cut.insert(node, self.now + ms);
            }
            Kind::Tamper => self.give(node, Input::Tamper),
            Kind::Down(ms) => {
                self.schedule(self.now + ms, Job::IssuerUp);
                self.give(NodeId::Switch, Input::Available(false));
            }
            Kind::DatabaseRestore(records) => self.restore(records, &mut Tape::off()),
            Kind::DatabaseError => {
                let effect = EffectName::Persist;
                let nth = self.effects.get(&(node, effect)).copied().unwrap_or(0) + 1;
                let place = Place::Before { node, effect, nth };
                let kind = fault.kind;
                self.arm(vec![Fault { kind, place }]);
            }
            _ => {}
        }
    }

    /// Takes power from a box: what it was about to do is lost, and so is what it only knew.
    pub(super) fn cut_power(&mut self, node: NodeId, dark_ms: Millis, tape: &mut Tape) {
        let node = if let NodeId::PinPad(k) = node {
            NodeId::Terminal(k)
        } else {
            node
        };
        tape.write(self.now, node, || What::Fault {
            fault: format!("power-cut@{node}"),
            msg: None,
        });
        self.pending.clear();
        self.ended = None;
        self.timers.retain(|(n, _), _| *n != node);
        if let NodeId::Terminal(k) = node {
            self.watch.settled_down(self.now);
            self.pad_left(k);
        }
        self.dark.insert(node, self.now + dark_ms);
        self.schedule(self.now + dark_ms, Job::PowerOn { node });
    }

    /// Rebuilds a box from its records.
    pub(super) fn power_on(&mut self, node: NodeId, restored: bool, tape: &mut Tape) {
        self.dark.remove(&node);
        let _ = tape;
        let mut fx = Vec::new();
        let log = self.logs.get(&node).map(Vec::as_slice).unwrap_or_default();
        let now = self.now;
        match node {
            NodeId::Terminal(k) => {
                let index = usize::from(k);
                let records = log.iter().filter_map(|r| match &**r {
                    Record::Terminal(t) => Some(t),
                    _ => None,
                });
                let cfg = self.configs.terminals.get(index).map(Arc::clone);
                if let (Some(cfg), Some(slot)) = (cfg, self.terminals.get_mut(index)) {
                    *slot = Terminal::recover(cfg, records, now, &mut fx);
                }
            }
            NodeId::Nac => self.nac = Nac::new(Arc::clone(&self.configs.nac)),
            NodeId::FrontEnd => {
                let records = log.iter().filter_map(|r| match &**r {
                    Record::FrontEnd(t) => Some(t),
                    _ => None,
                });
                let cfg = Arc::clone(&self.configs.front_end);
                self.front_end = FrontEnd::recover(cfg, records, restored, now, &mut fx);
            }
            NodeId::Switch => {
                let records = log.iter().filter_map(|r| match &**r {
                    Record::Switch(t) => Some(t),
                    _ => None,
                });
                let cfg = Arc::clone(&self.configs.switch);
                self.switch = Switch::recover(cfg, records, now, &mut fx);
            }
            NodeId::Issuer => {
                let records = log.iter().filter_map(|r| match &**r {
                    Record::Issuer(t) => Some(t),
                    _ => None,
                });
                let cfg = Arc::clone(&self.configs.issuer);
                self.issuer = Issuer::recover(cfg, records, &mut fx);
            }
            NodeId::Clearing => {
                let records = log.iter().filter_map(|r| match &**r {
                    Record::Clearing(t) => Some(t),
                    _ => None,
                });
                let cfg = Arc::clone(&self.configs.clearing);
                self.clearing = Clearing::recover(cfg, records, now, &mut fx);
            }
            NodeId::Holder | NodeId::PinPad(_) => {}
        }
        self.pending.extend(fx.into_iter().map(|e| (node, e)));
        if let NodeId::Terminal(k) = node {
            self.person_after_cut(k);
        }
    }

    /// The front end loses its newest records and is rebuilt from the rest.
    pub(super) fn restore(&mut self, records: Option<u32>, tape: &mut Tape) {
        let node = NodeId::FrontEnd;
        tape.write(self.now, node, || What::Fault {
            fault: "database-restore@front-end".to_owned(),
            msg: None,
        });
        let log = self.logs.slot(node);
        let newest = |r: &Arc<Record>| matches!(&**r, Record::FrontEnd(f) if f.begins_trade());
        let keep = match records {
            Some(n) => log.len().saturating_sub(n as usize),
            None => log.iter().rposition(newest).unwrap_or(log.len()),
        };
        let lost = log.split_off(keep);
        self.watch.restored(lost.iter().filter_map(|r| match &**r {
            Record::FrontEnd(f) => Some(f),
            _ => None,
        }));
        self.timers.retain(|(n, _), _| *n != node);
        self.power_on(node, true, tape);
    }

    /// An armed `after=` cut.
    pub(super) fn after(&mut self, node: NodeId, effect: EffectName, tape: &mut Tape) {
        let nth = self.effects.get(&(node, effect)).copied().unwrap_or(0);
        let place = Place::After { node, effect, nth };
        let Some(fault) = self.armed.iter().find(|f| f.place == place).copied() else {
            return;
        };
        if let Kind::PowerCut(ms) = fault.kind {
            tape.write(self.now, node, || What::Fault {
                fault: fault.to_string(),
                msg: None,
            });
            self.cut_power(node, ms, &mut Tape::off());
        }
    }

    pub(super) fn name_cut(&self, node: NodeId, effect: &Effect) -> String {
        let Some(name) = effect_name(effect) else {
            return "power-cut".to_owned();
        };
        let nth = self.effects.get(&(node, name)).copied().unwrap_or(0) + 1;
        let place = Place::Before {
            node,
            effect: name,
            nth,
        };
        Fault {
            kind: Kind::PowerCut(crate::sim::fault::DARK_MS),
            place,
        }
        .to_string()
    }
}
