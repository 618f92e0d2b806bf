//! Runs that stay on the thread that read their request: those of functions that are [`brief`](crate::brief).

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::{Duration, Instant};

use runoff_pick::online::{CallId, Event, TierId};
use runoff_runtime::DeadlineSupport;

use super::Host;
use super::invoke::Reply;
use crate::brief::{Brief, SLICE};
use crate::deadline::Cancel;
use crate::execute::{Fault, Invocation, Ran, Shared, Spent, Warm, run};
use crate::function::Function;
use crate::lease::Untold;
use crate::metrics::Outcome;
use crate::module::Code;
use crate::profile::Timed;

thread_local! {
    /// This thread's instances, and a cancel nobody asks for: a client is not noticed to be gone before the run ends.
    static HERE: RefCell<(Warm, Arc<Cancel>)> = RefCell::default();
}

impl Host {
    /// Whether a function's next run on a tier may stay here.
    fn is_brief(&self, function: &Function, tier: TierId) -> bool {
        let host_tier = &self.tiers.list()[tier];
        let stoppable =
            matches!(host_tier.capabilities.deadline, DeadlineSupport::Epoch | DeadlineSupport::Fuel);
        stoppable && host_tier.workers.is_none() && function.brief(tier).is_some_and(Brief::is_proven)
    }

    /// Runs a brief function at once, on the tier of the last decision; `None` when there is none that holds, or the run
    /// did not end in its slice.
    pub(super) fn run_leased(
        &self,
        function: &Arc<Function>,
        invocation: &Invocation,
        until: Instant,
    ) -> Option<Reply> {
        let size = invocation.body.len() as u64;
        let tier = function.lease.take(self.ticker.now(), size)?;
        let code = self.is_brief(function, tier).then(|| function.module.code(tier))??;
        let ran = self.run_here(function, invocation, tier, &code, until)?;
        let outcome = Outcome::of(&ran.ending);
        Self::count(function, tier, outcome, ran.spent);
        if outcome == Outcome::Answered {
            if let Some(untold) = function.lease.ran(tier, size, ran.spent) {
                self.tell(function, untold);
            }
        } else {
            function.lease.end();
        }
        let Ran { ending, spent, stderr } = ran;
        Some(Reply { ending, tier: Some(tier), load: Duration::ZERO, spent, stderr })
    }

    /// Runs a call of a brief function that was placed; `None` when it is not brief, or did not end in its slice.
    pub(super) fn run_placed(
        &self,
        call: CallId,
        function: &Arc<Function>,
        invocation: &Invocation,
        tier: TierId,
        code: &Code,
        until: Instant,
    ) -> Option<(Ran, Outcome)> {
        if !self.is_brief(function, tier) {
            return None;
        }
        let ran = self.run_here(function, invocation, tier, code, until)?;
        let outcome = Outcome::of(&ran.ending);
        self.account(call, function, invocation.body.len(), tier, outcome, ran.spent);
        if outcome == Outcome::Answered {
            function.lease.grant(self.ticker.now(), tier, invocation.body.len() as u64);
        }
        Some((ran, outcome))
    }

    /// Tells the policy of calls it was not asked about.
    pub(super) fn tell(&self, function: &Function, untold: Untold) {
        let Untold { tier, size, number, .. } = untold;
        let (setup_ns, run_ns) = untold.means();
        let event = Event::Repeated { function: function.id, tier, size, number, setup_ns, run_ns };
        self.after(self.scheduler.on(event));
        self.learn(function, tier, size, (setup_ns, run_ns), number);
    }

    /// So many runs ended well, with these means of setting up and running, ns: to be known the next time, too.
    pub(super) fn learn(&self, function: &Function, tier: TierId, size: u64, took: (f64, f64), number: u32) {
        let (tier, module) = (&self.tiers.list()[tier], &function.module.code_sha256);
        let of = Timed { module, work: &function.work, runtime: &tier.runtime, key: &tier.key_text };
        self.book.ran(&of, size, took, number);
    }

    fn run_here(
        &self,
        function: &Arc<Function>,
        invocation: &Invocation,
        tier: TierId,
        code: &Code,
        until: Instant,
    ) -> Option<Ran> {
        let slice = Instant::now() + SLICE;
        let ran = HERE.with(|here| {
            // Nothing a guest can reach comes back here; should something ever, it runs elsewhere.
            let Ok(mut here) = here.try_borrow_mut() else { return None };
            let (warm, cancel) = &mut *here;
            let ran = catch_unwind(AssertUnwindSafe(|| {
                let (imports, deadlines) = (&self.imports, &self.deadlines);
                let shared = Shared { imports, deadlines, until: until.min(slice), cancel };
                run(function, code, tier, invocation, &shared, warm)
            }));
            Some(ran.unwrap_or_else(|_| {
                // What was warm may be half changed.
                *warm = Warm::default();
                Ran::early(Fault::Engine("it panicked".into()), Spent::default())
            }))
        })?;
        match ran.ending {
            Err(Fault::Deadline) if slice < until => {
                if let Some(brief) = function.brief(tier) {
                    brief.overran();
                }
                function.lease.end();
                None
            }
            // The system took the processor away for the whole slice: nothing ran, and nobody is late yet.
            Err(Fault::Overloaded(_)) if slice < until => None,
            _ => Some(ran),
        }
    }
}
