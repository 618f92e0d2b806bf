//! The guests of one round on one runtime.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::{Duration, Instant};

use runoff_call::{Guest, host};
use runoff_guest_calls::Record;
use runoff_runtime::{HostState, Imports, Instance, Limits, Runtime};

use crate::modules;

/// A guest that several cells use, one after the other.
pub(crate) type Shared = Rc<RefCell<Guest>>;

/// The guests of one round on one runtime.
pub(crate) struct Guests {
    pub(crate) id: String,
    pub(crate) kinds: Shared,
    pub(crate) blocks: Shared,
    pub(crate) back: Shared,
    /// Instances without the library.
    pub(crate) raw_kinds: Rc<RefCell<Box<dyn Instance>>>,
    pub(crate) raw_blocks: Rc<RefCell<Box<dyn Instance>>>,
    pub(crate) start: Starts,
}

/// How long compiling and instantiating took, which is what the scripting study counted in.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Starts {
    pub(crate) kinds: Duration,
    pub(crate) blocks: Duration,
    pub(crate) back: Duration,
}

impl Guests {
    pub(crate) fn new(id: &str, runtime: &dyn Runtime) -> Result<Self, String> {
        let (kinds, kinds_start) = instance(runtime, modules::KINDS)?;
        let (blocks, blocks_start) = instance(runtime, modules::BLOCKS)?;
        let (back, back_start) = instance(runtime, modules::BACK)?;
        Ok(Self {
            id: id.into(),
            kinds: shared(kinds)?,
            blocks: shared(blocks)?,
            back: shared(back)?,
            raw_kinds: Rc::new(RefCell::new(instance(runtime, modules::KINDS)?.0)),
            raw_blocks: Rc::new(RefCell::new(instance(runtime, modules::BLOCKS)?.0)),
            start: Starts { kinds: kinds_start, blocks: blocks_start, back: back_start },
        })
    }
}

fn shared(instance: Box<dyn Instance>) -> Result<Shared, String> {
    Ok(Rc::new(RefCell::new(Guest::new(instance).map_err(|e| e.to_string())?)))
}

fn instance(runtime: &dyn Runtime, wasm: &[u8]) -> Result<(Box<dyn Instance>, Duration), String> {
    let clock = Instant::now();
    let module = runtime.compile(wasm).map_err(|e| e.to_string())?;
    let instance = module.instantiate(&imports(), HostState::new(), &Limits::default());
    Ok((instance.map_err(|e| e.to_string())?, clock.elapsed()))
}

/// What `back` imports; the others need nothing.
fn imports() -> Imports {
    let mut imports = Imports::new();
    imports.define("study", "mul", host::pair(|_, (x, y): (i32, i32)| Ok(x.wrapping_mul(y))));
    imports.define(
        "study",
        "next_record",
        host::pod(|_, record: Record| Ok(runoff_guest_calls::next(record))),
    );
    let next = host::encoded(|_, record: Record| Ok(runoff_guest_calls::next(record)));
    imports.define("study", "next_encoded", next);
    let echo = host::bytes(|_, from, to| {
        let len = from.len().min(to.len());
        to[..len].copy_from_slice(&from[..len]);
        Ok(from.len())
    });
    imports.define("study", "echo", echo);
    imports
}
