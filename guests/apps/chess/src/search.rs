//! The search.

use cozy_chess::{Board, Move, Piece};

use crate::evaluation::{evaluate, worth};

/// Worth more than everything on the board: a mate now; one later is worth less.
pub(crate) const MATE: i32 = 30_000;

/// One search.
#[derive(Debug, Default)]
pub struct Search {
    /// Positions looked at so far.
    pub nodes: u64,
}

impl Search {
    /// The best move, if there is any, and its score for the side to move, `depth` half-moves ahead.
    pub fn best(&mut self, board: &Board, depth: u32) -> (Option<Move>, i32) {
        let (mut best, mut alpha) = (None, -MATE - 1);
        for m in ordered(board, false) {
            let score = -self.negamax(&after(board, m), depth - 1, 1, -MATE - 1, -alpha);
            if score > alpha {
                (best, alpha) = (Some(m), score);
            }
        }
        match best {
            Some(_) => (best, alpha),
            None => (None, lost(board, 0)),
        }
    }

    /// The score for the side to move, exact between the bounds; `ply` is the distance from the root.
    fn negamax(&mut self, board: &Board, depth: u32, ply: i32, mut alpha: i32, beta: i32) -> i32 {
        if depth == 0 {
            return self.quiet(board, ply, alpha, beta);
        }
        self.nodes += 1;
        let moves = ordered(board, false);
        if moves.is_empty() {
            return lost(board, ply);
        }
        for m in moves {
            let score = -self.negamax(&after(board, m), depth - 1, ply + 1, -beta, -alpha);
            if score >= beta {
                return score;
            }
            alpha = alpha.max(score);
        }
        alpha
    }

    /// Only captures from here on, as long as they are better than doing nothing; all moves out of check.
    fn quiet(&mut self, board: &Board, ply: i32, mut alpha: i32, beta: i32) -> i32 {
        self.nodes += 1;
        let check = !board.checkers().is_empty();
        if !check {
            let still = evaluate(board);
            if still >= beta {
                return still;
            }
            alpha = alpha.max(still);
        }
        let moves = ordered(board, !check);
        if moves.is_empty() && check {
            return lost(board, ply);
        }
        for m in moves {
            let score = -self.quiet(&after(board, m), ply + 1, -beta, -alpha);
            if score >= beta {
                return score;
            }
            alpha = alpha.max(score);
        }
        alpha
    }
}

/// The score of a side that has no move: mated, or a draw.
fn lost(board: &Board, ply: i32) -> i32 {
    if board.checkers().is_empty() { 0 } else { ply - MATE }
}

fn after(board: &Board, m: Move) -> Board {
    let mut next = board.clone();
    next.play_unchecked(m);
    next
}

/// Legal moves, promising ones first: promotions, then the most valuable victim of the least valuable attacker.
/// Moves of equal promise stay in the order in which they are made, so that the search is always the same.
fn ordered(board: &Board, captures_only: bool) -> Vec<Move> {
    let enemy = board.colors(!board.side_to_move());
    let mut moves = Vec::with_capacity(64);
    board.generate_moves(|of_piece| {
        for m in of_piece {
            // Castling is written as the king taking its own rook.
            let victim = if enemy.has(m.to) { board.piece_on(m.to) } else { None };
            if captures_only && victim.is_none() && m.promotion.is_none() {
                continue;
            }
            let taken = victim.map_or(0, |piece| 16 * worth(piece) - worth(of_piece.piece));
            moves.push((taken + m.promotion.map_or(0, |piece: Piece| 16 * worth(piece)), m));
        }
        false
    });
    moves.sort_by_key(|(promise, _)| -promise);
    moves.into_iter().map(|(_, m)| m).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn position(fen: &str) -> Board {
        fen.parse().expect("a position")
    }

    /// The same value without pruning.
    fn minimax(board: &Board, depth: u32, ply: i32) -> i32 {
        if depth == 0 {
            return Search::default().quiet(board, ply, -MATE - 1, MATE + 1);
        }
        let moves = ordered(board, false);
        let scores = moves.into_iter().map(|m| -minimax(&after(board, m), depth - 1, ply + 1));
        scores.max().unwrap_or_else(|| lost(board, ply))
    }

    #[test]
    fn pruning_changes_no_score() {
        for fen in crate::POSITIONS {
            let board = position(fen);
            let mut search = Search::default();
            assert_eq!(search.best(&board, 2).1, minimax(&board, 2, 0), "{fen}");
        }
    }

    #[test]
    fn finds_mates() {
        // A back rank, two rooks in three half-moves, and no way out.
        let (best, score) = Search::default().best(&position("6k1/5ppp/8/8/8/8/8/R3K3 w Q - 0 1"), 2);
        assert_eq!((best.map(|m| m.to_string()), score), (Some("a1a8".into()), MATE - 1));
        let (_, score) = Search::default().best(&position("7k/8/8/8/8/1R6/R7/K7 w - - 0 1"), 4);
        assert_eq!(score, MATE - 3);
        let (best, score) = Search::default().best(&position("7k/5QQ1/8/8/8/8/8/K7 b - - 0 1"), 2);
        assert_eq!((best, score), (None, -MATE));
    }

    #[test]
    fn a_draw_by_stalemate_is_even() {
        assert_eq!(Search::default().best(&position("7k/5Q2/6K1/8/8/8/8/8 b - - 0 1"), 3), (None, 0));
    }
}
