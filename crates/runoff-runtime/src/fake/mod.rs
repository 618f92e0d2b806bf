//! A runtime that does nothing but let an injected clock advance: deterministic tests of everything above
//! the seam.

mod instance;
mod runtime;
mod script;

pub use runtime::FakeRuntime;
pub use script::{FakeCosts, FakeScript, FakeStep};
