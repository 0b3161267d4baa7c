//! The strip below the stage: the books of everybody side by side, the money, the properties; the
//! script; the logbook; the branches.

use super::faults::Beforehand;
use super::play::{Chosen, House};
use super::voice::{lane_name, said, whole};
use crate::browser::clip;
use crate::shell::Shell;
use crate::words::{Lang, t, theatre as w};
use leptos::prelude::*;
use poslab_core::node::NodeId;
use poslab_core::node::ledger::yuan;
use poslab_core::sim::Item;
use poslab_core::trace::{Event, What, name};
use poslab_core::view::books::{Agreement, Entry, Trade, in_doubt};
use poslab_core::view::export;

/// What the strip shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leaf {
    /// Journals, money, properties.
    Books,
    /// The lines of the script.
    Script,
    /// The logbook.
    Log,
    /// Branches.
    Branches,
    /// Settlement.
    Settlement,
    /// Clearing.
    Clearing,
    /// The line, bit by bit.
    Wire,
}

/// The strip.
#[component]
pub fn Strip(house: House) -> impl IntoView {
    let leaf = RwSignal::new(Leaf::Books);
    let leaves = [
        (Leaf::Books, w::BOOKS),
        (Leaf::Settlement, w::SETTLEMENT),
        (Leaf::Clearing, w::CLEARING),
        (Leaf::Script, w::SCRIPT),
        (Leaf::Log, w::LOG),
        (Leaf::Branches, w::BRANCHES),
        (Leaf::Wire, w::WIRE),
    ];
    let shown = move || match leaf.get() {
        Leaf::Books => view! { <Books house/> }.into_any(),
        Leaf::Script => view! { <Script house/> }.into_any(),
        Leaf::Log => view! { <Log house/> }.into_any(),
        Leaf::Branches => view! { <super::branches::Branches house/> }.into_any(),
        Leaf::Wire => view! { <super::line::LineView house/> }.into_any(),
        Leaf::Clearing => view! { <super::clearing::Clearing house/> }.into_any(),
        Leaf::Settlement => view! { <super::settlement::Settlement house/> }.into_any(),
    };
    view! {
        <section class="below" aria-label=t(w::BOOKS)>
            <div class="leaves" role="group" aria-label=t(w::VIEWS)>
                {leaves
                    .into_iter()
                    .map(|(this, name)| {
                        view! {
                            <button
                                type="button"
                                class="link"
                                data-leaf=format!("{this:?}").to_lowercase()
                                aria-pressed=move || (leaf.get() == this).to_string()
                                on:click=move |_| leaf.set(this)
                            >
                                {t(name)}
                            </button>
                        }
                    })
                    .collect_view()}
                <button
                    type="button"
                    class="taller"
                    id="taller"
                    aria-pressed=move || house.tall.get().to_string()
                    aria-label=t(w::TALLER)
                    title=t(w::TALLER)
                    on:click=move |_| house.tall.update(|tall| *tall = !*tall)
                >
                    {move || if house.tall.get() { "▾" } else { "▴" }}
                </button>
            </div>
            <div class="leaf">{shown}</div>
        </section>
    }
}

/// Journals, money and properties at the cursor.
#[component]
fn Books(house: House) -> impl IntoView {
    view! {
        <div class="books">
            <Journals house/>
            <Money house/>
            <super::properties::Properties house/>
        </div>
    }
}

/// Trades that are drawn: the newest, so many at first.
const TRADES: usize = 8;

/// The three books about each trade, side by side.
#[component]
fn Journals(house: House) -> impl IntoView {
    let shell = Shell::here();
    let most = RwSignal::new(TRADES);
    let rows = move || {
        let lang = shell.lang.get();
        let trades = house.trades.read();
        let newest = trades.iter().rev().take(most.get());
        newest
            .map(|trade| draw_trade(house, trade, lang))
            .collect_view()
    };
    let count = move || house.trades.with(|trades| trades.len());
    view! {
        <div class="scroll journals" tabindex="0" role="region" aria-label=t(w::JOURNALS)>
            <table class="list">
                <thead>
                    <tr>
                        <th scope="col">{t(w::TRACE)}</th>
                        <th scope="col">{t(w::TERMINAL_JOURNAL)}</th>
                        <th scope="col">{t(w::HOST_JOURNAL)}</th>
                        <th scope="col">{t(w::POSTED)}</th>
                        <th scope="col">{t(w::AGREEMENT)}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
            <p class="dim" hidden=move || count() != 0>{t(w::NO_TRADES)}</p>
            <button type="button" class="link" hidden=move || count() <= most.get() on:click=move |_| most.update(|most| *most += 40)>
                {t(w::MORE_TRADES)} " " {move || count().saturating_sub(most.get())}
            </button>
        </div>
    }
}

/// One trade as each book has it.
fn draw_trade(house: House, trade: &Trade, lang: Lang) -> AnyView {
    let cell = |entry: &Option<Entry>| {
        entry.as_ref().map_or_else(
            || "—".to_owned(),
            |entry| {
                format!(
                    "{} {}",
                    yuan(entry.amount as i64),
                    status(entry.status, lang)
                )
            },
        )
    };
    let (sign, class, word) = match trade.agreement {
        Agreement::Agrees => ("✓", "ok", w::AGREES),
        Agreement::Open => ("…", "warn", w::OPEN),
        Agreement::Differs => ("≠", "bad", w::DIFFERS),
    };
    let posted = trade.posted.map_or_else(|| "—".to_owned(), yuan);
    let entry = trade.terminal.as_ref().or(trade.host.as_ref());
    let event = entry.map(|entry| entry.event);
    let show = move |_| {
        if let Some(event) = event {
            let row = house.run.with_untracked(|run| run.ladder.row_of(event));
            house.chosen.set(Some(Chosen::Row(row)));
        }
    };
    let marked = move || {
        // Choosing anything of a trade marks the trade in all books.
        let chosen = house.chosen.get()?;
        let Chosen::Row(row) = chosen else {
            return None;
        };
        house.run.with(|run| {
            let event = event?;
            let stan = |event: usize| match &run.events.get(event)?.what {
                What::Journal { stan, .. } => Some(*stan),
                _ => None,
            };
            let mut within = run.ladder.events_of(row);
            (stan(event)? == within.find_map(stan)?).then_some("true")
        })
    };
    view! {
        <tr class=class aria-current=marked>
            <th scope="row">
                <button type="button" class="link mono" on:click=show>{format!("{:06}", trade.stan)}</button>
            </th>
            <td>{cell(&trade.terminal)}</td>
            <td>{cell(&trade.host)}</td>
            <td class="mono">{posted}</td>
            <td class=class>{sign} " " {word.say(lang)}</td>
        </tr>
    }
    .into_any()
}

/// A journal's word for what became of a trade.
fn status(status: &'static str, lang: Lang) -> &'static str {
    match lang {
        Lang::En => status,
        Lang::Zh => name(status, true),
    }
}

/// The money: what moved, whether it balances, what is in doubt.
#[component]
fn Money(house: House) -> impl IntoView {
    let shell = Shell::here();
    let jump = move |_| {
        if let Some(event) = house.books.with_untracked(|books| books.unbalanced) {
            let row = house.run.with_untracked(|run| run.ladder.row_of(event));
            house.chosen.set(Some(Chosen::Row(row)));
            house.seek(row + 1);
        }
    };
    let broken = move || house.books.with(|books| books.unbalanced.is_some());
    let verdict = move || {
        let lang = shell.lang.get();
        if broken() {
            format!("✕ {}", w::NOT_BALANCED.say(lang))
        } else {
            format!("✓ {}", w::BALANCED.say(lang))
        }
    };
    let doubt = Memo::new(move |_| {
        let here = house.trades.with(|trades| in_doubt(trades));
        let terminal = house.terminal.get();
        here + house.books.with(|books| books.in_doubt_elsewhere(terminal))
    });
    view! {
        <div class="money">
            <h3 class="label">{t(w::MONEY)}</h3>
            <dl class="facts">
                <dt>{t(w::DEBITS)}</dt>
                <dd class="mono">{move || house.books.with(|books| yuan(-books.debits))}</dd>
                <dt>{t(w::CREDITS)}</dt>
                <dd class="mono">{move || house.books.with(|books| yuan(books.credits))}</dd>
                <dt>{t(w::IN_DOUBT)}</dt>
                <dd class="mono" class:warn=move || doubt.get() != 0>{move || yuan(doubt.get() as i64)}</dd>
            </dl>
            <p id="gauge" class=move || if broken() { "bad" } else { "ok" }>{verdict}</p>
            <button type="button" class="link" hidden=move || !broken() on:click=jump>{t(w::SHOW_THE_BREAK)}</button>
        </div>
    }
}

/// The script: orders and faults, each of which can be struck out; and the file.
#[component]
fn Script(house: House) -> impl IntoView {
    let shell = Shell::here();
    let lines = move || {
        let lang = shell.lang.get();
        let script = house
            .run
            .with(|run| run.scenario.as_ref().map(|s| s.script.clone()));
        script
            .unwrap_or_default()
            .into_iter()
            .enumerate()
            .map(|(place, item)| {
                let (sign, class) = match item {
                    Item::Fault(_) => ("✕", "bad"),
                    Item::Order(_) => ("●", "ok"),
                    Item::Resolve(_) | Item::CutOff(_) => ("◆", "dim"),
                };
                let (text, fault) = match &item {
                    Item::Fault(text) => (text.clone(), Some(text.clone())),
                    other => (item_words(other, place, lang), None),
                };
                let tick = fault.map(|fault| draw_tick(house, fault, true));
                view! {
                    <li>
                        <span class=class aria-hidden="true">{sign}</span>
                        <span>{tick} <code>{text}</code></span>
                        <button type="button" class="link" on:click=move |_| house.strike(place)>{t(w::STRIKE)}</button>
                    </li>
                }
            })
            .collect_view()
    };
    let aside = move || {
        let line = |fault: String| {
            let code = fault.clone();
            view! {
                <li class="dim">
                    <span aria-hidden="true">"✕"</span>
                    <span>{draw_tick(house, fault, false)} <s><code>{code}</code></s></span>
                </li>
            }
            .into_any()
        };
        house.aside.get().into_iter().map(line).collect_view()
    };
    let save = move |_| {
        if let Some(scenario) = house.scenario() {
            clip::save(&format!("{}.json", scenario.name), &scenario.to_json());
        }
    };
    view! {
        <Beforehand house/>
        <ol class="script">{lines}{aside}</ol>
        <p class="row">
            <button type="button" on:click=save>{t(w::SAVE_SCENARIO)}</button>
            <span class="dim">{t(w::SCRIPT_HELP)}</span>
        </p>
    }
}

/// A line of the script in words: an order reads as it does in the logbook.
fn item_words(item: &Item, place: usize, lang: Lang) -> String {
    match item {
        Item::Order(order) => {
            let what = What::Order {
                order: place as u32 + 1,
                operation: order.verb.operation(),
                card: order.card.clone(),
                entry: order.entry,
                amount: order.amount,
            };
            let event = Event {
                seq: 0,
                at_ms: 0,
                node: NodeId::Terminal(order.terminal.saturating_sub(1)),
                what,
            };
            format!("{}: {}", lane_name(event.node, lang), said(&event, lang))
        }
        other => serde_json::to_string(other).unwrap_or_default(),
    }
}

/// The tick of a fault: off, it is put aside and can come back.
fn draw_tick(house: House, fault: String, on: bool) -> AnyView {
    let name = fault.clone();
    view! {
        <input type="checkbox" checked=on aria-label=name on:change=move |_| house.put_aside(&fault)/>
    }
    .into_any()
}

/// Lines of the logbook that are drawn: the newest.
const LINES: usize = 400;

/// The logbook up to the cursor: what `poslab run` prints.
#[component]
fn Log(house: House) -> impl IntoView {
    let shell = Shell::here();
    let text = move || {
        let lang = shell.lang.get();
        let cursor = house.cursor.get();
        house.run.with(|run| {
            let past = run.past(cursor);
            let events = run
                .events
                .get(past.saturating_sub(LINES)..past)
                .unwrap_or_default();
            events
                .iter()
                .map(|event| whole(event, lang))
                .collect::<Vec<String>>()
                .join("\n")
        })
    };
    let all = move || {
        let lang = shell.lang.get_untracked();
        house.run.with_untracked(|run| {
            run.events
                .iter()
                .map(|event| whole(event, lang) + "\n")
                .collect::<String>()
        })
    };
    let drawing = move |mermaid: bool| {
        let zh = shell.lang.get_untracked() == Lang::Zh;
        house.run.with_untracked(|run| {
            if mermaid {
                export::mermaid(&run.ladder, &run.events, zh)
            } else {
                export::svg(&run.ladder, &run.events, zh)
            }
        })
    };
    let jsonl = move || {
        house.run.with_untracked(|run| {
            run.events
                .iter()
                .map(|event| event.json() + "\n")
                .collect::<String>()
        })
    };
    view! {
        <pre class="logbook" id="log" tabindex="0" aria-label=t(w::LOG)>{text}</pre>
        <p class="row">
            <button type="button" on:click=move |_| clip::save("trace.txt", &all())>{t(w::SAVE_TEXT)}</button>
            <button type="button" on:click=move |_| clip::save("trace.jsonl", &jsonl())>{t(w::SAVE_JSONL)}</button>
            <button type="button" id="mermaid" on:click=move |_| clip::save("trace.mmd", &drawing(true))>{t(w::SAVE_MERMAID)}</button>
            <button type="button" id="svg" on:click=move |_| clip::save("trace.svg", &drawing(false))>{t(w::SAVE_SVG)}</button>
        </p>
    }
}
