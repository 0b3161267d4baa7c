//! Dialects, the twin of `poslab spec`: what each dialect says of each field, and the import of
//! specifications from elsewhere with a report of what could not be represented.

mod import;

use crate::shell::{Shelf, Shell};
use crate::words::{Lang, dialects as w, t};
use import::Import;
use leptos::prelude::*;
use poslab_core::spec::{Dialect, Field, Name};
use poslab_core::view::format::format_in_words;
use std::sync::Arc;

/// Draws the panel.
pub fn draw(_: &str) -> AnyView {
    view! { <Dialects/> }.into_any()
}

/// A name in the language of the moment.
fn said(name: &Name, lang: Lang) -> String {
    match lang {
        Lang::Zh if !name.zh.is_empty() => name.zh.clone(),
        _ => name.en.clone(),
    }
}

/// The panel.
#[component]
fn Dialects() -> impl IntoView {
    let (shell, shelf) = (Shell::here(), Shelf::here());
    let shown = RwSignal::new("unionpay-pos".to_owned());
    Effect::new(move || {
        if shell.route.get().panel == "dialects" {
            shell.same_as(&format!("poslab spec show {}", shown.get()));
        }
    });
    let entry = move |name: String| {
        let title = shelf
            .find(&name)
            .map(|dialect| dialect.title.clone())
            .unwrap_or_default();
        let (choose, key) = (name.clone(), name.clone());
        let current = move || shown.with(|shown| (*shown == key).then_some("true"));
        view! {
            <li>
                <button
                    type="button"
                    class="entry"
                    aria-current=current
                    on:click=move |_| shown.set(choose.clone())
                >
                    <span class="mono">{name}</span>
                    <span class="dim">{move || said(&title, shell.lang.get())}</span>
                </button>
            </li>
        }
    };
    let dialect = Memo::new(move |_| Known(shelf.find(&shown.get())));
    view! {
        <div class="split">
            <section class="pane side" aria-label=t(w::LIST)>
                <h1 class="label">{t(w::LIST)}</h1>
                <ul class="entries">{move || shelf.names().into_iter().map(entry).collect_view()}</ul>
                <Import shown/>
            </section>
            <section class="pane wide" aria-label=t(w::DIALECT)>
                {move || dialect.get().0.map(|dialect| view! { <Sheet dialect/> })}
            </section>
        </div>
    }
}

/// A dialect that compares by identity: two loads of one file are the same dialect.
#[derive(Clone)]
struct Known(Option<Arc<Dialect>>);

impl PartialEq for Known {
    fn eq(&self, other: &Known) -> bool {
        match (&self.0, &other.0) {
            (Some(one), Some(two)) => Arc::ptr_eq(one, two),
            (None, None) => true,
            _ => false,
        }
    }
}

/// One dialect: its sentence and its table of fields.
#[component]
fn Sheet(dialect: Arc<Dialect>) -> impl IntoView {
    let lang = Shell::here().lang;
    let (title, about) = (dialect.title.clone(), dialect.about.clone());
    let frame = dialect.frame.join(", ");
    let messages = dialect.messages.iter().map(|rule| {
        let name = rule.name.clone();
        view! { <li class="chip">{move || said(&name, lang.get())}</li> }
    });
    let messages = messages.collect_view();
    let has_messages = !dialect.messages.is_empty();
    let rows = dialect
        .fields()
        .map(|(de, field)| view! { <FieldRow number=de.to_string() field=field.clone()/> });
    view! {
        <h2 class="label mono">{dialect.name().to_owned()}</h2>
        <p class="sentence">{move || said(&title, lang.get())}</p>
        <p class="prose">{move || said(&about, lang.get())}</p>
        <p hidden=frame.is_empty()><span class="dim">{t(w::FRAME)} " "</span><code>{frame.clone()}</code></p>
        <div class="scroll" tabindex="0" role="region" aria-label=t(w::FIELDS)>
            <table class="list">
                <thead>
                    <tr>
                        <th scope="col">{t(w::NUMBER)}</th>
                        <th scope="col">{t(w::NAME)}</th>
                        <th scope="col">{t(w::FORMAT)}</th>
                    </tr>
                </thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        </div>
        <div hidden=!has_messages>
            <h2 class="label">{t(w::MESSAGES)}</h2>
            <ul class="chips">{messages}</ul>
        </div>
    }
}

/// One field of the table.
#[component]
fn FieldRow(number: String, field: Field) -> impl IntoView {
    let lang = Shell::here().lang;
    let format = format_in_words(&field.wire);
    let name = field.name.clone();
    view! {
        <tr>
            <td class="mono">{number}</td>
            <td>{move || said(&name, lang.get())}</td>
            <td class="dim">{move || said(&format, lang.get())}</td>
        </tr>
    }
}
