//! Runtimes in processes of their own: the seam over the driver protocol.
//!
//! What is measured on such a runtime is measured by its driver (see `runoff-bench`): a pipe has no place inside
//! a timed phase. Everything else goes through here step by step, so that `runoff run`, WASI and the conformance
//! cases work as on any other runtime.

mod instance;
mod messages;
mod module;
mod pipe;
mod reveal;
mod runtime;

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

pub use messages::{Request, Response, WireImport, WireValue};
pub use runtime::{DriverHello, make};

/// Version of the driver protocol. A driver of another version is refused.
pub const PROTOCOL_VERSION: u32 = 1;

/// How a driver is started.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DriverCommand {
    /// Program.
    pub program: PathBuf,
    /// Its arguments.
    pub args: Vec<String>,
    /// Added to its environment.
    pub env: BTreeMap<String, String>,
}
