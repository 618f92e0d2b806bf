//! Calls that would not end.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use runoff_runtime::{
    Capabilities, DeadlineSupport, Failure, HostState, Imports, Interrupter, Limits, RuntimeError, Slot,
    Value,
};

use super::Case;
use super::lab::{Lab, Outcome, Stop, fail, holds, refusal, same, unsupported, wasm};

const GROUP: &str = "deadline";

pub(super) const CASES: &[Case] = &[
    Case {
        name: "deadline",
        group: GROUP,
        shows: "a call that does not end is stopped at its deadline, dynamic and fast, and the instance goes on",
        body: deadline,
    },
    Case { name: "interrupt", group: GROUP, shows: "another thread stops a running call", body: interrupt },
    Case {
        name: "interrupt-one",
        group: GROUP,
        shows: "interrupting one instance does not stop another of the same runtime",
        body: interrupt_one,
    },
    Case {
        name: "deadline-start",
        group: GROUP,
        shows: "a start function that does not end is stopped as well",
        body: deadline_start,
    },
    Case {
        name: "not-interruptible",
        group: GROUP,
        shows: "a runtime made without interruption offers no interrupter",
        body: not_interruptible,
    },
];

/// Given to a call that should be stopped.
const SOON: Duration = Duration::from_millis(100);
/// By when it must have been stopped.
const LATE: Duration = Duration::from_secs(2);

/// Not quite infinite, so that a runtime that cannot stop it fails the case instead of hanging; and no
/// compiler sees through it.
const LONG: &str = r#"(module
    (func $spin (param $turns i64) (result i64) (local $x i64)
        (local.set $x (i64.const 88172645463325252))
        (loop $again
            (local.set $x (i64.xor (local.get $x) (i64.shl (local.get $x) (i64.const 13))))
            (local.set $x (i64.xor (local.get $x) (i64.shr_u (local.get $x) (i64.const 7))))
            (local.set $x (i64.xor (local.get $x) (i64.shl (local.get $x) (i64.const 17))))
            (local.set $turns (i64.sub (local.get $turns) (i64.const 1)))
            (br_if $again (i64.ne (local.get $turns) (i64.const 0))))
        local.get $x)
    (func (export "spin") (param i64) (result i64) (call $spin (local.get 0))))"#;

const ENDLESS: Value = Value::I64(1 << 33);

/// Ends the case where only killing helps.
fn needs_interruption(capabilities: &Capabilities) -> Outcome {
    if !capabilities.compiles || capabilities.deadline == DeadlineSupport::KillOnly {
        return unsupported("calls can only be stopped by killing the process");
    }
    Ok(())
}

fn in_time(what: &str, start: Instant) -> Outcome {
    let took = start.elapsed();
    if took < LATE { Ok(()) } else { fail(format!("{what} took {took:?}")) }
}

fn deadline(lab: &Lab<'_>) -> Outcome {
    needs_interruption(&lab.capabilities()?)?;
    let limits = Limits { deadline: Some(SOON), ..Limits::default() };
    let mut guest = Lab::start_on(lab.runtime_with(true)?, LONG, &Imports::new(), HostState::new(), &limits)?;
    guest.call("spin", &[Value::I64(1000)])?.map_err(|f| Stop::Fail(format!("a short call failed: {f}")))?;
    let start = Instant::now();
    guest.fails("spin", &[ENDLESS], Failure::Deadline)?;
    in_time("the dynamic call", start)?;
    guest.call("spin", &[Value::I64(1000)])?.map_err(|f| Stop::Fail(format!("the next call failed: {f}")))?;
    let func = guest.func("spin")?;
    let Some(fast) = guest.instance.prepare_fast(func) else { return fail("(i64) -> i64 is not fast") };
    let start = Instant::now();
    let found = guest.instance.call_fast(fast, (1_i64 << 33).into_slot(), 0).map_err(|f| *f);
    same("fast call", &found, &Err(Failure::Deadline))?;
    in_time("the fast call", start)?;
    guest.call("spin", &[Value::I64(1000)])?.map_err(|f| Stop::Fail(format!("the last call failed: {f}")))?;
    Ok(())
}

/// Interrupts again and again until dropped, as a watchdog does.
struct Nagging {
    done: Arc<AtomicBool>,
    thread: Option<thread::JoinHandle<()>>,
}

impl Nagging {
    fn start(interrupter: Interrupter, after: Duration) -> Self {
        let done = Arc::new(AtomicBool::new(false));
        let seen = Arc::clone(&done);
        let thread = thread::spawn(move || {
            thread::sleep(after);
            while !seen.load(Ordering::Acquire) {
                interrupter.interrupt();
                thread::sleep(Duration::from_millis(1));
            }
        });
        Self { done, thread: Some(thread) }
    }
}

impl Drop for Nagging {
    fn drop(&mut self) {
        self.done.store(true, Ordering::Release);
        if let Some(thread) = self.thread.take() {
            // A panic in it would have been seen as a call that was not stopped.
            let _ = thread.join();
        }
    }
}

fn interrupt(lab: &Lab<'_>) -> Outcome {
    needs_interruption(&lab.capabilities()?)?;
    let runtime = lab.runtime_with(true)?;
    let mut guest = Lab::start_on(runtime, LONG, &Imports::new(), HostState::new(), &Limits::default())?;
    let Some(interrupter) = guest.instance.interrupter() else {
        return fail("claims interruption but offers no interrupter");
    };
    // With nothing running it must do no harm.
    interrupter.interrupt();
    guest.call("spin", &[Value::I64(1000)])?.map_err(|f| Stop::Fail(format!("a short call failed: {f}")))?;
    let start = Instant::now();
    let nagging = Nagging::start(interrupter, SOON);
    guest.fails("spin", &[ENDLESS], Failure::Deadline)?;
    drop(nagging);
    in_time("the interrupted call", start)?;
    holds("it ran until it was interrupted", start.elapsed() >= SOON)?;
    guest.call("spin", &[Value::I64(1000)])?.map_err(|f| Stop::Fail(format!("the next call failed: {f}")))?;
    Ok(())
}

fn interrupt_one(lab: &Lab<'_>) -> Outcome {
    needs_interruption(&lab.capabilities()?)?;
    let runtime = lab.runtime_with(true)?;
    let bytes = wasm(LONG)?;
    let capabilities = runtime.info().capabilities.clone();
    let module = runtime.compile(&bytes).map_err(|e| refusal(&bytes, &capabilities, &e))?;
    let instance = || {
        module
            .instantiate(&Imports::new(), HostState::new(), &Limits::default())
            .map_err(|e| Stop::Fail(e.to_string()))
    };
    let (mut one, other) = (instance()?, instance()?);
    let Some(interrupter) = other.interrupter() else { return fail("no interrupter") };
    let Some(func) = one.lookup("spin") else { return fail("`spin` is not found") };
    let nagging = Nagging::start(interrupter, Duration::ZERO);
    let start = Instant::now();
    while start.elapsed() < SOON {
        let result = one.call(func, &[Value::I64(300_000)], &mut [Value::I64(0)]);
        same("a call while another instance is interrupted", &result, &Ok(()))?;
    }
    drop(nagging);
    Ok(())
}

fn deadline_start(lab: &Lab<'_>) -> Outcome {
    needs_interruption(&lab.capabilities()?)?;
    let text = LONG.replace(
        r#"(func (export "spin")"#,
        r#"(func $start (drop (call $spin (i64.const 8589934592)))) (start $start) (func (export "spin")"#,
    );
    let limits = Limits { deadline: Some(SOON), ..Limits::default() };
    let start = Instant::now();
    match Lab::attempt_on(lab.runtime_with(true)?, &text, &Imports::new(), &limits)? {
        Err(error) => same("instantiation", &error, &RuntimeError::Start(Failure::Deadline))?,
        Ok(_) => return fail("it started"),
    }
    in_time("the start function", start)
}

fn not_interruptible(lab: &Lab<'_>) -> Outcome {
    let guest = lab.start(LONG)?;
    holds("no interrupter", guest.instance.interrupter().is_none())
}
