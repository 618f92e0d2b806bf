//! An image filter and two dynamic programs.

mod deriche;
mod floyd_warshall;
mod nussinov;

pub use deriche::Deriche;
pub use floyd_warshall::FloydWarshall;
pub use nussinov::Nussinov;
