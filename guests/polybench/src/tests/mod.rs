//! The dumps of all kernels against those of the reference programs, byte for byte, and bad arguments.
//!
//! `reference.txt` holds the SHA-256 of what the reference programs of PolyBench/C 4.2.1 print as array dumps at
//! three sizes. They were compiled by clang 19.1.7 with `-O3 -ffp-contract=off` for x86-64 and run with glibc 2.36,
//! from a transcription of their initialisation, kernel and output functions that is not part of this repository.

use std::fmt::Write;

use runoff_guest_program::{Io, Program};
use sha2::{Digest, Sha256};

use crate::PROGRAMS;

const REFERENCE: &str = include_str!("reference.txt");

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

fn program(name: &str) -> Program {
    PROGRAMS.iter().find(|(n, _)| *n == name).unwrap_or_else(|| panic!("no kernel {name}")).1
}

#[test]
fn dumps_are_those_of_the_reference_programs() {
    let mut checked = 0;
    for line in REFERENCE.lines().filter(|line| !line.starts_with('#')) {
        let [name, size, sha256] = line.split(' ').collect::<Vec<_>>()[..] else { panic!("{line}") };
        let (code, dump, _) = outcome(program(name), &[size, "dump"]);
        let mut hex = String::new();
        for byte in Sha256::digest(&dump) {
            write!(hex, "{byte:02x}").unwrap();
        }
        assert_eq!((code, hex.as_str()), (0, sha256), "{name} {size}");
        checked += 1;
    }
    assert_eq!(checked, 3 * PROGRAMS.len());
}

#[test]
fn a_size_may_be_given_in_numbers() {
    for (name, numbers) in [("gemm", &["20", "25", "30"][..]), ("heat-3d", &["20", "10"]), ("lu", &["40"])] {
        let by_numbers = outcome(program(name), numbers);
        assert_eq!(by_numbers.2.marks, "<>");
        assert_eq!((by_numbers.0, by_numbers.1), (0, outcome(program(name), &["mini"]).1), "{name}");
    }
}

#[test]
fn the_smallest_sizes_are_no_special_case() {
    for (name, program) in PROGRAMS {
        let answers = (1..=5).filter(|count| outcome(*program, &vec!["2"; *count]).0 == 0).count();
        assert_eq!(answers, 1, "{name}");
    }
}

#[test]
fn a_summary_sees_every_array() {
    let (_, text, _) = outcome(program("fdtd-2d"), &["mini"]);
    let names: Vec<_> = text.lines().map(|line| line.split(' ').next().unwrap()).collect();
    assert_eq!(names, ["ex", "ey", "hz"]);
}

#[test]
fn refuses_what_makes_no_sense() {
    for (name, program) in PROGRAMS {
        for args in [
            &[][..],
            &["tiny"],
            &["dump"],
            &["1"],
            &["-3", "4"],
            &["99999"],
            &["mini", "mini"],
            &["mini", "dump", "x"],
        ] {
            let (code, out, streams) = outcome(*program, args);
            assert_eq!((code, out.as_str(), streams.marks.as_str()), (2, "", ""), "{name} {args:?}");
            let err = String::from_utf8(streams.err).unwrap();
            assert!(err.starts_with(&format!("{name}: ")) && err.contains("usage: "), "{err}");
        }
    }
}
