//! The functions of an executable.

mod image;
mod program;

pub use program::{NativeFunction, Program};
