//! What a worker does.

use std::collections::HashMap;
use std::io;
use std::os::fd::AsFd;
use std::os::unix::net::UnixStream;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::channel;
use std::time::Instant;

use runoff_runtime::{Imports, Module, Runtime, RuntimeError, RuntimeOptions};
use runoff_runtimes::{Registry, on_engine_stack};

use super::wire::{Ask, Run, Tell, read, write};
use crate::deadline::{Cancel, Deadlines};
use crate::execute::{Fault, Invocation, Ran, Shared, Spent, run_here};
use crate::function::Function;
use crate::module::HostedModule;
use crate::offered::offered;

/// Longest request or module; the host's own limits are below it.
const MOST: u64 = 5 << 30;

struct Loaded {
    hosted: Arc<HostedModule>,
    code: Box<dyn Module>,
}

/// Serves the host at the other end of standard input, a socket, until it is gone.
///
/// # Errors
///
/// When standard input is no socket, or there are no threads.
pub fn serve(registry: impl FnOnce() -> Registry + Send + 'static, runtime: String) -> io::Result<()> {
    let socket = UnixStream::from(io::stdin().as_fd().try_clone_to_owned()?);
    let mut answers = socket.try_clone()?;
    let (sender, asked) = channel();
    // Read on a thread of its own: the host may go while a guest loops, and then everything here goes.
    std::thread::Builder::new().name("lifeline".into()).spawn(move || {
        let mut socket = socket;
        while let Ok(message) = read::<Ask>(&mut socket, MOST) {
            if sender.send(message).is_err() {
                break;
            }
        }
        end();
    })?;
    on_engine_stack(move || -> io::Result<()> {
        let registry = registry();
        let runtime = registry
            .get(&runtime)
            .ok_or_else(|| RuntimeError::Unsupported(format!("there is no runtime {runtime}")))
            .and_then(|entry| {
                entry.make(&RuntimeOptions { interruptible: true, ..RuntimeOptions::default() })
            });
        let imports = offered();
        let deadlines = Deadlines::start()?;
        let mut modules = HashMap::new();
        for (ask, bytes) in asked {
            let (tell, bytes) = match ask {
                Ask::Load { module, start } => match load(runtime.as_deref(), &bytes, start, &imports) {
                    Ok(loaded) => {
                        modules.insert(module, loaded);
                        (Tell::Loaded, Vec::new())
                    }
                    Err(words) => (Tell::Refused(words), Vec::new()),
                },
                Ask::Run(ask) => Tell::of(match modules.get(&ask.module) {
                    Some(loaded) => answer(loaded, *ask, bytes, &imports, &deadlines),
                    None => Ran::early(Fault::Engine("a module nobody loaded".into()), Spent::default()),
                }),
            };
            write(&mut answers, &tell, &bytes)?;
        }
        Ok(())
    })?
}

/// Ends this process and what it started: a driver that computes does not notice that nobody listens.
#[expect(clippy::exit, reason = "a guest on another thread may never return")]
fn end() -> ! {
    let own = rustix::process::getpid();
    // Only a group of our own: started by hand, we share the shell's.
    if rustix::process::getpgrp() == own {
        let _ = rustix::process::kill_process_group(own, rustix::process::Signal::KILL);
    }
    std::process::exit(0);
}

fn load(
    runtime: Result<&dyn Runtime, &RuntimeError>,
    wasm: &[u8],
    start: bool,
    imports: &Imports,
) -> Result<Loaded, String> {
    let runtime = runtime.map_err(ToString::to_string)?;
    let mut hosted = HostedModule::new(0, wasm, 1, imports, u64::MAX).map_err(|e| e.to_string())?;
    hosted.start = start.then_some(runoff_runtimes::DEFERRED_START);
    let code = catch_unwind(AssertUnwindSafe(|| runtime.compile(&hosted.wasm)));
    let code = code.map_err(|_| "the compiler panicked".to_owned())?.map_err(|e| e.to_string())?;
    Ok(Loaded { hosted: Arc::new(hosted), code })
}

fn answer(loaded: &Loaded, ask: Run, body: Vec<u8>, imports: &Imports, deadlines: &Deadlines) -> Ran {
    let until = Instant::now() + ask.left;
    let mut function = Function::new(0, ask.function, ask.abi, Arc::clone(&loaded.hosted), vec![None]);
    // Nothing of one request is there for the next.
    function.config.reuse = None;
    let invocation = Invocation { body: body.into(), env: ask.env };
    let shared = Shared { imports, deadlines, until, cancel: &Arc::new(Cancel::default()) };
    catch_unwind(AssertUnwindSafe(|| run_here(&function, &*loaded.code, &invocation, &shared, None)))
        .unwrap_or_else(|_| Ran::early(Fault::Engine("it panicked".into()), Spent::default()))
}
