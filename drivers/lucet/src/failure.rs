//! Lucet's words in the seam's.

use std::any::Any;

use lucet_runtime::{Error, TerminationDetails, TrapCode};
use runoff_runtime::{Failure, Trap};

use crate::host::Ended;

/// How a call ended that did not return; a host function's panic goes on here.
///
/// `better` is a better name for the trap than Lucet's, where there is one.
pub(crate) fn failure(error: Error, better: Option<Trap>) -> Failure {
    match error {
        Error::RuntimeFault(fault) => match fault.trapcode {
            Some(code) => Failure::Trap(better.unwrap_or_else(|| trap(code))),
            None => Failure::Engine(fault.to_string()),
        },
        Error::RuntimeTerminated(TerminationDetails::Provided(details)) => {
            match details.downcast::<Ended>() {
                Ok(ended) => match *ended {
                    Ended::Failed(failure) => failure,
                    Ended::Panicked(panic) => std::panic::resume_unwind(panic),
                },
                Err(_) => Failure::Engine("terminated by nobody".into()),
            }
        }
        error => Failure::Engine(words(&error)),
    }
}

fn trap(code: TrapCode) -> Trap {
    match code {
        TrapCode::StackOverflow => Trap::StackExhausted,
        TrapCode::HeapOutOfBounds | TrapCode::OutOfBounds => Trap::MemoryOutOfBounds,
        TrapCode::IndirectCallToNull => Trap::NullReference,
        TrapCode::BadSignature => Trap::IndirectCallTypeMismatch,
        TrapCode::IntegerOverflow => Trap::IntegerOverflow,
        TrapCode::IntegerDivByZero => Trap::IntegerDivideByZero,
        TrapCode::BadConversionToInteger => Trap::InvalidConversionToInteger,
        TrapCode::TableOutOfBounds => Trap::TableOutOfBounds,
        TrapCode::Unreachable => Trap::Unreachable,
        TrapCode::Interrupt => Trap::Other("interrupt".into()),
    }
}

/// An error with its causes.
pub(crate) fn words(error: &dyn std::error::Error) -> String {
    let mut words = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let next = error.to_string();
        if !words.ends_with(&next) {
            words = format!("{words}: {next}");
        }
        cause = error.source();
    }
    words
}

/// What a panic said.
pub(crate) fn panic_words(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("panicked without a word")
}
