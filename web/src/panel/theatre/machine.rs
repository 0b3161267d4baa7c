//! The state machine of a terminal, drawn: the states it was in, the one it is in, how it came there.

use super::play::House;
use super::voice::{said, state_name};
use crate::shell::Shell;
use crate::words::{t, theatre as w};
use leptos::prelude::*;
use poslab_core::node::NodeId;
use poslab_core::trace::What;
use std::collections::BTreeMap;

/// The transitions a machine made up to the cursor, with how often and the newest.
#[derive(Clone, Debug, Default, PartialEq)]
struct Trod {
    edges: BTreeMap<(&'static str, &'static str), usize>,
    newest: Option<(&'static str, &'static str, usize)>,
}

/// The machine of a box; nothing for boxes that report no states.
#[component]
pub fn Machine(house: House, lane: NodeId) -> impl IntoView {
    let shell = Shell::here();
    let trod = Memo::new(move |_| {
        let cursor = house.cursor.get();
        house.run.with(|run| {
            let mut trod = Trod::default();
            for (index, event) in run.events.iter().enumerate().take(run.past(cursor)) {
                if let (true, What::State { from, to }) = (event.node == lane, &event.what) {
                    *trod.edges.entry((from, to)).or_insert(0) += 1;
                    trod.newest = Some((from, to, index));
                }
            }
            trod
        })
    });
    let reason = move || {
        let lang = shell.lang.get();
        let (_, _, index) = trod.with(|trod| trod.newest)?;
        house.run.with(|run| {
            let before = run.events.get(..index)?.iter().rev().take(6);
            let mut near = before.filter(|event| event.node == lane);
            let telling = near.find(|event| {
                !matches!(
                    event.what,
                    What::State { .. } | What::Persist { .. } | What::Send { .. }
                )
            })?;
            Some(said(telling, lang))
        })
    };
    let rows = move || {
        let lang = shell.lang.get();
        trod.with(|trod| {
            let newest = trod.newest;
            trod.edges
                .iter()
                .map(|((from, to), count)| {
                    let now = newest.is_some_and(|(a, b, _)| (a, b) == (*from, *to));
                    view! {
                        <li class:now=now>
                            <span class="state">{state_name(from, lang)}</span>
                            <span class="dim" aria-hidden="true">"→"</span>
                            <span class="state" class:current=now>{state_name(to, lang)}</span>
                            <span class="dim mono">{format!("×{count}")}</span>
                        </li>
                    }
                })
                .collect_view()
        })
    };
    let none = move || trod.with(|trod| trod.newest.is_none());
    view! {
        <h3 class="label" hidden=none>{t(w::MACHINE)}</h3>
        <ol class="machine" hidden=none>{rows}</ol>
        <p class="dim" hidden=none>{t(w::BECAUSE)} " " {reason}</p>
    }
}
