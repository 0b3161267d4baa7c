//! Many messages under one key: the bitsliced batch against the `des` crate alone.

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use des::cipher::{Block, BlockCipherEncrypt, KeyInit};
use des::{Des, TdesEde2};
use poslab_core::crypto::batch::{DesBatch, cbc_macs, unionpay_macs};
use poslab_core::crypto::key::{Key, Mak};
use std::hint::black_box;

/// Repeatable bytes that are not all alike.
fn noise(len: usize) -> Vec<u8> {
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state as u8
    };
    (0..len).map(|_| next()).collect()
}

fn blocks(count: usize) -> Vec<[u8; 8]> {
    noise(8 * count).as_chunks().0.to_vec()
}

/// Blocks one after another through a cipher of the crate.
fn singly<C: BlockCipherEncrypt>(cipher: &C, blocks: &mut [[u8; 8]])
where
    Block<C>: From<[u8; 8]> + Into<[u8; 8]>,
{
    for block in blocks {
        let mut whole = Block::<C>::from(*block);
        cipher.encrypt_block(&mut whole);
        *block = whole.into();
    }
}

/// PIN blocks are one TDES call each.
fn pin_blocks(c: &mut Criterion) {
    let key = noise(16);
    let theirs = TdesEde2::new_from_slice(&key).expect("16 bytes");
    let ours = DesBatch::new(&key).expect("16 bytes");
    let mut group = c.benchmark_group("pin blocks, TDES");
    for count in [64, 256, 4096] {
        let clear = blocks(count);
        group.throughput(Throughput::Elements(count as u64));
        group.bench_function(BenchmarkId::new("des crate", count), |b| {
            b.iter_batched_ref(
                || clear.clone(),
                |blocks| singly(black_box(&theirs), blocks),
                criterion::BatchSize::SmallInput,
            );
        });
        group.bench_function(BenchmarkId::new("batch", count), |b| {
            b.iter_batched_ref(
                || clear.clone(),
                |blocks| black_box(&ours).encrypt(blocks),
                criterion::BatchSize::SmallInput,
            );
        });
    }
    group.finish();
}

/// A MAC made with the crate: all blocks XORed, hexadecimal text, two calls.
fn union_singly(cipher: &Des, mab: &[u8]) -> [u8; 8] {
    let mut sum = [0; 8];
    for (at, byte) in mab.iter().enumerate() {
        sum[at % 8] ^= byte;
    }
    let text = hex::encode_upper(sum);
    let (left, right) = text.as_bytes().split_at(8);
    let mut block = [left.try_into().expect("8 bytes")];
    singly(cipher, &mut block);
    block[0].iter_mut().zip(right).for_each(|(a, b)| *a ^= b);
    singly(cipher, &mut block);
    block[0]
}

/// X9.9 made with the crate.
fn cbc_singly(cipher: &Des, message: &[u8]) -> [u8; 8] {
    let mut chain = [[0; 8]];
    for part in message.chunks(8) {
        chain[0].iter_mut().zip(part).for_each(|(a, b)| *a ^= b);
        singly(cipher, &mut chain);
    }
    chain[0]
}

/// "Verify the MAC of every message in this log."
fn macs(c: &mut Criterion) {
    let bytes = noise(8);
    let theirs = Des::new_from_slice(&bytes).expect("8 bytes");
    let key = Key::<Mak>::tdes(&bytes).expect("8 bytes");
    for count in [64, 256, 4096] {
        let data = noise(200 * count);
        let messages: Vec<&[u8]> = data.chunks(200).collect();
        let mut group = c.benchmark_group("MACs of 200 bytes");
        group.throughput(Throughput::Elements(count as u64));
        group.bench_function(BenchmarkId::new("unionpay, des crate", count), |b| {
            b.iter(|| {
                messages
                    .iter()
                    .map(|m| union_singly(&theirs, m))
                    .collect::<Vec<_>>()
            });
        });
        group.bench_function(BenchmarkId::new("unionpay, batch", count), |b| {
            b.iter(|| unionpay_macs(&key, black_box(&messages)));
        });
        group.bench_function(BenchmarkId::new("x9.9, des crate", count), |b| {
            b.iter(|| {
                messages
                    .iter()
                    .map(|m| cbc_singly(&theirs, m))
                    .collect::<Vec<_>>()
            });
        });
        group.bench_function(BenchmarkId::new("x9.9, batch", count), |b| {
            b.iter(|| cbc_macs(&key, black_box(&messages)));
        });
        group.finish();
    }
}

criterion_group!(benches, pin_blocks, macs);
criterion_main!(benches);
