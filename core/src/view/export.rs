//! A run as a drawing for elsewhere: Mermaid's sequence diagrams, and SVG that stands alone.
//!
//! Both are made from the ladder's rows, so they show what the stage shows; lost messages end in a
//! cross, faults and broken rules are said.

use super::hop;
use super::ladder::{Arrow, Item, Ladder};
use crate::node::NodeId;
use crate::trace::{Event, said};
use std::fmt::Write as _;

/// What stands over an arrow: its type, and the response code of an answer.
pub fn label(events: &[Event], arrow: &Arrow) -> String {
    let answer = arrow.mti.as_bytes().get(2);
    let answer = answer.is_some_and(|digit| digit % 2 == 1);
    let link = hop::link(arrow.from, arrow.to).filter(|_| answer);
    match link.and_then(|link| link.code(&hop::sent(events, arrow.sent))) {
        Some(code) => format!("{} · {code}", arrow.mti),
        None => arrow.mti.clone(),
    }
}

/// What a fault did to an arrow, when one did.
fn hurt(events: &[Event], arrow: &Arrow, zh: bool) -> String {
    let event = arrow.fault.and_then(|event| events.get(event));
    event.map_or_else(String::new, |event| format!(" ({})", first_line(event, zh)))
}

fn first_line(event: &Event, zh: bool) -> String {
    let text = said(event, zh);
    text.lines().next().unwrap_or_default().to_owned()
}

fn name(node: NodeId, zh: bool) -> String {
    match node {
        NodeId::Terminal(k @ 1..) | NodeId::PinPad(k @ 1..) if zh => {
            format!("{} {}", node.zh(), k + 1)
        }
        _ if zh => node.zh().to_owned(),
        _ => node.to_string(),
    }
}

/// The run as a Mermaid sequence diagram.
pub fn mermaid(ladder: &Ladder, events: &[Event], zh: bool) -> String {
    let id = |node: NodeId| node.to_string().replace('-', "_");
    // Mermaid ends a message at a semicolon and reads a hash as an entity.
    let plain = |text: &str| text.replace(';', ",").replace('#', "no. ");
    let mut out = String::from("sequenceDiagram\n");
    for lane in &ladder.lanes {
        let _ = writeln!(out, "    participant {} as {}", id(*lane), name(*lane, zh));
    }
    for row in &ladder.rows {
        let _ = match &row.item {
            Item::Arrow(arrow) => {
                let line = if arrow.arrived.is_empty() {
                    "-x"
                } else {
                    "->>"
                };
                let text = label(events, arrow) + &hurt(events, arrow, zh);
                let (from, to) = (id(arrow.from), id(arrow.to));
                writeln!(out, "    {from}{line}{to}: {}", plain(&text))
            }
            Item::Act { from, to, event } => {
                let text = events.get(*event).map(|event| first_line(event, zh));
                let text = plain(&text.unwrap_or_default());
                writeln!(out, "    {}-->>{}: {text}", id(*from), id(*to))
            }
            Item::Mark { node, event, .. } => {
                let text = events.get(*event).map(|event| first_line(event, zh));
                let text = plain(&text.unwrap_or_default());
                writeln!(out, "    Note over {}: {text}", id(*node))
            }
        };
    }
    out
}

/// Distances of the SVG in pixels: between lanes, between rows, above the first row.
const LANE: usize = 150;
const ROW: usize = 26;
const HEAD: usize = 48;

/// The run as an SVG that needs no style sheet.
pub fn svg(ladder: &Ladder, events: &[Event], zh: bool) -> String {
    let width = ladder.lanes.len().max(1) * LANE + 160;
    let height = HEAD + ladder.rows.len() * ROW + 24;
    let x = |node: NodeId| {
        let place = ladder.lanes.iter().position(|lane| *lane == node);
        place.unwrap_or(0) * LANE + LANE / 2
    };
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" \
         font-family=\"system-ui, sans-serif\" font-size=\"12\">\n\
         <rect width=\"100%\" height=\"100%\" fill=\"#faf9f6\"/>\n"
    );
    for lane in &ladder.lanes {
        let x = x(*lane);
        let _ = writeln!(
            out,
            "<path d=\"M{x} 34V{height}\" stroke=\"#e4e1da\"/>\
             <text x=\"{x}\" y=\"22\" text-anchor=\"middle\" font-weight=\"600\">{}</text>",
            text(&name(*lane, zh))
        );
    }
    for (place, row) in ladder.rows.iter().enumerate() {
        let y = HEAD + place * ROW + ROW / 2;
        out.push_str(&match &row.item {
            Item::Arrow(arrow) => svg_arrow(arrow, events, (x(arrow.from), x(arrow.to), y), zh),
            Item::Act { from, to, event } => {
                let said = events.get(*event).map(|event| first_line(event, zh));
                let (a, b) = (x(*from), x(*to));
                format!(
                    "<path d=\"M{a} {y}H{b}\" stroke=\"#63686e\" stroke-dasharray=\"1 3\"/>\
                     <text x=\"{}\" y=\"{}\" fill=\"#63686e\">{}</text>\n",
                    a.max(b) + 10,
                    y + 4,
                    text(&said.unwrap_or_default())
                )
            }
            Item::Mark {
                node, event, alarm, ..
            } => {
                let said = events.get(*event).map(|event| first_line(event, zh));
                let ink = if *alarm { "#c0392b" } else { "#63686e" };
                let x = x(*node);
                format!(
                    "<circle cx=\"{x}\" cy=\"{y}\" r=\"4\" fill=\"#faf9f6\" stroke=\"{ink}\"/>\
                     <text x=\"{}\" y=\"{}\" fill=\"{ink}\">{}</text>\n",
                    x + 10,
                    y + 4,
                    text(&said.unwrap_or_default())
                )
            }
        });
    }
    out.push_str("</svg>\n");
    out
}

fn svg_arrow(arrow: &Arrow, events: &[Event], at: (usize, usize, usize), zh: bool) -> String {
    let (from, to, y) = at;
    let lost = arrow.arrived.is_empty();
    let end = match (lost, to > from) {
        (false, _) => to,
        (true, true) => from + (to - from) * 6 / 10,
        (true, false) => from - (from - to) * 6 / 10,
    };
    let back = if to > from { end - 8 } else { end + 8 };
    let head = if lost {
        let (l, r, t, b) = (end - 4, end + 4, y - 4, y + 4);
        format!(
            "<path d=\"M{l} {t}L{r} {b}M{l} {b}L{r} {t}\" stroke=\"#c0392b\" stroke-width=\"2\"/>"
        )
    } else {
        let (t, b) = (y - 4, y + 4);
        format!("<path d=\"M{end} {y}L{back} {t}V{b}Z\" fill=\"#1b1d1f\"/>")
    };
    let ink = if arrow.fault.is_some() {
        "#c0392b"
    } else {
        "#1b1d1f"
    };
    let words = label(events, arrow) + &hurt(events, arrow, zh);
    format!(
        "<path d=\"M{from} {y}H{end}\" stroke=\"#1b1d1f\" stroke-width=\"1.5\"/>{head}\
         <text x=\"{}\" y=\"{}\" text-anchor=\"middle\" fill=\"{ink}\">{}</text>\n",
        (from + to) / 2,
        y - 5,
        text(&words)
    )
}

/// Text for an XML document.
fn text(plain: &str) -> String {
    plain
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::{Scenario, Stage, World, shipped};
    use crate::trace::Tape;

    fn run(name: &str) -> (Ladder, Vec<Event>) {
        let stage = Stage::load().unwrap();
        let scenario = Scenario::read(shipped(name).unwrap(), &stage).unwrap();
        let mut tape = Tape::recording();
        World::new(&stage, &scenario, 0).run_to_end(&mut tape);
        let events = tape.take();
        (Ladder::of(&events), events)
    }

    #[test]
    fn a_lost_answer_ends_in_a_cross() {
        let (ladder, events) = run("lost-response");
        let text = mermaid(&ladder, &events, false);
        assert!(text.starts_with("sequenceDiagram\n    participant cardholder as cardholder\n"));
        assert!(text.contains("    nac-xterminal: 0210 · 00 (FAULT drop:0210@nac-terminal"));
        assert!(text.contains("    terminal->>nac: 0400\n"), "{text}");
        assert_eq!(
            text.lines().count(),
            1 + ladder.lanes.len() + ladder.rows.len()
        );
        assert!(mermaid(&ladder, &events, true).contains("participant front_end as 前置机"));
    }

    #[test]
    fn an_svg_is_well_formed() {
        let (ladder, events) = run("lost-response");
        let drawing = svg(&ladder, &events, false);
        let mut reader = quick_xml::Reader::from_str(&drawing);
        loop {
            match reader.read_event().expect("XML") {
                quick_xml::events::Event::Eof => break,
                quick_xml::events::Event::Text(text) => drop(text.into_inner()),
                _ => {}
            }
        }
        assert_eq!(
            drawing
                .matches("stroke=\"#c0392b\" stroke-width=\"2\"")
                .count(),
            1
        );
    }
}
