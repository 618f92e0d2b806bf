//! The catalogue of workloads: modules with entry, arguments, right answer and native twin.
//!
//! A workload comes from the bundled catalogue, from a module file, from a folder of modules, or from a
//! manifest (TOML) beside a module. All become [`Workload`]s.

mod answer;
mod bundled;
mod error;
mod files;
mod manifest;
mod module;
mod output;
mod published;
mod resolve;
mod suite;
mod twins;

pub use answer::check_answer;
pub use bundled::{SAMPLES, bundled, bundled_manifest, bundled_names, level, set, set_names};
pub use error::WorkloadError;
pub use files::furnish;
pub use manifest::{Manifest, SizeSpec};
pub use module::BundledModule;
pub use output::{Output, expected_digest};
pub use published::{Published, PublishedRow};
pub use resolve::{Overrides, Workload, modules, resolve};
pub use twins::TWINS;

/// Sizes a workload may come in, smallest first.
pub const SIZES: [&str; 4] = ["ci", "small", "medium", "large"];
