//! The header: the name, the tabs, the promise, the language and the theme.

use super::Shell;
use crate::browser;
use crate::browser::store::{Setting, remember};
use crate::dom::{El, button, el, live};
use crate::panel::{TABS, Tab};
use crate::words::other;
use crate::words::shell as w;
use leptos::prelude::*;
use web_sys::{Element, HtmlElement};

/// The mark beside the name.
const BRAND: &str = r#"<svg width="14" height="18" viewBox="0 0 14 18" aria-hidden="true"><path d="M1 17V1h12v16" fill="none" stroke="currentColor" stroke-width="2"/><path d="M4 17v-2M7 17v-2M10 17v-2" stroke="currentColor" stroke-width="1"/></svg>poslab"#;

/// The sign for light and dark.
const HALF: &str = r#"<svg width="14" height="14" viewBox="0 0 14 14" aria-hidden="true"><circle cx="7" cy="7" r="6" fill="none" stroke="currentColor"/><path d="M7 1a6 6 0 0 1 0 12z" fill="currentColor"/></svg>"#;

/// The header of the page.
pub fn header() -> El {
    let shell = Shell::here();
    let promise = el("span", "promise")
        .child(el("span", "square").attr("aria-hidden", "true"))
        .say(w::NOTHING_LEAVES);
    let language = button("quiet", move || {
        shell.speak(other(shell.lang.get_untracked()))
    });
    el("header", "top")
        .child(drawing(el("a", "brand").attr("href", "#inspect"), BRAND))
        .child(
            el("nav", "tabs")
                .label(w::PANELS)
                .children(TABS.iter().map(link).collect()),
        )
        .child(promise)
        .child(
            language
                .live_attr("lang", move || {
                    Some(other(shell.lang.get()).tag().to_owned())
                })
                .label(w::SWITCH_LANGUAGE)
                .say(w::TO_OTHER_LANGUAGE),
        )
        .child(drawing(
            button("quiet", switch_theme).label(w::SWITCH_THEME),
            HALF,
        ))
}

/// Puts a drawing of this file into an element.
fn drawing(element: El, markup: &'static str) -> El {
    element.get::<Element>().set_inner_html(markup);
    element
}

/// One tab.
fn link(tab: &'static Tab) -> El {
    let route = Shell::here().route;
    let current = move || route.with(|route| route.panel == tab.id);
    let link = el("a", "")
        .attr("href", &format!("#{}", tab.id))
        .live_attr("aria-current", move || current().then(|| "page".to_owned()))
        .say(tab.title);
    // On a narrow screen the tabs scroll: the one of this panel is in sight.
    let shown = link.clone();
    live(move || {
        if current() {
            let shown = shown.clone();
            browser::next_frame(move || centre(shown.get()));
        }
    });
    link
}

/// Scrolls the strip of tabs so that one stands in its middle.
fn centre(link: &HtmlElement) {
    if let Some(strip) = link.parent_element() {
        let beside = link.offset_left() - strip.client_width() / 2 + link.offset_width() / 2;
        strip.set_scroll_left(beside);
    }
}

/// Switches between light and dark and remembers the choice.
fn switch_theme() {
    let html = browser::html();
    let system_dark = browser::window()
        .match_media("(prefers-color-scheme: dark)")
        .ok()
        .flatten()
        .is_some_and(|query| query.matches());
    let dark = match html.get_attribute("data-theme") {
        Some(theme) => theme == "dark",
        None => system_dark,
    };
    let theme = if dark { "light" } else { "dark" };
    let _ = html.set_attribute("data-theme", theme);
    remember(Setting::Theme, theme);
}
