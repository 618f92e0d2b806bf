//! `runoff.toml`: what is served, and within which bounds.
//!
//! Reading has two steps: [`ConfigFile`] is the file as it is written, [`Config`] what it means, with every mistake
//! named by file and key. A folder of modules is a configuration too.

mod file;
mod folder;
mod function;
mod otlp;
mod quantity;
mod resolve;
mod restart;
mod template;

pub use file::{
    AbiName, AdminFile, ConfigFile, FunctionFile, LogFormat, OtlpFile, StoreFile, TimeoutFile, WorkerFile,
};
pub use otlp::OtlpConfig;
pub use quantity::{Size, Time};
pub use resolve::{
    Abi, Config, ConfigError, FunctionConfig, FunctionLimits, ReadOnlyDir, Reuse, Source, Timeouts,
    WorkerLimits,
};
pub use template::TEMPLATE;
