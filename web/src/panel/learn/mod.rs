//! Learn, the twin of `poslab explain`: a searchable glossary of terms, fields, codes, EMV tags,
//! values and findings, in both languages.
//!
//! What is typed stays out of the address, since it may be a card number; what is chosen from a
//! list goes into it, so that it can be linked.

mod address;
mod answer;

use crate::shell::{Route, Shell};
use crate::words::{learn as w, t};
use address::{decoded, encoded, quoted};
use answer::Answers;
use leptos::prelude::*;
use poslab_core::view::explain::{Listing, listings};

/// How many entries of the list are drawn at once.
const SHOWN: usize = 60;

/// Draws the panel.
pub fn draw(_: &str) -> AnyView {
    view! { <Learn/> }.into_any()
}

/// The panel.
#[component]
fn Learn() -> impl IntoView {
    let shell = Shell::here();
    let question = RwSignal::new(String::new());
    Effect::new(move || {
        let route = shell.route.get();
        if route.panel == "learn" && !route.rest.is_empty() {
            question.set(decoded(&route.rest));
        }
    });
    Effect::new(move || {
        if shell.route.get().panel == "learn" {
            shell.same_as(&command(question.get().trim()));
        }
    });
    view! {
        <div class="split learn">
            <section class="pane side" aria-label=t(w::LIST)>
                <h1 class="label">{t(w::TITLE)}</h1>
                <Search question/>
            </section>
            <section class="pane wide" aria-label=t(w::ANSWERS) aria-live="polite">
                <Answers question/>
            </section>
        </div>
    }
}

/// The command that gives the same answer.
fn command(question: &str) -> String {
    if question.is_empty() {
        "poslab explain --list".to_owned()
    } else {
        format!("poslab explain {}", quoted(question))
    }
}

/// The search box, the choice of a list, and what of it fits.
#[component]
fn Search(question: RwSignal<String>) -> impl IntoView {
    let shell = Shell::here();
    let chosen = RwSignal::new(0_usize);
    let lists = Memo::new(move |_| listings(shell.lang.get()));
    let options = move || {
        let titles = lists.with(|all| all.iter().map(|l| l.title.clone()).collect::<Vec<_>>());
        let option = |(index, title): (usize, String)| {
            view! { <option value=(index + 1).to_string() selected=move || chosen.get() == index + 1>{title}</option> }
        };
        titles.into_iter().enumerate().map(option).collect_view()
    };
    let choose = move |event| chosen.set(event_target_value(&event).parse().unwrap_or_default());
    view! {
        <label class="learn-ask">
            <span>{t(w::SEARCH)}</span>
            <input
                type="search"
                id="learn-question"
                autocomplete="off"
                spellcheck="false"
                placeholder=t(w::PLACEHOLDER)
                prop:value=move || question.get()
                on:input=move |event| question.set(event_target_value(&event))
            />
        </label>
        <label class="learn-ask">
            <span>{t(w::LIST)}</span>
            <select id="learn-list" on:change=choose>
                <option value="0">{t(w::EVERYTHING)}</option>
                {options}
            </select>
        </label>
        {move || entries(&lists.get(), chosen.get(), &question.get(), shell)}
    }
}

/// The entries of the chosen list that have the typed text.
fn entries(lists: &[Listing], chosen: usize, question: &str, shell: Shell) -> AnyView {
    let lang = shell.lang.get();
    let found = fitting(lists, chosen, question);
    let more = found.len().saturating_sub(SHOWN);
    let current = question.to_owned();
    let entry = |(ask, title): (String, String)| {
        let here = (ask == current).then_some("true");
        let (key, shown) = (ask.clone(), ask);
        let go = move |_| {
            shell.go(&Route {
                panel: "learn".into(),
                rest: encoded(&key),
            })
        };
        view! {
            <li>
                <button type="button" class="entry" aria-current=here on:click=go>
                    <span>{shown}</span>
                    <span class="dim">{title}</span>
                </button>
            </li>
        }
    };
    let none = found.is_empty();
    let count = more.to_string();
    view! {
        <ul class="entries learn-entries">{found.into_iter().take(SHOWN).map(entry).collect_view()}</ul>
        <p class="dim" hidden=more == 0>{w::MORE.with(lang, &[("count", &count)])}</p>
        <p class="dim" hidden=!none>{w::NONE.say(lang)}</p>
    }
    .into_any()
}

/// Question and title of every entry that fits; all of a list when nothing that is typed fits it.
fn fitting(lists: &[Listing], chosen: usize, question: &str) -> Vec<(String, String)> {
    let text = question.trim().to_lowercase();
    let of_list = lists
        .iter()
        .enumerate()
        .filter(|(i, _)| chosen == 0 || *i + 1 == chosen);
    let items: Vec<&(String, String)> = of_list.flat_map(|(_, list)| &list.items).collect();
    let has = |item: &&&(String, String)| {
        item.0.to_lowercase().contains(&text) || item.1.to_lowercase().contains(&text)
    };
    let starts = |item: &&(String, String)| {
        !(item.0.to_lowercase().starts_with(&text) || item.1.to_lowercase().starts_with(&text))
    };
    let mut found: Vec<&(String, String)> = items.iter().filter(has).copied().collect();
    found.sort_by_key(starts);
    found.into_iter().cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Lang;

    #[test]
    fn what_begins_with_the_text_comes_first() {
        let lists = listings(Lang::En);
        let found = fitting(&lists, 0, "rever");
        assert_eq!(found.first().map(|f| f.0.as_str()), Some("reversal"));
        assert!(found.len() > 3);
        assert_eq!(fitting(&lists, 1, "").len(), lists[0].items.len());
        assert!(fitting(&lists, 0, "no such thing").is_empty());
        assert!(fitting(&listings(Lang::Zh), 0, "冲正").len() > 2);
    }

    #[test]
    fn the_command_quotes_and_masks() {
        assert_eq!(command(""), "poslab explain --list");
        assert_eq!(command("trace number"), "poslab explain 'trace number'");
        assert_eq!(
            command("2=9999900000000000"),
            "poslab explain 2=999990******0000"
        );
    }
}
