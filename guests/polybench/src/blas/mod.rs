//! Basic linear algebra.

mod gemm;
mod gemver;
mod gesummv;
mod symm;
mod syr2k;
mod syrk;
mod trmm;

pub use gemm::Gemm;
pub use gemver::Gemver;
pub use gesummv::Gesummv;
pub use symm::Symm;
pub use syr2k::Syr2k;
pub use syrk::Syrk;
pub use trmm::Trmm;

/// The factor of the product in all kernels.
const ALPHA: f64 = 1.5;

/// The factor of what was there before.
const BETA: f64 = 1.2;

/// The published sizes of the symmetric and triangular kernels, `M` and `N`.
const PUBLISHED: [[usize; 2]; 5] = [[20, 30], [60, 80], [200, 240], [1000, 1200], [2000, 2600]];
