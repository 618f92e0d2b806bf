//! A hash set with open addressing, replaying a trace of insertions, look-ups and removals.

mod table;
mod trace;

use runoff_guest_apps_inputs::{Number, numbers, refuse};
use runoff_guest_program::{Io, say};

pub use table::Set;
pub use trace::{Operation, trace};

const WANTED: [Number; 2] = [
    Number { name: "OPERATIONS", range: 1..=10_000_000, default: None },
    Number { name: "REPETITIONS", range: 1..=100_000, default: None },
];

/// The program: a trace of `OPERATIONS`, replayed `REPETITIONS` times, each time from an empty set.
pub fn main(args: &[&str], io: &mut dyn Io) -> i32 {
    let [operations, repetitions] = match numbers(args, &WANTED) {
        Ok(values) => values,
        Err(message) => return refuse(io, "hashset", &message, "OPERATIONS REPETITIONS"),
    };
    let trace = trace(operations);
    let mut outcome = Outcome::default();
    io.start();
    for _ in 0..repetitions {
        outcome = replay(&trace, outcome.check);
    }
    io.end();
    let Outcome { inserted, found, removed, left, check } = outcome;
    let said =
        say!(io, "inserted {inserted} found {found} removed {removed} left {left} check {check:016x}\n");
    i32::from(!said)
}

/// What a replay counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Insertions of keys that were not there.
    pub inserted: u32,
    /// Look-ups of keys that were there.
    pub found: u32,
    /// Removals of keys that were there.
    pub removed: u32,
    /// Keys at the end.
    pub left: usize,
    /// Depends on the answer of every operation of all replays.
    pub check: u64,
}

/// Replays a trace; `check` continues that of the replay before.
pub fn replay(trace: &[Operation], check: u64) -> Outcome {
    let mut set = Set::new();
    let mut outcome = Outcome { check, ..Outcome::default() };
    for operation in trace {
        let (count, yes) = match operation {
            Operation::Insert(key) => (&mut outcome.inserted, set.insert(*key)),
            Operation::Look(key) => (&mut outcome.found, set.contains(*key)),
            Operation::Remove(key) => (&mut outcome.removed, set.remove(*key)),
        };
        *count += u32::from(yes);
        outcome.check = (outcome.check ^ u64::from(yes)).wrapping_mul(0x0000_0100_0000_01b3).rotate_left(1);
    }
    outcome.left = set.len();
    outcome
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_answer_is_that_of_the_library() {
        let trace = trace(50_000);
        let (mut ours, mut theirs) = (Set::new(), HashSet::new());
        for operation in &trace {
            match operation {
                Operation::Insert(key) => assert_eq!(ours.insert(*key), theirs.insert(*key)),
                Operation::Look(key) => assert_eq!(ours.contains(*key), theirs.contains(key)),
                Operation::Remove(key) => assert_eq!(ours.remove(*key), theirs.remove(key)),
            }
            assert_eq!(ours.len(), theirs.len());
        }
        assert!(theirs.len() > 100);
    }

    #[test]
    fn counts_add_up() {
        let outcome = replay(&trace(20_000), 0);
        assert_eq!(outcome.left as u32, outcome.inserted - outcome.removed);
        assert!(outcome.found > 1000 && outcome.removed > 100);
    }
}
