//! What the scripts' words for failures mean in the seam's vocabulary.

use runoff_runtime::{Failure, RuntimeError, Trap};

use crate::tally::Ending;

/// The trap a script names.
fn named(message: &str) -> Option<Trap> {
    let known = [
        ("unreachable", Trap::Unreachable),
        ("out of bounds memory access", Trap::MemoryOutOfBounds),
        ("out of bounds table access", Trap::TableOutOfBounds),
        ("undefined element", Trap::TableOutOfBounds),
        ("undefined", Trap::TableOutOfBounds),
        ("uninitialized element", Trap::NullReference),
        ("uninitialized", Trap::NullReference),
        ("null", Trap::NullReference),
        ("indirect call", Trap::IndirectCallTypeMismatch),
        ("integer divide by zero", Trap::IntegerDivideByZero),
        ("integer overflow", Trap::IntegerOverflow),
        ("invalid conversion to integer", Trap::InvalidConversionToInteger),
        ("call stack exhausted", Trap::StackExhausted),
    ];
    known.into_iter().find_map(|(words, trap)| message.starts_with(words).then_some(trap))
}

/// A call or start that should trap with `message`.
pub(crate) fn trapped(message: &str, failure: &Failure) -> Ending {
    match (named(message), failure) {
        (Some(wanted), Failure::Trap(found)) if wanted == *found => Ending::Passed,
        // Traps outside the seam's list (arrays, casts, atomics): any trap outside the list will do.
        (None, Failure::Trap(Trap::Other(_))) => Ending::Passed,
        (_, Failure::Trap(found)) => Ending::Failed(format!("trap `{found}` for `{message}`")),
        (_, failure) => Ending::Failed(format!("`{failure}` for `{message}`")),
    }
}

/// How a module that should not have been refused was refused.
pub(crate) fn refused(error: &RuntimeError) -> Ending {
    match error {
        RuntimeError::Unsupported(why) if why.starts_with("needs ") => Ending::Unsupported(why.clone()),
        RuntimeError::Unsupported(words) => Ending::Failed(brief(words)),
        RuntimeError::Malformed { message, .. } => Ending::Failed(format!("valid module refused: {message}")),
        RuntimeError::Engine(words) => {
            Ending::Failed(format!("valid module refused by the engine: {}", brief(words)))
        }
        error => Ending::Failed(format!("valid module refused: {}", brief(&error.to_string()))),
    }
}

/// Engines' words without numbers, so that equal failures have equal classes.
fn brief(words: &str) -> String {
    let line = words.lines().next().unwrap_or_default();
    let line: String = line.chars().map(|c| if c.is_ascii_digit() { '#' } else { c }).take(120).collect();
    line.replace('|', "/")
}
