//! What is wrong with the message, as prose: a click goes to the bytes, a repair that was tried is
//! one click, and what is left over behind the message can be put where it belongs.

use super::desk::Desk;
use crate::browser;
use crate::shell::Shell;
use crate::words::{inspect as w, t};
use leptos::prelude::*;
use poslab_core::codec::{Fix, FixKind, Severity};
use poslab_core::view::findings::Told;

/// The findings, above the fields; nothing when there are none.
#[component]
pub fn Findings(desk: Desk) -> impl IntoView {
    let lang = Shell::here().lang;
    let list = move || {
        let told = desk.reading.with(|reading| reading.findings.clone());
        let redacted = desk.redacted.get();
        let shown = told
            .into_iter()
            .filter(|one| !(redacted && is_of_secrets(one)));
        shown
            .map(|told| line(desk, &told, lang.get()))
            .collect_view()
    };
    let none = move || desk.reading.with(|reading| reading.findings.is_empty());
    view! {
        <div class="findings" hidden=none>
            <h2 class="label">{t(w::FINDINGS)}</h2>
            <ul>{list}</ul>
        </div>
    }
}

/// Where digits were replaced, check digits and MACs say nothing.
fn is_of_secrets(told: &Told) -> bool {
    matches!(
        told.code,
        "luhn-wrong" | "mac-not-ascii-hex" | "separator-missing"
    )
}

/// One finding: the sentence, what to look at next, the repair, and its page.
fn line(desk: Desk, told: &Told, lang: crate::words::Lang) -> AnyView {
    let span = told.span;
    let (mark, class) = match told.severity {
        Severity::Error => ("✕", "bad"),
        Severity::Warning => ("△", "warn"),
        Severity::Info => ("○", "dim"),
    };
    let go = move |_| {
        if !span.is_empty() {
            desk.pick.pin(span);
        }
    };
    let repair = told.fix.clone().map(|fix| {
        let text = fix.say(lang);
        view! {
            <button type="button" class="link fix" on:click=move |_| mend(desk, &fix)>
                {w::FIX.say(lang)} " " {text}
            </button>
        }
    });
    let behind = matches!(told.code, "trailing-bytes" | "more-behind").then(|| rest(desk, lang));
    view! {
        <li class="told">
            <button type="button" class="finding" on:click=go>
                <span class=class aria-hidden="true">{mark}</span>
                <span>{told.say(lang).to_owned()}</span>
            </button>
            <p class="dim next">
                {told.hint(lang)} " "
                <a class="mono" href=format!("#learn?{}", told.code)>{told.code}</a>
            </p>
            {repair}
            {behind}
        </li>
    }
    .into_any()
}

/// Does what a repair says: changes the bytes, or reads them otherwise.
fn mend(desk: Desk, fix: &Fix) {
    if let FixKind::ReadAs { dialect, .. } = &fix.kind {
        desk.dialect.set(Some(dialect.clone()));
        return;
    }
    let after = desk
        .reading
        .with_untracked(|reading| fix.apply(&reading.frame));
    if let Some(frame) = after {
        desk.edit_frame(&frame);
    }
}

/// What may be done with the bytes behind the message.
fn rest(desk: Desk, lang: crate::words::Lang) -> AnyView {
    let split = move || {
        desk.reading.with_untracked(|reading| {
            let at = reading.behind()?;
            let (front, back) = reading.frame.split_at_checked(at)?;
            Some((front.to_vec(), back.to_vec()))
        })
    };
    let second = move |_| {
        if let Some((front, back)) = split() {
            let hex = poslab_core::bytes::to_hex;
            desk.edit(format!("{}\n{}", hex(&front), hex(&back)));
        }
    };
    let as_mac = move |_| {
        let question = desk
            .reading
            .with_untracked(|reading| super::mac::question_behind(reading));
        if let Some(question) = question {
            browser::handover::put(&question);
            browser::go("bench");
        }
    };
    let ignore = move |_| {
        if let Some((front, _)) = split() {
            desk.edit_frame(&front);
        }
    };
    view! {
        <p class="row rest">
            <button type="button" on:click=second>{w::REST_SECOND.say(lang)}</button>
            <button type="button" on:click=as_mac>{w::REST_MAC.say(lang)}</button>
            <button type="button" on:click=ignore>{w::REST_IGNORE.say(lang)}</button>
        </p>
    }
    .into_any()
}
