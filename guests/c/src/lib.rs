//! Guest programs in C, and their native twins: the same sources, compiled for this machine by the build script and
//! called in the shape that programs in Rust have.
//!
//! The kernels of `PolyBench` print exactly what their namesakes in Rust print, so that a conclusion about runtimes can
//! be seen to hold for two compilers. `rebuild.sh` makes the modules.

// The modules of this package are made without this crate.
#![cfg(not(target_arch = "wasm32"))]

mod call;
#[cfg(test)]
mod tests;

use runoff_guest_program::{Io, Program};

macro_rules! programs {
    ($($(#[$doc:meta])* $name:literal $function:ident $symbol:ident),* $(,)?) => {
        $(
            $(#[$doc])*
            pub fn $function(args: &[&str], io: &mut dyn Io) -> i32 {
                call::run(call::$symbol, args, io)
            }
        )*

        /// All programs by name.
        pub const PROGRAMS: &[(&str, Program)] = &[$(($name, $function)),*];
    };
}

programs! {
    /// `PolyBench`'s two products of matrices.
    "2mm" two_mm runoff_c_2mm,
    /// `PolyBench`'s `Aᵀ (A x)`.
    "atax" atax runoff_c_atax,
    /// `PolyBench`'s Cholesky decomposition.
    "cholesky" cholesky runoff_c_cholesky,
    /// The CRC-32 of pseudo-random bytes.
    "crc32" crc32 runoff_c_crc32,
    /// `PolyBench`'s Levinson-Durbin recursion.
    "durbin" durbin runoff_c_durbin,
    /// `PolyBench`'s shortest paths.
    "floyd-warshall" floyd_warshall runoff_c_floyd_warshall,
    /// `PolyBench`'s product of matrices.
    "gemm" gemm runoff_c_gemm,
    /// `PolyBench`'s stencil of five points.
    "jacobi-2d" jacobi_2d runoff_c_jacobi_2d,
    /// `PolyBench`'s LU decomposition.
    "lu" lu runoff_c_lu,
    /// The product of two matrices of 17 × 17, compiled with and without optimisation.
    "matmul-17" matmul_17 runoff_c_matmul_17,
    /// `PolyBench`'s folding of RNA.
    "nussinov" nussinov runoff_c_nussinov,
    /// `PolyBench`'s stencil of nine points in place.
    "seidel-2d" seidel_2d runoff_c_seidel_2d,
    /// The SHA-256 of pseudo-random bytes.
    "sha256" sha256 runoff_c_sha256,
    /// The primes up to a number.
    "sieve" sieve runoff_c_sieve,
    /// Pseudo-random numbers, sorted.
    "sort" sort runoff_c_sort,
}
