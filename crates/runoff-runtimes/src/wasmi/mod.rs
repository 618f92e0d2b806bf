//! wasmi: a register interpreter, translating everything first (eager) or each function at its first call.

mod convert;
mod fast;
mod host;
mod instance;
mod interrupt;
mod module;
mod own;
mod runtime;

pub(crate) use own::own_calls;
pub(crate) use runtime::{Variant, make};
