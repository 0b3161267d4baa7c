//! The strip above the steps: the counter of DUKPT, the header of a key block, the ladder of keys.

use super::desk::Desk;
use super::groups::Row;
use super::row::Bytes;
use crate::shell::Shell;
use crate::words::{bench as w, t};
use leptos::prelude::*;
use poslab_core::words::{key_block, working};

/// The strip of an algorithm, where it has one.
pub fn strip(desk: Desk) -> AnyView {
    match desk.bench.picture.as_str() {
        "dukpt" => view! { <Counter desk/> }.into_any(),
        "tr31" => view! { <Header desk/> }.into_any(),
        "ladder" => view! { <Ladder desk/> }.into_any(),
        _ => ().into_any(),
    }
}

/// The counters after each set bit, from the names of the keys the core derived, and their width.
fn counters(names: &[String]) -> (Vec<u32>, u32) {
    let derived = names.iter().filter_map(|name| name.strip_prefix("key_"));
    let read = |digits: &str| Some((u32::from_str_radix(digits, 16).ok()?, digits.len()));
    let list: Vec<(u32, usize)> = derived.filter_map(read).collect();
    let bits = match list.first() {
        Some((_, 8)) => 32,
        _ => 21,
    };
    (list.into_iter().map(|(counter, _)| counter).collect(), bits)
}

/// The counter bit by bit: one key is derived for each bit that is set.
#[component]
fn Counter(desk: Desk) -> impl IntoView {
    let lang = Shell::here().lang;
    let drawing = move || {
        let names: Vec<String> = desk.run.with(|run| {
            let values = run.sheet.values().iter();
            values.map(|value| value.name.clone()).collect()
        });
        let (counters, bits) = counters(&names);
        let last = counters.last().copied().unwrap_or(0);
        let cells = (0..bits).rev().map(|bit| {
            let set = last >> bit & 1 == 1;
            let turn = counters
                .iter()
                .position(|one| *one != 0 && one.trailing_zeros() == bit);
            let turn = turn.map_or_else(String::new, |turn| (turn + 1).to_string());
            view! {
                <li class:set=set>
                    <b>{u8::from(set)}</b>
                    <span>{turn}</span>
                </li>
            }
        });
        let path = counters.iter().map(|counter| format!("{counter:X}"));
        let path: Vec<String> = std::iter::once("IK".to_owned()).chain(path).collect();
        let places = [
            ("count", &*counters.len().to_string()),
            ("path", &*path.join(" → ")),
        ];
        view! {
            <ol class="counter" aria-hidden="true">{cells.collect_view()}</ol>
            <p class="dim prose">{w::COUNTER_SAYS.with(lang.get(), &places)}</p>
        }
    };
    view! {
        <figure class="strip" aria-label=t(w::COUNTER)>
            <h2 class="label">{t(w::COUNTER)}</h2>
            {drawing}
        </figure>
    }
}

/// The header of a key block, character by character.
#[component]
fn Header(desk: Desk) -> impl IntoView {
    let lang = Shell::here().lang;
    let rows = move || {
        let block = desk.run.with(|run| {
            let named = |name: &str| {
                let given = run.inputs.get(name).or_else(|| run.outputs.get(name));
                given.and_then(serde_json::Value::as_str).map(str::to_owned)
            };
            named("key_block")
                .or_else(|| named("header"))
                .unwrap_or_default()
        });
        let lang = lang.get();
        let parts = key_block::header(&block).into_iter();
        let row = |part: key_block::Part| {
            view! {
                <tr>
                    <td class="dim mono">{part.at.start}</td>
                    <td class="mono">{part.text}</td>
                    <td>{part.name.say(lang)}</td>
                    <td class="dim">{part.meaning.map(|text| text.say(lang))}</td>
                </tr>
            }
        };
        parts.map(row).collect_view()
    };
    view! {
        <figure class="strip" aria-label=t(w::HEADER)>
            <h2 class="label">{t(w::HEADER)}</h2>
            <div class="scroll"><table class="list header"><tbody>{rows}</tbody></table></div>
        </figure>
    }
}

/// From the issuer's key to the cryptogram of one transaction.
#[component]
fn Ladder(desk: Desk) -> impl IntoView {
    let lang = Shell::here().lang;
    let rungs =
        move || {
            let found: Vec<(usize, String)> = desk.run.with(|run| {
                let names = ["imk", "icc_mk", "sk", "mac"];
                let find = |name: &str| Some((run.sheet.find(name)?, name.to_owned()));
                names.into_iter().filter_map(find).collect()
            });
            let rungs = found.into_iter().map(|(value, name)| {
            let row = Row {
                value,
                sign: "",
                formula: None,
                fold: Some(8),
                pad_from: None,
            };
            let short = match name.as_str() {
                "imk" => "IMK",
                "icc_mk" => "MK",
                "sk" => "SK",
                _ => "ARQC",
            };
            let word = if name == "mac" { "arqc".to_owned() } else { name };
            let said = move || working::value(&word).map(|text| text.say(lang.get()));
            view! { <li><h3>{short} " " <span class="dim">{said}</span></h3><Bytes desk row/></li> }
        });
            rungs.collect_view()
        };
    view! {
        <figure class="strip" aria-label=t(w::LADDER)>
            <h2 class="label">{t(w::LADDER)}</h2>
            <ol class="ladder">{rungs}</ol>
        </figure>
    }
}
