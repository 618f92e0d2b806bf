//! Code in worker processes.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::pool::{NoWorker, Pool, Taken};
use super::wire::{Ask, Run, Tell, fault};
use crate::deadline::Cancel;
use crate::execute::{Answer, Fault, Invocation, Ran, STDERR, Shared, Spent};
use crate::function::Function;
use crate::module::HostedModule;

/// How much longer than its guest's deadline a worker lives that can stop guests itself.
const GRACE: Duration = Duration::from_millis(30);

/// Room for what is said besides an answer.
const BESIDES: u64 = 1 << 20;

/// One module on one runtime of worker processes.
#[derive(Clone, Debug)]
pub struct Remote {
    pool: Arc<Pool>,
    module: Arc<HostedModule>,
}

impl Remote {
    pub(crate) fn new(pool: &Arc<Pool>, module: &Arc<HostedModule>) -> Self {
        Self { pool: Arc::clone(pool), module: Arc::clone(module) }
    }

    /// Compiles the module in one worker, to see whether that works.
    pub(crate) fn build(&self, shared: &Shared<'_>) -> Result<(), String> {
        let mut taken =
            self.pool.take(&self.module.code_sha256, shared.until).map_err(|none| match none {
                NoWorker::Busy => "no worker was free in time".to_owned(),
                NoWorker::Start(words) => words,
            })?;
        self.load(&mut taken, shared).map_err(|fault| fault.to_string())?;
        taken.give_back();
        Ok(())
    }

    /// Sees to it that the worker has the module.
    fn load(&self, taken: &mut Taken<'_>, shared: &Shared<'_>) -> Result<(), Fault> {
        let name = &self.module.code_sha256;
        let Some(worker) = &mut taken.worker else { return Err(Fault::Engine("no worker".into())) };
        if worker.loaded.contains(name) {
            return Ok(());
        }
        let ask = Ask::Load { module: name.clone(), start: self.module.start.is_some() };
        let told = shared.under_clock(Some(worker.killer()), shared.until, || {
            worker.ask(&ask, &self.module.wasm, BESIDES).map_err(|e| lost(&e, shared))
        })?;
        match told {
            (Tell::Loaded, _) => {
                worker.loaded.insert(name.clone());
                Ok(())
            }
            (Tell::Refused(words), _) => Err(Fault::Engine(words)),
            (Tell::Ran { .. }, _) => Err(Fault::Engine("the worker answered something else".into())),
        }
    }

    /// Runs a function in a worker.
    pub(crate) fn run(&self, function: &Function, invocation: &Invocation, shared: &Shared<'_>) -> Ran {
        let started = Instant::now();
        let early = |fault| {
            let spent = Spent { setup: started.elapsed(), ..Spent::default() };
            Ran::early(shared.explain(fault), spent)
        };
        let mut taken = match self.pool.take(&self.module.code_sha256, shared.until) {
            Ok(taken) => taken,
            Err(NoWorker::Busy) => return early(Fault::Overloaded("no worker was free in time")),
            Err(NoWorker::Start(words)) => return early(Fault::Engine(words)),
        };
        if let Err(fault) = self.load(&mut taken, shared) {
            return early(fault);
        }
        let waited = started.elapsed();
        let ask = Ask::Run(Box::new(Run {
            module: self.module.code_sha256.clone(),
            function: function.config.clone(),
            abi: function.abi,
            env: invocation.env.clone(),
            left: shared.until.saturating_duration_since(Instant::now()),
        }));
        let most = (function.config.limits.output + STDERR) as u64 + BESIDES;
        let Some(worker) = &mut taken.worker else { return early(Fault::Engine("no worker".into())) };
        let kill_at = if self.pool.kill_only { shared.until } else { shared.until + GRACE };
        let told = shared.under_clock(Some(worker.killer()), kill_at, || {
            worker.ask(&ask, &invocation.body, most).map_err(|e| lost(&e, shared))
        });
        match told {
            Ok((Tell::Ran { ending, setup, run, body }, mut bytes)) if body <= bytes.len() => {
                worker.served += 1;
                // A run that was interrupted may have left its engine in any state.
                let ended_well = ending.as_ref().map_or_else(|(word, _)| word != "deadline", |_| true);
                if ended_well {
                    taken.give_back();
                }
                let stderr = bytes.split_off(body);
                let ending = match ending {
                    Ok((status, headers)) => Ok(Answer { status, headers, body: bytes }),
                    Err((word, words)) => Err(shared.explain(fault(&word, words))),
                };
                Ran { ending, spent: Spent { setup: waited + setup, run }, stderr }
            }
            Ok(_) => early(Fault::Engine("the worker answered something else".into())),
            Err(fault) => {
                let spent = Spent { setup: waited, run: started.elapsed().saturating_sub(waited) };
                Ran::early(shared.explain(fault), spent)
            }
        }
    }
}

/// Why a worker does not answer any more: it was killed, or it died.
fn lost(error: &std::io::Error, shared: &Shared<'_>) -> Fault {
    if Instant::now() >= shared.until || Cancel::is_cancelled(shared.cancel) {
        return Fault::Deadline;
    }
    Fault::Engine(format!("its worker process ended: {error}"))
}
