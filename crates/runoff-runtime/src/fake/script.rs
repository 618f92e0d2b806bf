//! How a fake runtime behaves.

use std::time::Duration;

use crate::Failure;

/// What each step costs on the injected clock.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FakeCosts {
    /// Cost of `validate`.
    pub validate: Duration,
    /// Cost of `compile`.
    pub compile: Duration,
    /// Cost of `save`.
    pub save: Duration,
    /// Cost of `load`.
    pub load: Duration,
    /// Cost of `instantiate`.
    pub instantiate: Duration,
    /// Cost of the first call of a freshly compiled or loaded module (lazy compilation shows here).
    pub first_call: Duration,
    /// Cost of every later call.
    pub call: Duration,
    /// Cost of dropping an instance.
    pub teardown: Duration,
}

/// A step that can be told to fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FakeStep {
    /// `compile` fails.
    Compile,
    /// `load` fails.
    Load,
    /// `instantiate` fails.
    Instantiate,
    /// The call with this number (from 0, per instance) fails.
    Call(u64),
}

/// How a fake runtime behaves.
#[derive(Clone, Debug)]
pub struct FakeScript {
    /// Costs of its steps.
    pub costs: FakeCosts,
    /// What `run(i32) -> i32` answers.
    pub answer: fn(i32) -> i32,
    /// A step that fails, and how.
    pub fails: Option<(FakeStep, Failure)>,
}

impl Default for FakeScript {
    fn default() -> Self {
        Self { costs: FakeCosts::default(), answer: |x| x.wrapping_add(1), fails: None }
    }
}
