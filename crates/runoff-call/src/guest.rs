//! A guest: an instance and what is known of it.

use std::sync::atomic::{AtomicU64, Ordering};

use runoff_runtime::{
    Failure, FastFunc, FuncHandle, FuncType, HostState, Instance, Interrupter, Usage, Value, ValueType,
};

use crate::buffer::Buffer;
use crate::error::{Error, ErrorKind};
use crate::wire;

/// A running module whose functions are called through handles.
///
/// Handles are looked up once and are plain numbers: copy them, keep them beside the guest in a struct, move both.
/// A guest that did not return from a call is *poisoned* and is not called again.
///
/// It can be moved, but not to another thread: several engines bind an instance to the one that made it. A host with
/// several threads makes a guest on each.
pub struct Guest {
    pub(crate) instance: Box<dyn Instance>,
    /// What handles of this guest carry; 0, which none does, once it is poisoned. One comparison per call.
    token: u64,
    /// Stays what it was when the guest is poisoned, to tell foreign handles from own ones.
    name: u64,
    poison: Option<Failure>,
    convention: Option<Convention>,
    pub(crate) buffer: Buffer,
}

/// What a guest that follows the convention offers.
struct Convention {
    version: u32,
    buffer: FastFunc,
    blocks: Option<Blocks>,
    message: Option<u32>,
}

/// Functions for blocks of their own.
#[derive(Clone, Copy)]
pub(crate) struct Blocks {
    pub(crate) alloc: FastFunc,
    pub(crate) free: FastFunc,
}

/// A function of the guest with this token.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Handle {
    token: u64,
    func: FastFunc,
}

static TOKENS: AtomicU64 = AtomicU64::new(1);

impl std::fmt::Debug for Guest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Guest")
            .field("version", &self.version())
            .field("poison", &self.poison)
            .finish_non_exhaustive()
    }
}

impl Guest {
    /// Takes an instance, runs its `_initialize` where it has one, and agrees on a version of the convention.
    ///
    /// An instance that does not follow the convention is fine: its functions on scalars can be called.
    pub fn new(instance: Box<dyn Instance>) -> Result<Self, Error> {
        let name = TOKENS.fetch_add(1, Ordering::Relaxed);
        let mut guest =
            Self { instance, token: name, name, poison: None, convention: None, buffer: Buffer::default() };
        if let Some(func) = guest.instance.lookup(wire::INITIALIZE) {
            let found = guest.instance.func_type(func).unwrap_or_default();
            check_type(wire::INITIALIZE, &found, &FuncType::default())?;
            guest.instance.call(func, &[], &mut []).map_err(|f| guest.poisoned(f))?;
        }
        guest.agree()?;
        Ok(guest)
    }

    fn agree(&mut self) -> Result<(), Error> {
        const I32: ValueType = ValueType::I32;
        let Some(ask) = self.find(wire::VERSION, &[I32], &[I32])? else { return Ok(()) };
        let newest = *wire::VERSIONS.end();
        let version = self.run(ask, newest.into(), 0)? as u32;
        if !wire::VERSIONS.contains(&version) {
            return Err(ErrorKind::Version { answer: version, newest }.into());
        }
        let missing = |export: &str| ErrorKind::Missing { export: export.into(), hint: String::new() };
        let buffer = self.find(wire::BUFFER, &[I32], &[I32])?.ok_or_else(|| missing(wire::BUFFER))?;
        if self.instance.memory().is_none() {
            return Err(missing("memory").into());
        }
        let alloc = self.find(wire::ALLOC, &[I32], &[I32])?;
        let free = self.find(wire::FREE, &[I32, I32], &[])?;
        let message = match self.find(wire::MESSAGE, &[], &[I32])? {
            Some(func) => Some(self.run(func, 0, 0)? as u32),
            None => None,
        };
        let blocks = alloc.zip(free).map(|(alloc, free)| Blocks { alloc, free });
        self.convention = Some(Convention { version, buffer, blocks, message });
        Ok(())
    }

    /// The version of the convention both sides use; `None` when the guest follows none.
    pub fn version(&self) -> Option<u32> {
        self.convention.as_ref().map(|c| c.version)
    }

    /// How the guest was poisoned, if it was.
    pub fn poison(&self) -> Option<&Failure> {
        self.poison.as_ref()
    }

    /// State of the host functions.
    pub fn state(&mut self) -> &mut HostState {
        self.instance.state()
    }

    /// What the instance uses now.
    pub fn usage(&mut self) -> Usage {
        self.instance.usage()
    }

    /// A handle to stop a running call from another thread, where the runtime has one.
    pub fn interrupter(&self) -> Option<Interrupter> {
        self.instance.interrupter()
    }

    /// Gives the instance back, poisoned or not.
    pub fn into_instance(self) -> Box<dyn Instance> {
        self.instance
    }

    /// A function of the fast path, checked for its type; `None` when there is none of this name.
    fn find(
        &mut self,
        export: &str,
        params: &[ValueType],
        results: &[ValueType],
    ) -> Result<Option<FastFunc>, Error> {
        let Some(func) = self.instance.lookup(export) else { return Ok(None) };
        let wanted = FuncType::new(params, results);
        check_type(export, &self.instance.func_type(func).unwrap_or_default(), &wanted)?;
        match self.instance.prepare_fast(func) {
            Some(fast) => Ok(Some(fast)),
            None => Err(self.poisoned(Failure::Engine(format!("no fast path for `{export}`")))),
        }
    }

    /// A handle of a function that takes and gives bytes.
    pub(crate) fn bytes_handle(&mut self, prefix: &str, name: &str) -> Result<Handle, Error> {
        self.ready()?;
        if self.convention.is_none() {
            return Err(ErrorKind::NoConvention.into());
        }
        let export = format!("{prefix}{name}");
        match self.find(&export, &[ValueType::I32; 2], &[ValueType::I64])? {
            Some(func) => Ok(Handle { token: self.name, func }),
            None => Err(ErrorKind::Missing { hint: self.hint(name, prefix), export }.into()),
        }
    }

    /// A function on scalars, and its handle for the fast path where there is one.
    pub(crate) fn scalar_handle(
        &mut self,
        name: &str,
        wanted: &FuncType,
    ) -> Result<(u64, FuncHandle, Option<FastFunc>), Error> {
        self.ready()?;
        let Some(func) = self.instance.lookup(name) else {
            return Err(ErrorKind::Missing { hint: self.hint(name, ""), export: name.into() }.into());
        };
        check_type(name, &self.instance.func_type(func).unwrap_or_default(), wanted)?;
        Ok((self.name, func, self.instance.prepare_fast(func)))
    }

    /// Whether the name stands for a function of another kind.
    fn hint(&mut self, name: &str, asked: &str) -> String {
        let kinds = [
            (wire::POD, "pod"),
            (wire::BATCH, "batch"),
            (wire::ENCODED, "encoded"),
            (wire::BYTES, "bytes"),
            ("", "scalars"),
        ];
        let mut found = kinds.iter().filter(|(prefix, _)| *prefix != asked);
        match found.find(|(prefix, _)| self.instance.lookup(&format!("{prefix}{name}")).is_some()) {
            Some((_, kind)) => format!("; it has `{name}` as a function of the kind: {kind}"),
            None => String::new(),
        }
    }

    /// Refuses when poisoned.
    pub(crate) fn ready(&self) -> Result<(), Error> {
        match &self.poison {
            Some(failure) => Err(ErrorKind::Poisoned(failure.clone()).into()),
            None => Ok(()),
        }
    }

    /// Refuses handles of others, and all handles when poisoned.
    #[inline]
    pub(crate) fn admit(&self, token: u64) -> Result<(), Error> {
        if token == self.token { Ok(()) } else { Err(self.refuse(token)) }
    }

    #[cold]
    fn refuse(&self, token: u64) -> Error {
        match &self.poison {
            Some(failure) if token == self.name => ErrorKind::Poisoned(failure.clone()).into(),
            _ => ErrorKind::ForeignHandle.into(),
        }
    }

    /// Calls on the fast path; a failure poisons.
    #[inline]
    pub(crate) fn run(&mut self, func: FastFunc, a: u64, b: u64) -> Result<u64, Error> {
        match self.instance.call_fast(func, a, b) {
            Ok(slot) => Ok(slot),
            Err(failure) => Err(self.poisoned(*failure)),
        }
    }

    /// Calls dynamically; a failure poisons.
    pub(crate) fn run_values(
        &mut self,
        func: FuncHandle,
        args: &[Value],
        results: &mut [Value],
    ) -> Result<(), Error> {
        self.instance.call(func, args, results).map_err(|failure| self.poisoned(failure))
    }

    /// Checks a handle and calls it with an address and a length.
    #[inline]
    pub(crate) fn run_bytes(&mut self, handle: Handle, ptr: u32, len: u32) -> Result<(u32, u32), Error> {
        let packed = self.run(handle.func, ptr.into(), len.into())?;
        Ok(wire::unpack(packed))
    }

    #[inline]
    pub(crate) fn admit_handle(&self, handle: Handle) -> Result<(), Error> {
        self.admit(handle.token)
    }

    pub(crate) fn buffer_func(&self) -> Result<FastFunc, Error> {
        self.convention.as_ref().map(|c| c.buffer).ok_or_else(|| ErrorKind::NoConvention.into())
    }

    pub(crate) fn blocks(&self) -> Result<Blocks, Error> {
        let missing = || ErrorKind::Missing { export: wire::ALLOC.into(), hint: String::new() }.into();
        self.convention.as_ref().and_then(|c| c.blocks).ok_or_else(missing)
    }

    /// The guest's memory.
    #[inline]
    pub(crate) fn memory(&mut self) -> &mut [u8] {
        // Guests without one were turned away when they were made.
        self.instance.memory().unwrap_or_default()
    }

    /// Remembers why this guest must not be called again, and collects its last words.
    #[cold]
    #[inline(never)]
    fn poisoned(&mut self, failure: Failure) -> Error {
        self.token = 0;
        self.poison = Some(failure.clone());
        let message = self.last_words();
        ErrorKind::Failed { failure, message }.into()
    }

    fn last_words(&mut self) -> Option<String> {
        let at = self.convention.as_ref()?.message? as usize;
        let memory = self.instance.memory()?;
        let len: [u8; 4] = memory.get(at..at.checked_add(4)?)?.try_into().ok()?;
        let len = u32::from_le_bytes(len).min(wire::MESSAGE_CAP) as usize;
        let text = memory.get(at + 4..(at + 4).checked_add(len)?)?;
        (len > 0).then(|| String::from_utf8_lossy(text).into_owned())
    }
}

fn check_type(export: &str, found: &FuncType, wanted: &FuncType) -> Result<(), Error> {
    if found == wanted {
        return Ok(());
    }
    let (found, wanted) = (found.to_string(), wanted.to_string());
    Err(ErrorKind::Signature { export: export.into(), found, wanted }.into())
}
