//! The hands on the stage: its keys, and where the menu of faults opens.

use super::faults::Menu;
use super::play::{Chosen, House};
use crate::browser;
use leptos::ev::KeyboardEvent;
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
