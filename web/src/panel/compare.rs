//! Compare, the twin of `poslab diff`: two messages by field path, an answer against its request,
//! or one message under two dialects with the bit where they part.

mod interpretations;

use crate::panel::inspect::reading::{Reading, read};
use crate::shell::{Shelf, Shell};
use crate::words::{Lang, Phrase, compare as w, t, terms};
use interpretations::Interpretations;
use leptos::prelude::*;
use poslab_core::intake::read_text;
use poslab_core::view::diff::{Change, DiffOptions, DiffRow, diff};
use std::sync::Arc;

/// What stands in the panel at first: a sale and its answer.
const FIRST: &str = include_str!("inspect/example.hex");
const SECOND: &str = include_str!("compare.hex");

/// What is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Two,
    Answer,
    Dialects,
}

/// Draws the panel.
pub fn draw(_: &str) -> AnyView {
    view! { <Compare/> }.into_any()
}

/// The panel.
#[component]
fn Compare() -> impl IntoView {
    let kind = RwSignal::new(Kind::Answer);
    let all = RwSignal::new(false);
    let texts = [FIRST, SECOND].map(|text| RwSignal::new(text.to_owned()));
    let choice = move |own: Kind, label: Phrase| {
        view! {
            <label class="tick">
                <input
                    type="radio"
                    name="compare-kind"
                    prop:checked=move || kind.get() == own
                    on:change=move |_| kind.set(own)
                />
                {t(label)}
            </label>
        }
    };
    view! {
        <div class="sheet">
            <h1 class="sentence">{terms(w::TITLE_TERMS)}</h1>
            <div class="row" role="radiogroup" aria-label=t(w::KIND)>
                {choice(Kind::Answer, w::ANSWER)}
                {choice(Kind::Two, w::TWO)}
                {choice(Kind::Dialects, w::DIALECTS)}
                <label class="tick">
                    <input
                        type="checkbox"
                        prop:checked=move || all.get()
                        on:change=move |event| all.set(event_target_checked(&event))
                    />
                    {t(w::ALL)}
                </label>
            </div>
            {move || match kind.get() {
                Kind::Dialects => view! { <Interpretations text=texts[0] all/> }.into_any(),
                now => view! { <Messages texts echo={now == Kind::Answer} all/> }.into_any(),
            }}
        </div>
    }
}

/// Two messages; with `echo` the second answers the first.
#[component]
fn Messages(texts: [RwSignal<String>; 2], echo: bool, all: RwSignal<bool>) -> impl IntoView {
    let (shell, shelf) = (Shell::here(), Shelf::here());
    let sides = texts.map(|text| {
        Memo::new(move |_| {
            Arc::new(read(
                read_text(&text.get()),
                0,
                None,
                false,
                &shelf.imported.get(),
            ))
        })
    });
    let [left, right] = sides;
    let rows = Memo::new(move |_| compare(&left.get(), &right.get(), echo));
    Effect::new(move || {
        if shell.route.get().panel == "compare" {
            let echo = if echo { " --echo" } else { "" };
            shell.same_as(&format!("poslab diff{echo} first.txt second.txt"));
        }
    });
    let field =
        |id: &'static str, label: Phrase, text: RwSignal<String>, side: Memo<Arc<Reading>>| {
            view! {
                <section>
                    <h2 class="label"><label for=id>{t(label)}</label></h2>
                    <textarea
                        id=id
                        rows="6"
                        spellcheck="false"
                        prop:value=move || text.get()
                        on:input=move |event| text.set(event_target_value(&event))
                    ></textarea>
                    <p>{move || side.with(|reading| reading.sentence(shell.lang.get()))}</p>
                </section>
            }
        };
    view! {
        <div class="halves">
            {field("first", w::FIRST, texts[0], left)}
            {field("second", w::SECOND, texts[1], right)}
        </div>
        <p class="dim">{move || first_byte(&left.get(), &right.get(), shell.lang.get())}</p>
        {move || table(rows.get(), all.get(), shell.lang.get())}
    }
}
/// The comparison; `None` when one side is no message.
fn compare(left: &Reading, right: &Reading, echo: bool) -> Option<Vec<DiffRow>> {
    let options = DiffOptions {
        echo,
        ..DiffOptions::default()
    };
    left.with_tree(|left| right.with_tree(|right| diff(left, right, options)))
        .flatten()
}

/// Where the bytes begin to differ, in words.
fn first_byte(left: &Reading, right: &Reading, lang: Lang) -> Option<String> {
    let alike = left
        .frame
        .iter()
        .zip(&right.frame)
        .take_while(|(one, other)| one == other)
        .count();
    let differs = left.frame != right.frame;
    differs.then(|| w::BYTES.with(lang, &[("at", &format!("0x{alike:04X}"))]))
}

/// The table of differences.
fn table(rows: Option<Vec<DiffRow>>, all: bool, lang: Lang) -> AnyView {
    let Some(rows) = rows else {
        return view! { <p class="warn">"△ " {w::UNREADABLE.say(lang)}</p> }.into_any();
    };
    let shown: Vec<DiffRow> = rows
        .into_iter()
        .filter(|row| all || row.change != Change::Same)
        .collect();
    if shown.is_empty() {
        return view! { <p class="ok">"✓ " {w::NONE.say(lang)}</p> }.into_any();
    }
    let line = |row: DiffRow| {
        let (phrase, class) = match row.change {
            Change::Same => (w::SAME, "dim"),
            Change::Added => (w::ADDED, "ok"),
            Change::Removed => (w::REMOVED, "warn"),
            Change::Changed => (w::CHANGED, "warn"),
            Change::EchoBroken => (w::ECHO_BROKEN, "bad"),
        };
        let name = if lang == Lang::Zh && !row.name.zh.is_empty() {
            row.name.zh
        } else {
            row.name.en
        };
        view! {
            <tr>
                <td class="mono">{row.path}</td>
                <td>{name}</td>
                <td class=class>{phrase.say(lang)}</td>
                <td class="mono">{row.left}</td>
                <td class="mono">{row.right}</td>
            </tr>
        }
    };
    view! {
        <div class="scroll" tabindex="0" role="region" aria-label=w::TITLE.say(lang)>
            <table class="list">
                <thead>
                    <tr>
                        <th scope="col">{w::PATH.say(lang)}</th>
                        <th scope="col">{w::NAME.say(lang)}</th>
                        <th scope="col">{w::CHANGE.say(lang)}</th>
                        <th scope="col">{w::FIRST.say(lang)}</th>
                        <th scope="col">{w::SECOND.say(lang)}</th>
                    </tr>
                </thead>
                <tbody>{shown.into_iter().map(line).collect_view()}</tbody>
            </table>
        </div>
    }
    .into_any()
}
