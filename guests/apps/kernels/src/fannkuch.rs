//! Pancakes: all permutations, and how often the first element, as long as it is not 1, reverses that many.

use runoff_guest_apps_inputs::{Number, numbers, refuse};
use runoff_guest_program::{Io, say};

const WANTED: [Number; 1] = [Number { name: "N", range: 3..=12, default: None }];

/// The program: permutations of `N` elements.
pub fn main(args: &[&str], io: &mut dyn Io) -> i32 {
    let [n] = match numbers(args, &WANTED) {
        Ok(values) => values,
        Err(message) => return refuse(io, "fannkuch", &message, "N"),
    };
    io.start();
    let (checksum, most) = fannkuch(n);
    io.end();
    i32::from(!say!(io, "checksum {checksum} flips {most}\n"))
}

/// The alternating sum of the flips of all permutations in the customary order (Anderson and Rettig 1994), and the
/// most flips of any.
pub fn fannkuch(n: usize) -> (i64, u32) {
    let mut permutation: Vec<u8> = (0..n as u8).collect();
    let mut work = permutation.clone();
    // How often each prefix has been rotated.
    let mut turns = vec![0; n];
    let (mut checksum, mut most, mut even) = (0, 0, true);
    loop {
        let flips = flips(&permutation, &mut work);
        most = most.max(flips);
        checksum += if even { i64::from(flips) } else { -i64::from(flips) };
        even = !even;
        // The next one: rotate the shortest prefix that has not been all the way round.
        let mut length = 1;
        loop {
            if length == n {
                return (checksum, most);
            }
            permutation[..=length].rotate_left(1);
            turns[length] += 1;
            if turns[length] <= length {
                break;
            }
            turns[length] = 0;
            length += 1;
        }
    }
}

fn flips(permutation: &[u8], work: &mut [u8]) -> u32 {
    work.copy_from_slice(permutation);
    let mut flips = 0;
    while work[0] != 0 {
        let first = usize::from(work[0]);
        work[..=first].reverse();
        flips += 1;
    }
    flips
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_values() {
        assert_eq!(fannkuch(7), (228, 16));
        assert_eq!(fannkuch(9), (8629, 30));
        assert_eq!(fannkuch(10), (73_196, 38));
    }
}
