//! Cases and their results.

use std::panic::{AssertUnwindSafe, catch_unwind};

use runoff_runtime::{Runtime, RuntimeError, RuntimeOptions};

use super::lab::{Lab, Outcome, Stop};
use super::{
    artifacts, deadline, failures, fast, globals, handles, imports, malformed, memory, proposals, scale,
    start, tables, traps, values,
};

/// Makes the runtime under test, on the thread that calls it; that should be an engine thread
/// ([`crate::on_engine_stack`]).
pub type Make<'a> = &'a dyn Fn(&RuntimeOptions) -> Result<Box<dyn Runtime>, RuntimeError>;

/// One thing a runtime must do.
#[derive(Clone, Copy)]
pub struct Case {
    /// Unique name.
    pub name: &'static str,
    /// What it is about.
    pub group: &'static str,
    /// What it shows.
    pub shows: &'static str,
    pub(super) body: fn(&Lab<'_>) -> Outcome,
}

impl std::fmt::Debug for Case {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Case").field("name", &self.name).field("group", &self.group).finish_non_exhaustive()
    }
}

/// What came of a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CaseResult {
    /// As promised.
    Pass,
    /// The runtime says it cannot, which agrees with its capabilities; the reason.
    Unsupported(String),
    /// Something else happened; what.
    Fail(String),
}

/// All cases in order.
pub fn cases() -> Vec<Case> {
    [
        values::CASES,
        imports::CASES,
        failures::CASES,
        memory::CASES,
        tables::CASES,
        globals::CASES,
        start::CASES,
        traps::CASES,
        deadline::CASES,
        artifacts::CASES,
        malformed::CASES,
        proposals::CASES,
        fast::CASES,
        handles::CASES,
        scale::CASES,
    ]
    .concat()
}

/// Runs one case; a panic is a failure of the case.
pub fn run(case: &Case, make: Make<'_>) -> CaseResult {
    match catch_unwind(AssertUnwindSafe(|| (case.body)(&Lab::new(make)))) {
        Ok(Ok(())) => CaseResult::Pass,
        Ok(Err(Stop::Unsupported(reason))) => CaseResult::Unsupported(reason),
        Ok(Err(Stop::Fail(details))) => CaseResult::Fail(details),
        Err(panic) => CaseResult::Fail(format!("panicked: {}", panic_words(panic.as_ref()))),
    }
}

/// Runs the case with this name; `None` when there is none.
pub fn run_named(name: &str, make: Make<'_>) -> Option<CaseResult> {
    cases().iter().find(|case| case.name == name).map(|case| run(case, make))
}

/// Runs all cases, each with runtimes of its own.
pub fn run_all(make: Make<'_>) -> Vec<(Case, CaseResult)> {
    cases().into_iter().map(|case| (case, run(&case, make))).collect()
}

fn panic_words(panic: &(dyn std::any::Any + Send)) -> &str {
    panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("(no message)")
}
