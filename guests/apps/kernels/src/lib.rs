//! Characterisation programs that are one algorithm each, written from its definition.
//!
//! Every module has a `main` in the shape of [`runoff_guest_program`], the algorithm, and tests against published or
//! independently computed values. Floating-point results have the same bits natively and in WebAssembly: only
//! exactly rounded operations, and `libm` for what is not.
#![forbid(unsafe_code)]
#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "sizes are checked on the way in and far below the limits of the types"
)]
#![expect(clippy::many_single_char_names, reason = "formulas use the letters of the textbooks")]

mod digest;

pub mod basicmath;
pub mod bitcount;
pub mod digits;
pub mod fannkuch;
pub mod hashset;
pub mod levenshtein;
pub mod life;
pub mod loops;
pub mod mandelbrot;
pub mod queens;
pub mod quicksort;
pub mod raytrace;
pub mod spectral;
pub mod stringsearch;
