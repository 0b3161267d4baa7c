//! Settlement: what both sides counted, the comparison, the upload item by item, the discrepancies.

use super::play::{Chosen, House};
use crate::shell::Shell;
use crate::words::{Lang, Phrase, t, theatre as w};
use leptos::prelude::*;
use poslab_core::node::front_end::Resolution;
use poslab_core::node::ledger::yuan;
use poslab_core::node::{NodeId, Note, Slip, Totals, read_48};
use poslab_core::sim::{Item as Order, ResolveSpec};
use poslab_core::trace::{Event, What};
use poslab_core::view::hop;
use poslab_core::view::ladder::Item;

/// A message of a settlement, as the table shows it.
#[derive(Clone, Debug, PartialEq)]
struct Line {
    row: usize,
    mti: String,
    what: String,
    code: Option<String>,
    lost: bool,
}

/// What is known of the settlement at the cursor.
#[derive(Clone, Debug, Default, PartialEq)]
struct State {
    own: Option<[Totals; 2]>,
    host: Option<[Totals; 2]>,
    flags: Option<[u8; 2]>,
    lines: Vec<Line>,
    slips: Vec<usize>,
}

/// The view.
#[component]
pub fn Settlement(house: House) -> impl IntoView {
    let shell = Shell::here();
    let state = Memo::new(move |_| read(house));
    let none = move || state.with(|state| state.lines.is_empty());
    let totals = move || {
        let lang = shell.lang.get();
        state.with(|state| {
            let side = |name: &'static str, of: Option<[Totals; 2]>| {
                let cells = of.map_or_else(
                    || vec!["—".to_owned(); 4],
                    |[a, b]| {
                        vec![
                            format!(
                                "{} · {}",
                                a.debit_count + b.debit_count,
                                yuan((a.debit_amount + b.debit_amount) as i64)
                            ),
                            format!(
                                "{} · {}",
                                a.credit_count + b.credit_count,
                                yuan((a.credit_amount + b.credit_amount) as i64)
                            ),
                        ]
                    },
                );
                let cells = cells
                    .into_iter()
                    .take(2)
                    .map(|cell| view! { <td class="mono">{cell}</td> })
                    .collect_view();
                view! { <tr><th scope="row">{name}</th>{cells}</tr> }
            };
            (
                side(w::TERMINAL.say(lang), state.own),
                side(w::FRONT_END.say(lang), state.host),
            )
        })
    };
    let verdict = move || {
        let lang = shell.lang.get();
        state.with(|state| {
            state.flags.map(|flags| {
                let fine = flags.iter().all(|flag| *flag == 1);
                let words = if fine {
                    w::FLAGS_AGREE
                } else {
                    w::FLAGS_DIFFER
                };
                let sign = if fine { "✓" } else { "≠" };
                let class = if fine { "ok" } else { "bad" };
                let text = format!("{sign} {} ({} {})", words.say(lang), flags[0], flags[1]);
                view! { <p id="flags" class=class>{text}</p> }
            })
        })
    };
    let lines = move || {
        let lang = shell.lang.get();
        state.with(|state| {
            state
                .lines
                .iter()
                .map(|line| draw_line(house, line, lang))
                .collect_view()
        })
    };
    view! {
        <p class="dim" hidden=move || !none()>{t(w::NO_SETTLEMENT)}</p>
        <div class="settlement" hidden=none>
            <div>
                <table class="list">
                    <thead><tr><td></td><th scope="col">{t(w::DEBIT_SIDE)}</th><th scope="col">{t(w::CREDIT_SIDE)}</th></tr></thead>
                    <tbody>{totals}</tbody>
                </table>
                {verdict}
            </div>
            <div class="scroll" tabindex="0" role="region" aria-label=t(w::UPLOAD)>
                <table class="list"><tbody>{lines}</tbody></table>
            </div>
            <Discrepancies house/>
        </div>
    }
}

/// What the batch upload left open at the host, each to be resolved by a person with a receipt.
#[component]
fn Discrepancies(house: House) -> impl IntoView {
    let shell = Shell::here();
    let found = Memo::new(move |_| {
        let cursor = house.cursor.get();
        house.run.with(|run| {
            let past = run.events.get(..run.past(cursor)).unwrap_or_default();
            let open = |event: &Event| match &event.what {
                What::Note {
                    note: note @ (Note::PostedLate | Note::HostOnly | Note::AmountDiffers),
                } => Some(*note),
                _ => None,
            };
            past.iter().filter_map(open).collect::<Vec<Note>>()
        })
    });
    let resolve = move |discrepancy: u32, how: Resolution, name: Phrase| {
        let act = move |_| {
            let at_ms = house.run.with_untracked(|run| run.time(run.rows())) + 1_000;
            house.add(Order::Resolve(ResolveSpec {
                discrepancy,
                how,
                at_ms,
            }));
            house.seek(usize::MAX);
        };
        view! { <button type="button" on:click=act>{t(name)}</button> }
    };
    let lines = move || {
        let lang = shell.lang.get();
        let line = |(place, note): (usize, Note)| {
            let number = place as u32 + 1;
            let (en, zh) = note.words();
            view! {
                <li>
                    <p><b class="mono">{number}</b> " " {if lang == Lang::Zh { zh } else { en }}</p>
                    <p class="row">
                        {resolve(number, Resolution::Posted, w::RESOLVE_POST)}
                        {resolve(number, Resolution::Refunded, w::RESOLVE_REFUND)}
                        {resolve(number, Resolution::WrittenOff, w::RESOLVE_WRITE_OFF)}
                    </p>
                </li>
            }
        };
        found.get().into_iter().enumerate().map(line).collect_view()
    };
    view! {
        <div hidden=move || found.with(Vec::is_empty)>
            <h3 class="label">{t(w::DISCREPANCIES)}</h3>
            <ol class="events">{lines}</ol>
        </div>
    }
}

fn draw_line(house: House, line: &Line, lang: Lang) -> impl IntoView + use<> {
    let row = line.row;
    let (sign, class) = match (&line.code, line.lost) {
        (_, true) => ("✕", "bad"),
        (Some(code), _) if code == "00" || code == "94" => ("✓", "ok"),
        (Some(_), _) => ("✕", "bad"),
        (None, _) => ("→", "dim"),
    };
    let lost = if line.lost { w::LOST.say(lang) } else { "" };
    view! {
        <tr>
            <td class=class>{sign}</td>
            <td><button type="button" class="link mono" on:click=move |_| house.chosen.set(Some(Chosen::Row(row)))>{line.mti.clone()}</button></td>
            <td>{line.what.clone()}</td>
            <td class="mono">{line.code.clone()}</td>
            <td class="bad">{lost}</td>
        </tr>
    }
}

/// Reads the settlement of the terminal at the counter from its messages.
fn read(house: House) -> State {
    let terminal = NodeId::Terminal(house.terminal.get());
    let cursor = house.cursor.get();
    house.run.with(|run| {
        let mut state = State::default();
        for (row, rung) in run.ladder.rows.iter().enumerate().take(cursor) {
            let arrow = match &rung.item {
                Item::Arrow(arrow) => arrow,
                Item::Act { event, .. } => {
                    let slip = run.events.get(*event).map(|event| &event.what);
                    if let Some(What::Print { slip }) = slip
                        && matches!(**slip, Slip::Settlement { .. })
                    {
                        state.slips.push(*event);
                    }
                    continue;
                }
                Item::Mark { .. } => continue,
            };
            let ours = arrow.from == terminal || arrow.to == terminal;
            if !ours || !matches!(arrow.mti.as_str(), "0500" | "0510" | "0320" | "0330") {
                continue;
            }
            let Some(link) = hop::link(arrow.from, arrow.to) else {
                continue;
            };
            let frame = hop::sent(&run.events, arrow.sent);
            let tree = link.dissect(&frame);
            let value = |path: &str| tree.find(path).map(|node| tree.value(node));
            if let Some((totals, flags)) = value("DE48").and_then(|digits| read_48(&digits)) {
                if arrow.mti == "0500" {
                    state = State {
                        own: Some(totals),
                        ..State::default()
                    };
                } else if arrow.mti == "0510" {
                    state.host = Some(totals);
                    state.flags = Some(flags);
                }
            }
            let kind = value("DE60").and_then(|f60| f60.get(8..11).map(str::to_owned));
            state.lines.push(Line {
                row,
                mti: arrow.mti.clone(),
                what: format!("{} {:06}", kind.unwrap_or_default(), arrow.stan),
                code: value("DE39"),
                lost: arrow.arrived.is_empty(),
            });
        }
        state
    })
}
