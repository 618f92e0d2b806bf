//! The edit distance of texts, by the rule of Wagner and Fischer (1974) with two rows.

use runoff_guest_apps_inputs::{Number, Random, numbers, refuse, text};
use runoff_guest_program::{Io, say};

use crate::digest::words;

const WANTED: [Number; 2] = [
    Number { name: "LENGTH", range: 1..=100_000, default: None },
    Number { name: "PAIRS", range: 1..=1_000_000, default: None },
];

/// The program: `PAIRS` texts of `LENGTH` bytes with edited copies of theirs.
pub fn main(args: &[&str], io: &mut dyn Io) -> i32 {
    let [length, count] = match numbers(args, &WANTED) {
        Ok(values) => values,
        Err(message) => return refuse(io, "levenshtein", &message, "LENGTH PAIRS"),
    };
    let mut random = Random::new(47);
    let pairs: Vec<(Vec<u8>, Vec<u8>)> = (0..count)
        .map(|_| {
            let text = text(random.bits(), length);
            let edited = edited(&text, 1 + length / 10, &mut random);
            (text, edited)
        })
        .collect();
    io.start();
    let distances: Vec<u32> = pairs.iter().map(|(a, b)| distance(a, b)).collect();
    io.end();
    let sum: u64 = distances.iter().map(|d| u64::from(*d)).sum();
    let digest = words(distances.iter().map(|d| u64::from(*d)));
    i32::from(!say!(io, "distance {sum} digest {digest:016x}\n"))
}

/// A copy after this many insertions, deletions and replacements.
fn edited(text: &[u8], edits: usize, random: &mut Random) -> Vec<u8> {
    let mut copy = text.to_vec();
    for _ in 0..edits {
        let at = random.below(copy.len() as u32) as usize;
        let byte = b'a' + random.below(26) as u8;
        match random.below(3) {
            0 => copy.insert(at, byte),
            1 if copy.len() > 1 => {
                copy.remove(at);
            }
            _ => copy[at] = byte,
        }
    }
    copy
}

/// The fewest insertions, deletions and replacements that make one text the other.
pub fn distance(from: &[u8], to: &[u8]) -> u32 {
    let mut above: Vec<u32> = (0..=to.len() as u32).collect();
    let mut row = above.clone();
    for (i, a) in from.iter().enumerate() {
        row[0] = i as u32 + 1;
        for (j, b) in to.iter().enumerate() {
            let replaced = above[j] + u32::from(a != b);
            row[j + 1] = replaced.min(above[j + 1] + 1).min(row[j] + 1);
        }
        std::mem::swap(&mut above, &mut row);
    }
    above[to.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn textbook_pairs() {
        for (a, b, right) in [
            ("kitten", "sitting", 3),
            ("saturday", "sunday", 3),
            ("intention", "execution", 5),
            ("", "abc", 3),
            ("abc", "", 3),
            ("same", "same", 0),
        ] {
            assert_eq!(distance(a.as_bytes(), b.as_bytes()), right, "{a} {b}");
        }
    }

    #[test]
    fn a_metric_bounded_by_the_edits() {
        let mut random = Random::new(3);
        for edits in 1..40 {
            let a = text(random.bits(), 120);
            let b = edited(&a, edits, &mut random);
            let c = edited(&b, 5, &mut random);
            let (ab, bc, ac) = (distance(&a, &b), distance(&b, &c), distance(&a, &c));
            assert!(ab as usize <= edits && ac <= ab + bc);
            assert_eq!(ab, distance(&b, &a));
        }
    }
}
