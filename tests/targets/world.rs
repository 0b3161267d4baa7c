//! Do long random days keep the money, and does the same seed give the same day?

use poslab_core::sim::{Day, Stage};
use poslab_core::trace::Tape;

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
