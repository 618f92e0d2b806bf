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
//! Guests run on threads of their own; on the executor's only what is proven brief, and only for a bounded slice
//! (`brief`).

mod brief;
pub mod config;
mod deadline;
pub mod execute;
pub mod front;
mod function;
mod host;
mod judge;
mod lease;
mod lives;
mod metrics;
mod module;
mod offered;
mod otlp;
mod pool;
mod profile;
mod repeats;
mod routes;
mod say;
pub mod scheduler;
pub mod store;
mod tiers;
pub mod workers;

pub use deadline::{Armed, Cancel, Deadlines};
pub use function::{Entered, Function};
pub use host::{Busy, Compiler, Deployed, FunctionStatus, Host, HostError, Processes, Reply, TierStatus};
pub use metrics::render as metrics_text;
pub use module::{Code, HostedModule, ModuleError};
pub use routes::Routes;
pub use tiers::{HostTier, Tiers};

pub(crate) use say::say;
