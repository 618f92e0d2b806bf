//! Drives a target without a fuzzer, so that ordinary tests compile it and run it for a moment.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::time::{Duration, Instant};

/// How long a target is driven.
const TIME: Duration = Duration::from_millis(300);

/// A small generator of numbers (xorshift64*): the same ones in every run.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    fn below(&mut self, end: usize) -> usize {
        (self.next() >> 11) as usize % end.max(1)
    }
}

/// Feeds a target its seeds, then damaged seeds and random bytes.
pub(crate) fn drive(name: &str, target: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/seeds").join(name);
    let mut paths: Vec<_> =
        std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    paths.sort();
    let mut seeds: Vec<Vec<u8>> = paths.iter().map(|path| std::fs::read(path).expect("a seed")).collect();
    seeds.push(Vec::new());
    for seed in &seeds {
        feed(name, target, seed);
    }
    let mut numbers = Numbers(0x9E37_79B9_7F4A_7C15);
    let start = Instant::now();
    while start.elapsed() < TIME {
        let mut bytes = seeds[numbers.below(seeds.len())].clone();
        for _ in 0..=numbers.below(4) {
            damage(&mut bytes, &mut numbers);
        }
        feed(name, target, &bytes);
    }
}

fn damage(bytes: &mut Vec<u8>, numbers: &mut Numbers) {
    let at = numbers.below(bytes.len());
    match numbers.below(5) {
        0 if !bytes.is_empty() => bytes[at] ^= 1 << numbers.below(8),
        1 if !bytes.is_empty() => bytes[at] = numbers.next() as u8,
        2 => bytes.truncate(at),
        3 => {
            let end = (at + numbers.below(40)).min(bytes.len());
            let part = bytes[at..end].to_vec();
            bytes.splice(at..at, part);
        }
        _ => {
            let random: Vec<_> = (0..numbers.below(40)).map(|_| numbers.next() as u8).collect();
            bytes.splice(at..at, random);
        }
    }
}

fn feed(name: &str, target: fn(&[u8]), bytes: &[u8]) {
    let fine = catch_unwind(AssertUnwindSafe(|| target(bytes))).is_ok();
    assert!(fine, "`{name}` panicked on b\"{}\"", bytes.escape_ascii());
}
