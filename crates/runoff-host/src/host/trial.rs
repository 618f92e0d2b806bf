//! What is done with a call while code for it is being built: it is tried, for a moment, on an interpreter that needs no
//! building. Most first calls are over before any compiler has started. A guest can change nothing outside of itself, so
//! a trial that is given up has happened for nobody.

use std::sync::Arc;
use std::time::{Duration, Instant};

use runoff_pick::online::{TierId, TierState};
use runoff_runtime::{DeadlineSupport, RuntimeError, Trap, TrustClass};
use tokio::sync::oneshot;

use super::Host;
use crate::deadline::Cancel;
use crate::execute::{Fault, Invocation, Ran, Shared, run};
use crate::function::Function;
use crate::module::{Code, HostedModule};

/// Longest trial: about what a baseline compiler takes for a usual module. What takes longer on an interpreter is better off
/// compiled, by a compiler that has the processors for itself.
const LONGEST: Duration = Duration::from_millis(20);

/// Longest trial when others wait for a thread as it begins.
const SHORT: Duration = Duration::from_millis(5);

/// Largest module that is tried, bytes: reading one takes time, too.
const LARGEST: usize = 1 << 20;

/// A trial under way.
pub(super) struct Trial {
    pub(super) tier: TierId,
    /// How it ended; nothing when that is no answer.
    pub(super) ran: oneshot::Receiver<Ran>,
    /// It goes on for as long as this is there.
    pub(super) stop: Stop,
}

/// Stops a trial when nobody waits for it any more: there is better code, or its client left.
pub(super) struct Stop {
    host: Arc<Host>,
    cancel: Arc<Cancel>,
}

impl Drop for Stop {
    fn drop(&mut self) {
        self.cancel.cancel(&self.host.deadlines);
    }
}

/// Whether a call that was tried is over. What only this runtime, or so short a time, had no room for is not.
fn is_end(ran: &Ran) -> bool {
    match &ran.ending {
        Err(Fault::Deadline | Fault::Cancelled | Fault::Overloaded(_) | Fault::Engine(_)) => false,
        Err(Fault::Trap(words)) => *words != Trap::StackExhausted.to_string(),
        _ => true,
    }
}

impl Host {
    /// Tries a call that waits for a tier on an interpreter of this process, where the function may run on one and nothing
    /// better is kept: to load that takes less than most calls. Where it is known how long calls take, the policy has
    /// taken the interpreter into account, and waits for something better.
    pub(super) fn try_meanwhile(
        &self,
        function: &Arc<Function>,
        invocation: &Invocation,
        awaited: TierId,
        until: Instant,
    ) -> Option<Trial> {
        if function.module.wasm.len() > LARGEST
            || self.is_kept(function)
            || !self.scheduler.blind(function.id)
        {
            return None;
        }
        let tier = self.trial_tier(function).filter(|tier| *tier != awaited)?;
        let host = self.me.upgrade()?;
        let stopping = Arc::clone(&host);
        let cancel = Arc::new(Cancel::default());
        let (sender, ran) = oneshot::channel();
        let (function, invocation, cancelled) =
            (Arc::clone(function), invocation.clone(), Arc::clone(&cancel));
        self.pool.submit(
            function.id,
            false,
            Box::new(move |warm| {
                // Whoever asked may have been answered while this waited for a thread.
                if sender.is_closed() || cancelled.is_cancelled() {
                    return;
                }
                let Ok(code) = host.trial_code(&function.module, tier) else { return };
                let (imports, deadlines) = (&host.imports, &host.deadlines);
                let longest = if host.pool.waiting() == 0 { LONGEST } else { SHORT };
                let until = until.min(Instant::now() + longest);
                let shared = Shared { imports, deadlines, until, cancel: &cancelled };
                let ran = run(&function, &code, tier, &invocation, &shared, warm);
                if is_end(&ran) {
                    // A better one may have come first.
                    let _ = sender.send(ran);
                }
            }),
        );
        Some(Trial { tier, ran, stop: Stop { host: stopping, cancel } })
    }

    /// Whether the store has code of it.
    fn is_kept(&self, function: &Function) -> bool {
        let state = |tier| self.scheduler.state(function.module.id, tier);
        let mut allowed = (0..function.refused.len()).filter(|tier| function.refused[*tier].is_none());
        allowed.any(|tier| state(tier) == Some(TierState::Stored))
    }

    fn trial_tier(&self, function: &Function) -> Option<TierId> {
        self.tiers.list().iter().zip(&function.refused).position(|(tier, refused)| {
            let can = &tier.capabilities;
            let stoppable = matches!(can.deadline, DeadlineSupport::Epoch | DeadlineSupport::Fuel);
            let here = tier.workers.is_none() && can.trust == TrustClass::InProcess;
            refused.is_none() && can.lazy && stoppable && here
        })
    }

    /// Code to try a module on: translated once, and let go when there is better code.
    fn trial_code(&self, module: &HostedModule, tier: TierId) -> Result<Code, RuntimeError> {
        if let Some(code) = module.code(tier) {
            return Ok(Code::clone(&code));
        }
        module.trial(tier, || super::builds::share(&*self.tiers.make(tier)?.compile(&module.wasm)?))
    }
}
