//! The state of the panel, and the orders that the views give: choose, open, ask, stop.

use super::again::Replayed;
use super::engine::Engine;
use super::trouble::{Trouble, While};
use crate::browser;
use crate::browser::clock::{now_ms, sleep};
use crate::browser::serial::{self, Heard, Port};
use crate::browser::store::{Setting, recall, remember};
use leptos::prelude::*;
use leptos::task::spawn_local;
use poslab_core::pad::epp::frame::Coding;
use poslab_core::pad::face::Face;
use poslab_core::pad::probe::{Found, Line, PROBES, Probe, WAIT_MS, vendor};
use poslab_core::pad::{Key, LinkError, Millis, Outcome, Protocol, SessionEvent, Task, TaskError};
use poslab_core::sim::PadAnswer;

/// What the panel is connected to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Link {
    /// The simulated pad.
    Simulated,
    /// A real pad is meant, no port is open.
    Closed,
    /// The port is open.
    Open,
    /// The device went away while its port was open.
    Lost,
}

/// What the last order came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said {
    /// Nothing yet.
    Nothing,
    /// The pad waits for a person.
    Waiting,
    /// A task ended.
    Done(Result<Outcome, TaskError>),
    /// A search for the family ended.
    Searched(Option<(Found, Line)>),
    /// A text from the pad.
    Notice(String),
}

/// A task for somebody else, and where its answer goes.
struct Served {
    since: Millis,
    done: Box<dyn FnOnce(PadAnswer)>,
}

/// The one desk, made when somebody first wants it, and the owner that keeps it.
#[derive(Clone)]
struct Shared {
    owner: Owner,
    desk: StoredValue<Option<Desk>>,
}

/// Handles to the panel's state; copy it into closures freely.
#[derive(Clone, Copy)]
pub struct Desk {
    engine: StoredValue<Engine, LocalStorage>,
    port: StoredValue<Option<Port>, LocalStorage>,
    granted: StoredValue<Vec<Port>, LocalStorage>,
    probing: StoredValue<Option<Vec<u8>>>,
    served: StoredValue<Option<Served>, LocalStorage>,
    /// The device that was opened last.
    last: StoredValue<Option<(u16, u16)>>,
    /// The family.
    pub protocol: RwSignal<Protocol>,
    /// The line.
    pub line: RwSignal<Line>,
    /// How an EPP is written to.
    pub coding: RwSignal<Coding>,
    /// An ABECS pad is talked to through a secure channel.
    pub secure: RwSignal<bool>,
    /// What it is connected to.
    pub link: RwSignal<Link>,
    /// The names of granted ports.
    pub ports: RwSignal<Vec<String>>,
    /// The simulated pad's display.
    pub face: RwSignal<Face>,
    /// How many pieces of traffic there have been; changes when the log does.
    pub traffic: RwSignal<usize>,
    /// What the last order came to.
    pub said: RwSignal<Said>,
    /// What became of a log that was read or said again.
    pub replayed: RwSignal<Option<Replayed>>,
    /// A task runs.
    pub busy: RwSignal<bool>,
    /// What is wrong with the port.
    pub trouble: RwSignal<Option<Trouble>>,
}

impl Desk {
    /// Makes room for the desk that panels share.
    pub fn provide() {
        if let Some(owner) = Owner::current() {
            let desk = StoredValue::new(None);
            provide_context(Shared { owner, desk });
        }
    }

    /// The desk.
    pub fn here() -> Self {
        let shared = use_context::<Shared>();
        let Some(Shared { owner, desk }) = shared else {
            return Self::new();
        };
        desk.get_value().unwrap_or_else(|| {
            let made = owner.with(Self::new);
            desk.set_value(Some(made));
            made
        })
    }

    /// The state at first: the simulated pad of the first family.
    fn new() -> Self {
        let engine = Engine::simulated(Protocol::Abecs, Coding::Hex, [0; 16]);
        let unsupported = (!serial::supported()).then_some(Trouble::Unsupported);
        let desk = Self {
            engine: StoredValue::new_local(engine),
            port: StoredValue::new_local(None),
            granted: StoredValue::new_local(Vec::new()),
            probing: StoredValue::new(None),
            served: StoredValue::new_local(None),
            last: StoredValue::new(None),
            protocol: RwSignal::new(Protocol::Abecs),
            line: RwSignal::new(Line::usual(Protocol::Abecs)),
            coding: RwSignal::new(Coding::Hex),
            secure: RwSignal::new(false),
            link: RwSignal::new(Link::Simulated),
            ports: RwSignal::new(Vec::new()),
            face: RwSignal::new(Face::default()),
            traffic: RwSignal::new(0),
            said: RwSignal::new(Said::Nothing),
            replayed: RwSignal::new(None),
            busy: RwSignal::new(false),
            trouble: RwSignal::new(unsupported),
        };
        browser::clock::every(50, move |now| desk.with(|engine| engine.tick(now)));
        serial::on_plug(move |plugged| desk.plugged(plugged));
        serial::on_leave(move || {
            if desk.busy.get_untracked() {
                desk.cancel();
            }
        });
        desk.refresh();
        desk
    }

    /// Reads the log.
    pub fn log<T>(self, read: impl FnOnce(&Engine) -> T) -> T {
        self.engine.with_value(read)
    }

    /// Chooses family, simulated or real; what ran is dropped.
    pub fn choose(self, protocol: Protocol, simulated: bool) {
        if self.protocol.get_untracked() != protocol {
            self.line.set(Line::usual(protocol));
        }
        self.protocol.set(protocol);
        let open = self.link.get_untracked() == Link::Open;
        match (simulated, open) {
            (true, true) => self.close(),
            (false, true) => {}
            (false, false) => self.link.set(Link::Closed),
            (true, false) => {}
        }
        if simulated {
            self.link.set(Link::Simulated);
        }
        self.renew();
    }

    /// New machines for the choice of the moment; the log begins anew.
    fn renew(self) {
        let protocol = self.protocol.get_untracked();
        let coding = self.coding.get_untracked();
        let engine = match self.link.get_untracked() {
            Link::Simulated => Engine::simulated(protocol, coding, browser::random()),
            _ => Engine::real(protocol, coding, self.line.get_untracked().data_bits == 7),
        };
        let secure = self.secure.get_untracked() && protocol == Protocol::Abecs;
        self.engine.set_value(match secure {
            true => engine.secured(browser::random()),
            false => engine,
        });
        self.said.set(Said::Nothing);
        self.settle();
    }

    /// Empties the log.
    pub fn empty(self) {
        self.replayed.set(None);
        self.engine.update_value(|engine| engine.seen.clear());
        self.traffic.update(|count| *count += 1);
    }

    /// Begins a task.
    pub fn begin(self, task: Task) {
        self.said.set(Said::Nothing);
        self.with(|engine| engine.begin(task, now_ms()));
    }

    /// Does a task for the theatre's terminal; `done` gets everything that was said.
    pub fn serve(self, task: Task, done: impl FnOnce(PadAnswer) + 'static) {
        let since = now_ms();
        let done = Box::new(done);
        self.served.set_value(Some(Served { since, done }));
        self.begin(task);
    }

    /// Hands the answer over, a moment later: a family may have a last word after its answer.
    fn hand_over(self, outcome: Result<Outcome, TaskError>) {
        let Some(Served { since, done }) = self.served.try_update_value(Option::take).flatten()
        else {
            return;
        };
        let took_ms = now_ms().saturating_sub(since);
        spawn_local(async move {
            sleep(60).await;
            let seen = self.log(|engine| {
                let of_it = engine.seen.iter().filter(|seen| seen.at_ms >= since);
                let mut seen: Vec<_> = of_it.cloned().collect();
                seen.iter_mut().for_each(|one| one.at_ms -= since);
                seen
            });
            done(PadAnswer {
                seen,
                took_ms,
                outcome,
            });
        });
    }

    /// Ends what runs.
    pub fn cancel(self) {
        self.with(|engine| engine.cancel(now_ms()));
    }

    /// A finger on the simulated pad.
    pub fn press(self, key: Key) {
        self.with(|engine| engine.press(key, now_ms()));
    }

    /// A card through the simulated pad.
    pub fn swipe(self) {
        self.with(|engine| engine.swipe(now_ms()));
    }

    /// Sends bytes of the log once more.
    pub fn say_again(self, bytes: &[u8]) {
        self.with(|engine| engine.say(bytes, now_ms()));
    }

    /// Lists the granted ports anew.
    pub fn refresh(self) {
        spawn_local(async move {
            let ports = serial::ports().await;
            self.ports.set(ports.iter().map(name).collect());
            self.granted.set_value(ports);
        });
    }

    /// Asks for a port and opens it.
    pub fn request(self, vendors: bool) {
        spawn_local(async move {
            match serial::request(vendors).await {
                Ok(port) => self.open_port(port).await,
                Err(error) => self.trouble.set(Some(Trouble::of(&error, While::Choosing))),
            }
            self.refresh();
        });
    }

    /// Opens a granted port.
    pub fn open(self, index: usize) {
        let port = self.granted.with_value(|ports| ports.get(index).cloned());
        if let Some(port) = port {
            spawn_local(async move { self.open_port(port).await });
        }
    }

    async fn open_port(self, port: Port) {
        // What was changed by hand since the device was last open stands.
        if port.ids().is_none() || port.ids() != self.last.get_value() {
            self.recall_profile(&port);
        }
        self.last.set_value(port.ids());
        if let Err(error) = port.open(self.line.get_untracked()).await {
            self.trouble.set(Some(Trouble::of(&error, While::Opening)));
            return;
        }
        self.trouble.set(None);
        self.port.set_value(Some(port.clone()));
        self.link.set(Link::Open);
        self.renew();
        self.remember_profile(&port);
        spawn_local(async move { self.listen(port).await });
    }

    async fn listen(self, port: Port) {
        port.listen(|heard| match heard {
            Heard::Bytes(bytes) => {
                self.probing.update_value(|probing| {
                    if let Some(answer) = probing {
                        answer.extend(&bytes);
                    }
                });
                self.with(|engine| engine.hear(&bytes, now_ms()));
            }
            Heard::Trouble(error) => self.trouble.set(Some(Trouble::of(&error, While::Open))),
            Heard::End => {}
        })
        .await;
        let lost = self.trouble.get_untracked() == Some(Trouble::Lost);
        self.hand_over(Err(TaskError::Link(LinkError::Ended)));
        if lost && self.link.get_untracked() == Link::Open {
            self.link.set(Link::Lost);
            // The port must be closed on our side too before it can be opened again.
            let _ = port.close().await;
        }
    }

    /// Closes the port.
    pub fn close(self) {
        let Some(port) = self.port.with_value(Clone::clone) else {
            return;
        };
        self.port.set_value(None);
        self.link.set(Link::Closed);
        spawn_local(async move {
            let _ = port.close().await;
        });
    }

    /// Gives a grant back.
    pub fn forget(self, index: usize) {
        let port = self.granted.with_value(|ports| ports.get(index).cloned());
        let Some(port) = port else { return };
        self.close();
        spawn_local(async move {
            sleep(50).await;
            let _ = port.forget().await;
            self.refresh();
        });
    }

    /// Sets DTR, RTS or break.
    pub fn signal(self, name: &'static str, on: bool) {
        let Some(port) = self.port.with_value(Clone::clone) else {
            return;
        };
        spawn_local(async move {
            if let Err(error) = port.signal(name, on).await {
                self.trouble
                    .set(Some(Trouble::of(&error, While::Signalling)));
            }
        });
    }

    /// A break of a quarter of a second.
    pub fn send_break(self) {
        self.signal("break", true);
        spawn_local(async move {
            sleep(250).await;
            self.signal("break", false);
        });
    }

    /// Finds out which family answers: at the port with its lines changed, or at the simulated pad.
    pub fn identify(self) {
        spawn_local(async move {
            self.busy.set(true);
            let port = self.port.with_value(Clone::clone);
            let mut found = None;
            for probe in PROBES {
                let answer = match &port {
                    Some(port) => self.probe(port, probe).await,
                    None => Some(self.probe_simulated(probe).await),
                };
                found = answer.and_then(|answer| probe.recognise(&answer));
                if let Some(found) = &found {
                    self.adopt(found, probe.line);
                    break;
                }
            }
            let line = self.line.get_untracked();
            self.said
                .set(Said::Searched(found.map(|found| (found, line))));
            self.busy.set(false);
        });
    }

    /// The line of a port can only be changed by closing and opening it.
    async fn probe(self, port: &Port, probe: &Probe) -> Option<Vec<u8>> {
        let _ = port.close().await;
        port.open(probe.line).await.ok()?;
        self.line.set(probe.line);
        self.probing.set_value(Some(Vec::new()));
        let reading = port.clone();
        spawn_local(async move { self.listen(reading).await });
        self.with(|engine| engine.say(probe.send, now_ms()));
        sleep(WAIT_MS as u32 + 300).await;
        self.probing.try_update_value(Option::take).flatten()
    }

    async fn probe_simulated(self, probe: &Probe) -> Vec<u8> {
        let before = self.log(|engine| engine.seen.len());
        self.with(|engine| engine.say(probe.send, now_ms()));
        sleep(250).await;
        self.with(|engine| engine.tick(now_ms() + 500));
        use poslab_core::pad::traffic::Direction;
        self.log(|engine| {
            let new = engine.seen.iter().skip(before);
            let answers = new.filter(|seen| seen.direction == Direction::FromPad);
            answers.flat_map(|seen| seen.bytes.clone()).collect()
        })
    }

    /// Speaks as the pad that was found does; a real port stays open at its line.
    fn adopt(self, found: &Found, line: Line) {
        if let Some(protocol) = found.family.protocol() {
            self.protocol.set(protocol);
        }
        if let Some(coding) = found.coding {
            self.coding.set(coding);
        }
        self.line.set(line);
        if self.link.get_untracked() == Link::Open {
            let seen = self.log(|engine| engine.seen.clone());
            self.renew();
            self.engine.update_value(|engine| engine.seen = seen);
        }
    }

    /// A device came or went: what was lost is opened again.
    fn plugged(self, plugged: bool) {
        if !plugged && self.link.get_untracked() == Link::Open {
            self.trouble.set(Some(Trouble::Lost));
            self.link.set(Link::Lost);
        }
        spawn_local(async move {
            let ports = serial::ports().await;
            self.ports.set(ports.iter().map(name).collect());
            self.granted.set_value(ports.clone());
            let wanted = self.port.with_value(|port| port.as_ref().map(Port::ids));
            if plugged && self.link.get_untracked() == Link::Lost {
                let same = ports
                    .into_iter()
                    .find(|p| wanted.is_none_or(|ids| p.ids() == ids));
                if let Some(port) = same {
                    self.open_port(port).await;
                }
            }
        });
    }

    /// Does something to the machines and carries what follows to the views and the port.
    pub(super) fn with(self, act: impl FnOnce(&mut Engine)) {
        self.engine.update_value(act);
        self.settle();
    }

    fn settle(self) {
        let (events, outbox, face, count, busy, replayed) = self
            .engine
            .try_update_value(|engine| {
                let outbox = std::mem::take(&mut engine.outbox);
                let face = engine.face().unwrap_or_default();
                let events = engine.events();
                let replayed = engine.replayed();
                let (count, busy) = (engine.seen.len(), engine.busy());
                (events, outbox, face, count, busy, replayed)
            })
            .unwrap_or_default();
        let port = self.port.with_value(Clone::clone);
        for bytes in outbox {
            if let Some(port) = &port {
                port.write(&bytes, move |error| {
                    self.trouble.set(Some(Trouble::of(&error, While::Open)));
                });
            }
        }
        for event in events {
            match event {
                SessionEvent::Waiting => self.said.set(Said::Waiting),
                SessionEvent::Done(outcome) => {
                    self.hand_over(outcome.clone());
                    self.said.set(Said::Done(outcome));
                }
                SessionEvent::Notice(text) => self.said.set(Said::Notice(text)),
                SessionEvent::KeyPressed => {}
            }
        }
        if let Some((requests, differing)) = replayed {
            self.replayed.set(Some(Replayed::Said {
                requests,
                differing,
            }));
        }
        if self.face.with_untracked(|now| *now != face) {
            self.face.set(face);
        }
        if self.traffic.get_untracked() != count {
            self.traffic.set(count);
        }
        if self.busy.get_untracked() != busy {
            self.busy.set(busy);
        }
    }

    /// Family, line and coding of a device that was used before.
    fn recall_profile(self, port: &Port) {
        let Some(text) = port.ids().and_then(|ids| profile(&profiles(), ids)) else {
            return;
        };
        let mut parts = text.split(' ');
        let protocol = parts.next().and_then(Protocol::from_name);
        let line = parts.next().and_then(Line::from_text);
        let coding = parts.next().and_then(Coding::from_name);
        if let (Some(protocol), Some(line), Some(coding)) = (protocol, line, coding) {
            self.protocol.set(protocol);
            self.line.set(line);
            self.coding.set(coding);
        }
    }

    fn remember_profile(self, port: &Port) {
        let Some(ids) = port.ids() else { return };
        let (protocol, line, coding) = (
            self.protocol.get_untracked().name(),
            self.line.get_untracked(),
            self.coding.get_untracked().name(),
        );
        let head = key(ids);
        let mut rows: Vec<String> = profiles()
            .lines()
            .filter(|row| !row.starts_with(&head))
            .map(str::to_owned)
            .collect();
        rows.push(format!("{head}{protocol} {line} {coding}"));
        remember(Setting::Pads, &rows.join("\n"));
    }
}

/// One device a line: `11CA:0220 abecs 19200-8N1 hex`.
fn profiles() -> String {
    recall(Setting::Pads).unwrap_or_default()
}

fn key((vendor, product): (u16, u16)) -> String {
    format!("{vendor:04X}:{product:04X} ")
}

fn profile(rows: &str, ids: (u16, u16)) -> Option<String> {
    let head = key(ids);
    rows.lines()
        .find_map(|row| row.strip_prefix(&head))
        .map(str::to_owned)
}

/// What a port is called: its maker and ids, since the browser tells nothing else.
fn name(port: &Port) -> String {
    match port.ids() {
        Some(ids) => [vendor(ids.0).unwrap_or_default(), key(ids).trim()]
            .join(" ")
            .trim()
            .to_owned(),
        None => "RS-232".to_owned(),
    }
}
