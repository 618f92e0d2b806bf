//! The programs in C against their namesakes in Rust, and against independent computations.

use std::fmt::Write;

use runoff_guest_program::{Io, Program};
use sha2::{Digest, Sha256};

use crate::PROGRAMS;

/// The `PolyBench` kernels among the programs.
const KERNELS: [&str; 10] = [
    "2mm",
    "atax",
    "cholesky",
    "durbin",
    "floyd-warshall",
    "gemm",
    "jacobi-2d",
    "lu",
    "nussinov",
    "seidel-2d",
];

#[derive(Default)]
struct Streams {
    out: Vec<u8>,
    err: Vec<u8>,
    marks: String,
}

impl Io for Streams {
    fn out(&mut self, bytes: &[u8]) -> bool {
        self.out.extend_from_slice(bytes);
        true
    }

    fn err(&mut self, bytes: &[u8]) -> bool {
        self.err.extend_from_slice(bytes);
        true
    }

    fn input(&mut self) -> Option<Vec<u8>> {
        None
    }

    fn start(&mut self) {
        self.marks.push('<');
    }

    fn end(&mut self) {
        self.marks.push('>');
    }
}

fn outcome(program: Program, args: &[&str]) -> (i32, String, Streams) {
    let mut streams = Streams::default();
    let code = program(args, &mut streams);
    (code, String::from_utf8(std::mem::take(&mut streams.out)).unwrap(), streams)
}

fn program(programs: &[(&str, Program)], name: &str) -> Program {
    programs.iter().find(|(n, _)| *n == name).unwrap_or_else(|| panic!("no program {name}")).1
}

fn answer(name: &str, args: &[&str]) -> String {
    let (code, text, _) = outcome(program(PROGRAMS, name), args);
    assert_eq!(code, 0, "{name} {args:?}");
    text
}

/// What the programs take as data.
fn random(count: usize) -> Vec<u32> {
    let mut state = 0x9e37_79b9_u32;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        state
    };
    (0..count).map(|_| next()).collect()
}

fn bytes(count: usize) -> Vec<u8> {
    random(count).iter().map(|x| x.to_le_bytes()[0]).collect()
}

#[test]
fn kernels_answer_as_their_namesakes_in_rust() {
    for name in KERNELS {
        for size in ["mini", "small", "medium"] {
            let expected = outcome(program(runoff_guest_polybench::PROGRAMS, name), &[size]);
            let (code, text, streams) = outcome(program(PROGRAMS, name), &[size]);
            assert_eq!((code, text), (0, expected.1), "{name} {size}");
            assert_eq!(streams.marks, "<>");
        }
    }
    assert_eq!(answer("gemm", &["20", "25", "30"]), answer("gemm", &["mini"]));
}

#[test]
fn the_sieve_counts_as_published() {
    for (most, count, last) in
        [(1, 0, 0), (2, 1, 2), (3, 2, 3), (100, 25, 97), (120, 30, 113), (1_000_000, 78_498, 999_983)]
    {
        let expected = format!("{count} primes up to {most}, the last {last}\n");
        assert_eq!(answer("sieve", &[&most.to_string()]), expected);
    }
    assert_eq!(answer("sieve", &["100", "3"]), answer("sieve", &["100"]));
}

#[test]
fn sorting_puts_in_order() {
    for count in [1, 2, 3, 64, 1000] {
        let mut numbers = random(count);
        numbers.sort_unstable();
        let digest = numbers.iter().fold(0xcbf2_9ce4_8422_2325_u64, |digest, x| {
            let product = (digest ^ u64::from(*x)).wrapping_mul(0x0000_0100_0000_01b3);
            product ^ (product >> 29)
        });
        let expected = format!("{digest:016x} {} to {}\n", numbers[0], numbers[count - 1]);
        assert_eq!(answer("sort", &[&count.to_string()]), expected);
        assert_eq!(answer("sort", &[&count.to_string(), "2"]), expected);
    }
}

#[test]
fn crc_is_that_of_the_definition() {
    let bitwise = |data: &[u8]| {
        let step = |value: u32| (value >> 1) ^ (0xedb8_8320 & (value & 1).wrapping_neg());
        !data.iter().fold(!0, |value, byte| (0..8).fold(value ^ u32::from(*byte), |value, _| step(value)))
    };
    assert_eq!(bitwise(b"123456789"), 0xcbf4_3926);
    for count in [1, 9, 4096] {
        assert_eq!(answer("crc32", &[&count.to_string()]), format!("{:08x}\n", bitwise(&bytes(count))));
    }
    assert_eq!(answer("crc32", &["100", "3"]), format!("{:08x}\n", bitwise(&bytes(100).repeat(3))));
}

#[test]
fn sha_is_that_of_another_implementation() {
    for (count, times) in [(1, 1), (55, 1), (56, 1), (63, 1), (64, 1), (65, 1), (119, 1), (1000, 1), (37, 50)]
    {
        let mut expected = String::new();
        for byte in Sha256::digest(bytes(count).repeat(times)) {
            write!(expected, "{byte:02x}").unwrap();
        }
        assert_eq!(
            answer("sha256", &[&count.to_string(), &times.to_string()]),
            expected + "\n",
            "{count} {times}"
        );
    }
}

#[test]
fn products_of_matrices_are_those_of_the_definition() {
    let value = |row: i64, column: i64, first: i64, k: i64| {
        let left = if row == 0 && k == 0 { first } else { k + 1 };
        left * (k - column)
    };
    for times in [1, 2, 17, 18, 40] {
        let first = (times - 1) % 17 + 1;
        let cell = |n: i64| (0..17).map(|k| value(n / 17, n % 17, first, k)).sum::<i64>();
        let digest = (0..17 * 17).fold(0xcbf2_9ce4_8422_2325_u64, |digest, n| {
            // The guest's cells are 32 bits wide.
            let cell = cell(n).cast_unsigned() & 0xffff_ffff;
            let product = (digest ^ cell).wrapping_mul(0x0000_0100_0000_01b3);
            product ^ (product >> 29)
        });
        let expected = format!("{digest:016x} first {} last {}\n", cell(0), cell(17 * 17 - 1));
        for how in ["optimised", "unoptimised"] {
            assert_eq!(answer("matmul-17", &[how, &times.to_string()]), expected, "{how} {times}");
        }
    }
}

#[test]
fn refuses_what_makes_no_sense() {
    for (name, program) in PROGRAMS {
        for args in [
            &[][..],
            &["tiny"],
            &[""],
            &["0"],
            &["-3"],
            &["9999999999999999999999"],
            &["1", "2", "3", "4", "5"],
            &["1\0"],
        ] {
            let (code, out, streams) = outcome(*program, args);
            assert_eq!((code, out.as_str(), streams.marks.as_str()), (2, "", ""), "{name} {args:?}");
            assert!(streams.err.ends_with(b"\n"), "{name} {args:?}");
        }
    }
}
