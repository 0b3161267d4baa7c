//! Break it, the twin of `poslab check`: switch a rule off and see what the fewest faults do.
//!
//! The checker runs in the worker ([`engine`]); the page asks, shows how far it is, and opens the
//! counter-example in the theatre.

pub mod engine;
mod outcome;

use crate::browser::{lab, worker};
use crate::shell::Shell;
use crate::words::{Lang, break_it as w, t, terms};
use engine::{Job, Progress};
use leptos::prelude::*;
use outcome::Outcome;
use poslab_core::node::{Protection, ProtectionRow, ROWS};
use poslab_core::sim::MODELS;
use std::collections::BTreeSet;

/// The state of the panel.
#[derive(Clone, Copy)]
struct Desk {
    off: RwSignal<BTreeSet<Protection>>,
    faults: RwSignal<u8>,
    model: RwSignal<&'static str>,
    progress: RwSignal<Option<Progress>>,
    asked: RwSignal<u32>,
    worker: StoredValue<Option<web_sys::Worker>, LocalStorage>,
}

/// Draws the panel.
pub fn draw(_: &str) -> AnyView {
    let desk = Desk {
        off: RwSignal::new(BTreeSet::new()),
        faults: RwSignal::new(1),
        model: RwSignal::new("sale"),
        progress: RwSignal::new(None),
        asked: RwSignal::new(0),
        worker: StoredValue::new_local(None),
    };
    lab::with_worker(move |made| {
        worker::on_answer(&made, move |text| desk.hear(&text));
        desk.worker.set_value(Some(made));
    });
    view! { <BreakIt desk/> }.into_any()
}

impl Desk {
    /// An answer of the worker; those of an older check are not heard.
    fn hear(self, text: &str) {
        if let Ok(progress) = serde_json::from_str::<Progress>(text)
            && progress.check == self.asked.get_untracked()
        {
            self.progress.set(Some(progress));
        }
    }

    fn post(self, job: &Job) {
        let text = serde_json::to_string(job).unwrap_or_default();
        self.worker.with_value(|made| {
            if let Some(made) = made {
                worker::post(made, &text);
            }
        });
    }

    fn check(self) {
        self.asked.update(|id| *id += 1);
        self.progress.set(Some(Progress::default()));
        self.post(&Job::Check {
            id: self.asked.get_untracked(),
            model: self.model.get_untracked().to_owned(),
            faults: self.faults.get_untracked(),
            without: self.off.get_untracked().into_iter().collect(),
        });
    }

    fn stop(self) {
        self.asked.update(|id| *id += 1);
        self.post(&Job::StopCheck);
        self.progress.set(None);
    }

    /// Switches one rule, and chooses the model and the faults that show what it is for.
    fn switch(self, row: &'static ProtectionRow) {
        self.stop();
        let now_off = self.off.try_update(|off| {
            let was_off = off.remove(&row.protection);
            if !was_off {
                off.insert(row.protection);
            }
            !was_off
        });
        if now_off == Some(true) {
            if let Some(model) = MODELS.iter().find(|model| model.name == row.model) {
                self.model.set(model.name);
            }
            self.faults.set(row.faults);
        }
    }

    fn command(self) -> String {
        let mut line = format!(
            "poslab check {} --faults {}",
            self.model.get(),
            self.faults.get()
        );
        for protection in self.off.get() {
            line.push_str(" --without ");
            line.push_str(protection.name());
        }
        line
    }
}

/// The panel.
#[component]
fn BreakIt(desk: Desk) -> impl IntoView {
    let shell = Shell::here();
    Effect::new(move || {
        if shell.route.get().panel == "break-it" {
            shell.same_as(&desk.command());
        }
    });
    view! {
        <div class="sheet breakit">
            <h1 class="sentence">{t(w::SENTENCE)}</h1>
            <p class="prose dim">{terms(w::HOW_TERMS)}</p>
            <Controls desk/>
            <Outcome progress=desk.progress/>
            <Rules desk/>
        </div>
    }
}

/// Model, number of faults, start and stop.
#[component]
fn Controls(desk: Desk) -> impl IntoView {
    let shell = Shell::here();
    let running = move || desk.progress.with(|p| p.as_ref().is_some_and(|p| !p.over));
    let choose = move |event| {
        let name = event_target_value(&event);
        if let Some(model) = MODELS.iter().find(|model| model.name == name) {
            desk.model.set(model.name);
        }
    };
    let models = MODELS
        .iter()
        .map(|model| {
            let title = move || match shell.lang.get() {
                Lang::En => model.en,
                Lang::Zh => model.zh,
            };
            view! { <option value=model.name selected=move || desk.model.get() == model.name>{title}</option> }
        })
        .collect_view();
    let faults = [0u8, 1, 2]
        .into_iter()
        .map(|count| {
            view! { <option value=count.to_string() selected=move || desk.faults.get() == count>{count}</option> }
        })
        .collect_view();
    let set = move |event| {
        desk.faults
            .set(event_target_value(&event).parse().unwrap_or(1))
    };
    view! {
        <div class="row">
            <label class="row">{t(w::MODEL)} <select id="model" on:change=choose>{models}</select></label>
            <label class="row">{t(w::FAULTS)} <select id="faults" on:change=set>{faults}</select></label>
            <button type="button" class="primary" id="check" disabled=running on:click=move |_| desk.check()>{t(w::CHECK)}</button>
            <button type="button" id="stop" disabled=move || !running() on:click=move |_| desk.stop()>{t(w::STOP)}</button>
        </div>
    }
}

/// The sixteen rules, each with what happens without it.
#[component]
fn Rules(desk: Desk) -> impl IntoView {
    let shell = Shell::here();
    let line = move |row: &'static ProtectionRow| {
        let on = move || !desk.off.with(|off| off.contains(&row.protection));
        let without = move || match shell.lang.get() {
            Lang::En => row.off,
            Lang::Zh => row.off_zh,
        };
        view! {
            <tr>
                <td>
                    <label class="tick">
                        <input
                            type="checkbox"
                            data-rule=row.protection.name()
                            prop:checked=on
                            on:change=move |_| desk.switch(row)
                        />
                        <span class="mono">{row.protection.name()}</span>
                    </label>
                </td>
                <td class=move || if on() { "dim" } else { "bad" }>{without}</td>
                <td class="mono dim">{row.breaks.join(" ")}</td>
                <td class="mono dim">{row.faults}</td>
            </tr>
        }
    };
    view! {
        <div class="scroll">
            <table class="list">
                <thead>
                    <tr>
                        <th scope="col">{t(w::RULE)}</th>
                        <th scope="col">{t(w::WITHOUT)}</th>
                        <th scope="col">{t(w::BREAKS)}</th>
                        <th scope="col">{t(w::FEWEST)}</th>
                    </tr>
                </thead>
                <tbody>{ROWS.iter().map(line).collect_view()}</tbody>
            </table>
        </div>
    }
}
