//! The functions of executables and object files.

mod image;
mod object_file;
mod program;

pub use object_file::{ObjectFunction, embedded_functions};
pub use program::{NativeFunction, Program};
