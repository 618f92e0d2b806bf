//! The 30 kernels of `PolyBench` (version 4.2.1) as programs.
//!
//! Each kernel is written from its mathematical definition, in the loop order that the suite publishes, with the
//! suite's initial values and sizes. Floating-point operations are done in the published order, so that the
//! resulting arrays have the same bits as those of the reference programs in C; `tests` holds the evidence.
//!
//! Every program takes `SIZE [dump]`, where `SIZE` is `mini`, `small`, `medium`, `large`, `extralarge`, or the
//! kernel's own numbers in the published order, and prints one line per output array: its name, a digest of its
//! bits, and the rounded sum of its elements; with `dump` it prints the arrays as the reference programs do.
//! Only the kernel is between the marks, not the initialisation.
#![forbid(unsafe_code)]

pub mod blas;
pub mod datamining;
pub mod medley;
pub mod products;
pub mod solvers;
pub mod stencils;

mod array;
mod frame;
mod grid;
#[cfg(test)]
mod tests;

pub use array::{Array, Cells};
pub use frame::{Kernel, SIZES, main};

use runoff_guest_program::Program;

/// All programs by the names of their kernels, in the order of the suite's categories.
pub const PROGRAMS: &[(&str, Program)] = &[
    ("correlation", main::<datamining::Correlation>),
    ("covariance", main::<datamining::Covariance>),
    ("gemm", main::<blas::Gemm>),
    ("gemver", main::<blas::Gemver>),
    ("gesummv", main::<blas::Gesummv>),
    ("symm", main::<blas::Symm>),
    ("syr2k", main::<blas::Syr2k>),
    ("syrk", main::<blas::Syrk>),
    ("trmm", main::<blas::Trmm>),
    ("2mm", main::<products::TwoMm>),
    ("3mm", main::<products::ThreeMm>),
    ("atax", main::<products::Atax>),
    ("bicg", main::<products::Bicg>),
    ("doitgen", main::<products::Doitgen>),
    ("mvt", main::<products::Mvt>),
    ("cholesky", main::<solvers::Cholesky>),
    ("durbin", main::<solvers::Durbin>),
    ("gramschmidt", main::<solvers::Gramschmidt>),
    ("lu", main::<solvers::Lu>),
    ("ludcmp", main::<solvers::Ludcmp>),
    ("trisolv", main::<solvers::Trisolv>),
    ("deriche", main::<medley::Deriche>),
    ("floyd-warshall", main::<medley::FloydWarshall>),
    ("nussinov", main::<medley::Nussinov>),
    ("adi", main::<stencils::Adi>),
    ("fdtd-2d", main::<stencils::Fdtd2d>),
    ("heat-3d", main::<stencils::Heat3d>),
    ("jacobi-1d", main::<stencils::Jacobi1d>),
    ("jacobi-2d", main::<stencils::Jacobi2d>),
    ("seidel-2d", main::<stencils::Seidel2d>),
];
