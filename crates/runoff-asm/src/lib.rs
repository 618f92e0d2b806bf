//! What compilers made of a module.
//!
//! - [`Decoded`], [`Counts`]: x86-64 machine code, decoded, and what is counted in it;
//! - [`ModuleProfile`]: the same question of the module itself: which instructions its functions have;
//! - [`Program`], [`embedded_functions`]: the functions of an executable, for a workload's native twin, and of the object
//!   files that engines save.
//!
//! Nothing here compiles or runs anything.

mod comparison;
mod error;
mod machine;
mod module;
mod native;

pub use comparison::{Comparison, Side, SideCode};
pub use error::AsmError;
pub use machine::{Counts, Decoded, Line, Measure, Names, can_decode, count, lines};
pub use module::{Category, Choice, FunctionProfile, Mix, ModuleProfile};
pub use native::{NativeFunction, ObjectFunction, Program, embedded_functions};
