//! The host: functions on the runtime that suits each of them, now.
//!
//! ```text
//! request → front → routes → admission → scheduler → pool → run → answer
//!             │                             │  ▲
//!             │                        builders │ profiles
//!           admin, metrics                  ▼  │
//!                                         store
//! ```
//!
//! - [`config`]: `runoff.toml`, read and checked.
//! - [`Host`]: everything without HTTP. The policy is `runoff_pick::online`; [`scheduler`] asks it, the host does.
//! - [`execute`]: one run of a function on one tier, for each ABI, within its limits.
//! - [`store`]: compiled code and profiles that outlive the host.
//! - [`front`]: HTTP, the admin API, reloading and draining.
//!
//! Guests run on threads of their own, never on the executor's.

pub mod config;
mod deadline;
pub mod execute;
pub mod front;
mod function;
mod host;
mod metrics;
mod module;
mod pool;
mod profile;
mod routes;
pub mod scheduler;
pub mod store;
mod tiers;

pub use deadline::{Armed, Cancel, Deadlines};
pub use function::{Entered, Function};
pub use host::{Busy, Compiler, Deployed, FunctionStatus, Host, HostError, Reply, TierStatus};
pub use metrics::render as metrics_text;
pub use module::{Code, HostedModule, ModuleError};
pub use routes::Routes;
pub use tiers::{HostTier, Tiers};

/// Says something to operators; what guests wrote must be escaped by then.
pub(crate) fn say(words: &str) {
    use std::io::Write;
    // A log that cannot be written is no reason to stop serving.
    let _ = writeln!(std::io::stderr().lock(), "runoff: {words}");
}
