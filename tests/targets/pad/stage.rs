//! A pad on a cable beside the simulator's terminal: whatever happens while they talk, the books
//! agree, and a pad outside the world makes it stand still.

use poslab_core::node::{NodeId, Outcome};
use poslab_core::pad::{self, Protocol, TaskError};
use poslab_core::sim::{PadAnswer, Scenario, Stage, World, shipped};
use poslab_core::trace::{Event, Tape, What};
use std::sync::Arc;

fn scenario(stage: &Stage, protocol: Protocol, fault: &str) -> Scenario {
    let text = shipped(&format!("pad-{}", protocol.name())).expect("it is shipped");
    let mut scenario = Scenario::read(text, stage).expect("it reads");
    if !fault.is_empty() {
        scenario
            .script
            .push(poslab_core::sim::Item::Fault(fault.to_owned()));
    }
    scenario
}

fn play(stage: &Arc<Stage>, scenario: &Scenario) -> (World, Vec<Event>) {
    let mut tape = Tape::recording();
    let mut world = World::new(stage, scenario, 0);
    world.run_to_end(&mut tape);
    (world, tape.take())
}

/// The first and last moment at which bytes are on the cable.
fn talking(events: &[Event]) -> (u64, u64) {
    let at = |event: &&Event| matches!(event.what, What::PadFrame { .. });
    let mut moments = events.iter().filter(at).map(|event| event.at_ms);
    let first = moments.next().expect("the pad talks");
    (first, moments.next_back().expect("more than once"))
}

#[test]
fn power_cuts_and_opened_cases_at_any_moment_of_the_talk_keep_the_books() {
    let stage = Stage::load().expect("the stage loads");
    for protocol in Protocol::ALL {
        let (_, events) = play(&stage, &scenario(&stage, protocol, ""));
        let (first, last) = talking(&events);
        for fault in ["power-cut@terminal", "tamper@pin-pad"] {
            let mut stopped = 0;
            for at in (first..=last + 5).step_by(17) {
                let fault = format!("{fault}:t={}.{:03}", at / 1000, at % 1000);
                let (world, events) = play(&stage, &scenario(&stage, protocol, &fault));
                assert!(world.quiet(), "{} {fault}", protocol.name());
                assert_eq!(world.broken(), [], "{} {fault}", protocol.name());
                let hit = |event: &Event| matches!(event.what, What::Fault { .. });
                assert!(events.iter().any(hit), "{fault}");
                let approved = |o: &&(u32, usize, Outcome)| matches!(o.2, Outcome::Approved(_));
                stopped += usize::from(world.outcomes().iter().filter(approved).count() == 0);
            }
            assert!(stopped > 10, "{} {fault}: {stopped}", protocol.name());
        }
    }
}

#[test]
fn a_world_waits_for_the_pad_outside_and_goes_on_with_its_answer() {
    let stage = Stage::load().expect("the stage loads");
    let scenario = scenario(&stage, Protocol::Abecs, "");
    let mut world = World::new(&stage, &scenario, 0);
    world.plug_in(0);
    let mut tape = Tape::recording();
    while world.step(&mut tape) {}
    let request = world.pad_request().expect("a PIN is wanted").clone();
    assert!(matches!(request.task, pad::Task::Pin(_)));
    assert!(!world.step(&mut tape), "it stands still");
    let before = world.now();
    world.pad_answers(PadAnswer {
        seen: Vec::new(),
        took_ms: 4_000,
        outcome: Ok(pad::Outcome::PinBlock {
            block: [7; 8],
            ksn: None,
        }),
    });
    while world.step(&mut tape) {}
    let request = world.pad_request().expect("now a MAC");
    assert!(matches!(request.task, pad::Task::Mac(_)));
    assert_eq!(world.now(), before + 4_000);
    world.pad_answers(PadAnswer {
        seen: Vec::new(),
        took_ms: 9,
        outcome: Err(TaskError::TimedOut),
    });
    while world.step(&mut tape) {}
    assert!(world.quiet() && world.broken().is_empty());
    let events = tape.take();
    let sent = |event: &&Event| {
        let what = matches!(&event.what, What::Send { mti, .. } if mti == "0200");
        what && event.node == NodeId::Terminal(0)
    };
    assert_eq!(events.iter().find(sent), None, "no MAC, no request");
    let (_, _, outcome) = world.outcomes().last().expect("the sale ended");
    assert_eq!(*outcome, Outcome::NotSent);
}
