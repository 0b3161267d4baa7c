//! The transport: back to the start, step, play, the slider over all rows, speed, jumps, fork.

use super::play::House;
use crate::shell::Shell;
use crate::words::{t, theatre as w};
use gloo::timers::callback::Interval;
use leptos::prelude::*;
use poslab_core::node::{NodeId, Screen};
use poslab_core::sim::{Scenario, scenarios};
use poslab_core::trace::What;
use poslab_core::view::ladder::Jump;

/// The bar above the stage.
#[component]
pub fn Transport(house: House) -> impl IntoView {
    keep_time(house);
    let end = Memo::new(move |_| house.run.with(|run| run.rows()));
    let slide = move |event| {
        house.playing.set(false);
        house.seek(event_target_value(&event).parse().unwrap_or(0));
    };
    let play = move |_| {
        if house.playing.get_untracked() {
            house.playing.set(false);
            return;
        }
        if house.cursor.get_untracked() >= end.get_untracked() {
            house.seek(0);
        }
        house.go_on();
    };
    let at = move || house.run.with(|run| clock(run.time(house.cursor.get())));
    view! {
        <div class="transport" role="group" aria-label=t(w::TRANSPORT)>
            <div class="buttons">
                <button type="button" aria-label=t(w::TO_START) on:click=move |_| { house.playing.set(false); house.seek(0) }>"|◀"</button>
                <button type="button" aria-label=t(w::STEP_BACK) on:click=move |_| house.step(-1)>"◀"</button>
                <button
                    type="button"
                    class="primary"
                    id="play"
                    aria-label=move || if house.playing.get() { t(w::PAUSE)() } else { t(w::PLAY)() }
                    on:click=play
                >
                    {move || if house.playing.get() { "❚❚" } else { "▶" }}
                </button>
                <button type="button" id="step" aria-label=t(w::STEP) on:click=move |_| house.step(1)>"▶|"</button>
            </div>
            <div class="slide">
                <Ticks house/>
                <input
                    type="range"
                    id="time"
                    min="0"
                    max=move || end.get().to_string()
                    prop:value=move || { end.track(); house.cursor.get().to_string() }
                    aria-label=t(w::TIME)
                    aria-valuetext=at
                    on:input=slide
                />
            </div>
            <output class="mono where">
                {move || house.cursor.get()} "/" {move || end.get()} " · " {at}
            </output>
            <span class="turn"></span>
            <Pieces house/>
            <Speed house/>
            <Jumps house/>
        </div>
    }
}

/// Which piece is on.
#[component]
fn Pieces(house: House) -> impl IntoView {
    let shell = Shell::here();
    let name = move || {
        house.run.with(|run| {
            run.scenario
                .as_ref()
                .map(|s| s.name.clone())
                .unwrap_or_default()
        })
    };
    let title = move |text: &'static str| {
        let scenario = house
            .with_stage(|stage| Scenario::read(text, stage).ok())
            .flatten();
        move || match (&scenario, shell.lang.get()) {
            (Some(s), crate::words::Lang::En) => s.title.en.clone(),
            (Some(s), crate::words::Lang::Zh) => s.title.zh.clone(),
            (None, _) => String::new(),
        }
    };
    let choose = move |event| {
        let name = event_target_value(&event);
        house.visit(&poslab_core::view::address::Address {
            name,
            ..Default::default()
        });
    };
    view! {
        <label class="piece">
            <span class="visually-hidden">{t(w::SCENARIO)}</span>
            <select id="scenario" prop:value=name on:change=choose>
                {scenarios()
                    .map(|(id, text)| {
                        let title = title(text);
                        view! { <option value=id selected=move || name() == id>{title}</option> }
                    })
                    .collect_view()}
            </select>
        </label>
    }
}

/// Marks on the slider: faults and refusals.
#[component]
fn Ticks(house: House) -> impl IntoView {
    let ticks = Memo::new(move |_| {
        house.run.with(|run| {
            let rows = run.rows().max(1) as f64;
            let places = run.places(Jump::Fault).iter().take(60);
            let ticks: Vec<u32> = places
                .map(|place| (*place as f64 / rows * 10_000.0) as u32)
                .collect();
            ticks
        })
    });
    view! {
        <span class="ticks" aria-hidden="true">
            {move || {
                ticks
                    .get()
                    .into_iter()
                    .map(|at| view! { <i style:left=format!("{}%", f64::from(at) / 100.0)></i> })
                    .collect_view()
            }}
        </span>
    }
}

/// How fast time goes.
#[component]
fn Speed(house: House) -> impl IntoView {
    let choose = move |event| {
        house
            .speed
            .set(event_target_value(&event).parse().unwrap_or(8))
    };
    let option = move |value: u32, label: &'static str| {
        view! { <option value=value.to_string() selected=move || house.speed.get() == value>{label}</option> }
    };
    view! {
        <label>
            <span class="visually-hidden">{t(w::SPEED)}</span>
            <select id="speed" on:change=choose>
                {option(2, "¼×")} {option(8, "1×")} {option(32, "4×")} {option(128, "16×")}
                <option value="0" selected=move || house.speed.get() == 0>{t(w::AT_ONCE)}</option>
            </select>
        </label>
    }
}

/// Jumps to what matters, and the fork.
#[component]
fn Jumps(house: House) -> impl IntoView {
    let jump = move |to: Jump| {
        move |_| {
            house.playing.set(false);
            let cursor = house.cursor.get_untracked();
            let found = house.run.with_untracked(|run| run.next(cursor, to));
            if let Some(cursor) = found {
                house.seek(cursor);
                house.chosen.set(Some(super::play::Chosen::Row(cursor - 1)));
            }
        }
    };
    let none = move |to: Jump| {
        move || {
            house
                .run
                .with(|run| run.next(house.cursor.get(), to).is_none())
        }
    };
    let at_end = move || house.run.with(|run| house.cursor.get() >= run.rows());
    view! {
        <div class="jumps" role="group" aria-label=t(w::JUMP_TO)>
            <span class="dim">{t(w::NEXT)}</span>
            <button type="button" class="link" disabled=none(Jump::Message) on:click=jump(Jump::Message)>{t(w::MESSAGE)}</button>
            <button type="button" class="link" disabled=none(Jump::State) on:click=jump(Jump::State)>{t(w::STATE)}</button>
            <button type="button" class="link" disabled=none(Jump::Decline) on:click=jump(Jump::Decline)>{t(w::DECLINE)}</button>
            <button type="button" class="link" disabled=none(Jump::Fault) on:click=jump(Jump::Fault)>{t(w::FAULT)}</button>
            <button type="button" id="fork" title=t(w::FORK_HELP) disabled=at_end on:click=move |_| house.fork()>{t(w::FORK)}</button>
        </div>
    }
}

/// Lets the cursor run while time goes by itself; stops at the end, and where the pad asks again.
fn keep_time(house: House) {
    let clock = StoredValue::new_local(None::<Interval>);
    Effect::new(move || {
        clock.set_value(None);
        let speed = house.speed.get();
        if !house.playing.get() || speed == 0 {
            return;
        }
        // Beyond what a screen can show, several rows go by in one frame.
        let (every_ms, rows) = if speed > 32 {
            (31, speed as usize / 32)
        } else {
            (1000 / speed, 1)
        };
        let tick = move || {
            let cursor = house.cursor.get_untracked();
            let (next, over) = house.run.with_untracked(|run| {
                let next = (cursor + rows).min(run.rows());
                let asked = (cursor..next).find(|row| asks_again(run, *row));
                (
                    asked.map_or(next, |row| row + 1),
                    next >= run.rows() || asked.is_some(),
                )
            });
            house.cursor.set(next);
            if over {
                house.playing.set(false);
            }
        };
        clock.set_value(Some(Interval::new(every_ms, tick)));
    });
}

/// Whether the pad asks for the PIN once more in a row.
pub fn asks_again(run: &super::play::Run, row: usize) -> bool {
    let events = run
        .events
        .get(run.ladder.events_of(row))
        .unwrap_or_default();
    events.iter().any(|event| {
        matches!(event.node, NodeId::Terminal(_) | NodeId::PinPad(_))
            && matches!(
                event.what,
                What::Screen {
                    screen: Screen::PinAgain { .. }
                }
            )
    })
}

/// Milliseconds since the world began as the time of its day.
pub fn clock(at_ms: u64) -> String {
    let c = poslab_core::node::clock::civil(at_ms);
    format!(
        "{:02}:{:02}:{:02}.{:03}",
        c.hour,
        c.minute,
        c.second,
        at_ms % 1000
    )
}
