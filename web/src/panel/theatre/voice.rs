//! Names of boxes, messages and states, and events in words, in both languages.

use crate::words::{Lang, theatre as w};
use poslab_core::node::NodeId;
use poslab_core::trace::{self, Event, line, line_zh, name};

/// The name of a box.
pub fn lane_name(lane: NodeId, lang: Lang) -> String {
    let numbered = |name: &str, k: u8| match k {
        0 => name.to_owned(),
        k => format!("{name} {}", k + 1),
    };
    match lane {
        NodeId::Holder => w::CARDHOLDER.say(lang).to_owned(),
        NodeId::Terminal(k) => numbered(w::TERMINAL.say(lang), k),
        NodeId::PinPad(k) => numbered(w::PIN_PAD.say(lang), k),
        NodeId::Nac => "NAC".to_owned(),
        NodeId::FrontEnd => w::FRONT_END.say(lang).to_owned(),
        NodeId::Switch => w::SWITCH.say(lang).to_owned(),
        NodeId::Issuer => w::ISSUER.say(lang).to_owned(),
        NodeId::Clearing => w::CLEARING.say(lang).to_owned(),
    }
}

/// The name of a box where there is little room.
pub fn short_name(lane: NodeId, lang: Lang) -> String {
    let long = lane_name(lane, lang);
    match (lane, lang) {
        (NodeId::Holder, Lang::En) => "Holder".to_owned(),
        (NodeId::Terminal(k), Lang::En) => format!(
            "POS{}",
            if k > 0 {
                (k + 1).to_string()
            } else {
                String::new()
            }
        ),
        (NodeId::PinPad(_), Lang::En) => "Pad".to_owned(),
        (NodeId::FrontEnd, Lang::En) => "Front".to_owned(),
        (NodeId::Switch, Lang::Zh) => "交换".to_owned(),
        _ => long
            .chars()
            .take(if lang == Lang::Zh { 3 } else { 7 })
            .collect(),
    }
}

/// What a message type is called.
pub fn message_name(mti: &str, lang: Lang) -> &'static str {
    let phrase = match mti {
        "0100" => w::M0100,
        "0200" => w::M0200,
        "0220" | "0221" => w::M0220,
        "0320" => w::M0320,
        "0400" => w::M0400,
        "0420" | "0421" => w::M0420,
        "0500" => w::M0500,
        "0620" => w::M0620,
        "0800" => w::M0800,
        "0820" => w::M0820,
        _ => return "",
    };
    phrase.say(lang)
}

/// The name of a machine's state.
pub fn state_name(state: &str, lang: Lang) -> String {
    match lang {
        Lang::En => state.replace('-', " "),
        Lang::Zh => name(state, true).to_owned(),
    }
}

/// An event in words, without its time and place.
pub fn said(event: &Event, lang: Lang) -> String {
    trace::said(event, lang == Lang::Zh)
}

/// An event as the line of the logbook that `poslab run` prints.
pub fn whole(event: &Event, lang: Lang) -> String {
    match lang {
        Lang::En => line(event),
        Lang::Zh => line_zh(event),
    }
}
