//! What several adapters need.

use std::collections::BTreeSet;

use runoff_runtime::{ExternKind, Feature, FuncType, HostFunc, ImportType, Imports, RuntimeError, check};

/// The host function for an import, or why it cannot be linked. `wanted` is the import's type where the
/// engine or the descriptor knows it.
pub(crate) fn resolve<'a>(imports: &'a Imports, import: &ImportType) -> Result<&'a HostFunc, RuntimeError> {
    let link = |reason: String| RuntimeError::Link {
        module: import.module.clone(),
        name: import.name.clone(),
        reason,
    };
    let wanted: &FuncType = match &import.kind {
        ExternKind::Func(Some(ty)) => ty,
        ExternKind::Func(None) => {
            return Err(RuntimeError::Unsupported(format!(
                "import `{}` `{}` has a type outside the seam's value types",
                import.module, import.name
            )));
        }
        kind => {
            return Err(RuntimeError::Unsupported(format!(
                "imports a {kind} (`{}` `{}`); only functions can be imported",
                import.module, import.name
            )));
        }
    };
    let func = imports.get(&import.module, &import.name).ok_or_else(|| link("nothing provides it".into()))?;
    if func.ty() == wanted {
        Ok(func)
    } else {
        Err(link(format!("it is provided as {}, wanted as {wanted}", func.ty())))
    }
}

/// Explains why an engine refused bytes: malformed with position, unsupported with the proposals needed, or
/// the engine's own words when neither holds.
pub(crate) fn explain_refusal(
    wasm: &[u8],
    features: &BTreeSet<Feature>,
    engine_words: impl ToString,
) -> RuntimeError {
    match check(wasm, features) {
        Err(error) => error,
        Ok(()) => RuntimeError::Engine(engine_words.to_string()),
    }
}
