//! The header: the name, the tabs, the promise, the language and the theme.

use super::Shell;
use crate::browser;
use crate::browser::store::{Setting, remember};
use crate::panel::{TABS, Tab};
use crate::words::shell as w;
use crate::words::{other, t};
use leptos::prelude::*;

/// The header of the page.
#[component]
pub fn Header() -> impl IntoView {
    let shell = Shell::here();
    view! {
        <header class="top">
            <a class="brand" href="#inspect">
                <svg width="14" height="18" viewBox="0 0 14 18" aria-hidden="true">
                    <path d="M1 17V1h12v16" fill="none" stroke="currentColor" stroke-width="2"/>
                    <path d="M4 17v-2M7 17v-2M10 17v-2" stroke="currentColor" stroke-width="1"/>
                </svg>
                "poslab"
            </a>
            <nav class="tabs" aria-label=t(w::PANELS)>
                {TABS.iter().map(|tab| view! { <TabLink tab/> }).collect_view()}
            </nav>
            <span class="promise">
                <span aria-hidden="true" class="square"></span>
                {t(w::NOTHING_LEAVES)}
            </span>
            <button
                type="button"
                class="quiet"
                lang=move || other(shell.lang.get()).tag()
                aria-label=t(w::SWITCH_LANGUAGE)
                on:click=move |_| shell.speak(other(shell.lang.get_untracked()))
            >
                {t(w::TO_OTHER_LANGUAGE)}
            </button>
            <button
                type="button"
                class="quiet"
                aria-label=t(w::SWITCH_THEME)
                on:click=|_| switch_theme()
            >
                <svg width="14" height="14" viewBox="0 0 14 14" aria-hidden="true">
                    <circle cx="7" cy="7" r="6" fill="none" stroke="currentColor"/>
                    <path d="M7 1a6 6 0 0 1 0 12z" fill="currentColor"/>
                </svg>
            </button>
        </header>
    }
}

/// One tab.
#[component]
fn TabLink(tab: &'static Tab) -> impl IntoView {
    let shell = Shell::here();
    let current = move || (shell.route.get().panel == tab.id).then_some("page");
    let link = NodeRef::<leptos::html::A>::new();
    // On a narrow screen the tabs scroll: the one of this panel is in sight.
    Effect::new(move |_| {
        if let (Some(link), Some(_)) = (link.get(), current())
            && let Some(strip) = link.parent_element()
        {
            let beside = link.offset_left() - strip.client_width() / 2 + link.offset_width() / 2;
            strip.set_scroll_left(beside);
        }
    });
    view! {
        <a node_ref=link href=format!("#{}", tab.id) aria-current=current>{t(tab.title)}</a>
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
