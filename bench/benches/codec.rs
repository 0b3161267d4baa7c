//! Unpack, dissect and pack over the whole workload, with `iso_8583_rs` (strict) in the same run.
//! One iteration is 10,000 messages.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use iso_8583_rs::{Builder, CompiledSpec, Message as Peer};
use poslab_core::codec::{Draft, dissect, pack_into, unpack};
use poslab_core::frame::Framing;
use poslab_core::spec::{Dialect, load_json};
use std::hint::black_box;

const COUNT: usize = 10_000;

struct Form {
    dialect: Dialect,
    messages: Vec<Vec<u8>>,
}

fn form(name: &str) -> Form {
    let file = std::fs::read_to_string(poslab_bench::workload().join(format!("{name}.hexl")));
    let text = file.expect("the workload");
    let messages = text
        .lines()
        .take(COUNT)
        .map(|line| hex::decode(line).expect("hex"))
        .collect();
    let dialect = load_json(poslab_bench::dialect(name), &|_| None).expect("the neutral spec");
    Form { dialect, messages }
}

fn unpack_all(form: &Form) -> usize {
    let mut messages = form.messages.iter();
    let Some(first) = messages.next() else {
        return 0;
    };
    let mut message = unpack(&form.dialect, first).expect("conforms");
    let mut fields = 0;
    for bytes in messages {
        message.reread(bytes).expect("conforms");
        fields += usize::from(black_box(&message).has(11));
    }
    fields
}

fn benches(criterion: &mut Criterion) {
    let ascii = form("ascii");
    let bcd = form("bcd");
    let peer = peer_compiled();
    let mut group = criterion.benchmark_group("codec");
    group.throughput(Throughput::Elements(COUNT as u64));
    group.bench_function("peer unpack ascii", |b| {
        b.iter(|| {
            for bytes in &ascii.messages {
                black_box(Peer::parse(&peer, bytes).expect("conforms"));
            }
        });
    });
    group.bench_function("unpack ascii", |b| b.iter(|| black_box(unpack_all(&ascii))));
    group.bench_function("unpack bcd", |b| b.iter(|| black_box(unpack_all(&bcd))));
    for (name, form) in [("dissect ascii", &ascii), ("dissect bcd", &bcd)] {
        group.bench_function(name, |b| {
            b.iter(|| {
                for bytes in &form.messages {
                    black_box(dissect(&form.dialect, bytes, &Framing::none()).len());
                }
            });
        });
    }
    let values = values(&ascii);
    group.bench_function("peer pack ascii", |b| {
        let mut out = Vec::new();
        b.iter(|| {
            for (mti, fields) in &values {
                let mut builder = Builder::new(&peer, mti.as_bytes()).expect("an MTI");
                for (de, text) in fields {
                    builder
                        .set(usize::from(*de), text.as_bytes())
                        .expect("a value");
                }
                out.clear();
                builder.pack_into(&mut out);
                black_box(&out);
            }
        });
    });
    group.bench_function("pack ascii", |b| {
        b.iter(|| pack_all(&ascii.dialect, &values))
    });
    let packed = self::values(&bcd);
    group.bench_function("pack bcd", |b| b.iter(|| pack_all(&bcd.dialect, &packed)));
    group.finish();
}

type Values = Vec<(String, Vec<(u8, String)>)>;

fn values(form: &Form) -> Values {
    let of = |bytes: &Vec<u8>| {
        let message = unpack(&form.dialect, bytes).expect("conforms");
        let fields = message
            .fields()
            .map(|de| (de, message.value(de).expect("there").into_owned()));
        (message.mti().to_owned(), fields.collect())
    };
    form.messages.iter().map(of).collect()
}

fn pack_all(dialect: &Dialect, values: &Values) {
    let mut out = Vec::new();
    for (mti, fields) in values {
        let mut draft = Draft::new(mti);
        for (de, text) in fields {
            draft.set(*de, text.as_str());
        }
        out.clear();
        pack_into(dialect, &draft, &mut out).expect("conforms");
        black_box(&out);
    }
}

fn peer_compiled() -> CompiledSpec {
    let file = poslab_bench::workload().join("peer.yml");
    std::fs::write(&file, poslab_bench::peer_spec()).expect("target is writable");
    CompiledSpec::from_file(file.to_str().expect("a plain path")).expect("the peer's own format")
}

criterion_group! {
    name = all;
    config = Criterion::default().sample_size(20).measurement_time(std::time::Duration::from_secs(3));
    targets = benches
}
criterion_main!(all);
