//! What several compilers made of one function.

use serde::Serialize;

use crate::{Choice, Counts, FunctionProfile, Line, Mix, ModuleProfile};

/// A function, as the module has it and as compilers made it.
#[derive(Clone, Debug, Serialize)]
pub struct Comparison {
    /// The module's name.
    pub module: String,
    /// The function and why it is this one.
    pub function: Choice,
    /// The function before any compiler.
    pub profile: FunctionProfile,
    /// Names of the functions it calls, as often as they are called.
    pub calls: Vec<(String, u64)>,
    /// The module's own functions.
    pub functions: usize,
    /// Bytes of all their bodies.
    pub body_bytes: u64,
    /// Instructions of all of them.
    pub mix: Mix,
    /// Compilers in the order asked for; the first one is what others are compared with.
    pub sides: Vec<Side>,
}

/// What one compiler made.
#[derive(Clone, Debug, Serialize)]
pub struct Side {
    /// Id of the runtime.
    pub runtime: String,
    /// The code, where it is to be had.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<SideCode>,
    /// Why there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// The code one compiler made.
#[derive(Clone, Debug, Serialize)]
pub struct SideCode {
    /// Something to know about the choice of the function.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Counts of the function.
    pub function: Counts,
    /// Counts of all functions of the module.
    pub module: Counts,
    /// How many these are.
    pub functions: usize,
    /// The function's instructions.
    pub listing: Vec<Line>,
}

impl Comparison {
    /// A comparison without sides yet.
    pub fn new(module: impl Into<String>, profile: &ModuleProfile, function: Choice) -> Self {
        let chosen = profile.function(function.index).cloned().unwrap_or_default();
        Self {
            module: module.into(),
            calls: chosen.calls.iter().map(|(index, times)| (profile.name(*index), *times)).collect(),
            profile: chosen,
            function,
            functions: profile.functions.len(),
            body_bytes: profile.functions.iter().map(|f| f.body_bytes).sum(),
            mix: profile.mix(),
            sides: Vec::new(),
        }
    }
}

impl Side {
    /// A compiler that shows nothing, and why.
    pub fn absent(runtime: impl Into<String>, reason: impl Into<String>) -> Self {
        Self { runtime: runtime.into(), code: None, reason: Some(reason.into()) }
    }

    /// A compiler's code.
    pub fn of(runtime: impl Into<String>, code: SideCode) -> Self {
        Self { runtime: runtime.into(), code: Some(code), reason: None }
    }
}
