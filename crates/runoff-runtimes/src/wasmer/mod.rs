//! Placeholder.
use runoff_runtime::*;
#[derive(Clone, Copy)]
pub(crate) enum Variant {
    Cranelift,
    Singlepass,
}
pub(crate) fn make(_: Variant, _: &RuntimeOptions) -> Result<Box<dyn Runtime>, RuntimeError> {
    Err(RuntimeError::Unsupported("soon".into()))
}
