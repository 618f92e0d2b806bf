//! The seam between Runoff and WebAssembly engines.
//!
//! A *runtime* is an engine in one configuration a user can choose. It turns bytes into a [`Module`], a
//! module into an [`Instance`], and an instance answers calls. Everything above the seam – measuring,
//! choosing, hosting – is written once against these object-safe traits; an engine is one adapter below it.
//!
//! ```text
//! bytes ──validate──▶ ()            Runtime
//!   │
//!   ├────compile────▶ Module ──save──▶ Artifact ──load──▶ Module
//!   │                    │
//!   │                    └─instantiate(imports, state, limits)──▶ Instance
//!   │                                                               │
//!   └───────────────────────────── lookup · call · call_fast · memory ┘
//! ```
//!
//! Rules every adapter keeps, and the conformance cases of `runoff-runtimes` check:
//!
//! - whatever a guest does comes back as a [`Failure`] with the same meaning on every engine;
//! - bytes from outside (modules, artifacts) never panic: they are a [`RuntimeError`];
//! - what an engine cannot do is [`RuntimeError::Unsupported`] with the reason, never a guess;
//! - no engine type crosses the seam.

mod artifact;
mod capabilities;
mod clock;
mod code;
mod deadline;
mod descriptor;
mod error;
pub mod fake;
mod fast;
mod identity;
mod imports;
mod instance;
mod limits;
mod module;
mod runtime;
mod state;
mod value;

pub use artifact::{Artifact, ArtifactKey, sha256_hex};
pub use capabilities::{Capabilities, DeadlineSupport, Feature, MemoryCap, TrustClass};
pub use clock::{Clock, ManualClock, MonotonicClock};
pub use code::{FunctionCode, MachineCode};
pub use deadline::{Interrupter, Watchdog, WatchdogGuard};
pub use descriptor::{ExportType, ExternKind, ImportType, ModuleDescriptor, check, required_features};
pub use error::{ArtifactRefusal, Failure, LimitKind, RuntimeError, Trap};
pub use fast::{FastFunc, FastSig, Slot};
pub use identity::{BoundsChecks, Identity, RuntimeId};
pub use imports::{Caller, HostFailure, HostFunc, Imports};
pub use instance::{FuncHandle, Instance, Usage};
pub use limits::Limits;
pub use module::{Module, SharedModule};
pub use runtime::{Info, Runtime, RuntimeOptions};
pub use state::HostState;
pub use value::{FuncType, Value, ValueType};
