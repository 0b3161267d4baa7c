//! Do the rules hold with every protection on, and break, as their row says, with any one off?

use poslab_core::node::ROWS;
use poslab_core::sim::{Found, MODELS, Stage, model};

fn check(name: &str, faults: u8, without: &[poslab_core::node::Protection]) -> Found {
    let stage = Stage::load().expect("the stage loads");
    let check = model(name).expect("a model").check(&stage, faults, without);
    check.run(check.work(), &mut |_| false)
}

fn holds(name: &str, faults: u8) {
    let found = check(name, faults, &[]);
    println!(
        "{name}, {faults} faults: {} schedules, {} steps",
        found.schedules, found.steps
    );
    if let Some(example) = &found.counter_example {
        panic!(
            "{name}: {:?}\n{}",
            example.broken,
            example.scenario.to_json()
        );
    }
    assert_eq!(
        found.stopped, 0,
        "{name}: never quiet after {:?}",
        found.endless
    );
    assert!(found.schedules > 10 || faults == 0);
}

#[test]
fn one_fault_breaks_no_model() {
    for model in &MODELS {
        holds(model.name, 1);
    }
}

#[test]
fn each_protection_is_missed_when_it_is_off() {
    let mut wrong = Vec::new();
    for row in &ROWS {
        let found = check(row.model, row.faults, &[row.protection]);
        let name = row.protection;
        match found.counter_example {
            None => wrong.push(format!(
                "{name}: nothing found in {} schedules of {}",
                found.schedules, row.model
            )),
            Some(example) => {
                let first = example.broken.first().map_or("", |b| b.property.name());
                let expected = example
                    .broken
                    .iter()
                    .any(|b| row.breaks.contains(&b.property.name()));
                let faults: Vec<String> = example.faults.iter().map(|f| f.to_string()).collect();
                println!("{name}: {first} by {}", faults.join(" + "));
                if !expected {
                    wrong.push(format!(
                        "{name}: {:?}, expected {:?}",
                        example.broken, row.breaks
                    ));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_counter_example_replays_as_a_scenario() {
    let stage = Stage::load().expect("the stage loads");
    for row in &ROWS {
        let found = check(row.model, row.faults, &[row.protection]);
        let Some(example) = found.counter_example else {
            continue;
        };
        let text = example.scenario.to_json();
        let read = poslab_core::sim::Scenario::read(&text, &stage).expect("a readable scenario");
        assert_eq!(read, example.scenario);
        let mut world = poslab_core::sim::World::new(&stage, &read, 0);
        world.run_to_end(&mut poslab_core::trace::Tape::off());
        let of = |b: &[poslab_core::sim::Broken]| b.iter().map(|b| b.property).collect::<Vec<_>>();
        assert_eq!(
            of(world.broken()),
            of(&example.broken),
            "{}: {text}",
            row.protection
        );
    }
}
