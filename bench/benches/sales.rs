//! Complete PIN sales through all six boxes, beside the cryptography that they cannot do without.
//!
//! One iteration is a terminal's sign-on and [`SALES`] sales: card swiped, PIN typed, every hop
//! packed, sealed and checked. The world is as the checker runs it, without trace texts. The
//! cryptography alone is every MAC, PIN block and track of those same frames, under prepared keys.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use poslab_core::node::vault::{self, BlockKey, MacKey};
use poslab_core::node::wire::{unwrap_pos, unwrap_switch};
use poslab_core::node::{Entry, NodeId, Outcome};
use poslab_core::sim::{Item, OrderSpec, Scenario, Stage, Verb, World};
use poslab_core::trace::{Tape, What};
use std::hint::black_box;
use std::sync::Arc;

const SALES: usize = 200;

/// A sign-on, then sales by a card with a stripe and a PIN.
fn scenario(stage: &Stage) -> Scenario {
    let sale = |_| {
        let order = OrderSpec {
            entry: Entry::Swipe,
            ..OrderSpec::trade(Verb::Sale, "stripe", 101)
        };
        Item::Order(order)
    };
    let sign_on = Item::Order(OrderSpec::plain(Verb::SignOn));
    let script: Vec<Item> = std::iter::once(sign_on)
        .chain((0..SALES).map(sale))
        .collect();
    let empty = r#"{"name": "sales", "title": {"en": "", "zh": ""}, "about": {"en": "", "zh": ""},
                    "script": []}"#;
    let mut scenario = Scenario::read(empty, stage).expect("a scenario");
    scenario.script = script;
    scenario
}

fn run(stage: &Arc<Stage>, scenario: &Scenario, tape: &mut Tape) -> World {
    let mut world = World::new(stage, scenario, 1);
    world.run_to_end(tape);
    let approved =
        |(_, _, outcome): &&(u32, usize, Outcome)| matches!(outcome, Outcome::Approved(_));
    assert_eq!(world.outcomes().iter().filter(approved).count(), SALES);
    world
}

/// What the keys work on in one run.
#[derive(Default)]
struct Secured {
    /// Bodies with a field 64, each sealed once and checked once.
    pos: Vec<Vec<u8>>,
    /// Bodies with a field 128, likewise.
    switch: Vec<Vec<u8>>,
    /// Messages with a PIN block, by the box they leave.
    pins: usize,
}

/// Every frame that left a box other than the NAC, which seals nothing.
fn secured(stage: &Arc<Stage>, scenario: &Scenario) -> Secured {
    let mut tape = Tape::recording();
    run(stage, scenario, &mut tape);
    let mut out = Secured::default();
    for event in tape.events() {
        let What::Send { to, mti, frame, .. } = &event.what else {
            continue;
        };
        let frame = hex::decode(frame).expect("hex");
        if matches!(event.node, NodeId::Nac) || mti.starts_with("08") {
            continue;
        }
        out.pins += usize::from(mti == "0200");
        if matches!(to, NodeId::Nac) {
            out.pos
                .push(unwrap_pos(&frame).expect("a POS frame").body.to_vec());
        } else {
            out.switch
                .push(unwrap_switch(&frame).expect("a switch frame").to_vec());
        }
    }
    out
}

/// The same MACs, PIN blocks and tracks with nothing around them.
fn cryptography(secured: &Secured, key: &BlockKey, mac: &MacKey) {
    const PAN: &str = "9999900000000003";
    for body in &secured.pos {
        let mab = &body[..body.len() - 8];
        // Sealed by one box, checked by the next.
        black_box(mac.union_pay(black_box(mab)));
        black_box(mac.union_pay(black_box(mab)));
    }
    for body in &secured.switch {
        let data = &body[..body.len() - 16];
        black_box(mac.x9_9(black_box(data)));
        black_box(mac.x9_9(black_box(data)));
    }
    // A PIN leaves the pad, is translated by front end and switch, and checked by the issuer.
    for _ in 0..secured.pins / 3 {
        let block = key.encipher(vault::pin_block(&[1, 2, 3, 4, 5, 6], PAN));
        let block = key.encipher(vault::pin_block(
            &vault::pin_of(key.decipher(block), PAN).expect("a PIN"),
            PAN,
        ));
        let block = key.encipher(key.decipher(block));
        let pin = vault::pin_of(key.decipher(block), PAN).expect("a PIN");
        black_box(vault::pvv(key, PAN, 1, &pin));
        // The track goes enciphered from terminal to front end.
        let track = vault::encipher_track(key, "9999900000000003D30122201234567890");
        black_box(vault::decipher_track(key, &track));
    }
}

fn sales(criterion: &mut Criterion) {
    let stage = Stage::load().expect("the shipped stage");
    let scenario = scenario(&stage);
    let secured = secured(&stage, &scenario);
    assert_eq!(secured.pins, 3 * SALES, "a PIN at each of three hops");
    let (key, mac) = (BlockKey::new(&[0x23; 16]), MacKey::new(&[0x31; 8]));
    let mut group = criterion.benchmark_group("PIN sales");
    group.throughput(Throughput::Elements(SALES as u64));
    group.bench_function("the cryptography alone", |b| {
        b.iter(|| cryptography(&secured, &key, &mac));
    });
    group.bench_function("through all six boxes", |b| {
        b.iter(|| run(&stage, &scenario, &mut Tape::off()));
    });
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(20);
    targets = sales
}
criterion_main!(benches);
