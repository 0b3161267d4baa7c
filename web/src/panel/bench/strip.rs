//! The strip above the steps: the tree of DUKPT, the header of a key block, the ladder of keys.

use super::desk::Desk;
use super::groups::Row;
use super::row::Bytes;
use super::tree::Tree;
use crate::shell::Shell;
use crate::words::{bench as w, t};
use leptos::prelude::*;
use poslab_core::words::{key_block, working};

/// The strip of an algorithm, where it has one.
pub fn strip(desk: Desk) -> AnyView {
    match desk.bench.picture.as_str() {
        "dukpt" => view! { <Tree desk/> }.into_any(),
        "tr31" => view! { <Header desk/> }.into_any(),
        "ladder" => view! { <Ladder desk/> }.into_any(),
        _ => ().into_any(),
    }
}

/// The header of a key block, character by character.
#[component]
fn Header(desk: Desk) -> impl IntoView {
    let lang = Shell::here().lang;
    let block = move || {
        desk.run.with(|run| {
            let named = |name: &str| {
                let given = run.inputs.get(name).or_else(|| run.outputs.get(name));
                given.and_then(serde_json::Value::as_str).map(str::to_owned)
            };
            named("key_block")
                .or_else(|| named("header"))
                .unwrap_or_default()
        })
    };
    let rows = move || {
        let block = block();
        let lang = lang.get();
        let parts = key_block::header(&block).into_iter();
        let row = |(hue, part): (usize, key_block::Part)| {
            view! {
                <tr>
                    <td class="dim mono">{part.at.start}</td>
                    <td class="mono"><span class=hue_of(hue)>{part.text}</span></td>
                    <td>{part.name.say(lang)}</td>
                    <td class="dim">{part.meaning.map(|text| text.say(lang))}</td>
                </tr>
            }
        };
        parts.enumerate().map(row).collect_view()
    };
    let characters = move || {
        let cells = key_block::header(&block()).into_iter().enumerate();
        let cells = cells.flat_map(|(hue, part)| {
            let at = part.at.start;
            let own: Vec<char> = part.text.chars().collect();
            own.into_iter().enumerate().map(move |(nth, character)| {
                view! { <li class=hue_of(hue)><b>{character.to_string()}</b><span>{at + nth}</span></li> }
            })
        });
        cells.collect_view()
    };
    view! {
        <figure class="strip" aria-label=t(w::HEADER)>
            <h2 class="label">{t(w::HEADER)}</h2>
            <ol class="characters" aria-hidden="true">{characters}</ol>
            <div class="scroll"><table class="list header"><tbody>{rows}</tbody></table></div>
        </figure>
    }
}

/// The class of a part's hue; neighbours differ.
fn hue_of(part: usize) -> String {
    format!("hue h{}", part % 8)
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
                step: None,
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
