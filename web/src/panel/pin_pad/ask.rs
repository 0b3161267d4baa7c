//! What can be asked of the pad, and what came of it.

use super::desk::{Desk, Link, Said};
use super::family_name;
use crate::shell::Shell;
use crate::words::{Lang, Phrase, pin_pad as w, t};
use leptos::prelude::*;
use poslab_core::pad::session::{Load, MacTask, PinTask, Under};
use poslab_core::pad::{LinkError, Outcome, Protocol, Task, TaskError};

/// The published working key, enciphered under the published master key.
const WORKING_KEY: &str = "3EB3B72576BBBE835601104F2DF94405";
/// What a person types before keys are changed.
const CONFIRMATION: &str = "change keys";

/// The forms and the answer.
#[component]
pub fn Ask(desk: Desk) -> impl IntoView {
    let idle = move || !desk.busy.get() && matches!(desk.link.get(), Link::Simulated | Link::Open);
    let blocked = move || !idle();
    let text = RwSignal::new("HELLO".to_owned());
    view! {
        <section class="block" aria-labelledby="ask-pad">
            <h2 class="label" id="ask-pad">{t(w::ASK)}</h2>
            <div class="row">
                <button type="button" id="identify" title=t(w::IDENTIFY_TITLE) disabled=blocked
                    on:click=move |_| desk.identify()>{t(w::IDENTIFY)}</button>
                <button type="button" id="info" disabled=blocked
                    on:click=move |_| desk.begin(Task::Info)>{t(w::INFO)}</button>
                <button type="button" id="key" disabled=blocked
                    on:click=move |_| desk.begin(Task::Key { seconds: 30 })>{t(w::KEY)}</button>
                <button type="button" id="cancel" disabled=move || !desk.busy.get()
                    on:click=move |_| desk.cancel()>{t(w::CANCEL)}</button>
            </div>
            <div class="row">
                <input type="text" id="text" aria-label=t(w::TEXT) prop:value=text
                    on:input=move |event| text.set(event_target_value(&event))/>
                <button type="button" id="display" disabled=blocked
                    on:click=move |_| desk.begin(Task::Display(text.get()))>{t(w::DISPLAY)}</button>
            </div>
            <PinForm desk blocked=Signal::derive(blocked)/>
            <Answer desk/>
            <Keys desk blocked=Signal::derive(blocked)/>
        </section>
    }
}

/// Which of the pad's keys: the choices of each family, with the published test key.
fn choices(protocol: Protocol) -> &'static [(&'static str, Phrase, &'static str)] {
    match protocol {
        Protocol::Abecs => &[("sent", w::UNDER_SENT, "0"), ("dukpt", w::UNDER_DUKPT, "1")],
        Protocol::Visa => &[("sent", w::UNDER_SENT, "1"), ("dukpt", w::UNDER_DUKPT, "0")],
        Protocol::Epp => &[("sent", w::UNDER_SENT, "0")],
    }
}

#[component]
fn PinForm(desk: Desk, blocked: Signal<bool>) -> impl IntoView {
    let shell = Shell::here();
    let account = RwSignal::new("4012345678909".to_owned());
    let kind = RwSignal::new("sent".to_owned());
    let working = RwSignal::new(WORKING_KEY.to_owned());
    let data = RwSignal::new("30313233343536373839414243444546".to_owned());
    let under = move || {
        let offered = choices(desk.protocol.get_untracked());
        let wanted = kind.get_untracked();
        let (kind, _, number) = *offered
            .iter()
            .find(|(id, ..)| *id == wanted)
            .unwrap_or(&offered[0]);
        let number = number.parse().unwrap_or(0);
        match kind {
            "dukpt" => Under::Dukpt { index: number },
            _ => Under::Sent {
                master: number,
                wrapped: bytes_of(&working.get_untracked()),
            },
        }
    };
    let pin = move |_| {
        desk.begin(Task::Pin(PinTask {
            account: account.get(),
            under: under(),
            min: 4,
            max: 12,
            seconds: 60,
            prompt: "PIN:".to_owned(),
        }));
    };
    let mac = move |_| {
        let data = bytes_of(&data.get());
        desk.begin(Task::Mac(MacTask {
            under: under(),
            data,
        }));
    };
    let options = move || {
        let lang = shell.lang.get();
        let offered = choices(desk.protocol.get());
        offered
            .iter()
            .map(|(id, phrase, number)| {
                view! { <option value=*id>{phrase.with(lang, &[("n", number)])}</option> }
            })
            .collect_view()
    };
    view! {
        <div class="form">
            <label class="field">
                <span class="dim">{t(w::ACCOUNT)}</span>
                <input type="text" id="account" class="mono" inputmode="numeric" autocomplete="off"
                    prop:value=account on:input=move |event| account.set(event_target_value(&event))/>
            </label>
            <label class="field">
                <span class="dim">{t(w::UNDER)}</span>
                <select id="under" on:change=move |event| kind.set(event_target_value(&event))>
                    {options}
                </select>
            </label>
            <label class="field">
                <span class="dim">{t(w::WORKING_KEY)}</span>
                <input type="text" id="working-key" class="mono" autocomplete="off" spellcheck="false"
                    prop:value=working on:input=move |event| working.set(event_target_value(&event))/>
            </label>
            <div class="row">
                <button type="button" id="pin" class="primary" disabled=blocked on:click=pin>
                    {t(w::PIN)}
                </button>
            </div>
            <div class="row">
                <input type="text" id="data" class="mono" aria-label=t(w::DATA) prop:value=data
                    on:input=move |event| data.set(event_target_value(&event))/>
                <button type="button" id="mac" disabled=blocked on:click=mac>{t(w::MAC)}</button>
            </div>
        </div>
    }
}

/// Loading and erasing, behind words that must be typed.
#[component]
fn Keys(desk: Desk, blocked: Signal<bool>) -> impl IntoView {
    let typed = RwSignal::new(String::new());
    let key = RwSignal::new(String::new());
    let slot = RwSignal::new("0".to_owned());
    let locked = move || blocked.get() || typed.get().trim() != CONFIRMATION;
    let load = move |_| {
        let task = Task::Load(Load::Master {
            slot: slot.get().parse().unwrap_or(0),
            key: bytes_of(&key.get()).into(),
        });
        typed.set(String::new());
        key.set(String::new());
        desk.begin(task);
    };
    let wipe = move |_| {
        typed.set(String::new());
        desk.begin(Task::Load(Load::Wipe));
    };
    let has = move || desk.protocol.get() != Protocol::Abecs;
    view! {
        <Show when=has>
            <details class="danger">
                <summary>{t(w::CHANGE_KEYS)}</summary>
                <p class="warn">{t(w::CHANGE_KEYS_WARN)}</p>
                <label class="field">
                    <span class="dim">{t(w::CONFIRMATION)}</span>
                    <input type="text" id="confirmation" autocomplete="off" prop:value=typed
                        on:input=move |event| typed.set(event_target_value(&event))/>
                </label>
                <label class="field">
                    <span class="dim">{t(w::SLOT)}</span>
                    <input type="text" id="slot" inputmode="numeric" prop:value=slot
                        on:input=move |event| slot.set(event_target_value(&event))/>
                </label>
                <label class="field">
                    <span class="dim">{t(w::MASTER_KEY)}</span>
                    <input type="password" id="master-key" autocomplete="off" prop:value=key
                        on:input=move |event| key.set(event_target_value(&event))/>
                </label>
                <div class="row">
                    <button type="button" id="load" disabled=locked on:click=load>{t(w::LOAD)}</button>
                    <Show when=move || desk.protocol.get() == Protocol::Epp>
                        <button type="button" id="wipe" disabled=locked on:click=wipe>{t(w::WIPE)}</button>
                    </Show>
                </div>
            </details>
        </Show>
    }
}

/// Hex digits as bytes; what is no hex gives none, and the pad or the task says so.
fn bytes_of(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text
        .chars()
        .filter_map(|c| c.to_digit(16).map(|d| d as u8))
        .collect();
    digits
        .chunks_exact(2)
        .map(|pair| pair.iter().fold(0, |byte, digit| (byte << 4) | digit))
        .collect()
}

/// What the last order came to.
#[component]
fn Answer(desk: Desk) -> impl IntoView {
    let shell = Shell::here();
    let answer = move || {
        let lang = shell.lang.get();
        match desk.said.get() {
            Said::Nothing => ().into_any(),
            Said::Waiting => view! { <p class="sentence">{w::WAITING.say(lang)}</p> }.into_any(),
            Said::Notice(text) => view! { <p class="mono">{text}</p> }.into_any(),
            Said::Searched(found) => searched(found, lang),
            Said::Done(Ok(outcome)) => done(&outcome, lang),
            Said::Done(Err(error)) => {
                view! { <p class="bad">"✕ " {failed(&error, lang)}</p> }.into_any()
            }
        }
    };
    view! { <output id="answer" class="answer" aria-live="polite">{answer}</output> }
}

fn searched(
    found: Option<(
        poslab_core::pad::probe::Found,
        poslab_core::pad::probe::Line,
    )>,
    lang: Lang,
) -> AnyView {
    match found {
        None => view! { <p class="warn">{w::NOT_IDENTIFIED.say(lang)}</p> }.into_any(),
        Some((found, line)) => {
            let family = match found.family.protocol() {
                Some(protocol) => family_name(protocol).say(lang),
                None => found.family.name(),
            };
            let places = [
                ("family", family),
                ("line", &line.to_string()),
                ("said", &found.said),
            ];
            view! { <p class="ok">"✓ " {w::IDENTIFIED.with(lang, &places)}</p> }.into_any()
        }
    }
}

fn done(outcome: &Outcome, lang: Lang) -> AnyView {
    let fact = |name: &str, value: String| {
        let name = name.to_owned();
        view! { <dt>{name}</dt><dd class="mono">{value}</dd> }.into_any()
    };
    match outcome {
        Outcome::Info(rows) => {
            let rows = rows
                .iter()
                .map(|(name, value)| fact(name, value.clone()))
                .collect_view();
            view! { <dl class="facts">{rows}</dl> }.into_any()
        }
        Outcome::Shown => view! { <p class="ok">"✓ " {w::SHOWN.say(lang)}</p> }.into_any(),
        Outcome::Key(name) => view! { <p>{w::KEY_IS.with(lang, &[("name", name)])}</p> }.into_any(),
        Outcome::PinBlock { block, ksn } => {
            let ksn = ksn.clone().map(|ksn| fact(w::KSN.say(lang), ksn));
            view! {
                <p class="label">{w::PIN_BLOCK.say(lang)}</p>
                <p class="value mono" id="pin-block">{hex(block)}</p>
                <dl class="facts">{ksn}</dl>
            }
            .into_any()
        }
        Outcome::Mac(mac) => view! {
            <p class="label">{w::MAC_IS.say(lang)}</p>
            <p class="value mono" id="mac-value">{hex(mac)}</p>
        }
        .into_any(),
        Outcome::Loaded { check } => {
            let check = check
                .clone()
                .unwrap_or_else(|| w::NONE.say(lang).to_owned());
            view! { <p class="ok">"✓ " {w::LOADED.with(lang, &[("check", &check)])}</p> }.into_any()
        }
    }
}

fn failed(error: &TaskError, lang: Lang) -> String {
    let phrase = match error {
        TaskError::Refused { code, words } => {
            let places = [("code", code.as_str()), ("words", words.say(lang))];
            return w::REFUSED.with(lang, &places);
        }
        TaskError::Cancelled => w::CANCELLED,
        TaskError::TimedOut => w::TIMED_OUT,
        TaskError::Unsupported { .. } => w::UNSUPPORTED_TASK,
        TaskError::Invalid(what) => return what.say(lang).to_owned(),
        TaskError::Unreadable | TaskError::Link(LinkError::SecureChannel) => w::UNREADABLE,
        TaskError::Link(LinkError::NoAnswer { .. }) => w::NO_ANSWER,
        TaskError::Link(LinkError::Refused { .. } | LinkError::Garbled { .. }) => w::GARBLED,
        TaskError::Link(LinkError::Ended) => w::ENDED,
        TaskError::Link(LinkError::Cancelled) => w::STOPPED,
    };
    phrase.say(lang).to_owned()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02X}")).collect()
}
