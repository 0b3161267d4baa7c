//! Verify and Build beside Decode: what agrees in the message, and what was changed in it.
//!
//! Both stand below the panes at all times, so that a check that fails never hides what was read.

use super::desk::Desk;
use super::key::{MacKey, Said};
use super::mac::OpenMac;
use crate::browser::clip;
use crate::shell::Shell;
use crate::words::{Lang, inspect as w, t};
use leptos::prelude::*;
use poslab_core::bytes::to_hex;
use poslab_core::view::verify::{Check, Verdict};

/// The two regions.
#[component]
pub fn VerifyAndBuild(desk: Desk) -> impl IntoView {
    let shell = Shell::here();
    let said = RwSignal::new(None::<Said>);
    let checks = move || {
        let (edited, redacted) = (desk.is_edited(), desk.redacted.get());
        let lang = shell.lang.get();
        let all = desk.reading.with(|reading| reading.checks.clone());
        let said = said.get();
        let line = |one: &Check| {
            let known = said.as_ref().and_then(|said| verdict(said, one));
            let known = known.map(|verdict| Check {
                verdict,
                ..one.clone()
            });
            chip(
                desk,
                known.as_ref().unwrap_or(one),
                (edited, redacted),
                lang,
            )
        };
        all.iter().map(line).collect_view()
    };
    let none = move || desk.reading.with(|reading| reading.checks.is_empty());
    let changed = move || {
        let bytes: usize = desk
            .changed
            .with(|spans| spans.iter().map(|s| s.byte_range().len()).sum());
        let lang = shell.lang.get();
        match (desk.is_edited(), bytes) {
            (false, _) => w::BUILD_NONE.say(lang).to_owned(),
            (true, bytes) => w::BUILD_CHANGED.with(lang, &[("count", &bytes.to_string())]),
        }
    };
    let copy = move |_| clip::copy(&desk.reading.with_untracked(|r| to_hex(&r.frame)), || {});
    view! {
        <div class="regions">
            <section class="region" aria-labelledby="verify-title">
                <h2 class="label" id="verify-title">{t(w::VERIFY)}</h2>
                <div class="chips">
                    {checks}
                    <span class="dim" hidden=move || !none()>{t(w::VERIFY_NONE)}</span>
                    <MacKey desk said/>
                    <OpenMac desk/>
                </div>
            </section>
            <section class="region" aria-labelledby="build-title">
                <h2 class="label" id="build-title">{t(w::BUILD)}</h2>
                <div class="chips">
                    <span class:dim=move || !desk.is_edited()>{changed}</span>
                    <button type="button" class="link" hidden=move || !desk.is_edited() on:click=move |_| desk.undo()>
                        {t(w::UNDO)}
                    </button>
                    <button type="button" class="link" hidden=move || !(desk.is_edited() && desk.reveal.get()) on:click=copy>
                        {t(w::BUILD_COPY)}
                    </button>
                </div>
            </section>
        </div>
    }
}

/// What a key says of a check that was open: that of the MAC.
fn verdict(said: &Said, check: &Check) -> Option<Verdict> {
    let open = check.what.en == "MAC" && check.verdict == Verdict::Open;
    match said {
        Said::Right if open => Some(Verdict::Right),
        Said::Wrong(_) if open => Some(Verdict::Wrong),
        _ => None,
    }
}

/// One check: a shape, its name, its field; a click goes to its bytes.
fn chip(desk: Desk, check: &Check, (edited, redacted): (bool, bool), lang: Lang) -> AnyView {
    let span = check.span;
    let is_mac = check.what.en == "MAC";
    let (mark, class, said) = match check.verdict {
        _ if redacted && check.verdict != Verdict::Right => ("○", "chip", Some(w::MAC_REDACTED)),
        Verdict::Right => ("✓", "chip ok", None),
        Verdict::Wrong => ("✕", "chip bad", None),
        Verdict::Open if edited => ("△", "chip warn", Some(w::MAC_STALE)),
        Verdict::Open => ("○", "chip", Some(w::MAC_UNCHECKED)),
    };
    let words = match said {
        Some(phrase) if is_mac || redacted => phrase.say(lang).to_owned(),
        _ if check.count > 0 => {
            format!("{} {} ({})", check.what.say(lang), check.path, check.count)
        }
        _ if check.path == "length" || check.path == "rest" => check.what.say(lang).to_owned(),
        _ => format!("{} {}", check.what.say(lang), check.path),
    };
    view! {
        <button type="button" class=class on:click=move |_| desk.pick.pin(span)>
            <span aria-hidden="true">{mark}</span> " " {words}
        </button>
    }
    .into_any()
}
