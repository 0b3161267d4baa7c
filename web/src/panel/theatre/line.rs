//! The line: the chosen message bit by bit, async or HDLC; flip bits and see which layer notices.

use super::handshake::{Handshake, Missed};
use super::play::{Chosen, House, Run};
use crate::shell::Shell;
use crate::words::{Lang, Phrase, t, theatre as w};
use leptos::prelude::*;
use poslab_core::frame::line::{Bit, Caught, Line, Parity, Part, receive, send};
use poslab_core::view::damage::{Noticed, tally as tally_past};
use poslab_core::view::exchange::character_bits;
use poslab_core::view::hop;
use std::collections::BTreeSet;
use std::ops::Range;

/// Characters in the document at most; a message has more, and the page turns.
const SHOWN: usize = 24;

/// The view.
#[component]
pub fn LineView(house: House) -> impl IntoView {
    let shell = Shell::here();
    let kind = RwSignal::new(Line::Async(Parity::Even));
    let rate = RwSignal::new(1200u32);
    let page = RwSignal::new(0usize);
    let flips = RwSignal::new(BTreeSet::<usize>::new());
    let frame = Memo::new(move |_| {
        house.run.with(|run| {
            let arrow = chosen_arrow(house, run).and_then(|row| run.ladder.arrow(row));
            arrow.map_or_else(Vec::new, |arrow| hop::sent(&run.events, arrow.sent))
        })
    });
    let bits = Memo::new(move |_| send(kind.get(), &frame.read()));
    Effect::new(move || {
        bits.track();
        flips.set(BTreeSet::new());
        page.set(0);
    });
    let verdict = move || {
        let lang = shell.lang.get();
        let flips = flips.get();
        let levels = bits.with(|bits| levels(bits, &flips));
        match receive(kind.get(), &levels) {
            Ok(got) if got == *frame.read() => ("ok", w::ARRIVES.say(lang).to_owned()),
            Ok(_) => ("bad", w::NOBODY_NOTICED.say(lang).to_owned()),
            Err(caught) => (
                "warn",
                w::CAUGHT_BY.with(lang, &[("layer", layer(caught).say(lang))]),
            ),
        }
    };
    let class = verdict;
    let tell = move || {
        let lang = shell.lang.get();
        let count = bits.with(Vec::len);
        let text = frame.with(Vec::len) * 8;
        let ms = count as u64 * 1000 / u64::from(rate.get().max(1));
        let share = (text * 100).checked_div(count).unwrap_or(0);
        let places = [
            ("bits", count.to_string()),
            ("text", text.to_string()),
            ("share", share.to_string()),
            ("ms", ms.to_string()),
        ];
        let places: Vec<(&str, &str)> = places
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        w::LINE_COSTS.with(lang, &places)
    };
    let cells = move || {
        let from = page.get() * SHOWN;
        let flips_now = flips.get();
        bits.with(|bits| {
            let shown = characters(kind.get(), bits);
            let shown = shown.into_iter().skip(from).take(SHOWN);
            shown
                .map(|place| {
                    let name = character_name(bits.get(place.clone()).unwrap_or_default());
                    let cells = bits.iter().enumerate().take(place.end).skip(place.start);
                    let cells = cells
                        .map(|(at, bit)| draw(flips, at, *bit, flips_now.contains(&at)))
                        .collect_view();
                    view! { <span class="character"><span>{cells}</span><i>{name}</i></span> }
                })
                .collect_view()
        })
    };
    let pages = move || {
        let count = bits.with(|bits| characters(kind.get(), bits).len());
        count.div_ceil(SHOWN).max(1)
    };
    let turn = move |by: isize| {
        move |_| page.update(|page| *page = page.saturating_add_signed(by).min(pages() - 1))
    };
    let choose = move |event| {
        kind.set(match event_target_value(&event).as_str() {
            "8n1" => Line::Async(Parity::None),
            "8o1" => Line::Async(Parity::Odd),
            "hdlc" => Line::Sync,
            _ => Line::Async(Parity::Even),
        });
    };
    view! {
        <div class="wire">
            <div class="row">
                <label>
                    <span class="visually-hidden">{t(w::LINE_KIND)}</span>
                    <select id="line-kind" on:change=choose>
                        <option value="8e1">"async 8E1"</option>
                        <option value="8n1">"async 8N1"</option>
                        <option value="8o1">"async 8O1"</option>
                        <option value="hdlc">"sync HDLC"</option>
                    </select>
                </label>
                <label>
                    <span class="visually-hidden">{t(w::RATE)}</span>
                    <select on:change=move |event| rate.set(event_target_value(&event).parse().unwrap_or(1200))>
                        <option>"1200"</option><option>"2400"</option><option>"9600"</option><option>"19200"</option>
                    </select>
                    " bit/s"
                </label>
                <span class="dim">{tell}</span>
                <button type="button" on:click=turn(-1) aria-label=t(w::PAGE_BACK)>"◀"</button>
                <span class="mono">{move || page.get() + 1} "/" {pages}</span>
                <button type="button" on:click=turn(1) aria-label=t(w::PAGE_ON)>"▶"</button>
            </div>
            <p id="caught" role="status" class=move || class().0>{move || verdict().1}</p>
            <div class="onwire">
                <div>
                    <div class="bits" role="group" aria-label=t(w::BITS)>{cells}</div>
                    <p class="dim">{t(w::LINE_HELP)}</p>
                </div>
                <Handshake house kind rate frame flips/>
            </div>
            <Pairs house kind frame flips/>
        </div>
    }
}

fn levels(bits: &[Bit], flips: &BTreeSet<usize>) -> Vec<bool> {
    let level = |(at, bit): (usize, &Bit)| bit.high ^ flips.contains(&at);
    bits.iter().enumerate().map(level).collect()
}

/// The bits of each character; of HDLC each octet with the zeros stuffed into it.
fn characters(kind: Line, bits: &[Bit]) -> Vec<Range<usize>> {
    let most = match kind {
        Line::Async(parity) => character_bits(parity).0,
        Line::Sync => 8,
    };
    let mut all = Vec::new();
    let (mut start, mut held) = (0, 0);
    for (at, bit) in bits.iter().enumerate() {
        if held == most && bit.part != Part::Stuffed {
            all.push(start..at);
            (start, held) = (at, 0);
        }
        held += usize::from(bit.part != Part::Stuffed);
    }
    all.push(start..bits.len());
    all
}

/// A character as it reads: its octet, and its name when it is one of the line's own.
fn character_name(bits: &[Bit]) -> String {
    let own = |bit: &&Bit| {
        !matches!(
            bit.part,
            Part::Start | Part::Stop | Part::Parity | Part::Stuffed
        )
    };
    let octet = bits.iter().filter(own).rev();
    let octet = octet.fold(0_u8, |octet, bit| octet << 1 | u8::from(bit.high));
    let name = bits
        .iter()
        .find(own)
        .map_or("", |bit| match (bit.part, octet) {
            (Part::Mark, 2) => " STX",
            (Part::Mark, _) => " ETX",
            (Part::Lrc, _) => " LRC",
            (Part::Flag, _) => " flag",
            (Part::Fcs, _) => " FCS",
            (Part::Header, _) => " A/C",
            _ => "",
        });
    format!("{octet:02X}{name}")
}

/// One bit: a button that flips it.
fn draw(flips: RwSignal<BTreeSet<usize>>, at: usize, bit: Bit, flipped: bool) -> impl IntoView {
    let class = match bit.part {
        Part::Start | Part::Stop => "bit edge",
        Part::Parity | Part::Lrc | Part::Fcs => "bit check",
        Part::Flag | Part::Mark | Part::Header => "bit frame",
        Part::Stuffed => "bit stuffed",
        Part::Data => "bit",
    };
    let high = bit.high ^ flipped;
    let flip = move |_| {
        flips.update(|flips| {
            if !flips.remove(&at) {
                flips.insert(at);
            }
        });
    };
    view! {
        <button type="button" class=class class:high=high aria-pressed=flipped.to_string() title=part(bit.part) on:click=flip>
            {if high { "1" } else { "0" }}
        </button>
    }
}

fn part(part: Part) -> &'static str {
    match part {
        Part::Start => "start",
        Part::Data => "data",
        Part::Parity => "parity",
        Part::Stop => "stop",
        Part::Mark => "STX / ETX",
        Part::Lrc => "LRC",
        Part::Flag => "flag 7E",
        Part::Header => "address, control",
        Part::Fcs => "FCS-16",
        Part::Stuffed => "stuffed 0",
    }
}

/// What a layer of the line is called.
pub fn layer(caught: Caught) -> Phrase {
    match caught {
        Caught::Character => w::L_CHARACTER,
        Caught::Parity => w::L_PARITY,
        Caught::Frame => w::L_FRAME,
        Caught::Lrc => w::L_LRC,
        Caught::Flag => w::L_FLAG,
        Caught::Fcs => w::L_FCS,
    }
}

/// Who catches what: real runs over this message, one bit flipped, then two.
#[component]
fn Pairs(
    house: House,
    kind: RwSignal<Line>,
    frame: Memo<Vec<u8>>,
    flips: RwSignal<BTreeSet<usize>>,
) -> impl IntoView {
    let shell = Shell::here();
    let open = RwSignal::new(false);
    let pairs = RwSignal::new(false);
    let counts = Memo::new(move |_| {
        if open.get() {
            Some(tally(kind.get(), &frame.read()))
        } else {
            None
        }
    });
    let line = move || {
        let lang = shell.lang.get();
        counts.get().map(|(one, two)| {
            view! {
                <table class="list" id="tally">
                    <thead>
                        <tr><td></td><th scope="col">{w::ONE_FLIP.say(lang)}</th><th scope="col">{w::TWO_FLIPS.say(lang)}</th></tr>
                    </thead>
                    <tbody>{rows(&one, &two, lang)}</tbody>
                </table>
            }
        })
    };
    let past = move || {
        let counts = open
            .get()
            .then(|| house.run.with(|run| past_the_line(house, run)))??;
        let lang = shell.lang.get();
        let rows = Noticed::ALL
            .iter()
            .zip(counts)
            .filter(|(_, count)| *count > 0);
        let row = |(who, count): (&Noticed, usize)| {
            view! { <tr><th scope="row">{noticed(*who).say(lang)}</th><td class="mono">{count}</td></tr> }.into_any()
        };
        Some(view! {
            <table class="list" id="past-line">
                <thead><tr><th scope="col">{w::PAST_LINE.say(lang)}</th><th scope="col">{w::BITS.say(lang)}</th></tr></thead>
                <tbody>{rows.map(row).collect_view()}</tbody>
            </table>
        })
    };
    view! {
        <p class="row">
            <button type="button" id="try-all" on:click=move |_| open.set(true)>{t(w::TRY_ALL)}</button>
            <button type="button" id="try-pairs" on:click=move |_| pairs.set(true)>{t(w::TRY_PAIRS)}</button>
        </p>
        <div class="row tallies">
            {line}
            {past}
            {move || pairs.get().then(|| view! { <Missed house kind frame flips/> })}
        </div>
    }
}

/// Bits that are flipped past the line: so many, spread over the message.
const SAMPLE: u32 = 48;

/// Runs the world once for each of some bits of the chosen message.
fn past_the_line(house: House, run: &Run) -> Option<[usize; Noticed::ALL.len()]> {
    let arrow = run.ladder.arrow(chosen_arrow(house, run)?)?;
    let len = hop::sent(&run.events, arrow.sent).len() as u32 * 8;
    let bits: Vec<u32> = (0..SAMPLE).map(|k| k * len / SAMPLE).collect();
    Some(tally_past(run.replay()?, &arrow.place(), &bits))
}

/// The row of the chosen message, else the first of the run.
pub fn chosen_arrow(house: House, run: &Run) -> Option<usize> {
    match house.chosen.get() {
        Some(Chosen::Row(row)) if run.ladder.arrow(row).is_some() => Some(row),
        _ => (0..run.rows()).find(|row| run.ladder.arrow(*row).is_some()),
    }
}

/// What those behind the line are called.
pub fn noticed(who: Noticed) -> Phrase {
    match who {
        Noticed::Address => w::N_ADDRESS,
        Noticed::Form => w::N_FORM,
        Noticed::Mac => w::N_MAC,
        Noticed::Echo => w::N_ECHO,
        Noticed::Refused => w::N_REFUSED,
        Noticed::Broken => w::N_BROKEN,
        Noticed::Nobody => w::N_NOBODY,
    }
}

/// How many damaged frames each layer caught; the last are those that nobody noticed.
type Tally = [usize; 7];

const LAYERS: [Caught; 6] = [
    Caught::Character,
    Caught::Parity,
    Caught::Frame,
    Caught::Lrc,
    Caught::Flag,
    Caught::Fcs,
];

fn tally(kind: Line, frame: &[u8]) -> (Tally, Tally) {
    let good: Vec<bool> = send(kind, frame).iter().map(|bit| bit.high).collect();
    let judge = |flips: &[usize], tally: &mut Tally| {
        let mut levels = good.clone();
        for at in flips {
            if let Some(level) = levels.get_mut(*at) {
                *level = !*level;
            }
        }
        let slot = match receive(kind, &levels) {
            Ok(_) => LAYERS.len(),
            Err(caught) => LAYERS
                .iter()
                .position(|layer| *layer == caught)
                .unwrap_or(0),
        };
        if let Some(count) = tally.get_mut(slot) {
            *count += 1;
        }
    };
    let (mut one, mut two) = (Tally::default(), Tally::default());
    for at in 0..good.len() {
        judge(&[at], &mut one);
    }
    // Pairs one character apart: the ones an LRC can miss.
    let apart = match kind {
        Line::Async(parity) => character_bits(parity).0,
        Line::Sync => 8,
    };
    for at in 0..good.len().saturating_sub(apart) {
        judge(&[at, at + apart], &mut two);
    }
    (one, two)
}

fn rows(one: &Tally, two: &Tally, lang: Lang) -> impl IntoView + use<> {
    let names = LAYERS
        .map(|caught| layer(caught).say(lang))
        .into_iter()
        .chain([w::L_NOBODY.say(lang)]);
    let rows: Vec<(&'static str, usize, usize)> = names
        .zip(one.iter().zip(two))
        .map(|(name, (a, b))| (name, *a, *b))
        .collect();
    rows.into_iter()
        .filter(|(name, a, b)| a + b > 0 || *name == w::L_NOBODY.say(lang))
        .map(|(name, a, b)| {
            view! { <tr><th scope="row">{name}</th><td class="mono">{a}</td><td class="mono">{b}</td></tr> }
        })
        .collect_view()
}
