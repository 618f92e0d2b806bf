//! What the policy is told, and what it decides.

use std::collections::BTreeMap;

use crate::online::Prior;

/// A function, as the host numbers them.
pub type FunctionId = u64;

/// The code of a function: functions with the same module, engine options and machine share builds.
pub type ModuleId = u64;

/// A request.
pub type CallId = u64;

/// A tier: its place in the list the policy was made with.
pub type TierId = usize;

/// What is known of a tier for one function before it is tried.
#[derive(Clone, Debug, PartialEq)]
pub struct TierFacts {
    /// Whether the function may run on it: proposals, trust, limits. Others are as if they were not there.
    pub allowed: bool,
    /// Whether an artifact is stored.
    pub stored: bool,
    /// Time to build it from the module, ns.
    pub build: Prior,
    /// Time to load its artifact, ns.
    pub load: Prior,
    /// Time to set up one call (a fresh instance), ns.
    pub setup: Prior,
    /// Run time over that of the reference tier.
    pub slowdown: Prior,
}

/// A function as it is deployed.
#[derive(Clone, Debug, PartialEq)]
pub struct Deployment {
    /// Which.
    pub function: FunctionId,
    /// Its code.
    pub module: ModuleId,
    /// One entry per tier.
    pub tiers: Vec<TierFacts>,
    /// Run time of a call on the reference tier when nothing is known of its input, ns.
    pub work: Prior,
    /// Run time on the reference tier by size class ([`crate::online::bucket`]), where it is known, ns.
    pub told: BTreeMap<u8, Prior>,
    /// Whether a call may be run twice, so that a better tier can race a slow one.
    pub idempotent: bool,
    /// What a call may take, ns; infinite where there is no limit.
    pub deadline_ns: f64,
    /// How many calls are expected until it goes, from what it was called in earlier lives; 0 when nothing is known.
    pub expected_calls: f64,
}

/// What happened.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// A function is there, or has become another one.
    Deployed(Box<Deployment>),
    /// A function is gone; calls under way end as they will.
    Removed(FunctionId),
    /// A call came in; decisions name the tier it runs on or waits for.
    Arrived {
        /// Its function.
        function: FunctionId,
        /// A number of its own.
        call: CallId,
        /// Bytes of input.
        size: u64,
    },
    /// A call ended; of a raced one, the first end.
    Ended {
        /// Which.
        call: CallId,
        /// Where it ended.
        tier: TierId,
        /// Setting up, ns.
        setup_ns: f64,
        /// Running, ns; not learned from unless it ended `well`.
        run_ns: f64,
        /// Whether it came to its own end: no trap, no deadline, no vanished client.
        well: bool,
    },
    /// Calls that ran and ended well since the last event, on the tier the one before was placed on: of a function whose
    /// calls are shorter than a decision, a host asks about one in many.
    Repeated {
        /// Their function.
        function: FunctionId,
        /// Where they ran.
        tier: TierId,
        /// Bytes of input, of one of them.
        size: u64,
        /// How many.
        number: u32,
        /// Mean of setting up, ns.
        setup_ns: f64,
        /// Mean of running, ns.
        run_ns: f64,
    },
    /// A build or load asked for is done, and the code in memory.
    Built {
        /// Its module.
        module: ModuleId,
        /// Its tier.
        tier: TierId,
        /// How long it took, ns.
        took_ns: f64,
        /// Memory it holds.
        bytes: u64,
        /// Whether an artifact is stored, so that it can be loaded later.
        stored: bool,
    },
    /// A build or load failed; `stored` artifacts are given up.
    BuildFailed {
        /// Its module.
        module: ModuleId,
        /// Its tier.
        tier: TierId,
    },
    /// The host let code go without being told to.
    Evicted {
        /// Its module.
        module: ModuleId,
        /// Its tier.
        tier: TierId,
    },
    /// Time passed: to be sent when [`crate::online::Policy::wake`] says so.
    Tick,
}

/// What to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Run a call now.
    Run {
        /// Which.
        call: CallId,
        /// Where.
        tier: TierId,
    },
    /// Hold a call until a later decision runs it; it waits for this tier.
    Wait {
        /// Which.
        call: CallId,
        /// For what.
        tier: TierId,
    },
    /// Run a call a second time and take whichever ends first; the other is stopped.
    Race {
        /// Which.
        call: CallId,
        /// Where.
        tier: TierId,
    },
    /// No tier is left for a call.
    Refuse {
        /// Which.
        call: CallId,
    },
    /// Compile and, where the runtime can, store.
    Build {
        /// What.
        module: ModuleId,
        /// For which tier.
        tier: TierId,
    },
    /// Load a stored artifact.
    Load {
        /// Of what.
        module: ModuleId,
        /// For which tier.
        tier: TierId,
    },
    /// Stop a build or load: nobody needs it any more.
    Cancel {
        /// Of what.
        module: ModuleId,
        /// For which tier.
        tier: TierId,
    },
    /// Let code in memory go; its artifact stays.
    Evict {
        /// What.
        module: ModuleId,
        /// Of which tier.
        tier: TierId,
    },
}
