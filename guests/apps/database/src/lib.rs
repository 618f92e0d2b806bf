//! An embedded database in memory: thirteen speed tests of insertions, look-ups, scans, an index, updates and
//! deletions, each in transactions as an application would use them.
#![forbid(unsafe_code)]
#![expect(clippy::cast_possible_truncation, reason = "keys and counts stay below 32 bits")]

mod speed;

use runoff_guest_apps_inputs::{Number, numbers, refuse};
use runoff_guest_program::{Io, say};

pub use speed::{TESTS, run};

const WANTED: [Number; 1] = [Number { name: "RECORDS", range: 64..=10_000_000, default: None }];

/// The program: all tests with `RECORDS`.
pub fn main(args: &[&str], io: &mut dyn Io) -> i32 {
    let [records] = match numbers(args, &WANTED) {
        Ok(values) => values,
        Err(message) => return refuse(io, "database", &message, "RECORDS"),
    };
    io.start();
    let answers = run(records as u64);
    io.end();
    match answers {
        Ok(answers) => {
            let lines: Vec<String> =
                TESTS.iter().zip(answers).map(|(name, a)| format!("{name} {a}")).collect();
            i32::from(!say!(io, "{}\n", lines.join("\n")))
        }
        Err(error) => {
            let _ = io.err(format!("database: {error}\n").as_bytes());
            1
        }
    }
}
