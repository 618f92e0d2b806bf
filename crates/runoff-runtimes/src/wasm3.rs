//! Placeholder.
use runoff_runtime::*;
pub(crate) fn make(_: &RuntimeOptions) -> Result<Box<dyn Runtime>, RuntimeError> {
    Err(RuntimeError::Unsupported("soon".into()))
}
