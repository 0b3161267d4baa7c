//! Clearing: the positions of each cut-off, what it posted, and the reconciliation statements.

use super::play::{Chosen, House};
use crate::shell::Shell;
use crate::words::{Lang, t, theatre as w};
use leptos::prelude::*;
use poslab_core::node::clearing::{Position, Statement};
use poslab_core::node::ledger::{Fen, yuan};
use poslab_core::sim::{CutOffSpec, Item};
use poslab_core::view::clearing::{ClearingDay, PostingRow, TransitGroup, days, groups};

/// The view: the days cut off so far, and the cut-off itself.
#[component]
pub fn Clearing(house: House) -> impl IntoView {
    let lang = Shell::here().lang;
    let days = Memo::new(move |_| {
        let cursor = house.cursor.get();
        house
            .run
            .with(|run| days(run.events.get(..run.past(cursor)).unwrap_or_default()))
    });
    let cut = move |_| {
        let at_ms = house.run.with_untracked(|run| run.time(run.rows())) + 1_000;
        let at_ms = at_ms.max(CutOffSpec::default().at_ms);
        house.add(Item::CutOff(CutOffSpec { at_ms }));
        house.seek(usize::MAX);
    };
    let drawn = move || {
        let lang = lang.get();
        let days = days.read();
        days.iter()
            .map(|day| draw_day(house, day, lang))
            .collect_view()
    };
    view! {
        <p class="row">
            <button type="button" id="cut-off" on:click=cut>{t(w::CUT_OFF)}</button>
            <span class="dim" hidden=move || !days.read().is_empty()>{t(w::NO_CLEARING)}</span>
        </p>
        {drawn}
    }
    .into_any()
}

fn draw_day(house: House, day: &ClearingDay, lang: Lang) -> AnyView {
    let zh = lang == Lang::Zh;
    let positions = day.positions.as_ref().map(|positions| {
        let rows = positions.members.iter().map(|p| draw_position(p, zh)).collect_view();
        let rest = positions.rest();
        let sign = if rest == 0 { "✓" } else { "✕" };
        view! {
            <table class="list" data-day=positions.day.clone()>
                <caption class="label">{w::POSITIONS.say(lang)} " " {positions.day.clone()} " · " {positions.count}</caption>
                <thead>
                    <tr><td></td><th scope="col">{w::GROSS.say(lang)}</th><th scope="col">{w::FEE.say(lang)}</th><th scope="col">{w::NET.say(lang)}</th></tr>
                </thead>
                <tbody>{rows}</tbody>
                <tfoot><tr><th scope="row">{w::SUM.say(lang)}</th><td></td><td></td><td class="mono">{sign} " " {yuan(rest)}</td></tr></tfoot>
            </table>
        }
        .into_any()
    });
    let postings = day
        .postings
        .iter()
        .map(|posting| draw_posting(house, posting, zh))
        .collect_view();
    let statements = day
        .statements
        .iter()
        .map(|(_, s)| draw_statement(s, lang))
        .collect_view();
    view! {
        <div class="clearing">
            {positions}
            {statements}
            <details>
                <summary>{w::POSTINGS.say(lang)} " " {day.postings.len()}</summary>
                <ol class="events">{postings}</ol>
            </details>
        </div>
    }
    .into_any()
}

fn draw_position(position: &Position, zh: bool) -> AnyView {
    let cell = |fen: Fen| view! { <td class="mono">{yuan(fen)}</td> };
    view! {
        <tr>
            <th scope="row">{position.party.name(zh)}</th>
            {cell(position.gross)}
            {cell(position.fee)}
            {cell(position.net)}
        </tr>
    }
    .into_any()
}

fn draw_posting(house: House, posting: &PostingRow, zh: bool) -> AnyView {
    let event = posting.event;
    let show = move |_| {
        let row = house.run.with_untracked(|run| run.ladder.row_of(event));
        house.chosen.set(Some(Chosen::Row(row)));
    };
    let legs: Vec<String> = posting
        .legs
        .iter()
        .map(|(account, fen)| {
            format!(
                "{} {}{}",
                account.name(zh),
                if *fen > 0 { "+" } else { "" },
                yuan(*fen)
            )
        })
        .collect();
    view! { <li><button type="button" class="link" on:click=show>{legs.join("  ")}</button></li> }
        .into_any()
}

/// A statement as accountants draw it: the books at the left, the bank at the right, equal below.
fn draw_statement(statement: &Statement, lang: Lang) -> AnyView {
    let [bank_in, bank_out, books_in, books_out] = groups(statement, lang == Lang::Zh);
    let side = |title: &'static str, start: Fen, groups: [TransitGroup; 2], end: Fen| {
        let items = groups.into_iter().map(draw_group).collect_view();
        view! {
            <dl class="facts">
                <dt><b>{title}</b></dt><dd class="mono">{yuan(start)}</dd>
                {items}
                <dt><b>{w::ADJUSTED.say(lang)}</b></dt><dd class="mono"><b>{yuan(end)}</b></dd>
            </dl>
        }
        .into_any()
    };
    let (sign, class, words) = if statement.agrees() {
        ("✓", "ok", w::BALANCES_AGREE)
    } else {
        ("≠", "bad", w::BALANCES_DIFFER)
    };
    view! {
        <figure class="statement">
            <figcaption class="label">{w::STATEMENT.say(lang)} " " {statement.mid.clone()}</figcaption>
            <div class="sides">
                {side(w::BOOKS_BALANCE.say(lang), statement.books, [bank_in, bank_out], statement.books_adjusted())}
                {side(w::BANK_BALANCE.say(lang), statement.bank, [books_in, books_out], statement.bank_adjusted())}
            </div>
            <p class=class>{sign} " " {words.say(lang)}</p>
        </figure>
    }
    .into_any()
}

fn draw_group(group: TransitGroup) -> AnyView {
    let sign = if group.adds { "+" } else { "−" };
    let items = group.items.into_iter().map(|(words, fen)| {
        view! { <dt>{words}</dt><dd class="mono">{sign} " " {yuan(fen)}</dd> }.into_any()
    });
    view! {
        <dt class="dim">{sign} " " {group.title}</dt><dd></dd>
        {items.collect_view()}
    }
    .into_any()
}
