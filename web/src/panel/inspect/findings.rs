//! What is wrong with the message, as prose; a click goes to the bytes.

use super::desk::Desk;
use crate::words::{inspect as w, t};
use leptos::prelude::*;
use poslab_core::codec::Severity;

/// The findings, above the fields; nothing when there are none.
#[component]
pub fn Findings(desk: Desk) -> impl IntoView {
    let list = move || {
        desk.reading.with(|reading| {
            let line = |problem: &super::reading::Problem| {
                let span = problem.span;
                let (mark, class) = match problem.severity {
                    Severity::Error => ("✕", "bad"),
                    Severity::Warning => ("△", "warn"),
                    Severity::Info => ("○", "dim"),
                };
                view! {
                    <li>
                        <button type="button" class="finding" on:click=move |_| desk.pick.pin(span)>
                            <span class=class aria-hidden="true">{mark}</span>
                            <span>
                                <b>{problem.path.clone()}</b>
                                {format!(" {} ", problem.text)}
                                <span class="mono dim">{format!("0x{:04X} {}", span.start / 8, problem.code)}</span>
                            </span>
                        </button>
                    </li>
                }
            };
            reading.findings.iter().map(line).collect_view()
        })
    };
    let none = move || desk.reading.with(|reading| reading.findings.is_empty());
    view! {
        <div class="findings" hidden=none>
            <h2 class="label">{t(w::FINDINGS)}</h2>
            <ul>{list}</ul>
        </div>
    }
}
