//! Worker processes: runtimes whose guests can only be stopped, or only be contained, by killing a process.
//!
//! ```text
//! guest thread → Pool (one per runtime, bounded) → Worker (a process, one request at a time) → child::serve
//! ```
//!
//! A worker keeps the modules it compiled; every request gets a fresh instance. It is killed at a deadline, when its
//! client is gone, and when it breaks the protocol, and replaced by the next request that needs one. It is replaced, too,
//! after so many requests, so that what an engine leaks does not add up. Its end is bound to the host's: it kills its
//! process group when the other end of its socket is gone, however that came about.

mod child;
mod pool;
mod process;
mod remote;
mod wire;

pub use child::serve;
pub(crate) use pool::Pool;
pub use remote::Remote;

use std::ffi::OsString;
use std::path::PathBuf;

/// How workers are started: the program is told `--runtime ID --memory BYTES` besides, gets one end of a socket as
/// its standard input, and does what [`serve`] does.
#[derive(Clone, Debug)]
pub struct Launcher {
    /// The program.
    pub program: PathBuf,
    /// What it is told first.
    pub args: Vec<OsString>,
}
