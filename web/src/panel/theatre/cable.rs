//! The PIN pad on a cable: which protocol it speaks, and the pad of the PIN pad panel as the one
//! that answers. A run that needs a pad outside stops where it needs it; its answers are kept, so
//! that the same run can be made again without asking twice.

use super::play::{House, Run};
use super::voice::said;
use crate::browser;
use crate::panel::pin_pad::{Desk, Frame, Link, family_name};
use crate::shell::Shell;
use crate::words::{t, theatre as w};
use leptos::prelude::*;
use poslab_core::node::PadProtocol;
use poslab_core::pad::{Protocol, Task};
use poslab_core::sim::{PadAnswer, World};
use poslab_core::trace::{Event, Tape};
use poslab_core::view::cable::seen;

/// What a pad outside has answered so far.
#[derive(Clone, Debug, Default)]
pub struct Answers(Vec<(Task, PadAnswer)>);

impl Answers {
    /// Runs a world as far as the answers go; gives what is wanted of the pad next.
    pub fn play(&self, world: &mut World, tape: &mut Tape) -> Option<Task> {
        world.plug_in(0);
        let mut left: Vec<&(Task, PadAnswer)> = self.0.iter().collect();
        loop {
            while world.step(tape) {}
            let Some(request) = world.pad_request() else {
                world.conclude(tape);
                return None;
            };
            let wanted = request.task.clone();
            let Some(place) = left.iter().position(|(task, _)| *task == wanted) else {
                return Some(wanted);
            };
            world.pad_answers(left.remove(place).1.clone());
        }
    }
}

impl House {
    /// Puts another pad beside the terminals: built in, simulated on a cable, or that of the PIN
    /// pad panel.
    fn plug(self, protocol: PadProtocol, outside: bool) {
        let Some(mut scenario) = self.scenario() else {
            return;
        };
        scenario.world.pad_protocol = (protocol != PadProtocol::None).then_some(protocol);
        self.outside.set(outside);
        self.answers.set_value(Answers::default());
        self.rewrite(scenario);
        self.go_on();
    }

    /// What the pad outside has to do now that time has come to where it is wanted.
    fn wanted(self) -> Option<Task> {
        let at_end = self.run.with(|run| self.cursor.get() >= run.rows());
        let task = self.run.with(|run| run.asked.clone());
        task.filter(|_| at_end && !self.playing.get())
    }

    /// Asks the pad outside when it is wanted, ready and idle.
    fn ask_outside(self, desk: Desk) {
        let Some(task) = self.wanted() else { return };
        let ready = matches!(desk.link.get(), Link::Simulated | Link::Open);
        if !ready || desk.busy.get() || self.asking.get_untracked() {
            return;
        }
        self.asking.set(true);
        desk.serve(task.clone(), move |answer| {
            self.answers
                .update_value(|answers| answers.0.push((task, answer)));
            self.asking.set(false);
            self.again();
        });
    }
}

/// The choice of the cable.
#[component]
pub fn Cable(house: House) -> impl IntoView {
    let shell = Shell::here();
    let now = move || {
        let protocol = house.run.with(|run| {
            let scenario = run.scenario.as_ref();
            scenario.and_then(|scenario| scenario.world.pad_protocol)
        });
        match protocol.and_then(PadProtocol::family) {
            None => "none",
            Some(_) if house.outside.get() => "outside",
            Some(family) => family.name(),
        }
    };
    let choose = move |event| match event_target_value(&event).as_str() {
        "outside" => {
            let desk = Desk::here();
            house.plug(PadProtocol::from(desk.protocol.get_untracked()), true);
        }
        name => {
            let protocol = Protocol::from_name(name).map(PadProtocol::from);
            house.plug(protocol.unwrap_or_default(), false);
        }
    };
    let families = Protocol::ALL.map(|protocol| {
        let words = move || {
            let lang = shell.lang.get();
            w::CABLE_SIMULATED.with(lang, &[("family", family_name(protocol).say(lang))])
        };
        view! { <option value=protocol.name() selected=move || now() == protocol.name()>{words}</option> }
    });
    view! {
        <h3 class="label"><label for="cable">{t(w::CABLE)}</label></h3>
        <select id="cable" on:change=choose prop:value=now>
            <option value="none" selected=move || now() == "none">{t(w::CABLE_NONE)}</option>
            {families}
            <option value="outside" selected=move || now() == "outside">{t(w::CABLE_OUTSIDE)}</option>
        </select>
    }
}

/// What stands above the stage while the world waits for the pad outside.
#[component]
pub fn PadWaits(house: House) -> impl IntoView {
    let shell = Shell::here();
    let outside = Memo::new(move |_| house.outside.get());
    Effect::new(move || {
        if !outside.get() {
            return;
        }
        let desk = Desk::here();
        let family = PadProtocol::from(desk.protocol.get());
        let speaks = house.run.with(|run| {
            let scenario = run.scenario.as_ref();
            scenario.and_then(|scenario| scenario.world.pad_protocol)
        });
        if speaks.is_some_and(|protocol| protocol != family) {
            return house.plug(family, true);
        }
        house.ask_outside(desk);
    });
    let notice = move || {
        let wanted = outside.get().then(|| house.wanted()).flatten()?;
        let lang = shell.lang.get();
        let desk = Desk::here();
        let words = match (desk.link.get(), wanted) {
            (Link::Closed | Link::Lost, _) => w::PAD_MISSING,
            (_, Task::Pin(_)) => w::PAD_PIN,
            _ => w::PAD_MAC,
        };
        Some(view! {
            <p class="pad-waits" id="pad-waits" role="status">
                <span class="chip warn">{w::PAD_WAITS.say(lang)}</span>
                " " {words.say(lang)} " "
                <button type="button" class="link" on:click=move |_| browser::go("pin-pad")>
                    {w::PAD_PANEL.say(lang)}
                </button>
            </p>
        })
    };
    view! { {notice} }
}

/// The frames among some events, taken apart.
#[component]
pub fn Frames(events: Vec<Event>) -> impl IntoView {
    let shell = Shell::here();
    move || {
        let lang = shell.lang.get();
        events
            .iter()
            .filter_map(seen)
            .map(|seen| view! { <Frame seen lang/> })
            .collect_view()
    }
}

/// Traffic of a pad in words: what it is, and how long.
pub fn frame_words(event: &Event, lang: crate::words::Lang) -> String {
    seen(event).map_or_else(
        || said(event, lang),
        |seen| format!("{} {}", seen.code, seen.title.say(lang)),
    )
}

impl Run {
    /// The events of a row.
    pub fn row_events(&self, row: usize) -> Vec<Event> {
        let range = self.ladder.events_of(row);
        self.events.get(range).unwrap_or_default().to_vec()
    }
}
