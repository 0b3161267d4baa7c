//! The tree of DUKPT keys: the counter bit by bit, and one branch for each bit that is set.
//!
//! A key lies under the bit that was set last, one line lower for each bit. Grey branches lead to
//! the keys of other counters, which is why a stolen terminal gives away no earlier transaction.

use super::desk::Desk;
use crate::shell::Shell;
use crate::words::{bench as w, t};
use leptos::prelude::*;

/// Width of a bit.
const COLUMN: u32 = 26;
/// Height of a branch.
const LINE: u32 = 46;
/// Where the first line of keys stands.
const TOP: u32 = 62;
/// Where the first bit stands.
const LEFT: u32 = 44;

/// A key on the way to that of the transaction.
struct Node {
    /// The bit that was set last; none for the initial key.
    bit: Option<u32>,
    /// The counter so far.
    counter: u32,
    /// The value that it is, by index.
    value: Option<usize>,
}

/// The keys after each set bit, from the names of the values, and the width of the counter.
fn path(desk: Desk) -> (Vec<Node>, u32) {
    desk.run.with(|run| {
        let values = run.sheet.values().iter().enumerate();
        let derived = values.filter_map(|(index, value)| {
            let digits = value.name.strip_prefix("key_")?;
            let counter = u32::from_str_radix(digits, 16).ok()?;
            Some((index, counter, digits.len()))
        });
        let derived: Vec<(usize, u32, usize)> = derived.collect();
        let bits = match derived.first() {
            Some((_, _, 8)) => 32,
            _ => 21,
        };
        let root = Node {
            bit: None,
            counter: 0,
            value: run.sheet.find("ik"),
        };
        let nodes = derived.into_iter().map(|(value, counter, _)| Node {
            bit: (counter != 0).then(|| counter.trailing_zeros()),
            counter,
            value: Some(value),
        });
        (std::iter::once(root).chain(nodes).collect(), bits)
    })
}

/// The tree.
#[component]
pub fn Tree(desk: Desk) -> impl IntoView {
    let lang = Shell::here().lang;
    let drawing = move || {
        let (nodes, bits) = path(desk);
        let count = nodes.len().saturating_sub(1);
        let width = LEFT + bits * COLUMN + 8;
        let height = TOP + count as u32 * LINE + 20;
        let names: Vec<String> = nodes.iter().map(name).collect();
        let places = [
            ("count", &*count.to_string()),
            ("path", &*names.join(" → ")),
        ];
        let says = w::COUNTER_SAYS.with(lang.get(), &places);
        let last = nodes.last().map_or(0, |node| node.counter);
        let branches = nodes.windows(2).enumerate();
        let branches = branches
            .map(|(line, pair)| branch(line as u32, pair, bits))
            .collect_view();
        let keys = nodes.iter().enumerate();
        let keys = keys
            .map(|(line, node)| key(desk, line as u32, node, bits))
            .collect_view();
        view! {
            <div class="scroll" tabindex="0" role="group" aria-label=t(w::TREE)>
                <svg class="key-tree" width=width height=height viewBox=format!("0 0 {width} {height}")
                    role="img" aria-label=says.clone()>
                    {(0..bits).rev().map(|bit| digit(bit, last >> bit & 1 == 1, bits)).collect_view()}
                    {branches}
                    {keys}
                </svg>
            </div>
            <p class="dim prose">{says}</p>
            <p class="dim prose">{w::TREE_NOT.say(lang.get())}</p>
        }
    };
    view! {
        <figure class="strip" aria-label=t(w::TREE)>
            <h2 class="label">{t(w::COUNTER)} " · " {t(w::TREE)}</h2>
            {drawing}
        </figure>
    }
}

/// What a key is called.
fn name(node: &Node) -> String {
    match node.bit {
        Some(_) => format!("{:X}", node.counter),
        None => "IK".to_owned(),
    }
}

/// The middle of a bit's column; the initial key stands in front of all.
fn middle(bit: Option<u32>, bits: u32) -> u32 {
    match bit {
        Some(bit) => LEFT + (bits - 1 - bit) * COLUMN + COLUMN / 2,
        None => LEFT / 2,
    }
}

/// One bit of the counter.
fn digit(bit: u32, set: bool, bits: u32) -> impl IntoView {
    let x = middle(Some(bit), bits);
    let class = if set { "bit set" } else { "bit" };
    view! {
        <g class=class>
            <rect x=x - COLUMN / 2 + 1 y="16" width=COLUMN - 2 height="22" rx="2"></rect>
            <text x=x y="31">{u8::from(set)}</text>
            <text class="index" x=x y="11">{bit}</text>
        </g>
    }
}

/// The branches from one key to the keys one bit further; one of them is taken.
fn branch(line: u32, pair: &[Node], bits: u32) -> Option<AnyView> {
    let [from, to] = pair else {
        return None;
    };
    let (x, y) = (middle(from.bit, bits), TOP + line * LINE);
    let below = y + LINE;
    let lower = from.bit.unwrap_or(bits);
    let curve = move |bit: u32| {
        let end = middle(Some(bit), bits);
        let (first, second) = (y + LINE * 3 / 5, y + LINE / 3);
        format!("M{x} {y} C{x} {first} {end} {second} {end} {below}")
    };
    let taken = to.bit;
    let others = (0..lower).filter(|bit| Some(*bit) != taken).map(|bit| {
        let end = middle(Some(bit), bits);
        view! {
            <path class="ghost" d=curve(bit)></path>
            <circle class="ghost" cx=end cy=below r="3"></circle>
        }
    });
    let own = taken.map(|bit| view! { <path class="taken" d=curve(bit)></path> });
    Some(view! { {others.collect_view()} {own} }.into_any())
}

/// One key that was derived; choosing it marks what it comes from and what comes from it.
fn key(desk: Desk, line: u32, node: &Node, bits: u32) -> AnyView {
    let (x, y) = (middle(node.bit, bits), TOP + line * LINE);
    let value = node.value;
    let on = move || desk.pick.get().is_some_and(|(own, _)| Some(own) == value);
    let label = name(node);
    // The last places have no room to their right.
    let left = x > LEFT + bits.saturating_sub(4) * COLUMN;
    // The branch from the initial key leaves to the right, those of the others downwards.
    let below = if node.bit.is_none() { y - 10 } else { y + 16 };
    let (anchor, shift) = if left {
        ("end", x.saturating_sub(10))
    } else {
        ("start", x + 10)
    };
    view! {
        <g class="node" class:on=on
            on:click=move |_| desk.pick.set(value.map(|value| (value, 0)))>
            <circle cx=x cy=y r="6"></circle>
            <text x=shift y=below text-anchor=anchor>{label}</text>
        </g>
    }
    .into_any()
}
