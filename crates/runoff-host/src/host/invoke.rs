//! A request: admitted, placed, run, accounted for.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::{Duration, Instant};

use runoff_pick::online::{CallId, Event, TierId};
use tokio::sync::oneshot;

use super::Host;
use super::waiting::{Decided, Waited, wait};
use crate::deadline::Cancel;
use crate::execute::{Answer, Fault, Invocation, Ran, Shared, Spent, run};
use crate::function::Function;
use crate::metrics::Outcome;
use crate::scheduler::{Arrival, Placement};

/// How long past its deadline an engine may take to stop before the client is told so.
const PATIENCE: Duration = Duration::from_millis(60);

/// How often a call is placed anew when its code went between two looks.
const ATTEMPTS: usize = 4;

/// What came of a request.
#[derive(Debug)]
pub struct Reply {
    /// Its end.
    pub ending: Result<Answer, Fault>,
    /// Where it ran.
    pub tier: Option<TierId>,
    /// Waiting for code.
    pub load: Duration,
    /// Setting up and running.
    pub spent: Spent,
    /// What it wrote to standard error.
    pub stderr: Vec<u8>,
}

impl Reply {
    fn without_run(fault: Fault, load: Duration) -> Self {
        Self { ending: Err(fault), tier: None, load, spent: Spent::default(), stderr: Vec::new() }
    }
}

/// Why a request is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Busy {
    /// Its function has as many as it may.
    Function,
    /// The host has.
    Host,
}

/// A request under way.
pub(super) struct Call {
    id: CallId,
    function: Arc<Function>,
    invocation: Invocation,
    until: Instant,
    load: Duration,
    reply: Mutex<Option<oneshot::Sender<Reply>>>,
    runs: Mutex<Vec<Arc<Cancel>>>,
    /// Whether a thread has begun a run of it.
    begun: AtomicBool,
}

struct Active<'a>(&'a AtomicUsize);

impl Drop for Active<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Ends a call whose client is gone: dropped before its answer came.
struct Waiting<'a> {
    host: &'a Host,
    call: CallId,
    /// Its runs, once there are any.
    begun: Option<Arc<Call>>,
    done: bool,
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        if self.done {
            return;
        }
        match &self.begun {
            Some(call) => call.cancel(self.host),
            None => self.host.ended_unrun(self.call),
        }
    }
}

/// A run on its thread; one that unwinds is told as the engine's failure.
struct Running {
    host: Arc<Host>,
    call: Arc<Call>,
    tier: TierId,
    ended: bool,
}

impl Drop for Running {
    fn drop(&mut self) {
        if !self.ended {
            let ran = Ran::early(Fault::Engine("it panicked".into()), Spent::default());
            self.host.finish(&self.call, self.tier, ran);
        }
    }
}

impl Call {
    fn cancel(&self, host: &Host) {
        for run in &*self.runs.lock().unwrap_or_else(PoisonError::into_inner) {
            run.cancel(&host.deadlines);
        }
    }

    fn without_run(&self, tier: TierId, fault: Fault) -> Reply {
        Reply { tier: Some(tier), ..Reply::without_run(fault, self.load) }
    }

    /// The right to answer; only the first run that ends has it.
    fn win(&self) -> Option<oneshot::Sender<Reply>> {
        self.reply.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl Host {
    /// Runs a function for a request and waits for its answer. Dropping the future ends the run.
    pub async fn invoke(&self, function: &Arc<Function>, invocation: Invocation) -> Result<Reply, Busy> {
        let Some(_entered) = function.enter() else {
            function.metrics.limited.fetch_add(1, Ordering::Relaxed);
            return Err(Busy::Function);
        };
        let before = self.active.fetch_add(1, Ordering::Relaxed);
        let _active = Active(&self.active);
        if before >= self.max_requests {
            self.metrics.shed.fetch_add(1, Ordering::Relaxed);
            return Err(Busy::Host);
        }
        let until = Instant::now() + function.config.limits.deadline;
        if let Some(reply) = self.run_leased(function, &invocation, until) {
            return Ok(reply);
        }
        // All the state a call may need would otherwise be carried by the many that need none of it.
        Ok(Box::pin(self.invoke_asking(function, invocation, until)).await)
    }

    /// The same, asking the policy.
    async fn invoke_asking(&self, function: &Arc<Function>, invocation: Invocation, until: Instant) -> Reply {
        if let Some(untold) = function.lease.untold() {
            self.tell(function, untold);
        }
        let size = invocation.body.len() as u64;
        for _ in 0..ATTEMPTS {
            if let Some(reply) = self.attempt(function, &invocation, size, until).await {
                return reply;
            }
        }
        Reply::without_run(Fault::Overloaded("its code is let go faster than it is loaded"), Duration::ZERO)
    }

    /// One placement; `None` when the code it was placed on is gone.
    async fn attempt(
        &self,
        function: &Arc<Function>,
        invocation: &Invocation,
        size: u64,
        until: Instant,
    ) -> Option<Reply> {
        let arrived = Instant::now();
        let (id, arrival, actions) = self.scheduler.arrive(function.id, size);
        let mut waiting = Waiting { host: self, call: id, begun: None, done: false };
        let decided = Decided::new(self, actions);
        let placement = match arrival {
            Arrival::Now(placement) => {
                drop(decided);
                placement
            }
            Arrival::Later { placed, tier: awaited } => {
                function.metrics.cold.fetch_add(1, Ordering::Relaxed);
                let trial = self.try_meanwhile(function, invocation, awaited, until);
                match wait(decided, placed, trial, until).await {
                    Waited::Placed(placement) => placement,
                    Waited::Tried(tier, ran) => {
                        waiting.done = true;
                        let load = arrived.elapsed().saturating_sub(ran.spent.setup + ran.spent.run);
                        let outcome = Outcome::of(&ran.ending);
                        self.account(id, function, invocation.body.len(), tier, outcome, ran.spent);
                        let Ran { ending, spent, stderr } = ran;
                        return Some(Reply { ending, tier: Some(tier), load, spent, stderr });
                    }
                    Waited::InVain => {
                        let fault = Fault::Overloaded("its code was not built in time");
                        return Some(Reply::without_run(fault, arrived.elapsed()));
                    }
                }
            }
        };
        let Placement::Run(tier) = placement else {
            waiting.done = true;
            let fault = Fault::NoTier("every runtime it may run on failed to build it".into());
            return Some(Reply::without_run(fault, arrived.elapsed()));
        };
        let Some(code) = function.module.code(tier) else {
            self.after(self.scheduler.on(Event::Evicted { module: function.module.id, tier }));
            return None;
        };
        let load = arrived.elapsed();
        if let Some((ran, _)) = self.run_placed(id, function, invocation, tier, &code, until) {
            waiting.done = true;
            let Ran { ending, spent, stderr } = ran;
            return Some(Reply { ending, tier: Some(tier), load, spent, stderr });
        }
        let (sender, receiver) = oneshot::channel();
        let call = Arc::new(Call {
            id,
            function: Arc::clone(function),
            invocation: invocation.clone(),
            until,
            load,
            reply: Mutex::new(Some(sender)),
            runs: Mutex::default(),
            begun: AtomicBool::new(false),
        });
        if function.config.idempotent {
            let mut racing = self.racing.lock().unwrap_or_else(PoisonError::into_inner);
            racing.insert(id, Arc::downgrade(&call));
        }
        waiting.begun = Some(Arc::clone(&call));
        self.submit(&call, tier, code);
        let reply = match tokio::time::timeout_at((until + PATIENCE).into(), receiver).await {
            Ok(Ok(reply)) => reply,
            // Every run sends something before it goes, or loses to one that did.
            Ok(Err(_)) => call.without_run(tier, Fault::Engine("no answer".into())),
            Err(_) => {
                call.cancel(self);
                let waited = Fault::Overloaded("no thread was free in time");
                let begun = call.begun.load(Ordering::Relaxed);
                call.without_run(tier, if begun { Fault::Deadline } else { waited })
            }
        };
        waiting.done = true;
        Some(reply)
    }

    fn submit(&self, call: &Arc<Call>, tier: TierId, code: Arc<crate::module::Code>) {
        let Some(host) = self.me.upgrade() else { return };
        let cancel = Arc::new(Cancel::default());
        call.runs.lock().unwrap_or_else(PoisonError::into_inner).push(Arc::clone(&cancel));
        let call = Arc::clone(call);
        self.pool.submit(
            call.function.id,
            call.function.computes(),
            Box::new(move |warm| {
                let mut running = Running { host, call, tier, ended: false };
                let Call { function, invocation, until, begun, .. } = &*running.call;
                begun.store(true, Ordering::Relaxed);
                let (imports, deadlines) = (&running.host.imports, &running.host.deadlines);
                let shared = Shared { imports, deadlines, until: *until, cancel: &cancel };
                let ran = run(function, &code, tier, invocation, &shared, warm);
                running.ended = true;
                running.host.finish(&running.call, tier, ran);
            }),
        );
    }

    /// A run ended: the first of a call answers, the others were for nothing.
    fn finish(&self, call: &Arc<Call>, tier: TierId, ran: Ran) {
        let Some(sender) = call.win() else { return };
        let (outcome, spent) = (Outcome::of(&ran.ending), ran.spent);
        let reply = Reply {
            ending: ran.ending,
            tier: Some(tier),
            load: call.load,
            spent: ran.spent,
            stderr: ran.stderr,
        };
        // Accounts come after the answer: nobody waits for them.
        let _ = sender.send(reply);
        if call.function.config.idempotent {
            self.racing.lock().unwrap_or_else(PoisonError::into_inner).remove(&call.id);
            call.cancel(self);
        }
        self.account(call.id, &call.function, call.invocation.body.len(), tier, outcome, spent);
    }

    /// What a run cost, for its function's own accounts.
    pub(super) fn count(function: &Function, tier: TierId, outcome: Outcome, spent: Spent) {
        function.metrics.ended(tier, outcome, spent.setup + spent.run);
        function.took(spent.run);
        if let Some(brief) = function.brief(tier) {
            brief.ran(spent, outcome == Outcome::Answered);
        }
    }

    /// What a run cost, for everybody who learns from it.
    pub(super) fn account(
        &self,
        call: CallId,
        function: &Function,
        size: usize,
        tier: TierId,
        outcome: Outcome,
        spent: Spent,
    ) {
        Self::count(function, tier, outcome, spent);
        let (Spent { setup, run }, well) = (spent, outcome == Outcome::Answered);
        let (setup_ns, run_ns) = (setup.as_nanos() as f64, run.as_nanos() as f64);
        let event = Event::Ended { call, tier, setup_ns, run_ns, well };
        self.after(self.scheduler.on(event));
        if well {
            self.learn(function, tier, size as u64, (setup_ns, run_ns), 1);
        }
    }

    /// The second run of a call that takes long, on a tier that is faster.
    pub(super) fn race(&self, call: CallId, tier: TierId) {
        let found =
            self.racing.lock().unwrap_or_else(PoisonError::into_inner).get(&call).and_then(Weak::upgrade);
        let Some(call) = found else { return };
        let Some(code) = call.function.module.code(tier) else { return };
        call.function.metrics.raced.fetch_add(1, Ordering::Relaxed);
        self.submit(&call, tier, code);
    }

    /// A call ended before any run of it did.
    fn ended_unrun(&self, call: CallId) {
        let event = Event::Ended { call, tier: 0, setup_ns: 0.0, run_ns: 0.0, well: false };
        let actions = self.scheduler.on(event);
        self.after(actions);
    }
}
