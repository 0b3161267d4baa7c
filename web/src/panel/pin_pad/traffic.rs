//! Every byte that went over the line, the newest first: when, which way, what it is; the parts of
//! a chosen frame and its bytes point at each other.

use super::desk::Desk;
use crate::browser::{self, clip};
use crate::shell::Shell;
use crate::words::{Lang, pin_pad as w, t};
use leptos::prelude::*;
use poslab_core::pad::replay::changes_keys;
use poslab_core::pad::sniff::{Seen, What};
use poslab_core::pad::traffic::{Direction, readable};

/// How many lines are drawn.
const SHOWN: usize = 120;

/// The log.
#[component]
pub fn Traffic(desk: Desk) -> impl IntoView {
    let shell = Shell::here();
    let filter = RwSignal::new(String::new());
    let chosen = RwSignal::new(None::<usize>);
    let rows = move || {
        desk.traffic.track();
        let lang = shell.lang.get();
        let wanted = filter.get().to_lowercase();
        let picked = chosen.get();
        desk.log(|engine| {
            let fits = |(_, seen): &(usize, &Seen)| {
                let text = format!("{} {} {}", seen.code, seen.title.say(lang), seen.masked());
                wanted.is_empty() || text.to_lowercase().contains(&wanted)
            };
            let all: Vec<_> = engine.seen.iter().enumerate().filter(fits).collect();
            let from = all.len().saturating_sub(SHOWN);
            let row = |(index, seen): &(usize, &Seen)| {
                row(*index, seen, lang, picked == Some(*index), chosen)
            };
            all[from..].iter().rev().map(row).collect_view()
        })
    };
    let detail = move || {
        desk.traffic.track();
        let lang = shell.lang.get();
        let index = chosen.get()?;
        let seen = desk.log(|engine| engine.seen.get(index).cloned())?;
        Some(view! { <div id="frame"><Detail desk seen lang/></div> })
    };
    let empty = move || {
        desk.traffic.track();
        desk.log(|engine| engine.seen.is_empty())
    };
    let save = move |json: bool| {
        let lang = shell.lang.get_untracked();
        let line = |seen: &Seen| {
            if json {
                as_json(seen)
            } else {
                as_text(seen, lang)
            }
        };
        let text: Vec<String> = desk.log(|engine| engine.seen.iter().map(line).collect());
        let name = if json {
            "pad-traffic.jsonl"
        } else {
            "pad-traffic.txt"
        };
        clip::save(name, &(text.join("\n") + "\n"));
    };
    let load = move |event: web_sys::Event| {
        let input: web_sys::HtmlInputElement = event_target(&event);
        let Some(file) = input.files().and_then(|files| files.get(0)) else {
            return;
        };
        chosen.set(None);
        browser::file::read(&file, move |bytes| {
            desk.load_log(&String::from_utf8_lossy(&bytes));
        });
        // The same file may be chosen again.
        input.set_value("");
    };
    let status = move || desk.replayed.get().map(|said| said.words(shell.lang.get()));
    view! {
        <section class="block" aria-labelledby="the-traffic">
            <div class="row spread">
                <h2 class="label" id="the-traffic">{t(w::TRAFFIC)}</h2>
                <div class="row">
                    <input type="search" id="traffic-filter" aria-label=t(w::FILTER)
                        placeholder=t(w::FILTER_HINT)
                        on:input=move |event| filter.set(event_target_value(&event))/>
                    <button type="button" class="link" on:click=move |_| save(false)>{t(w::SAVE_TEXT)}</button>
                    <button type="button" class="link" on:click=move |_| save(true)>{t(w::SAVE_JSON)}</button>
                    <label class="link file">
                        {t(w::LOAD_LOG)}
                        <input type="file" id="load-log" accept=".jsonl,.json,.txt" on:change=load/>
                    </label>
                    <button type="button" class="link" id="replay" disabled=move || empty() || desk.busy.get()
                        title=t(w::REPLAY_TITLE) on:click=move |_| desk.replay()>{t(w::REPLAY)}</button>
                    <button type="button" class="link" on:click=move |_| { chosen.set(None); desk.empty() }>
                        {t(w::EMPTY_LOG)}
                    </button>
                </div>
            </div>
            <p id="replayed" role="status">{status}</p>
            <Show when=empty><p class="dim">{t(w::TRAFFIC_EMPTY)}</p></Show>
            <div class="scroll log">
                <table class="list" id="traffic"><tbody>{rows}</tbody></table>
            </div>
            {detail}
        </section>
    }
}

fn row(
    index: usize,
    seen: &Seen,
    lang: Lang,
    picked: bool,
    chosen: RwSignal<Option<usize>>,
) -> impl IntoView + use<> {
    let way = match seen.direction {
        Direction::ToPad => w::TO_PAD,
        Direction::FromPad => w::FROM_PAD,
    };
    let class = match seen.what {
        What::Damaged(_) | What::Noise => "bad",
        What::Control(_) => "dim",
        What::Frame(_) => "",
    };
    let bytes = if seen.has_secret() {
        seen.masked()
    } else {
        readable(&seen.bytes)
    };
    let (code, id) = (seen.code.clone(), seen.code.clone());
    let title = seen.title.say(lang);
    let arrow = seen.direction.arrow().to_string();
    let time = seen.at_ms;
    view! {
        <tr class=class data-code=id aria-selected=picked.to_string()>
            <td class="mono dim">{time}</td>
            <td title=way.say(lang)>{arrow}</td>
            <td>
                <button type="button" class="link mono" on:click=move |_| chosen.set(Some(index))>
                    {code}
                </button>
            </td>
            <td>{title}</td>
            <td class="mono bytes">{bytes}</td>
        </tr>
    }
}

/// The chosen frame, and what can be done with it.
#[component]
fn Detail(desk: Desk, seen: Seen, lang: Lang) -> impl IntoView {
    let again = (seen.direction == Direction::ToPad && !changes_keys(&seen)).then(|| {
        let bytes = seen.bytes.clone();
        view! {
            <button type="button" on:click=move |_| desk.say_again(&bytes)>{w::SAY_AGAIN.say(lang)}</button>
        }
    });
    view! { <Frame seen lang/> {again} }
}

/// One frame taken apart: bytes above, parts below, each marking the other.
#[component]
pub fn Frame(
    /// The frame.
    seen: Seen,
    /// In which language.
    lang: Lang,
) -> impl IntoView {
    let over = RwSignal::new(None::<usize>);
    let cells = seen.bytes.iter().enumerate().map(|(at, byte)| {
        let part = seen.parts.iter().position(|part| part.bytes.contains(&at));
        let hidden = part.is_some_and(|p| seen.parts.get(p).is_some_and(|part| part.hidden));
        let text = if hidden {
            "**".to_owned()
        } else {
            format!("{byte:02X}")
        };
        let hue = part.map_or(8, |part| part % 8);
        let marked = move || part.is_some() && over.get() == part;
        view! {
            <span class=format!("cell hue{hue}") class:picked=marked
                on:mouseenter=move |_| over.set(part) on:mouseleave=move |_| over.set(None)
            >{text}</span>
        }
    });
    let parts = seen.parts.iter().enumerate().map(|(index, part)| {
        let marked = move || over.get() == Some(index);
        let name = part.name.say(lang);
        let hidden = part.hidden.then(|| w::MASKED.say(lang));
        let text = part.text.clone();
        view! {
            <tr class:picked=marked tabindex="0"
                on:mouseenter=move |_| over.set(Some(index)) on:mouseleave=move |_| over.set(None)
                on:focus=move |_| over.set(Some(index)) on:blur=move |_| over.set(None)
            >
                <th class=format!("hue{}", index % 8)>{name}</th>
                <td class="mono">{text}</td>
                <td class="dim">{hidden}</td>
            </tr>
        }
    });
    let title = seen.title.say(lang);
    view! {
        <div class="pad-frame">
            <h3>{seen.direction.arrow().to_string()} " " <span class="mono">{seen.code.clone()}</span> " " {title}</h3>
            <div class="cells mono">{cells.collect_view()}</div>
            <div class="scroll"><table class="list"><tbody>{parts.collect_view()}</tbody></table></div>
        </div>
    }
}

fn as_text(seen: &Seen, lang: Lang) -> String {
    let (time, arrow) = (seen.at_ms, seen.direction.arrow());
    format!(
        "{time:>8} {arrow} {:<4} {}  {}",
        seen.code,
        seen.title.say(lang),
        seen.masked()
    )
}

/// The same line as `poslab pad --log` writes; hidden bytes are stars here too.
fn as_json(seen: &Seen) -> String {
    serde_json::json!({
        "at_ms": seen.at_ms,
        "direction": seen.direction.name(),
        "hex": seen.masked().replace(' ', ""),
        "code": seen.code,
        "title": seen.title.en,
    })
    .to_string()
}
