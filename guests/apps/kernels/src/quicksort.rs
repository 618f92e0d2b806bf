//! Quicksort as in textbooks: Hoare's partition around the middle element, the smaller part first.

use runoff_guest_apps_inputs::{Number, Random, numbers, refuse};
use runoff_guest_program::{Io, say};

use crate::digest::words;

const WANTED: [Number; 2] = [
    Number { name: "ELEMENTS", range: 1..=10_000_000, default: None },
    Number { name: "SORTS", range: 1..=1_000_000, default: None },
];

/// The program: `SORTS` times `ELEMENTS` numbers, in another order each time.
pub fn main(args: &[&str], io: &mut dyn Io) -> i32 {
    let [elements, sorts] = match numbers(args, &WANTED) {
        Ok(values) => values,
        Err(message) => return refuse(io, "quicksort", &message, "ELEMENTS SORTS"),
    };
    let mut random = Random::new(29);
    let shuffled: Vec<i32> = (0..elements).map(|_| random.bits() as i32).collect();
    let mut sorted = shuffled.clone();
    let mut middles = 0_u64;
    io.start();
    for sort in 0..sorts {
        // The same numbers from another starting point.
        let (front, back) = shuffled.split_at(sort * 7 % elements);
        sorted[..back.len()].copy_from_slice(back);
        sorted[back.len()..].copy_from_slice(front);
        quicksort(&mut sorted);
        middles = middles.rotate_left(5) ^ sorted[(elements / 2 + sort) % elements] as u64;
    }
    io.end();
    let said = say!(
        io,
        "sorted {} from {} to {} digest {:016x}\n",
        sorted.is_sorted(),
        sorted[0],
        sorted[elements - 1],
        words(sorted.iter().map(|v| *v as u64).chain([middles]))
    );
    i32::from(!said)
}

/// Sorts in place.
pub fn quicksort(mut numbers: &mut [i32]) {
    while numbers.len() > 1 {
        let cut = partition(numbers);
        let (left, right) = numbers.split_at_mut(cut);
        // Recursion into the smaller part only: depth stays below the logarithm of the length.
        let (smaller, larger) = if left.len() < right.len() { (left, right) } else { (right, left) };
        quicksort(smaller);
        numbers = larger;
    }
}

/// Puts what is not larger than the pivot before what is not smaller; gives the length of the first part, neither
/// 0 nor all.
fn partition(numbers: &mut [i32]) -> usize {
    let pivot = numbers[(numbers.len() - 1) / 2];
    let (mut low, mut high) = (0, numbers.len() - 1);
    loop {
        while numbers[low] < pivot {
            low += 1;
        }
        while numbers[high] > pivot {
            high -= 1;
        }
        if low >= high {
            return high + 1;
        }
        numbers.swap(low, high);
        low += 1;
        high -= 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sorts_as_the_library_does() {
        let mut random = Random::new(1);
        for length in (0..200).chain([5000]) {
            // Many equal elements, then hardly any.
            for end in [3, 1000, u32::MAX] {
                let mut numbers: Vec<i32> = (0..length).map(|_| random.below(end) as i32).collect();
                let mut expected = numbers.clone();
                expected.sort_unstable();
                quicksort(&mut numbers);
                assert_eq!(numbers, expected);
            }
        }
    }

    #[test]
    fn sorted_and_reversed_input() {
        let expected: Vec<i32> = (0..10_000).collect();
        let mut numbers: Vec<i32> = expected.clone();
        quicksort(&mut numbers);
        assert_eq!(numbers, expected);
        numbers.reverse();
        quicksort(&mut numbers);
        assert_eq!(numbers, expected);
    }
}
