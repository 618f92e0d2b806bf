//! Regular expressions over the log of a server.

mod log;

use ::regex::bytes::Regex;
use runoff_guest_apps_inputs::{Number, fnv64, numbers, refuse};
use runoff_guest_program::{Io, say};

pub use log::{Log, log};

const WANTED: [Number; 2] = [
    Number { name: "LINES", range: 1..=1_000_000, default: None },
    Number { name: "REPETITIONS", range: 1..=10_000, default: Some(1) },
];

/// What is looked for, in the order of [`Log::truth`].
const PATTERNS: [(&str, &str); 6] = [
    ("addresses", r"\b\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}\b"),
    ("dates", r"\b(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})Z"),
    ("mails", r"[a-z][a-z0-9._]*@[a-z0-9-]+(?:\.[a-z0-9-]+)+"),
    ("failures", r#"" 5\d\d \d+"#),
    ("methods", r#""(?:PUT|PATCH|DELETE) /[^ "]*"#),
    ("slow", r"took=[1-9]\d{3,}ms$"),
];

/// The program: compiles six patterns and finds all their matches in a log of `LINES`, `REPETITIONS` times.
pub fn main(args: &[&str], io: &mut dyn Io) -> i32 {
    let [lines, repetitions] = match numbers(args, &WANTED) {
        Ok(values) => values,
        Err(message) => return refuse(io, "regex", &message, "LINES [REPETITIONS]"),
    };
    let log = log(lines);
    io.start();
    let mut found = Ok(Found::default());
    for _ in 0..repetitions {
        found = search(&log.text);
    }
    io.end();
    match found {
        Ok(Found { counts, digest }) => {
            let counts: Vec<String> =
                PATTERNS.iter().zip(counts).map(|((name, _), count)| format!("{name} {count}")).collect();
            i32::from(!say!(io, "{} digest {digest:016x}\n", counts.join(" ")))
        }
        Err(error) => {
            let _ = io.err(format!("regex: {error}\n").as_bytes());
            1
        }
    }
}

/// How often each pattern matches, and a digest of where.
#[derive(Debug, Default)]
struct Found {
    counts: [usize; PATTERNS.len()],
    digest: u64,
}

/// Searches line by line, as tools for logs do.
fn search(text: &[u8]) -> Result<Found, ::regex::Error> {
    let mut found = Found::default();
    let mut places = Vec::new();
    for ((_, pattern), count) in PATTERNS.iter().zip(&mut found.counts) {
        let regex = Regex::new(&format!("(?-u){pattern}"))?;
        let mut start = 0;
        for line in text.split(|b| *b == b'\n') {
            for found in regex.find_iter(line) {
                *count += 1;
                places.extend_from_slice(&((start + found.start()) as u64).to_le_bytes());
                places.extend_from_slice(&(found.len() as u64).to_le_bytes());
            }
            start += line.len() + 1;
        }
    }
    found.digest = fnv64(&places);
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_was_put_in() {
        let log = log(3000);
        let found = search(&log.text).expect("patterns that compile");
        assert_eq!(found.counts, log.truth);
        assert!(log.truth.iter().all(|count| *count > 50), "{:?}", log.truth);
    }
}
