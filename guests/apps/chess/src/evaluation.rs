//! What a position is worth to the side to move, in hundredths of a pawn.

use cozy_chess::{Board, Color, Piece, Rank, Square};

/// Worth of a piece.
pub(crate) fn worth(piece: Piece) -> i32 {
    match piece {
        Piece::Pawn => 100,
        Piece::Knight => 320,
        Piece::Bishop => 330,
        Piece::Rook => 500,
        Piece::Queen => 900,
        Piece::King => 0,
    }
}

/// Material, and pieces where they have something to do.
pub(crate) fn evaluate(board: &Board) -> i32 {
    let own = side(board, board.side_to_move());
    own - side(board, !board.side_to_move())
}

fn side(board: &Board, color: Color) -> i32 {
    // With few pieces the king goes to the middle.
    let ending = board.occupied().len() < 12;
    let mut sum = 0;
    for piece in Piece::ALL {
        for square in board.colored_pieces(color, piece) {
            let advanced = square.rank().relative_to(color) as i32 - Rank::First as i32;
            sum += worth(piece)
                + match piece {
                    Piece::Pawn => 2 * advanced * advanced + 4 * central(square),
                    Piece::Knight => 8 * central(square),
                    Piece::Bishop => 5 * central(square),
                    Piece::Rook => 2 * advanced,
                    Piece::Queen => 2 * central(square),
                    Piece::King if ending => 8 * central(square),
                    Piece::King => -10 * advanced - 6 * central(square),
                };
        }
    }
    sum
}

/// 0 at the corners to 6 in the middle.
fn central(square: Square) -> i32 {
    let away = |coordinate: i32| (2 * coordinate - 7).abs() / 2;
    6 - away(square.file() as i32) - away(square.rank() as i32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_start_is_even_and_colours_are_alike() {
        assert_eq!(evaluate(&Board::startpos()), 0);
        let white: Board = "4k3/8/8/8/8/2N5/P7/4K3 w - - 0 1".parse().expect("a position");
        let black: Board = "4k3/p7/2n5/8/8/8/8/4K3 b - - 0 1".parse().expect("a position");
        assert_eq!(evaluate(&white), evaluate(&black));
        assert!(evaluate(&white) > 400);
    }

    #[test]
    fn the_middle_is_central() {
        assert_eq!(
            (central(Square::A1), central(Square::H8), central(Square::E4), central(Square::A4)),
            (0, 0, 6, 3)
        );
    }
}
