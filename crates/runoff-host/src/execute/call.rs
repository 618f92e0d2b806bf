//! `runoff_call`: bytes in, bytes out; instances may be used again.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use runoff_call::{Bytes as Entry, Error, ErrorKind, Guest};
use runoff_runtime::{HostState, Module, SharedModule};
use runoff_wasi::{Output, Wasi};

use super::clock::GuestClocks;
use super::command::STDERR;
use super::ending::{Answer, Fault};
use super::run::{Invocation, Ran, Shared, Spent, begin};
use crate::function::Function;

/// Most instances a thread keeps; the one that rested longest goes first.
pub(crate) const MOST: usize = 32;

/// Longest rest of an instance that is kept.
const LONGEST_REST: Duration = Duration::from_mins(1);

/// Instances of one thread that wait for their next request.
#[derive(Default)]
pub struct Warm {
    /// With the code each was made of: code that was let go and came back is another one.
    guests: BTreeMap<(u64, usize), (SharedModule, WarmGuest)>,
}

impl std::fmt::Debug for Warm {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Warm").field("guests", &self.guests.len()).finish()
    }
}

/// Where an instance that may be used again comes from and goes to.
pub(crate) struct Kept<'a> {
    pub(super) tier: usize,
    pub(super) code: &'a SharedModule,
    pub(super) warm: &'a mut Warm,
}

struct WarmGuest {
    guest: Guest,
    entry: Entry,
    clocks: Arc<GuestClocks>,
    calls: u32,
    last: Instant,
}

impl Kept<'_> {
    fn take(&mut self, function: &Function) -> Option<WarmGuest> {
        function.config.reuse?;
        let (code, guest) = self.warm.guests.remove(&(function.id, self.tier))?;
        Arc::ptr_eq(&code, self.code).then_some(guest)
    }

    fn keep(self, function: &Function, guest: WarmGuest) {
        let guests = &mut self.warm.guests;
        let now = guest.last;
        // Rare enough to look at all of them.
        if guests.len() >= MOST || guest.calls.is_multiple_of(64) {
            guests.retain(|_, (_, g)| now.duration_since(g.last) < LONGEST_REST);
            if guests.len() >= MOST
                && let Some(oldest) = guests.iter().min_by_key(|(_, (_, g))| g.last).map(|(key, _)| *key)
            {
                guests.remove(&oldest);
            }
        }
        guests.insert((function.id, self.tier), (Arc::clone(self.code), guest));
    }
}

pub(super) fn run(
    function: &Function,
    module: &dyn Module,
    invocation: &Invocation,
    bounds: &Shared<'_>,
    mut kept: Option<Kept<'_>>,
) -> Ran {
    let started = Instant::now();
    if let Some(guest) = kept.as_mut().and_then(|kept| kept.take(function)) {
        guest.clocks.renew(bounds.until, Arc::clone(bounds.cancel));
        let spent = Spent { setup: started.elapsed(), ..Spent::default() };
        return answer(function, guest, invocation, bounds, kept, spent);
    }
    let clocks = Arc::new(GuestClocks::new(bounds.until, Arc::clone(bounds.cancel)));
    let mut state = HostState::new();
    if function.module.wants_wasi {
        // What a call writes to its standard streams goes nowhere: its answer is what it returns.
        let wasi_clocks = Arc::clone(&clocks);
        let config =
            function.wasi.clone().stdout(Output::Discard).stderr(Output::Capture(STDERR)).clocks(wasi_clocks);
        match Wasi::new(&config) {
            Ok(wasi) => state.insert(wasi),
            Err(error) => return Ran::early(Fault::Engine(error.to_string()), Spent::default()),
        }
    }
    let instance = match module.instantiate(bounds.imports, state, &function.limits) {
        Ok(instance) => instance,
        Err(error) => {
            let spent = Spent { setup: started.elapsed(), ..Spent::default() };
            return Ran::early(bounds.explain(error.into()), spent);
        }
    };
    // Agreeing on the convention runs guest code: under the clock, too.
    let made = bounds.guarded(instance, |mut instance| {
        begin(function, &mut *instance)?;
        let mut guest = Guest::new(instance).map_err(|e| fault(&e))?;
        let entry = guest.entry().map_err(|e| fault(&e))?;
        Ok((guest, entry))
    });
    let spent = Spent { setup: started.elapsed(), ..Spent::default() };
    match made {
        Ok((guest, entry)) => {
            let fresh = WarmGuest { guest, entry, clocks, calls: 0, last: started };
            answer(function, fresh, invocation, bounds, kept, spent)
        }
        Err(fault) => Ran::early(fault, spent),
    }
}

fn answer(
    function: &Function,
    mut warm_guest: WarmGuest,
    invocation: &Invocation,
    bounds: &Shared<'_>,
    kept: Option<Kept<'_>>,
    mut spent: Spent,
) -> Ran {
    let running = Instant::now();
    let armed = warm_guest.guest.interrupter().map(|i| bounds.deadlines.arm(bounds.until, i));
    if let Some(armed) = &armed {
        bounds.cancel.watch(armed);
    }
    let most = function.config.limits.output;
    let entry = warm_guest.entry;
    let ending = match entry.call(&mut warm_guest.guest, &invocation.body) {
        Ok(bytes) if bytes.len() > most => {
            Err(Fault::Limit(format!("the guest answers {} bytes; {most} are allowed", bytes.len())))
        }
        Ok(bytes) => Ok(Answer { status: 200, headers: Vec::new(), body: bytes.to_vec() }),
        Err(error) => Err(bounds.explain(fault(&error))),
    };
    bounds.cancel.unwatch();
    drop(armed);
    spent.run = running.elapsed();
    let stderr = match (&ending, warm_guest.guest.state().get::<Wasi>()) {
        (Err(_), Some(wasi)) => wasi.stderr_bytes().to_vec(),
        _ => Vec::new(),
    };
    warm_guest.calls += 1;
    warm_guest.last = Instant::now();
    // After any failure what the guest holds may be half changed.
    if let Some(kept) = kept
        && ending.is_ok()
        && function.config.reuse.is_some_and(|r| warm_guest.calls < r.calls)
        && !function.is_retired()
    {
        kept.keep(function, warm_guest);
    }
    Ran { ending, spent, stderr }
}

fn fault(error: &Error) -> Fault {
    match error.kind() {
        ErrorKind::Failed { failure, message } => match (Fault::from(failure.clone()), message) {
            (Fault::Trap(words), Some(message)) => Fault::Trap(format!("{words} ({message})")),
            (fault, _) => fault,
        },
        ErrorKind::Refused(refusal) => Fault::Malformed(format!("the guest refuses the call: {refusal}")),
        ErrorKind::NoRoom(bytes) => Fault::Limit(format!("no room for {bytes} bytes")),
        other => Fault::Malformed(other.to_string()),
    }
}
