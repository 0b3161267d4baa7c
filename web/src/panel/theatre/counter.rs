//! The counter: a terminal to operate, its printer, its PIN pad, and cards with stories.
//!
//! Keys become an order by the conversation in `view::counter`; what the screen says afterwards is
//! the run's, at the cursor.

use super::play::House;
use super::transport::asks_again;
use crate::browser::{self, clip};
use crate::shell::Shell;
use crate::words::{Lang, Phrase, t, theatre as w};
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use poslab_core::node::{Entry, NodeId, PinChoice};
use poslab_core::sim::Holder;
use poslab_core::trace::What;
use poslab_core::view::counter::{Asks, Counter, ENTRIES, Key, Wish};

/// The counter.
#[component]
pub fn CounterPanel(house: House) -> impl IntoView {
    let talk = RwSignal::new(Counter::default());
    let again = RwSignal::new(None::<Wish>);
    ask_again(house, talk, again);
    let press = move |key: Key| press(house, talk, again, key);
    let on_key = move |event: KeyboardEvent| {
        if event.is_composing() || event.ctrl_key() || event.meta_key() || event.alt_key() {
            return;
        }
        let Some(key) = key_of(&event.key()) else {
            return;
        };
        // Enter and space on a focused key press that key; the rest go to the terminal.
        let on_button = browser::tag_of(&event) == "BUTTON";
        if on_button && key == Key::Enter {
            return;
        }
        event.prevent_default();
        press(key);
    };
    view! {
        <section class="cashdesk" id="counter" aria-label=t(w::COUNTER) on:keydown=on_key>
            <div class="row spread">
                <h2 class="label">{t(w::COUNTER)}</h2>
                <button type="button" class="link narrow" id="to-stage" on:click=|_| browser::bring("stage")>{t(w::TO_STAGE)}</button>
            </div>
            <Which house/>
            <Printer house/>
            <div class="till" id="till" tabindex="0" role="group" aria-label=t(w::TILL)>
                <Screen house talk press/>
                <Keys talk press/>
            </div>
            <Pad house talk press/>
            <Cards house talk press/>
        </section>
    }
}

/// The key of the terminal for a key of the keyboard.
fn key_of(name: &str) -> Option<Key> {
    match name {
        "Enter" => Some(Key::Enter),
        "Backspace" => Some(Key::Back),
        "Escape" => Some(Key::Cancel),
        digit if digit.len() == 1 => digit.parse().ok().map(Key::Digit),
        _ => None,
    }
}

/// A key was pressed: the conversation goes on, and a complete order goes to the world.
fn press(house: House, talk: RwSignal<Counter>, again: RwSignal<Option<Wish>>, key: Key) {
    let card = house.card.get_untracked();
    let judge = |typed: &[u8]| {
        let of = |stage: &std::sync::Arc<poslab_core::sim::Stage>| {
            stage.holder(&card).map(|holder| holder.choice_of(typed))
        };
        house
            .with_stage(of)
            .flatten()
            .unwrap_or(PinChoice::Wrong(0))
    };
    let outside = house.outside.get_untracked() && house.terminal.get_untracked() == 0;
    let pressed = |talk: &mut Counter| {
        let wish = talk.press(key, judge);
        wish.or_else(|| outside.then(|| talk.pin_elsewhere()).flatten())
    };
    let wish = talk.try_update(pressed).flatten();
    let Some(wish) = wish else { return };
    if again.get_untracked().is_some() {
        again.set(None);
        house.type_again(wish.pin);
    } else {
        house.order(&wish);
    }
}

/// When the pad asks once more, the conversation goes back to the PIN.
fn ask_again(house: House, talk: RwSignal<Counter>, again: RwSignal<Option<Wish>>) {
    Effect::new(move || {
        let cursor = house.cursor.get();
        let playing = house.playing.get();
        let asked = !playing
            && cursor > 0
            && house
                .run
                .with(|run| cursor < run.rows() && asks_again(run, cursor - 1));
        if asked && again.get_untracked().is_none() {
            let wish = Wish {
                operation: poslab_core::node::Operation::Trade(poslab_core::node::TradeKind::Sale),
                amount: 0,
                entry: Entry::Chip,
                original: None,
                pin: PinChoice::None,
            };
            again.set(Some(wish));
            talk.update(|talk| talk.again(wish));
        } else if !asked && again.get_untracked().is_some() {
            again.set(None);
            talk.set(Counter::default());
        }
    });
}

/// Which terminal stands at the counter, where there are several.
#[component]
fn Which(house: House) -> impl IntoView {
    let count = Memo::new(move |_| {
        house.run.with(|run| {
            run.scenario
                .as_ref()
                .and_then(|s| s.world.terminals)
                .unwrap_or(1)
        })
    });
    let choose = move |k: u8| {
        view! {
            <button
                type="button"
                aria-pressed=move || (house.terminal.get() == k).to_string()
                on:click=move |_| house.terminal.set(k)
            >
                {t(w::TERMINAL)} " " {k + 1}
            </button>
        }
    };
    view! {
        <div class="row" hidden=move || count.get() < 2>
            {move || (0..count.get()).map(choose).collect_view()}
        </div>
    }
}

/// The terminal's screen: the conversation while it asks, else what the run shows at the cursor.
#[component]
fn Screen(
    house: House,
    talk: RwSignal<Counter>,
    press: impl Fn(Key) + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let shell = Shell::here();
    let lines = move || {
        let zh = shell.lang.get() == Lang::Zh;
        let asked = talk.with(|talk| talk.lines(zh));
        if !asked.is_empty() {
            return asked;
        }
        let node = NodeId::Terminal(house.terminal.get());
        let shown = house.books.with(|books| {
            let till = books.till_of(node)?;
            till.screen.map(|screen| screen.text(zh))
        });
        shown.into_iter().collect()
    };
    let menu = move || {
        let zh = shell.lang.get() == Lang::Zh;
        let node = NodeId::Terminal(house.terminal.get());
        let busy = house
            .books
            .with(|books| books.till_of(node).is_some_and(|till| till.busy));
        let items = if busy {
            &[][..]
        } else {
            talk.with(Counter::menu)
        };
        items
            .iter()
            .map(|item| {
                let digit = item.digit;
                // A finger may take the line itself; the key of the pad does the same.
                view! {
                    <li data-offer=digit.to_string() on:click=move |_| press(Key::Digit(digit))>
                        <b>{digit}</b> " " {if zh { item.zh } else { item.en }}
                    </li>
                }
            })
            .collect_view()
    };
    view! {
        <div class="screen" id="screen" role="status">
            {move || lines().into_iter().map(|line| view! { <p>{line}</p> }).collect_view()}
            <ul class="offers">{menu}</ul>
        </div>
    }
}

/// The keys of the terminal.
#[component]
fn Keys(
    talk: RwSignal<Counter>,
    press: impl Fn(Key) + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let shell = Shell::here();
    let digit = move |digit: u8| {
        let says = move || {
            let item =
                talk.with(|talk| talk.menu().iter().find(|item| item.digit == digit).copied());
            item.map(|item| match shell.lang.get() {
                Lang::En => format!("{digit} {}", item.en),
                Lang::Zh => format!("{digit} {}", item.zh),
            })
        };
        view! {
            <button type="button" class:nought=digit == 0 data-key=digit.to_string() title=says on:click=move |_| press(Key::Digit(digit))>
                {digit}
            </button>
        }
    };
    let named = move |key: Key,
                      class: &'static str,
                      sign: &'static str,
                      name: Phrase,
                      id: &'static str| {
        view! {
            <button type="button" class=class data-key=id aria-label=t(name) on:click=move |_| press(key)>
                {sign}
            </button>
        }
    };
    view! {
        <div class="keys" role="group" aria-label=t(w::KEYPAD)>
            {(1..=9).map(digit).collect_view()}
            {named(Key::Cancel, "stop", "✕", w::KEY_CANCEL, "cancel")}
            {digit(0)}
            {named(Key::Back, "back", "←", w::KEY_BACK, "back")}
            {named(Key::Enter, "go", "○", w::KEY_ENTER, "enter")}
        </div>
    }
}

/// The PIN pad with its own screen; it takes the focus of the eye only while a PIN is asked for.
#[component]
fn Pad(
    house: House,
    talk: RwSignal<Counter>,
    press: impl Fn(Key) + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let shell = Shell::here();
    let asked = Memo::new(move |_| talk.with(|talk| talk.asks() == Asks::Pin));
    let shown = move || {
        let lang = shell.lang.get();
        if !asked.get() {
            return w::PAD_RESTS.say(lang).to_owned();
        }
        let (amount, stars) = talk.with(|talk| (talk.wish().amount, talk.stars()));
        let money = poslab_core::node::ledger::yuan(amount as i64);
        let stars = "*".repeat(stars);
        w::PAD_ASKS.with(lang, &[("amount", &money), ("stars", &stars)])
    };
    let key = move |digit: u8| {
        view! { <button type="button" class:nought=digit == 0 data-pad=digit.to_string() on:click=move |_| press(Key::Digit(digit))>{digit}</button> }
    };
    let knows = move || {
        house
            .with_stage(|stage| stage.holder(&house.card.get()).map(Holder::knows))
            .flatten()
    };
    view! {
        <div class="pinpad" hidden=move || !asked.get() role="group" aria-label=t(w::PIN_PAD)>
            <output class="screen" id="pad-screen">{shown}</output>
            <div class="keys">
                {(1..=9).map(key).collect_view()}
                <button type="button" class="stop" aria-label=t(w::KEY_CANCEL) on:click=move |_| press(Key::Cancel)>"✕"</button>
                {key(0)}
                <button type="button" class="back" aria-label=t(w::KEY_BACK) on:click=move |_| press(Key::Back)>"←"</button>
                <button type="button" class="go" data-pad="enter" aria-label=t(w::KEY_ENTER) on:click=move |_| press(Key::Enter)>"○"</button>
            </div>
            <p class="dim hint">
                {t(w::HOLDER_KNOWS)} " " <b class="mono">{knows}</b>
            </p>
        </div>
    }
}

/// The cards, and the ways to present one.
#[component]
fn Cards(
    house: House,
    talk: RwSignal<Counter>,
    press: impl Fn(Key) + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let shell = Shell::here();
    let holders = house
        .with_stage(|stage| stage.holders.clone())
        .unwrap_or_default();
    let told = holders.clone();
    let story = move || {
        let card = house.card.get();
        let holder = told.iter().find(|holder| holder.profile.name == card);
        holder.map(|holder| story(holder, shell.lang.get()))
    };
    let pick = move |holder: Holder| {
        let name = holder.profile.name.clone();
        let (this, set) = (name.clone(), name.clone());
        let title = move || match shell.lang.get() {
            Lang::En => holder.title.en.clone(),
            Lang::Zh => holder.title.zh.clone(),
        };
        view! {
            <button
                type="button"
                class="bankcard"
                data-card=name
                aria-pressed=move || (house.card.get() == this).to_string()
                on:click=move |_| house.card.set(set.clone())
            >
                {title}
            </button>
        }
    };
    let present = move |entry: Entry| {
        let name = match entry {
            Entry::Chip => w::INSERT,
            Entry::Tap => w::TAP,
            Entry::Swipe | Entry::Fallback => w::SWIPE,
            Entry::Manual => w::BY_HAND,
        };
        let wanted = move || talk.with(|talk| talk.asks() == Asks::Card);
        let id = match entry {
            Entry::Chip => "chip",
            Entry::Tap => "tap",
            Entry::Swipe | Entry::Fallback => "swipe",
            Entry::Manual => "manual",
        };
        view! {
            <button type="button" class:wanted=wanted data-entry=id on:click=move |_| press(Key::Card(entry))>{t(name)}</button>
        }
    };
    view! {
        <div class="wallet" role="group" aria-label=t(w::CARDS)>
            <div class="ways">{ENTRIES.into_iter().map(present).collect_view()}</div>
            <div class="cards">{holders.into_iter().map(pick).collect_view()}</div>
            <p class="story dim">{story}</p>
        </div>
    }
}

/// What there is to know of a card.
fn story(holder: &Holder, lang: Lang) -> String {
    let money = poslab_core::node::ledger::yuan(holder.opening);
    let pan = holder.profile.masked();
    w::STORY_OF.with(
        lang,
        &[("pan", &pan), ("money", &money), ("pin", &holder.knows())],
    )
}

/// Torn slips that lie in sight: the newest.
const SHEAF: usize = 12;

/// The printer: the newest slip hangs out of it; torn off, it lies on the counter as text.
#[component]
fn Printer(house: House) -> impl IntoView {
    let shell = Shell::here();
    let torn = house.torn;
    let copied = RwSignal::new(false);
    let slips = Memo::new(move |_| {
        let node = NodeId::Terminal(house.terminal.get());
        house.books.with(|books| {
            books
                .till_of(node)
                .map(|till| till.slips.clone())
                .unwrap_or_default()
        })
    });
    let zh = move || shell.lang.get() == Lang::Zh;
    let text = move |indices: &[usize], zh: bool| {
        house.run.with(|run| {
            let text = |index: &usize| match &run.events.get(*index)?.what {
                What::Print { slip } => Some(slip.text(zh)),
                _ => None,
            };
            indices.iter().filter_map(text).collect::<Vec<String>>()
        })
    };
    // A receipt that time has taken back is not torn off any more.
    Effect::new(move || {
        let count = slips.with(Vec::len);
        if torn.get_untracked() > count {
            torn.set(count);
        }
    });
    let hangs = move || {
        let last = slips.with(|slips| slips.get(torn.get()..)?.last().copied())?;
        text(&[last], zh()).pop()
    };
    let lies = move || {
        let all = slips.with(|slips| slips.get(..torn.get()).unwrap_or_default().to_vec());
        text(
            all.get(all.len().saturating_sub(SHEAF)..)
                .unwrap_or_default(),
            zh(),
        )
    };
    let tear = move |_| {
        copied.set(false);
        torn.set(slips.with_untracked(Vec::len));
    };
    let copy = move |_| {
        let all = text(&slips.get_untracked(), zh()).join("\n\n");
        clip::copy(&all, move || copied.set(true));
    };
    view! {
        <div class="printer">
            <pre class="slip" id="slip" tabindex="0" aria-label=t(w::SLIP) hidden=move || hangs().is_none()>{hangs}</pre>
            <div class="row spread" hidden=move || slips.with(Vec::is_empty)>
                <button type="button" class="link" id="tear" disabled=move || hangs().is_none() on:click=tear>{t(w::TEAR_OFF)}</button>
                <button type="button" class="link" on:click=copy>
                    {move || if copied.get() { t(w::COPIED)() } else { t(w::COPY_SLIPS)() }}
                </button>
            </div>
            <details class="torn" hidden=move || torn.get() == 0>
                <summary>{t(w::TORN_OFF)} " " {move || torn.get()}</summary>
                <div class="sheaf">
                    {move || lies().into_iter().rev().map(|slip| view! { <pre class="slip">{slip}</pre> }).collect_view()}
                </div>
            </details>
        </div>
    }
}
