//! WAMR's fast interpreter: it loads a module into an internal register code and runs that.
//!
//! WAMR keeps its state per process, so all of it sits behind [`ffi`], which makes it look like values one
//! owns. It runs a start function before there is an instance to terminate; where calls must be stoppable the
//! start function is therefore made an export and called (`crate::caps::startless`).

mod ffi;
mod hints;
mod host;
mod instance;
mod module;
mod runtime;

pub(crate) use runtime::{make, own_calls};
