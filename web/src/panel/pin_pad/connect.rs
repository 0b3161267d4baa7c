//! Which pad, over which line: simulated or real, family, port, speed, and what is wrong with it.

use super::desk::{Desk, Link};
use super::family_name;
use crate::browser::serial;
use crate::shell::Shell;
use crate::words::{pin_pad as w, t};
use leptos::prelude::*;
use poslab_core::pad::Protocol;
use poslab_core::pad::epp::frame::Coding;
use poslab_core::pad::probe::Line;

/// The lines that are offered.
const LINES: [&str; 12] = [
    "1200-7E1",
    "1200-8N1",
    "2400-8N1",
    "4800-8N1",
    "9600-7E1",
    "9600-7O1",
    "9600-8N1",
    "19200-7E1",
    "19200-8N1",
    "38400-8N1",
    "57600-8N1",
    "115200-8N1",
];

/// The choice of the pad and of its line.
#[component]
pub fn Connect(desk: Desk) -> impl IntoView {
    let real = move || desk.link.get() != Link::Simulated;
    let family = move |event| {
        if let Some(protocol) = Protocol::from_name(&event_target_value(&event)) {
            desk.choose(protocol, !real());
        }
    };
    let secure = move |event| {
        desk.secure.set(event_target_checked(&event));
        desk.choose(Protocol::Abecs, !real());
    };
    let families = Protocol::ALL.map(|protocol| {
        let here = move || desk.protocol.get() == protocol;
        view! { <option value=protocol.name() selected=here>{t(family_name(protocol))}</option> }
    });
    view! {
        <section class="block" aria-labelledby="which-pad">
            <h2 class="label" id="which-pad">{t(w::WHICH_PAD)}</h2>
            <div class="row">
                <button
                    type="button" id="use-simulated" class="chip"
                    aria-pressed=move || (!real()).to_string()
                    on:click=move |_| desk.choose(desk.protocol.get(), true)
                >{t(w::SIMULATED)}</button>
                <button
                    type="button" id="use-real" class="chip"
                    aria-pressed=move || real().to_string()
                    on:click=move |_| desk.choose(desk.protocol.get(), false)
                >{t(w::REAL)}</button>
            </div>
            <label class="field">
                <span class="dim">{t(w::FAMILY)}</span>
                <select id="family" on:change=family prop:value=move || desk.protocol.get().name()>
                    {families}
                </select>
            </label>
            <Show when=move || desk.protocol.get() == Protocol::Epp>
                <CodingChoice desk/>
            </Show>
            <Show when=move || desk.protocol.get() == Protocol::Abecs>
                <label class="tick" title=t(w::SECURE_TITLE)>
                    <input type="checkbox" id="secure" prop:checked=desk.secure on:change=secure/>
                    {t(w::SECURE)}
                </label>
            </Show>
            <Show when=real>
                <RealPort desk/>
            </Show>
            <State desk/>
        </section>
    }
}

#[component]
fn CodingChoice(desk: Desk) -> impl IntoView {
    let choose = move |event| {
        if let Some(coding) = Coding::from_name(&event_target_value(&event)) {
            desk.coding.set(coding);
            desk.choose(Protocol::Epp, desk.link.get() == Link::Simulated);
        }
    };
    let options = [Coding::Hex, Coding::Binary, Coding::BinaryEtx].map(|coding| {
        let here = move || desk.coding.get() == coding;
        view! { <option value=coding.name() selected=here>{coding.name()}</option> }
    });
    view! {
        <label class="field">
            <span class="dim">{t(w::CODING)}</span>
            <select id="coding" on:change=choose>{options}</select>
        </label>
    }
}

/// Ports, line, and the wires beside the data.
#[component]
fn RealPort(desk: Desk) -> impl IntoView {
    let vendors = RwSignal::new(false);
    let set_line = move |event| {
        if let Some(line) = Line::from_text(&event_target_value(&event)) {
            desk.line.set(line);
        }
    };
    let lines = move || {
        let now = desk.line.get().to_string();
        let mut all: Vec<String> = LINES.map(str::to_owned).to_vec();
        if !all.contains(&now) {
            all.push(now.clone());
        }
        all.into_iter()
            .map(|line| {
                let here = line == now;
                view! { <option value=line.clone() selected=here>{line.clone()}</option> }
            })
            .collect_view()
    };
    let open = move || desk.link.get() == Link::Open;
    view! {
        <label class="field">
            <span class="dim">{t(w::LINE)}</span>
            <select id="line" on:change=set_line disabled=open>{lines}</select>
        </label>
        <Show when=serial::supported>
            <div class="row">
                <button type="button" id="choose-port" class="primary" disabled=open
                    on:click=move |_| desk.request(vendors.get())>{t(w::CHOOSE_PORT)}</button>
                <label class="tick">
                    <input type="checkbox" prop:checked=vendors
                        on:change=move |event| vendors.set(event_target_checked(&event))/>
                    {t(w::ONLY_PADS)}
                </label>
            </div>
            <Granted desk/>
            <p class="dim">{t(w::NOT_LISTED)}</p>
            <Wires desk/>
        </Show>
    }
}

/// The ports that were granted before.
#[component]
fn Granted(desk: Desk) -> impl IntoView {
    let shell = Shell::here();
    let rows = move || {
        let lang = shell.lang.get();
        let open = desk.link.get() == Link::Open;
        let ports = desk.ports.get();
        if ports.is_empty() {
            return view! { <span class="dim">{w::NONE_GRANTED.say(lang)}</span> }.into_any();
        }
        let row = |(index, name): (usize, String)| {
            let title = w::PORT_NAME.with(lang, &[("name", &name)]);
            view! {
                <li class="row">
                    <span class="mono">{title}</span>
                    <button type="button" class="open-port" disabled=open
                        on:click=move |_| desk.open(index)>{w::OPEN.say(lang)}</button>
                    <button type="button" class="link"
                        on:click=move |_| desk.forget(index)>{w::FORGET.say(lang)}</button>
                </li>
            }
        };
        let rows = ports.into_iter().enumerate().map(row).collect_view();
        view! { <ul id="ports">{rows}</ul> }.into_any()
    };
    view! {
        <h3 class="label">{t(w::GRANTED)}</h3>
        {rows}
    }
}

#[component]
fn Wires(desk: Desk) -> impl IntoView {
    let closed = move || desk.link.get() != Link::Open;
    let wire = |label: &'static str, name: &'static str| {
        view! {
            <label class="tick">
                <input type="checkbox" checked disabled=closed
                    on:change=move |event| desk.signal(name, event_target_checked(&event))/>
                {label}
            </label>
        }
    };
    view! {
        <h3 class="label">{t(w::SIGNALS)}</h3>
        <div class="row">
            {wire("DTR", "dataTerminalReady")}
            {wire("RTS", "requestToSend")}
            <button type="button" id="break" disabled=closed on:click=move |_| desk.send_break()>
                {t(w::SEND_BREAK)}
            </button>
            <button type="button" id="close-port" disabled=closed on:click=move |_| desk.close()>
                {t(w::CLOSE)}
            </button>
        </div>
    }
}

/// What it is connected to, and what is wrong.
#[component]
fn State(desk: Desk) -> impl IntoView {
    let shell = Shell::here();
    let state = move || {
        let (class, phrase) = match desk.link.get() {
            Link::Simulated => ("chip ok", w::STATE_SIMULATED),
            Link::Open => ("chip ok", w::STATE_OPEN),
            Link::Closed => ("chip", w::STATE_CLOSED),
            Link::Lost => ("chip bad", w::STATE_LOST),
        };
        view! { <span id="link" class=class>{phrase.say(shell.lang.get())}</span> }
    };
    let trouble = move || {
        let real = desk.link.get() != Link::Simulated;
        desk.trouble.get().filter(|_| real).map(|trouble| {
            let lang = shell.lang.get();
            let (what, fix) = trouble.words();
            let own = match trouble {
                super::trouble::Trouble::Other(text) => text,
                _ => String::new(),
            };
            view! {
                <div id="trouble" class="notice" role="alert">
                    <p class="bad"><b>"✕ " {what.say(lang)}</b></p>
                    <p>{fix.say(lang)}</p>
                    <p class="mono dim">{own}</p>
                </div>
            }
        })
    };
    view! { <div class="row">{state}</div> {trouble} }
}
