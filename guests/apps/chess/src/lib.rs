//! Chess: the best move by negamax with alpha-beta pruning (Knuth and Moore 1975) and a search for quiet positions.
//!
//! Moves are made by the crate `cozy-chess`, which a real engine would use as well; search and evaluation are ours.
#![forbid(unsafe_code)]
#![expect(clippy::cast_possible_truncation, reason = "arguments are small")]

mod evaluation;
mod search;

use cozy_chess::{Board, Move};
use runoff_guest_apps_inputs::{Number, numbers, refuse};
use runoff_guest_program::{Io, say};

pub use search::Search;

const WANTED: [Number; 2] = [
    Number { name: "DEPTH", range: 1..=12, default: None },
    Number { name: "POSITIONS", range: 1..=POSITIONS.len(), default: Some(POSITIONS.len()) },
];

/// The start, and middle games and endings that are commonly used to try move generators.
const POSITIONS: [&str; 5] = [
    "rnbqkbnr/pppppppp/8/8/8/8/PPPPPPPP/RNBQKBNR w KQkq - 0 1",
    "r3k2r/p1ppqpb1/bn2pnp1/3PN3/1p2P3/2N2Q1p/PPPBBPPP/R3K2R w KQkq - 0 1",
    "8/2p5/3p4/KP5r/1R3p1k/8/4P1P1/8 w - - 0 1",
    "rnbq1k1r/pp1Pbppp/2p5/8/2B5/8/PPP1NnPP/RNBQK2R w KQ - 1 8",
    "r4rk1/1pp1qppp/p1np1n2/2b1p1B1/2B1P1b1/P1NP1N2/1PP1QPPP/R4RK1 w - - 0 10",
];

/// The program: the best move `DEPTH` half-moves ahead in the first `POSITIONS` positions.
pub fn main(args: &[&str], io: &mut dyn Io) -> i32 {
    let [depth, count] = match numbers(args, &WANTED) {
        Ok(values) => values,
        Err(message) => return refuse(io, "chess", &message, "DEPTH [POSITIONS]"),
    };
    let boards: Vec<Board> = POSITIONS.iter().take(count).filter_map(|fen| fen.parse().ok()).collect();
    io.start();
    let found: Vec<(Option<Move>, i32, u64)> = boards
        .iter()
        .map(|board| {
            let mut search = Search::default();
            let (best, score) = search.best(board, depth as u32);
            (best, score, search.nodes)
        })
        .collect();
    io.end();
    let lines: Vec<String> = found
        .iter()
        .map(|(best, score, nodes)| {
            let best = best.map_or_else(|| "none".to_owned(), |m| m.to_string());
            format!("best {best} score {score} nodes {nodes}")
        })
        .collect();
    i32::from(!say!(io, "{}\n", lines.join("\n")))
}

/// How many sequences of `depth` half-moves there are: the usual check of a move generator.
pub fn perft(board: &Board, depth: u32) -> u64 {
    if depth == 0 {
        return 1;
    }
    let mut count = 0;
    board.generate_moves(|moves| {
        for m in moves {
            let mut next = board.clone();
            next.play_unchecked(m);
            count += perft(&next, depth - 1);
        }
        false
    });
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_positions_are_sound() {
        assert!(POSITIONS.iter().all(|fen| fen.parse::<Board>().is_ok()));
    }

    #[test]
    fn published_perft_numbers() {
        let right = [(4, 197_281), (3, 97_862), (4, 43_238), (3, 62_379), (3, 89_890)];
        for (fen, (depth, count)) in POSITIONS.iter().zip(right) {
            assert_eq!(perft(&fen.parse().expect("a position"), depth), count, "{fen}");
        }
    }
}
