//! Reactors: modules whose exports are called after `_initialize`, as WASI's application ABI has it.

use runoff_runtime::{Failure, FuncType, Instance};

/// Name of the export that prepares a reactor.
const INITIALIZE: &str = "_initialize";

/// Prepares a fresh instance whose exports will be called: runs `_initialize` where there is one. Must come
/// before the first other call and only once; commands (`_start`) prepare themselves.
pub fn initialize(instance: &mut dyn Instance) -> Result<(), Failure> {
    let Some(func) = instance.lookup(INITIALIZE) else { return Ok(()) };
    if instance.func_type(func) != Some(FuncType::default()) {
        return Ok(());
    }
    instance.call(func, &[], &mut [])
}
