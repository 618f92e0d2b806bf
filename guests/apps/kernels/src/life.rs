//! Conway's game of life on a torus.

use runoff_guest_apps_inputs::{Number, numbers, refuse};
use runoff_guest_program::{Io, say};

use crate::digest::words;

const WANTED: [Number; 2] = [
    Number { name: "SIDE", range: 8..=8192, default: None },
    Number { name: "GENERATIONS", range: 0..=1_000_000, default: None },
];

/// The program: what becomes of the R-pentomino after `GENERATIONS` on a torus of `SIDE`² cells.
pub fn main(args: &[&str], io: &mut dyn Io) -> i32 {
    let [side, generations] = match numbers(args, &WANTED) {
        Ok(values) => values,
        Err(message) => return refuse(io, "life", &message, "SIDE GENERATIONS"),
    };
    let mut world = World::new(side, &R_PENTOMINO);
    io.start();
    for _ in 0..generations {
        world.step();
    }
    io.end();
    let digest = words(world.cells.iter().map(|c| u64::from(*c)));
    i32::from(!say!(io, "alive {} digest {digest:016x}\n", world.alive()))
}

/// Five cells that take 1103 generations to settle; row and column.
pub const R_PENTOMINO: [(usize, usize); 5] = [(0, 1), (0, 2), (1, 0), (1, 1), (2, 1)];

/// A torus of cells.
#[derive(Clone, Debug)]
pub struct World {
    side: usize,
    /// 1 where a cell is alive, row by row.
    cells: Vec<u8>,
    next: Vec<u8>,
}

impl World {
    /// A world with these cells alive around its middle.
    pub fn new(side: usize, alive: &[(usize, usize)]) -> Self {
        let mut cells = vec![0; side * side];
        for (row, column) in alive {
            cells[(side / 2 + row) % side * side + (side / 2 + column) % side] = 1;
        }
        Self { side, next: cells.clone(), cells }
    }

    /// One generation: three neighbours make a cell alive, two keep it so.
    pub fn step(&mut self) {
        let side = self.side;
        for row in 0..side {
            let above = &self.cells[(row + side - 1) % side * side..][..side];
            let here = &self.cells[row * side..][..side];
            let below = &self.cells[(row + 1) % side * side..][..side];
            let column = |c: usize| above[c] + here[c] + below[c];
            let next = &mut self.next[row * side..][..side];
            let (mut left, mut middle) = (column(side - 1), column(0));
            for c in 0..side {
                let right = column(if c + 1 == side { 0 } else { c + 1 });
                let block = left + middle + right;
                next[c] = u8::from(block == 3 || (block == 4 && here[c] == 1));
                (left, middle) = (middle, right);
            }
        }
        std::mem::swap(&mut self.cells, &mut self.next);
    }

    /// How many cells are alive.
    pub fn alive(&self) -> usize {
        self.cells.iter().map(|c| usize::from(*c)).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(side: usize, alive: &[(usize, usize)], generations: usize) -> World {
        let mut world = World::new(side, alive);
        for _ in 0..generations {
            world.step();
        }
        world
    }

    #[test]
    fn the_r_pentomino_settles_as_published() {
        // 116 cells after 1103 generations in an endless world; its gliders are still on their way here.
        assert_eq!(after(576, &R_PENTOMINO, 1103).alive(), 116);
    }

    #[test]
    fn a_glider_comes_back() {
        let glider = [(0, 1), (1, 2), (2, 0), (2, 1), (2, 2)];
        // One cell on each axis every four generations: round a torus of 16 in 64.
        assert_eq!(after(16, &glider, 64).cells, World::new(16, &glider).cells);
        assert_ne!(after(16, &glider, 32).cells, World::new(16, &glider).cells);
    }
}
