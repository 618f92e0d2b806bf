//! The module itself, before any compiler.

mod category;
mod choose;
mod mix;
mod names;
mod profile;

pub use category::Category;
pub use choose::Choice;
pub use mix::Mix;
pub(crate) use names::demangled;
pub use profile::{FunctionProfile, ModuleProfile};

#[cfg(test)]
mod tests;
