//! The hands on the stage: its keys, fingers that rest, and where the menu of faults opens.

use super::faults::Menu;
use super::play::{Chosen, House};
use crate::browser;
use gloo::timers::callback::Timeout;
use leptos::ev::{KeyboardEvent, PointerEvent};
use leptos::prelude::*;

/// Opens the menu of faults where the pointer is, and chooses what it is about.
pub fn open_menu(house: House, about: Chosen, event: &leptos::ev::MouseEvent) {
    event.prevent_default();
    let (x, y) = (f64::from(event.client_x()), f64::from(event.client_y()));
    show_menu(house, about, x, y);
}

fn show_menu(house: House, about: Chosen, x: f64, y: f64) {
    house.playing.set(false);
    house.chosen.set(Some(about));
    // Wide enough to keep the menu in sight at the right edge.
    let x = x.min(browser::width() - 300.0).max(8.0);
    house.menu.set(Some(Menu {
        about,
        x,
        y: y.min(520.0),
    }));
}

/// How long a finger rests before the menu opens.
const HOLD_MS: u32 = 500;
/// How far it may stray meanwhile, in CSS pixels.
const STRAY: f64 = 10.0;

/// A finger that rests.
#[derive(Debug)]
pub struct Held {
    _timer: Timeout,
    x: f64,
    y: f64,
}

/// A finger comes down: when it rests, the menu of faults opens there. A mouse has its right button.
pub fn finger_down(house: House, about: Chosen, event: &PointerEvent) {
    if event.pointer_type() != "touch" {
        return;
    }
    let (x, y) = (f64::from(event.client_x()), f64::from(event.client_y()));
    let open = move || {
        house.held.set_value(None);
        // Some browsers have opened it by a context menu of their own.
        if house.menu.get_untracked().is_none() {
            show_menu(house, about, x, y);
        }
    };
    let timer = Timeout::new(HOLD_MS, open);
    house.held.set_value(Some(Held {
        _timer: timer,
        x,
        y,
    }));
}

/// A finger moves: it scrolls, and does not rest.
pub fn finger_strays(house: House, event: &PointerEvent) {
    let (x, y) = (f64::from(event.client_x()), f64::from(event.client_y()));
    let far = |held: &Option<Held>| {
        held.as_ref()
            .is_some_and(|held| (held.x - x).hypot(held.y - y) > STRAY)
    };
    if house.held.with_value(far) {
        finger_up(house);
    }
}

/// A finger goes up, or the browser takes it for scrolling.
pub fn finger_up(house: House) {
    house.held.set_value(None);
}

/// Keys of the stage.
pub fn on_key(house: House, event: &KeyboardEvent) {
    if event.is_composing() || event.ctrl_key() || event.alt_key() || event.meta_key() {
        return;
    }
    let rows = house.run.with_untracked(|run| run.rows());
    let Some(last) = rows.checked_sub(1) else {
        return;
    };
    let now = match house.chosen.get_untracked() {
        Some(Chosen::Row(row)) => Some(row),
        _ => None,
    };
    let here = now
        .unwrap_or_else(|| house.cursor.get_untracked().saturating_sub(1))
        .min(last);
    let to = match event.key().as_str() {
        "ArrowDown" => now.map_or(here, |row| (row + 1).min(last)),
        "ArrowUp" => now.map_or(here, |row| row.saturating_sub(1)),
        "PageDown" => (here + 10).min(last),
        "PageUp" => here.saturating_sub(10),
        "Home" => 0,
        "End" => last,
        "Enter" | " " => {
            event.prevent_default();
            house.seek(here + 1);
            return;
        }
        "ContextMenu" | "F10" if event.key() != "F10" || event.shift_key() => {
            event.prevent_default();
            let place = browser::by_id(&format!("row-{here}"));
            let box_of = |place: web_sys::HtmlElement| place.get_bounding_client_rect();
            let (x, y) = place
                .map(box_of)
                .map_or((200.0, 200.0), |b| (b.x() + 200.0, b.y()));
            show_menu(house, Chosen::Row(here), x, y);
            return;
        }
        "Escape" => {
            house.chosen.set(None);
            return;
        }
        _ => return,
    };
    event.prevent_default();
    house.chosen.set(Some(Chosen::Row(to)));
}
