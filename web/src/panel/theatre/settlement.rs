//! Settlement: what both sides counted, the upload item by item, and what is left open, held against
//! the receipts that were torn off.

use super::play::{Chosen, House};
use crate::shell::Shell;
use crate::words::{Lang, Phrase, t, terms, theatre as w};
use leptos::prelude::*;
use poslab_core::node::front_end::{Found, Resolution};
use poslab_core::node::ledger::yuan;
use poslab_core::node::{Slip, Totals};
use poslab_core::sim::{Item, ResolveSpec};
use poslab_core::trace::What;
use poslab_core::view::settle::{Line, Open, Proof, Settlement as State, open, proof};

/// The view.
#[component]
pub fn Settlement(house: House) -> impl IntoView {
    let state = Memo::new(move |_| {
        let (terminal, cursor) = (house.terminal.get(), house.cursor.get());
        house
            .run
            .with(|run| State::of(&run.events, &run.ladder, terminal, cursor))
    });
    let none = move || state.read().lines.is_empty();
    view! {
        <p class="dim" hidden=move || !none()>{terms(w::NO_SETTLEMENT_TERMS)}</p>
        <div class="settlement" hidden=none>
            <Counted state/>
            <Uploaded house state/>
            <Discrepancies house/>
        </div>
    }
    .into_any()
}

/// The totals of both sides by kind, and the flags of the comparison.
#[component]
fn Counted(state: Memo<State>) -> impl IntoView {
    let shell = Shell::here();
    let rows = move || {
        let state = state.read();
        let kinds: [(Phrase, usize, bool); 4] = [
            (w::DOMESTIC_DEBIT, 0, true),
            (w::DOMESTIC_CREDIT, 0, false),
            (w::FOREIGN_DEBIT, 1, true),
            (w::FOREIGN_CREDIT, 1, false),
        ];
        let cell = |totals: &Option<[Totals; 2]>, part: usize, debit: bool| {
            let of = totals.as_ref()?.get(part)?;
            Some(match debit {
                true => (of.debit_count, of.debit_amount),
                false => (of.credit_count, of.credit_amount),
            })
        };
        let text = |of: Option<(u32, u64)>| {
            of.map_or_else(
                || "—".to_owned(),
                |(count, fen)| format!("{count} · {}", yuan(fen as i64)),
            )
        };
        let row = |(name, part, debit): (Phrase, usize, bool)| {
            let (own, host) = (
                cell(&state.own, part, debit),
                cell(&state.host, part, debit),
            );
            let differ = own.is_some() && host.is_some() && own != host;
            view! {
                <tr class:bad=differ>
                    <th scope="row">{t(name)}</th>
                    <td class="mono">{text(own)}</td>
                    <td class="mono">{text(host)}</td>
                    <td>{differ.then_some("≠")}</td>
                </tr>
            }
            .into_any()
        };
        kinds.map(row).collect_view()
    };
    let verdict = move || {
        let flags = state.read().flags?;
        let (sign, words, class) = if flags == [1, 1] {
            ("✓", w::FLAGS_AGREE, "ok")
        } else {
            ("≠", w::FLAGS_DIFFER, "bad")
        };
        let text = format!(
            "{sign} {} ({} {})",
            words.say(shell.lang.get()),
            flags[0],
            flags[1]
        );
        Some(view! { <p id="flags" class=class>{text}</p> })
    };
    view! {
        <div>
            <table class="list">
                <thead><tr><td></td><th scope="col">{t(w::TERMINAL)}</th><th scope="col">{t(w::FRONT_END)}</th><td></td></tr></thead>
                <tbody>{rows}</tbody>
            </table>
            {verdict}
        </div>
    }
    .into_any()
}

/// The messages of the settlement, and how far the upload is.
#[component]
fn Uploaded(house: House, state: Memo<State>) -> impl IntoView {
    let shell = Shell::here();
    let lines = move || {
        let lang = shell.lang.get();
        let state = state.read();
        state
            .lines
            .iter()
            .map(|line| draw_line(house, line, lang))
            .collect_view()
    };
    let progress = move || {
        let (done, of) = state.read().progress?;
        Some(view! {
            <p class="row">
                <progress id="upload" max=of.to_string() value=done.to_string() aria-label=t(w::UPLOAD)></progress>
                <span class="mono">{format!("{done}/{of}")}</span>
            </p>
        })
    };
    view! {
        <div>
            {progress}
            <div class="scroll" tabindex="0" role="region" aria-label=t(w::UPLOAD)>
                <table class="list"><tbody>{lines}</tbody></table>
            </div>
        </div>
    }
    .into_any()
}

fn draw_line(house: House, line: &Line, lang: Lang) -> AnyView {
    let row = line.row;
    let (sign, class) = match (line.code.as_deref(), line.lost) {
        (_, true) => ("✕", "bad"),
        (Some("00" | "94"), _) => ("✓", "ok"),
        (Some(_), _) => ("✕", "bad"),
        (None, _) => ("→", "dim"),
    };
    let lost = if line.lost { w::LOST.say(lang) } else { "" };
    let what = format!("{} {:06}", line.kind, line.stan);
    view! {
        <tr>
            <td class=class>{sign}</td>
            <td><button type="button" class="link mono" on:click=move |_| house.chosen.set(Some(Chosen::Row(row)))>{line.mti.clone()}</button></td>
            <td class="mono">{what}</td>
            <td class="mono">{line.code.clone()}</td>
            <td class="bad">{lost}</td>
        </tr>
    }
    .into_any()
}

/// What the settlement left open at the host, each to be resolved by a person with a receipt.
#[component]
fn Discrepancies(house: House) -> impl IntoView {
    let found = move || {
        let cursor = house.cursor.get();
        house.run.with(|run| {
            let past = run.events.get(..run.past(cursor)).unwrap_or_default();
            open(past, run.discrepancies(), &run.resolved())
        })
    };
    let found = Memo::new(move |_| found());
    view! {
        <div hidden=move || found.read().is_empty()>
            <h3 class="label">{t(w::DISCREPANCIES)}</h3>
            <ol class="discrepancies" id="discrepancies">
                {move || found.get().into_iter().map(|open| view! { <One house open/> }).collect_view()}
            </ol>
        </div>
    }
    .into_any()
}

/// One discrepancy: what was found, the receipt that is held against it, and the ways out.
#[component]
fn One(house: House, open: Open) -> impl IntoView {
    let shell = Shell::here();
    let line = open.line;
    let held = RwSignal::new(None::<usize>);
    let receipt = move |index: usize| {
        house.run.with(|run| match &run.events.get(index)?.what {
            What::Print { slip } => match &**slip {
                Slip::Trade {
                    trace,
                    amount,
                    duplicate: false,
                    ..
                } => Some((index, format!("{trace:06} {}", yuan(*amount as i64)))),
                _ => None,
            },
            _ => None,
        })
    };
    let options = move || {
        let option = |(index, text): (usize, String)| {
            view! { <option value=index.to_string()>{text}</option> }.into_any()
        };
        let papers = house.torn_slips().into_iter().filter_map(receipt);
        papers.map(option).collect_view()
    };
    let says = Memo::new(move |_| {
        let index = held.get()?;
        house.run.with(|run| match &run.events.get(index)?.what {
            What::Print { slip } => proof(&line, slip),
            _ => None,
        })
    });
    let verdict = move || {
        let lang = shell.lang.get();
        let (sign, class, words) = match says.get()? {
            Proof::Terminal => ("✓", "ok", w::PROOF_TERMINAL),
            Proof::Host => ("✓", "ok", w::PROOF_HOST),
            Proof::Neither => ("≠", "bad", w::PROOF_NEITHER),
            Proof::Other => ("✕", "bad", w::PROOF_OTHER),
        };
        Some(view! { <p class=class data-proof="">{sign} " " {words.say(lang)}</p> })
    };
    let words = move || {
        let (en, zh) = line.found.words();
        let found = if shell.lang.get() == Lang::Zh { zh } else { en };
        let figure = |fen: u64, there: bool| {
            if there {
                yuan(fen as i64)
            } else {
                "—".to_owned()
            }
        };
        let own = figure(line.terminal, line.found != Found::HostOnly);
        let host = figure(line.host, line.found != Found::TerminalOnly);
        let stan = format!("{:06}", line.key.stan);
        let places = [
            ("found", found),
            ("own", &own),
            ("host", &host),
            ("trace", &stan),
        ];
        w::DISCREPANCY.with(shell.lang.get(), &places)
    };
    let choose = move |event| held.set(event_target_value(&event).parse().ok());
    let number = open.number;
    view! {
        <li>
            <p><b class="mono">{number}</b> " " {words}</p>
            {match line.resolution {
                Some(how) => view! { <p class="ok">"✓ " {t(resolved_name(how))}</p> }.into_any(),
                None => view! {
                    <label class="row">
                        {t(w::RECEIPT)}
                        <select data-receipt=number.to_string() on:change=choose>
                            <option value="">{t(w::NO_RECEIPT)}</option>
                            {options}
                        </select>
                    </label>
                    {verdict}
                    <p class="row">
                        {[Resolution::Posted, Resolution::Refunded, Resolution::WrittenOff]
                            .map(|how| draw_way_out(house, number, how))
                            .collect_view()}
                    </p>
                }
                .into_any(),
            }}
        </li>
    }
    .into_any()
}

fn resolution_name(how: Resolution) -> Phrase {
    match how {
        Resolution::Posted => w::RESOLVE_POST,
        Resolution::Refunded => w::RESOLVE_REFUND,
        Resolution::WrittenOff => w::RESOLVE_WRITE_OFF,
    }
}

fn resolved_name(how: Resolution) -> Phrase {
    match how {
        Resolution::Posted => w::RESOLVED_POST,
        Resolution::Refunded => w::RESOLVED_REFUND,
        Resolution::WrittenOff => w::RESOLVED_WRITE_OFF,
    }
}

/// A way out: a line of the script, a second after everything else.
fn draw_way_out(house: House, discrepancy: u32, how: Resolution) -> AnyView {
    let act = move |_| {
        let at_ms = house.run.with_untracked(|run| run.time(run.rows())) + 1_000;
        house.add(Item::Resolve(ResolveSpec {
            discrepancy,
            how,
            at_ms,
        }));
        house.seek(usize::MAX);
    };
    let id = format!("{how:?}").to_lowercase();
    view! { <button type="button" data-resolve=id on:click=act>{t(resolution_name(how))}</button> }
        .into_any()
}
