//! WASI preview 1, once, for every runtime.
//!
//! All 46 functions as host functions of the seam, on capability-based files: a guest reaches what was
//! preopened for it and nothing else. Its pointers and lengths are hostile input: everything is checked
//! against the memory slice of the call, nothing is allocated in proportion to a number a guest made up.
//!
//! ```
//! use runoff_runtime::{HostState, Imports};
//! use runoff_wasi::{Wasi, WasiConfig};
//!
//! let mut imports = Imports::new();
//! runoff_wasi::define(&mut imports);
//! let config = WasiConfig::new().arg("program").env("LANG", "C").stdin_bytes(*b"input");
//! let mut state = HostState::new();
//! state.insert(Wasi::new(&config)?);
//! // … instantiate with `imports` and `state`, call `_start`, then:
//! let output = state.get::<Wasi>().map(|wasi| wasi.stdout_bytes().to_vec());
//! # assert_eq!(output, Some(vec![]));
//! # Ok::<(), runoff_wasi::WasiError>(())
//! ```
//!
//! Choices where implementations differ: sockets are refused (`ENOTSOCK`); a path that leads out of its
//! preopen is `EPERM`; writing below a read-only preopen is `EPERM`; an operation the descriptor has no right
//! for is `ENOTCAPABLE`; directories list in name order; captured output beyond its cap ends the guest.

mod abi;
mod calls;
mod config;
mod errno;
mod listing;
mod memory;
mod reactor;
mod stdio;
mod table;
mod wasi;

pub use calls::define;
pub use config::{Clocks, Input, Output, Randomness, SystemClocks, WasiConfig};
pub use reactor::initialize;
pub use wasi::{Wasi, WasiError};

/// The module WASI preview 1 functions are imported from.
pub const WASI_MODULE: &str = "wasi_snapshot_preview1";
