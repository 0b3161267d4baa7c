//! Do long random days keep the money, and does the same seed give the same day?

use poslab_core::node::Note;
use poslab_core::sim::{Broken, Day, Item, Scenario, Stage, World, shipped};
use poslab_core::trace::{Event, Tape, What};

fn days(seeds: std::ops::Range<u64>, day: Day) {
    let stage = Stage::load().expect("the stage loads");
    let (mut faults, mut slips, mut cleared) = (0, 0, 0);
    let count = seeds.end - seeds.start;
    let mut wrong = Vec::new();
    for seed in seeds {
        let result = day.run(&stage, seed, &mut Tape::off());
        faults += result.faults;
        slips += result.world.slips().len();
        cleared += u64::from(result.world.cleared_up());
        if !result.quiet || !result.world.broken().is_empty() {
            wrong.push(format!(
                "day {seed}: quiet {}, {:?}",
                result.quiet,
                result.world.broken()
            ));
        }
    }
    println!(
        "{faults} faults, {slips} slips, {cleared} of {count} days cleared up, {} wrong",
        wrong.len()
    );
    // Where a trade stands open in the discrepancy store, its money waits in suspense; elsewhere
    // every account between the parties is at zero, and that is most of the days.
    assert!(cleared * 10 > count * 8, "{cleared} of {count} days");
    assert!(faults > 0 && slips > 0);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn random_days_keep_the_money() {
    days(
        0..20,
        Day {
            trades: 12,
            one_in: 150,
        },
    );
}

#[test]
#[ignore = "minutes: the gate runs it optimised"]
fn two_thousand_days_of_fifty_trades() {
    days(
        0..2_000,
        Day {
            trades: 50,
            one_in: 400,
        },
    );
}

#[test]
fn the_same_seed_gives_the_same_day() {
    let stage = Stage::load().expect("the stage loads");
    let day = Day {
        trades: 4,
        one_in: 60,
    };
    for seed in 0..10 {
        let run = || {
            let mut tape = Tape::recording();
            day.run(&stage, seed, &mut tape);
            tape.take().iter().map(|e| e.json()).collect::<Vec<_>>()
        };
        assert_eq!(run(), run(), "day {seed}");
    }
}

/// Runs one sale with faults, and says what broke and whether the fault came to pass.
fn sale_with(stage: &std::sync::Arc<Stage>, faults: &[String]) -> (bool, Vec<Broken>) {
    let text = shipped("sale").expect("sale is shipped");
    let mut scenario = Scenario::read(text, stage).expect("sale can be read");
    let items = faults.iter().map(|fault| Item::Fault(fault.clone()));
    scenario.script.extend(items);
    let mut world = World::new(stage, &scenario, 0);
    let mut tape = Tape::recording();
    world.run_to_end(&mut tape);
    let failed =
        |event: &Event| matches!(&event.what, What::Note { note } if *note == Note::DatabaseError);
    let happened = tape.events().iter().any(failed);
    (happened, world.broken().to_vec())
}

#[test]
fn a_database_that_fails_anywhere_loses_no_money() {
    let stage = Stage::load().expect("the stage loads");
    for (node, hop) in [
        ("front-end", "nac-front-end"),
        ("switch", "front-end-switch"),
        ("issuer", "switch-issuer"),
    ] {
        let mut happened = 0;
        for nth in 1..=8 {
            let error = format!("database-error@{node}:before=persist#{nth}");
            // Alone; and while a copy of the request is still on its way to the same box.
            let copy = format!("duplicate:0200@{hop}");
            for faults in [vec![error.clone()], vec![error.clone(), copy]] {
                let (came, broken) = sale_with(&stage, &faults);
                assert!(broken.is_empty(), "{faults:?}: {broken:?}");
                happened += u32::from(came);
            }
        }
        assert!(
            happened >= 2,
            "{node}: the fault came to pass {happened} times"
        );
    }
}
