//! Do the rules hold with every protection on, and break, as their row says, with any one off?

use poslab_core::node::{Protection, ROWS};
use poslab_core::sim::{Found, MODELS, Scenario, Stage, World, model};
use poslab_core::trace::Tape;

fn check(name: &str, faults: u8, without: &[Protection]) -> Found {
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
#[ignore = "a minute: the gate runs it optimised"]
fn two_faults_break_neither_sale_nor_settlement() {
    holds("sale", 2);
    holds("sale-settle", 2);
}

#[test]
#[ignore = "minutes: the gate runs it optimised"]
fn three_faults_break_no_sale() {
    holds("sale", 3);
    holds("sale-next", 2);
    holds("two-requests", 2);
}

#[test]
#[ignore = "a minute: the gate runs it optimised"]
fn three_faults_break_no_settlement() {
    holds("sale-settle", 3);
}

#[test]
fn each_protection_is_missed_when_it_is_off() {
    let stage = Stage::load().expect("the stage loads");
    let mut wrong = Vec::new();
    for row in &ROWS {
        let name = row.protection;
        let model = model(row.model).expect("a model");
        let found = model.check(&stage, row.faults, &[name]).shortest();
        let Some(example) = found.counter_example else {
            wrong.push(format!("{name}: nothing in {} schedules", found.schedules));
            continue;
        };
        let faults: Vec<String> = example.faults.iter().map(|f| f.to_string()).collect();
        let broken: Vec<&str> = example.broken.iter().map(|b| b.property.name()).collect();
        println!("{name}: {} by {}", broken.join(" "), faults.join(" + "));
        if !broken.iter().any(|b| row.breaks.contains(b)) {
            wrong.push(format!(
                "{name}: {:?}, expected {:?}",
                example.broken, row.breaks
            ));
        }
        // The counter-example is a scenario anybody can run, and it breaks the same.
        let text = example.scenario.to_json();
        let read = Scenario::read(&text, &stage).expect("a readable scenario");
        assert_eq!(read, example.scenario);
        let mut world = World::new(&stage, &read, 0);
        world.run_to_end(&mut Tape::off());
        let again: Vec<&str> = world.broken().iter().map(|b| b.property.name()).collect();
        assert_eq!(again, broken, "{name}: {text}");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
