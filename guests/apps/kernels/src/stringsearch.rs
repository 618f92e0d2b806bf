//! Searching for words in text by Horspool's algorithm (1980): compare at the end, skip by the last character.

use runoff_guest_apps_inputs::{Number, Random, fnv64, numbers, refuse, text};
use runoff_guest_program::{Io, say};

const WANTED: [Number; 2] = [
    Number { name: "BYTES", range: 100..=100_000_000, default: None },
    Number { name: "PATTERNS", range: 1..=100_000, default: None },
];

/// The program: all places of `PATTERNS` patterns in a text of `BYTES`, of which every fourth may not occur.
pub fn main(args: &[&str], io: &mut dyn Io) -> i32 {
    let [bytes, count] = match numbers(args, &WANTED) {
        Ok(values) => values,
        Err(message) => return refuse(io, "stringsearch", &message, "BYTES PATTERNS"),
    };
    let text = text(41, bytes);
    let patterns = patterns(&text, count);
    let mut found = Vec::with_capacity(count);
    io.start();
    for pattern in &patterns {
        let mut places = 0_u32;
        let mut sum = 0_u64;
        Horspool::new(pattern).each(&text, |place| {
            places += 1;
            sum = sum.wrapping_add(place as u64);
        });
        found.push((places, sum));
    }
    io.end();
    let places: u32 = found.iter().map(|(places, _)| places).sum();
    let missing = found.iter().filter(|(places, _)| *places == 0).count();
    let answer: Vec<u8> = found
        .iter()
        .flat_map(|(places, sum)| [u64::from(*places), *sum])
        .flat_map(u64::to_le_bytes)
        .collect();
    let said = say!(io, "places {places} missing {missing} digest {:016x}\n", fnv64(&answer));
    i32::from(!said)
}

/// Pieces of the text, 4 to 20 bytes; every fourth is changed at its start.
fn patterns(text: &[u8], count: usize) -> Vec<Vec<u8>> {
    let mut random = Random::new(43);
    (0..count)
        .map(|i| {
            let length = 4 + random.below(17) as usize;
            let at = random.below((text.len() - length) as u32) as usize;
            let mut pattern = text[at..at + length].to_vec();
            if i % 4 == 3 {
                pattern[0] ^= 0x11;
            }
            pattern
        })
        .collect()
}

/// A pattern with how far to go on after each character.
#[derive(Clone, Debug)]
pub struct Horspool<'a> {
    pattern: &'a [u8],
    skip: [usize; 256],
}

impl<'a> Horspool<'a> {
    /// Prepares a pattern, which must not be empty.
    pub fn new(pattern: &'a [u8]) -> Self {
        let last = pattern.len() - 1;
        let mut skip = [pattern.len(); 256];
        for (i, byte) in pattern[..last].iter().enumerate() {
            skip[usize::from(*byte)] = last - i;
        }
        Self { pattern, skip }
    }

    /// Calls `found` with every place where the pattern begins, overlapping ones included.
    pub fn each(&self, text: &[u8], mut found: impl FnMut(usize)) {
        let last = self.pattern.len() - 1;
        let mut end = last;
        while let Some(byte) = text.get(end) {
            if *byte == self.pattern[last] && text[end - last..end] == self.pattern[..last] {
                found(end - last);
            }
            end += self.skip[usize::from(*byte)];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(pattern: &[u8], text: &[u8]) -> Vec<usize> {
        let mut places = Vec::new();
        Horspool::new(pattern).each(text, |place| places.push(place));
        places
    }

    #[test]
    fn every_place_and_no_other() {
        let text = text(5, 20_000);
        for pattern in patterns(&text, 60) {
            let naive: Vec<usize> = (0..=text.len() - pattern.len())
                .filter(|&at| text[at..at + pattern.len()] == pattern[..])
                .collect();
            assert_eq!(places(&pattern, &text), naive);
        }
    }

    #[test]
    fn overlaps_ends_and_short_texts() {
        assert_eq!(places(b"aa", b"aaaa"), [0, 1, 2]);
        assert_eq!(places(b"abc", b"abcabc"), [0, 3]);
        assert_eq!(places(b"abcd", b"abc"), [0; 0]);
        assert_eq!(places(b"x", b"xyx"), [0, 2]);
    }
}
