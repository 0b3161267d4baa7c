//! Theatre, the twin of `poslab run`: operate a terminal, watch every byte, break it, go back in time.
//!
//! [`play`] holds the state: a script, the run core made of it, and a cursor. Everything else draws:
//! [`counter`] the terminal and its cards, [`stage`] the lanes and arrows, [`transport`] time,
//! [`side`] what is chosen, [`strip`] the books and the logbook below.

mod branches;
mod cable;
mod clearing;
mod counter;
mod faults;
mod handshake;
mod keys;
mod line;
mod machine;
mod memory;
mod nac;
mod play;
mod properties;
mod script;
mod settlement;
mod side;
mod stage;
mod story;
mod strip;
mod transport;
mod voice;

use crate::browser;
use crate::shell::Shell;
use crate::words::{t, theatre as w};
use cable::PadWaits;
use counter::CounterPanel;
use faults::FaultMenu;
use gloo::timers::callback::Timeout;
use leptos::prelude::*;
use play::House;
use poslab_core::view::address::Address;
use side::Side;
use stage::Stage;
use story::Story;
use strip::Strip;
use transport::Transport;

/// Draws the panel.
pub fn draw(_: &str) -> AnyView {
    let shell = Shell::here();
    let rest = shell.route.with_untracked(|route| route.rest.clone());
    let house = House::open(&rest);
    view! { <Theatre house/> }.into_any()
}

/// The panel.
#[component]
fn Theatre(house: House) -> impl IntoView {
    let shell = Shell::here();
    // An address that is opened while the panel stands brings its piece on.
    Effect::new(move |before: Option<String>| {
        let route = shell.route.get();
        if route.panel != "theatre" {
            return before.unwrap_or_default();
        }
        if before.is_some_and(|before| before != route.rest) && !route.rest.is_empty() {
            house.visit(&Address::of(&route.rest));
        }
        route.rest
    });
    // The address follows when time rests; browsers refuse to have it changed many times a second.
    let later = StoredValue::new_local(None::<Timeout>);
    Effect::new(move || {
        shell.route.track();
        house.run.track();
        house.cursor.track();
        let write =
            (!house.playing.get()).then(|| Timeout::new(150, move || house.write_address(shell)));
        later.set_value(write);
    });
    view! {
        <div class="theatre" class:tall=house.tall>
            <h1 class="visually-hidden">{t(w::TITLE)}</h1>
            <div class="left">
                <CounterPanel house/>
            </div>
            <div class="middle">
                <Transport house/>
                <p class="hop narrow">
                    <button type="button" class="link" id="to-till" on:click=|_| browser::bring("counter")>{t(w::TO_TILL)}</button>
                </p>
                <div class="tale">
                    <Story house/>
                    <PadWaits house/>
                </div>
                <Stage house/>
            </div>
            <Side house/>
            <Strip house/>
            <FaultMenu house/>
        </div>
    }
}

/// The address that brings a scenario on the stage, at its beginning.
pub fn address_of(scenario: &poslab_core::sim::Scenario) -> String {
    poslab_core::sim::Stage::load().map_or_else(
        |_| "theatre".to_owned(),
        |stage| {
            format!(
                "theatre?{}",
                poslab_core::view::address::write(scenario, None, &stage)
            )
        },
    )
}
