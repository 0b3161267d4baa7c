//! What a person in the story sees at the cursor, in a sentence or two, bound to the books.

use super::play::House;
use super::voice::whole;
use crate::shell::Shell;
use crate::words::{Lang, t, theatre as w};
use leptos::prelude::*;
use poslab_core::node::ledger::yuan;
use poslab_core::node::{NodeId, Screen};
use poslab_core::view::books::{Agreement, Books, Trade};

/// The narration, and the newest line of the logbook for those who listen.
#[component]
pub fn Story(house: House) -> impl IntoView {
    let shell = Shell::here();
    let told = move || {
        let lang = shell.lang.get();
        house
            .books
            .with(|books| told(books, &house.trades.read(), house.terminal.get(), lang))
    };
    let heard = move || {
        // While time goes by itself a voice could not keep up.
        if house.playing.get() {
            return String::new();
        }
        let lang = shell.lang.get();
        let cursor = house.cursor.get();
        house.run.with(|run| {
            let last = run
                .past(cursor)
                .checked_sub(1)
                .and_then(|at| run.events.get(at));
            last.map_or_else(String::new, |event| {
                let step = cursor.to_string();
                w::STEP_IS.with(lang, &[("step", &step), ("line", &whole(event, lang))])
            })
        })
    };
    view! {
        <section class="story" aria-label=t(w::STORY)>
            <p class="told" id="told">{told}</p>
            <p class="visually-hidden" role="status" id="heard">{heard}</p>
        </section>
    }
}

/// The sentence: what the screen means to a person, and what the bank knows that the terminal does
/// not.
fn told(books: &Books, trades: &[Trade], terminal: u8, lang: Lang) -> String {
    let till = books.till_of(NodeId::Terminal(terminal));
    let screen = till.and_then(|till| till.screen);
    let phrase = match screen {
        None | Some(Screen::Ready) => w::T_READY,
        Some(Screen::EnterPin { .. }) => w::T_PIN,
        Some(Screen::PinAgain { .. }) => w::T_PIN_AGAIN,
        Some(Screen::Connecting) => w::T_CONNECTING,
        Some(Screen::SigningOn) => w::T_SIGNING_ON,
        Some(Screen::SignedOn { .. } | Screen::EchoFine) => w::T_SIGNED_ON,
        Some(Screen::SignedOff) => w::T_SIGNED_OFF,
        Some(Screen::Reversing { .. }) => w::T_REVERSING,
        Some(Screen::Reversed) => w::T_REVERSED,
        Some(Screen::ReversalPending) => w::T_PENDING,
        Some(Screen::Approved { .. } | Screen::Balance { .. }) => w::T_APPROVED,
        Some(Screen::Refused { .. } | Screen::Impossible { .. }) => w::T_REFUSED,
        Some(Screen::Cancelled) => w::T_CANCELLED,
        Some(Screen::NoAnswer | Screen::LineBusy) => w::T_NO_LINE,
        Some(Screen::Uploading { .. }) => w::T_UPLOADING,
        Some(Screen::Settling) => w::T_SETTLING,
        Some(Screen::ResumeSettlement) => w::T_RESUME,
        Some(Screen::Settled { balanced: true }) => w::T_SETTLED,
        Some(Screen::Settled { balanced: false }) => w::T_UNSETTLED,
        Some(Screen::Tampered) => w::T_TAMPERED,
    };
    let mut text = phrase.say(lang).to_owned();
    let open = trades
        .iter()
        .rev()
        .find(|trade| trade.agreement != Agreement::Agrees);
    if let Some(trade) = open.filter(|trade| trade.posted.is_some_and(|fen| fen != 0)) {
        let money = yuan(trade.posted.unwrap_or(0).abs());
        let phrase = match trade.agreement {
            Agreement::Open => w::T_TAKEN,
            _ => w::T_DISAGREE,
        };
        text.push(' ');
        text.push_str(&phrase.with(lang, &[("money", &money)]));
    }
    text
}
