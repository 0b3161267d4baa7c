//! What the selected box holds, variable by variable; what the last step changed stands first, with a
//! sign and a word.

use super::play::House;
use crate::shell::Shell;
use crate::words::{Lang, Phrase, t, theatre as w};
use leptos::prelude::*;
use poslab_core::node::NodeId;
use poslab_core::view::hop::Fate;
use poslab_core::view::memory::{Both, Changed, Variable, changes, memory};

/// The variables of a box before and after the last step.
#[derive(Clone, Debug, PartialEq)]
struct Held {
    now: Vec<Variable>,
    changed: Vec<Changed>,
}

/// The variables; nothing for people, nor while a pad outside answers.
#[component]
pub fn Memory(house: House, lane: NodeId) -> impl IntoView {
    let shell = Shell::here();
    let held = Memo::new(move |_| {
        let cursor = house.cursor.get();
        house.run.with(|run| {
            let replay = run.replay()?;
            let at = |cursor: usize| memory(&replay.world_at(run.past(cursor)), lane);
            let now = at(cursor);
            let before = cursor.checked_sub(1).map(at);
            let changed = before.map_or_else(Vec::new, |before| changes(&before, &now));
            Some(Held { now, changed })
        })
    });
    let lines = move || {
        let lang = shell.lang.get();
        held.with(|held| {
            let changed = held.iter().flat_map(|held| &held.changed);
            changed.map(|one| draw_change(one, lang)).collect_view()
        })
    };
    let still = move || held.with(|held| held.as_ref().is_none_or(|held| held.changed.is_empty()));
    let all = move || {
        let lang = shell.lang.get();
        held.with(|held| {
            let all = held.iter().flat_map(|held| &held.now);
            all.map(|variable| {
                let touched = held.iter().flat_map(|held| &held.changed);
                let sign = touched
                    .into_iter()
                    .find(|one| one.name == variable.name)
                    .map(|one| sign(one.fate).0);
                view! {
                    <tr class:touched=sign.is_some()>
                        <td class="warn">{sign}</td>
                        <td>{pick(&variable.name, lang)}</td>
                        <td class="mono">{pick(&variable.value, lang)}</td>
                    </tr>
                }
            })
            .collect_view()
        })
    };
    let count = move || held.with(|held| held.as_ref().map_or(0, |held| held.now.len()));
    view! {
        <div id="memory" hidden=move || count() == 0>
            <h3 class="label">{t(w::STEP_CHANGED)}</h3>
            <p class="dim" hidden=move || !still()>{t(w::STEP_CHANGED_NOTHING)}</p>
            <table class="changes" hidden=still><tbody>{lines}</tbody></table>
            <details class="variables">
                <summary>{t(w::VARIABLES)} " " <span class="mono">{count}</span></summary>
                <table class="changes"><tbody>{all}</tbody></table>
            </details>
        </div>
    }
}

fn pick(text: &Both, lang: Lang) -> String {
    let [en, zh] = text;
    if lang == Lang::Zh { zh } else { en }.clone()
}

fn sign(fate: Fate) -> (&'static str, &'static str, Phrase) {
    match fate {
        Fate::Added => ("+", "ok", w::V_NEW),
        Fate::Changed => ("≠", "warn", w::V_CHANGED),
        Fate::Gone => ("−", "bad", w::V_GONE),
    }
}

fn draw_change(one: &Changed, lang: Lang) -> AnyView {
    let (sign, class, word) = sign(one.fate);
    let (before, now) = (pick(&one.before, lang), pick(&one.now, lang));
    let value = match one.fate {
        Fate::Added => now,
        Fate::Changed => format!("{before} → {now}"),
        Fate::Gone => before,
    };
    view! {
        <tr>
            <td class=class>{sign} " " {word.say(lang)}</td>
            <td>{pick(&one.name, lang)}</td>
            <td class="mono">{value}</td>
        </tr>
    }
    .into_any()
}
