//! WAMR: in this process its fast interpreter, which loads a module into an internal register code and runs that.
//! Its other modes need other builds of its library, which `drivers/wamr` links with this adapter.
//!
//! WAMR keeps its state per process, so all of it sits behind `ffi`, which makes it look like values one
//! owns. It runs a start function before there is an instance to terminate; where calls must be stoppable the
//! start function is therefore made an export and called (`crate::caps::startless`).

mod ffi;
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
mod gs;
mod hints;
mod host;
mod instance;
mod mode;
mod module;
mod runtime;
mod saved;

pub use mode::{AotCompiler, Mode};
pub use runtime::make;
pub(crate) use runtime::own_calls;
