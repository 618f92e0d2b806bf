//! How many ways there are to put queens on a board so that none attacks another, by backtracking over bit sets.

use runoff_guest_apps_inputs::{Number, numbers, refuse};
use runoff_guest_program::{Io, say};

const WANTED: [Number; 1] = [Number { name: "N", range: 1..=16, default: None }];

/// The program: boards of `N`² squares.
pub fn main(args: &[&str], io: &mut dyn Io) -> i32 {
    let [n] = match numbers(args, &WANTED) {
        Ok(values) => values,
        Err(message) => return refuse(io, "queens", &message, "N"),
    };
    io.start();
    let ways = queens(n as u32);
    io.end();
    i32::from(!say!(io, "{n} queens {ways} ways\n"))
}

/// The number of solutions.
pub fn queens(n: u32) -> u64 {
    place((1 << n) - 1, 0, 0, 0)
}

/// The ways to fill the rows that are left: columns and diagonals that are attacked, as seen from this row.
fn place(all: u32, columns: u32, falling: u32, rising: u32) -> u64 {
    if columns == all {
        return 1;
    }
    let mut free = all & !(columns | falling | rising);
    let mut ways = 0;
    while free != 0 {
        let queen = free & free.wrapping_neg();
        free ^= queen;
        ways += place(all, columns | queen, (falling | queen) << 1, (rising | queen) >> 1);
    }
    ways
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_values() {
        // Sequence A000170 of the OEIS.
        let ways: Vec<u64> = (1..=10).map(queens).collect();
        assert_eq!(ways, [1, 0, 0, 2, 10, 4, 40, 92, 352, 724]);
    }
}
