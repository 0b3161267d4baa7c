//! Does every scenario still give the trace it gave? Both forms are kept beside the tests;
//! `POSLAB_BLESS=1` writes them again.

use poslab_core::node::{NodeId, Note};
use poslab_core::sim::{Day, Reached, Scenario, Stage, World, scenarios};
use poslab_core::trace::{Event, Tape, What, line, line_zh};
use poslab_core::view::books::Books;
use poslab_core::view::ladder::Ladder;
use poslab_core::view::machine::diagram;
use std::path::PathBuf;

struct Played {
    scenario: Scenario,
    world: World,
    events: Vec<Event>,
}

fn play(name: &str, text: &str) -> Played {
    let stage = Stage::load().expect("the stage loads");
    let scenario = Scenario::read(text, &stage).unwrap_or_else(|e| panic!("{name}: {e}"));
    assert_eq!(scenario.name, name, "the file is named after the scenario");
    let mut world = World::new(&stage, &scenario, 0);
    let mut tape = Tape::recording();
    world.run_to_end(&mut tape);
    Played {
        scenario,
        world,
        events: tape.take(),
    }
}

fn golden(name: &str, extension: &str, found: &str, wrong: &mut Vec<String>) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("golden/scenarios")
        .join(format!("{name}.{extension}"));
    if std::env::var_os("POSLAB_BLESS").is_some() {
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("the folder is made");
        std::fs::write(&path, found).expect("the golden file is written");
        return;
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    if kept != found {
        let at = kept.lines().zip(found.lines()).position(|(a, b)| a != b);
        let at = at.unwrap_or(kept.lines().count().min(found.lines().count()));
        wrong.push(format!(
            "{name}.{extension} differs at line {}:\n  kept  {}\n  found {}",
            at + 1,
            kept.lines().nth(at).unwrap_or("(end)"),
            found.lines().nth(at).unwrap_or("(end)")
        ));
    }
}

#[test]
fn every_scenario_gives_its_golden_trace() {
    let mut wrong = Vec::new();
    for (name, text) in scenarios() {
        let played = play(name, text);
        let json: String = played.events.iter().map(|e| e.json() + "\n").collect();
        let text: String = played.events.iter().map(|e| line(e) + "\n").collect();
        golden(name, "jsonl", &json, &mut wrong);
        golden(name, "txt", &text, &mut wrong);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The remark of an event.
fn note_of(event: &Event) -> Option<Note> {
    match event.what {
        What::Note { note } => Some(note),
        _ => None,
    }
}

#[test]
fn every_scenario_ends_as_it_says() {
    let mut wrong = Vec::new();
    for (name, text) in scenarios() {
        let played = play(name, text);
        let notes: Vec<Note> = played.events.iter().filter_map(note_of).collect();
        let unmet = played.scenario.unmet(&played.world, &notes);
        wrong.extend(unmet.iter().map(|u| format!("{name}: {u}")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_scenarios_reach_every_goal() {
    let mut reached = Reached::default();
    for (name, text) in scenarios() {
        reached.merge(play(name, text).world.reached());
    }
    let missed: Vec<String> = reached.goals(false).map(|g| g.words(false)).collect();
    assert!(missed.is_empty(), "never reached: {}", missed.join(", "));
}

#[test]
fn a_chinese_line_is_chinese() {
    // Names of cards, faults in their own syntax and details of broken properties stay; so do the
    // abbreviations that Chinese practice writes in capitals.
    let free = |e: &Event| matches!(e.what, What::Fault { .. } | What::Property { .. });
    let stage = Stage::load().expect("the stage loads");
    let cards: Vec<&str> = stage
        .holders
        .iter()
        .map(|h| h.profile.name.as_str())
        .collect();
    let mut wrong = std::collections::BTreeSet::new();
    for (name, text) in scenarios() {
        for event in play(name, text).events.iter().filter(|e| !free(e)) {
            let line = line_zh(event);
            let words = line.split(|c: char| !c.is_ascii_alphabetic());
            let english = |w: &&str| w.len() > 1 && w.bytes().any(|b| b.is_ascii_lowercase());
            wrong.extend(
                words
                    .filter(english)
                    .filter(|w| !cards.contains(w))
                    .map(str::to_owned),
            );
        }
    }
    assert!(wrong.is_empty(), "{wrong:?}");
}

#[test]
fn every_scenario_has_words_in_both_languages() {
    for (name, text) in scenarios() {
        let played = play(name, text);
        for text in [&played.scenario.title, &played.scenario.about] {
            assert!(!text.en.is_empty() && !text.zh.is_empty(), "{name}");
            assert!(text.en.is_ascii(), "{name}: {}", text.en);
        }
    }
}

#[test]
fn no_event_holds_a_pin_or_a_key() {
    // PINs of the cast and clear keys of the stage, as the files hold them.
    let cast = include_str!("../../core/scenarios/cast.json");
    let keys = include_str!("../../core/scenarios/keys.json");
    let long = |text: &str| -> Vec<String> {
        text.split('"')
            .filter(|w| w.len() >= 16 && w.bytes().all(|b| b.is_ascii_hexdigit()))
            .filter(|w| w.bytes().any(|b| b.is_ascii_alphabetic()))
            .map(str::to_owned)
            .collect()
    };
    let secrets = long(keys);
    assert!(secrets.len() > 8 && cast.contains("pin"));
    for (name, text) in scenarios() {
        for event in play(name, text).events {
            let json = event.json();
            for secret in &secrets {
                assert!(!json.contains(secret.as_str()), "{name}: {json}");
            }
            if let What::Screen { .. } | What::Print { .. } = event.what {
                assert!(!json.contains("246813"), "{name}: {json}");
            }
        }
    }
}

/// Every event of every scenario and of some days with faults, run by run.
fn many_runs() -> Vec<Vec<Event>> {
    let mut runs: Vec<Vec<Event>> = scenarios()
        .map(|(name, text)| play(name, text).events)
        .collect();
    let stage = Stage::load().expect("the shipped stage");
    for seed in 0..60 {
        let day = Day {
            trades: 12,
            one_in: 40,
        };
        let mut tape = Tape::recording();
        day.run(&stage, seed, &mut tape);
        runs.push(tape.take());
    }
    runs
}

#[test]
fn machines_go_the_ways_their_diagrams_draw() {
    let mut trod = std::collections::BTreeSet::new();
    let mut unlawful = std::collections::BTreeSet::new();
    for events in many_runs() {
        let books = Books::of(&events);
        let lanes = Ladder::of(&events).lanes;
        for lane in lanes {
            let Some(diagram) = diagram(lane) else {
                continue;
            };
            for (from, to) in books.machines.of(lane).trod.into_keys() {
                if !diagram.allows(from, to) {
                    unlawful.insert(format!("{lane}: {from} => {to}"));
                }
                trod.insert((diagram.spots.as_ptr(), from, to));
            }
        }
    }
    assert!(unlawful.is_empty(), "{unlawful:#?}");
    let lanes = [
        "terminal",
        "pin-pad",
        "nac",
        "front-end",
        "switch",
        "issuer",
        "clearing",
    ];
    let mut never: Vec<&(&str, &str)> = Vec::new();
    for lane in lanes.map(|name| name.parse::<NodeId>().expect("a box")) {
        let diagram = diagram(lane).expect("a box with a machine");
        let ways = diagram.ways.iter();
        let went = |way: &&(&str, &str)| trod.contains(&(diagram.spots.as_ptr(), way.0, way.1));
        never.extend(ways.filter(|way| !went(way)));
    }
    assert!(never.is_empty(), "ways that nobody went: {never:?}");
}
