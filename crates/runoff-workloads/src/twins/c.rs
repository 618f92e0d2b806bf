//! Twins of the guests in C: the same sources, compiled by the C compiler of this machine.

use runoff_runtimes::native::TwinBody;

use super::Named;

pub(super) const TWINS: &[Named] = &[
    command!("c/2mm", runoff_guest_c::two_mm),
    command!("c/atax", runoff_guest_c::atax),
    command!("c/cholesky", runoff_guest_c::cholesky),
    command!("c/crc32", runoff_guest_c::crc32),
    command!("c/durbin", runoff_guest_c::durbin),
    command!("c/floyd-warshall", runoff_guest_c::floyd_warshall),
    command!("c/gemm", runoff_guest_c::gemm),
    command!("c/jacobi-2d", runoff_guest_c::jacobi_2d),
    command!("c/lu", runoff_guest_c::lu),
    command!("c/matmul-17", runoff_guest_c::matmul_17),
    command!("c/nussinov", runoff_guest_c::nussinov),
    command!("c/seidel-2d", runoff_guest_c::seidel_2d),
    command!("c/sha256", runoff_guest_c::sha256),
    command!("c/sieve", runoff_guest_c::sieve),
    command!("c/sort", runoff_guest_c::sort),
];
