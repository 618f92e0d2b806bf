//! Twins of `PolyBench`: the kernels in Rust.

use runoff_guest_polybench::{blas, datamining, main, medley, products, solvers, stencils};
use runoff_runtimes::native::TwinBody;

use super::Named;

pub(super) const TWINS: &[Named] = &[
    command!("polybench/correlation", main::<datamining::Correlation>),
    command!("polybench/covariance", main::<datamining::Covariance>),
    command!("polybench/gemm", main::<blas::Gemm>),
    command!("polybench/gemver", main::<blas::Gemver>),
    command!("polybench/gesummv", main::<blas::Gesummv>),
    command!("polybench/symm", main::<blas::Symm>),
    command!("polybench/syr2k", main::<blas::Syr2k>),
    command!("polybench/syrk", main::<blas::Syrk>),
    command!("polybench/trmm", main::<blas::Trmm>),
    command!("polybench/2mm", main::<products::TwoMm>),
    command!("polybench/3mm", main::<products::ThreeMm>),
    command!("polybench/atax", main::<products::Atax>),
    command!("polybench/bicg", main::<products::Bicg>),
    command!("polybench/doitgen", main::<products::Doitgen>),
    command!("polybench/mvt", main::<products::Mvt>),
    command!("polybench/cholesky", main::<solvers::Cholesky>),
    command!("polybench/durbin", main::<solvers::Durbin>),
    command!("polybench/gramschmidt", main::<solvers::Gramschmidt>),
    command!("polybench/lu", main::<solvers::Lu>),
    command!("polybench/ludcmp", main::<solvers::Ludcmp>),
    command!("polybench/trisolv", main::<solvers::Trisolv>),
    command!("polybench/deriche", main::<medley::Deriche>),
    command!("polybench/floyd-warshall", main::<medley::FloydWarshall>),
    command!("polybench/nussinov", main::<medley::Nussinov>),
    command!("polybench/adi", main::<stencils::Adi>),
    command!("polybench/fdtd-2d", main::<stencils::Fdtd2d>),
    command!("polybench/heat-3d", main::<stencils::Heat3d>),
    command!("polybench/jacobi-1d", main::<stencils::Jacobi1d>),
    command!("polybench/jacobi-2d", main::<stencils::Jacobi2d>),
    command!("polybench/seidel-2d", main::<stencils::Seidel2d>),
];
