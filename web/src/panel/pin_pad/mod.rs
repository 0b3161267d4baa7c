//! PIN pad, the twin of `poslab pad`: a simulated pad with no hardware, or a real one by Web Serial.
//!
//! [`engine`] holds the machines of core, [`desk`] the state and the orders; the other modules
//! draw: [`connect`] what is asked and over which line, [`ask`] the tasks, [`face`] the simulated
//! pad, [`traffic`] every byte. [`trouble`] has words for every way a port can fail. The theatre
//! asks the same desk when its terminal uses this panel's pad.

mod again;
mod ask;
mod connect;
mod desk;
mod engine;
mod face;
mod traffic;
mod trouble;

pub use desk::{Desk, Link};
pub use traffic::Frame;

use crate::shell::Shell;
use crate::words::{pin_pad as w, terms};
use ask::Ask;
use connect::Connect;
use face::PadFace;
use leptos::prelude::*;
use poslab_core::pad::Protocol;
use traffic::Traffic;

/// Draws the panel.
pub fn draw(_: &str) -> AnyView {
    view! { <PinPad/> }.into_any()
}

/// The panel.
#[component]
fn PinPad() -> impl IntoView {
    let shell = Shell::here();
    let desk = Desk::here();
    Effect::new(move || {
        if shell.route.get().panel != "pin-pad" {
            return;
        }
        let protocol = desk.protocol.get();
        shell.same_as(&match desk.link.get() {
            Link::Simulated => format!("poslab pad emulate --protocol {}", protocol.name()),
            _ => command(protocol, &desk.line.get().to_string()),
        });
    });
    view! {
        <div class="sheet pin-pad">
            <h1 class="sentence prose">{terms(w::INTRO_TERMS)}</h1>
            <div class="desk">
                <div class="column">
                    <Connect desk/>
                    <Ask desk/>
                </div>
                <div class="column wide">
                    <PadFace desk/>
                    <Traffic desk/>
                </div>
            </div>
        </div>
    }
}

/// The command that asks the same pad for information.
fn command(protocol: Protocol, line: &str) -> String {
    format!(
        "poslab pad info --port PORT --protocol {} --line {line}",
        protocol.name()
    )
}

/// The name of a family.
pub fn family_name(protocol: Protocol) -> crate::words::Phrase {
    match protocol {
        Protocol::Abecs => w::ABECS,
        Protocol::Visa => w::VISA,
        Protocol::Epp => w::EPP,
    }
}
