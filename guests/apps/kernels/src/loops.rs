//! Seventeen loops over arrays, of the kinds that vectorising compilers are tried with.

mod arrays;
mod floats;
mod integers;

use runoff_guest_apps_inputs::{Number, numbers, refuse};
use runoff_guest_program::{Io, say};

pub use arrays::Arrays;

/// A loop: what it does to the arrays in one round.
type Kernel = (&'static str, fn(&mut Arrays, i32));

/// All of them, in the order in which they run.
const KERNELS: [Kernel; 17] = [
    ("fill", integers::fill),
    ("add", integers::add),
    ("shifted", integers::shifted),
    ("masked", integers::masked),
    ("clamp", integers::clamp),
    ("select", integers::select),
    ("widen", integers::widen),
    ("narrow", integers::narrow),
    ("differences", integers::differences),
    ("dot", integers::dot),
    ("largest", integers::largest),
    ("saxpy", floats::saxpy),
    ("dot32", floats::dot32),
    ("dot64", floats::dot64),
    ("complex", floats::complex),
    ("rows", floats::rows),
    ("filter", floats::filter),
];

const WANTED: [Number; 2] = [
    Number { name: "LENGTH", range: 16..=1 << 20, default: None },
    Number { name: "ROUNDS", range: 1..=1 << 20, default: None },
];

/// The program: arrays of `LENGTH` elements, every loop `ROUNDS` times.
pub fn main(args: &[&str], io: &mut dyn Io) -> i32 {
    let [length, rounds] = match numbers(args, &WANTED) {
        Ok(values) => values,
        Err(message) => return refuse(io, "loops", &message, "LENGTH ROUNDS"),
    };
    let mut arrays = Arrays::new(length);
    io.start();
    run(&mut arrays, rounds);
    io.end();
    let said = say!(
        io,
        "loops {} dot {} dot64 {} digest {:016x}\n",
        KERNELS.len(),
        arrays.totals[1],
        arrays.sums[1],
        arrays.digest()
    );
    i32::from(!said)
}

/// Every kernel `rounds` times; each round has a number of its own, so that none can be left out.
fn run(arrays: &mut Arrays, rounds: usize) {
    for (_, kernel) in KERNELS {
        for round in 0..rounds {
            kernel(arrays, round as i32);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_loop_changes_something_of_its_own() {
        for (name, kernel) in KERNELS {
            let mut arrays = Arrays::new(64);
            let before = arrays.digest();
            kernel(&mut arrays, 3);
            assert_ne!(arrays.digest(), before, "{name}");
        }
    }

    #[test]
    fn rounds_differ() {
        let after = |rounds| {
            let mut arrays = Arrays::new(32);
            run(&mut arrays, rounds);
            arrays.digest()
        };
        assert_ne!(after(1), after(2));
    }
}
