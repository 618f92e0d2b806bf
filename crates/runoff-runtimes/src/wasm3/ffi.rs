//! Everything of wasm3's C interface the adapter uses, behind functions that cannot be misused.

#![expect(unsafe_code, reason = "wasm3 is a C library")]

use std::ffi::{CStr, CString, c_void};
use std::ptr::{NonNull, null, null_mut};
use std::rc::Rc;

use runoff_runtime::{Failure, Trap};
use wasm3x_sys as m3;

use super::host::{HostData, HostEntry, STOPPED, host_call};

unsafe extern "C" {
    // Not in the public header, but not hidden either: the public look-up goes by names, of which wasm3 keeps
    // at most three per function and which debug names can shadow.
    fn Module_GetFunction(module: m3::IM3Module, index: u32) -> m3::IM3Function;
    fn CompileFunction(function: m3::IM3Function) -> m3::M3Result;
}

/// Bytes of stack for guest values.
pub(super) const VALUE_STACK: u32 = 1 << 20;

/// wasm3's version.
pub(super) fn version() -> &'static str {
    CStr::from_bytes_with_nul(m3::M3_VERSION).ok().and_then(|v| v.to_str().ok()).unwrap_or("unknown")
}

/// Whether `return_call` reuses the caller's frame in this build.
pub(super) fn has_tail_calls() -> bool {
    // SAFETY: reads a constant.
    unsafe { m3::wasm3x_HasGuaranteedTailCall() }
}

/// An environment: types and free code pages shared by modules.
pub(super) struct Environment(m3::IM3Environment);

impl Environment {
    pub(super) fn new() -> Option<Rc<Self>> {
        // SAFETY: takes nothing; null when out of memory.
        let raw = unsafe { m3::m3_NewEnvironment() };
        (!raw.is_null()).then(|| Rc::new(Self(raw)))
    }
}

impl Drop for Environment {
    fn drop(&mut self) {
        // SAFETY: made by `m3_NewEnvironment`; all modules and runtimes in it hold a count of this value.
        unsafe { m3::m3_FreeEnvironment(self.0) };
    }
}

/// A parsed module that no runtime has taken yet.
pub(super) struct Parsed {
    raw: m3::IM3Module,
    environment: Rc<Environment>,
    bytes: Rc<Vec<u8>>,
}

impl Parsed {
    /// Parses bytes that the seam's validator accepted.
    pub(super) fn new(environment: &Rc<Environment>, bytes: Rc<Vec<u8>>) -> Result<Self, String> {
        let size = u32::try_from(bytes.len()).map_err(|_| "a module of 4 GiB or more")?;
        let mut raw = null_mut();
        // SAFETY: the environment is alive; the bytes stay where they are as long as the module, which keeps
        // them (`bytes`).
        let result = unsafe { m3::m3_ParseModule(environment.0, &raw mut raw, bytes.as_ptr(), size) };
        if result.is_null() {
            Ok(Self { raw, environment: Rc::clone(environment), bytes })
        } else {
            Err(words(result))
        }
    }
}

impl Drop for Parsed {
    fn drop(&mut self) {
        if !self.raw.is_null() {
            // SAFETY: parsed and not taken by a runtime, which would have set it to null.
            unsafe { m3::m3_FreeModule(self.raw) };
        }
    }
}

/// A function of a machine, found by its index.
#[derive(Clone, Copy)]
pub(super) struct Func(m3::IM3Function);

/// A runtime with the one module it runs.
pub(super) struct Machine {
    runtime: m3::IM3Runtime,
    module: m3::IM3Module,
    host: NonNull<HostData>,
    // Kept for the C side: closures, code pages and the module's bytes.
    #[expect(clippy::vec_box, reason = "wasm3 has the address of each entry")]
    entries: Vec<Box<HostEntry>>,
    _environment: Rc<Environment>,
    _bytes: Rc<Vec<u8>>,
}

impl Machine {
    /// Loads a module: memories, globals, segments and tables come to be.
    pub(super) fn load(mut parsed: Parsed, host: HostData) -> Result<Self, String> {
        // SAFETY: the environment is alive and kept below.
        let runtime = unsafe { m3::m3_NewRuntime(parsed.environment.0, VALUE_STACK, null_mut()) };
        if runtime.is_null() {
            return Err("out of memory".into());
        }
        // SAFETY: both are alive and of one environment; on failure the module stays ours.
        let result = unsafe { m3::m3_LoadModule(runtime, parsed.raw) };
        if !result.is_null() {
            // SAFETY: made above, used nowhere else; the module did not become part of it.
            unsafe { m3::m3_FreeRuntime(runtime) };
            return Err(words(result));
        }
        let module = std::mem::replace(&mut parsed.raw, null_mut());
        Ok(Self {
            runtime,
            module,
            host: NonNull::from(Box::leak(Box::new(host))),
            entries: Vec::new(),
            _environment: Rc::clone(&parsed.environment),
            _bytes: Rc::clone(&parsed.bytes),
        })
    }

    /// Links an import. The caller has compared types.
    pub(super) fn link(
        &mut self,
        import_module: &str,
        name: &str,
        func: runoff_runtime::HostFunc,
    ) -> Result<(), String> {
        if import_module == "*" {
            return Err("an import module named `*` means any module to wasm3".into());
        }
        let c = |text: &str| CString::new(text).map_err(|_| "an import name has a zero byte".to_owned());
        let (import_module, name) = (c(import_module)?, c(name)?);
        let entry = Box::new(HostEntry { func, host: self.host });
        // SAFETY: names are terminated; the entry's address is stable in its box, which lives as long as the
        // machine. No signature: types were compared by the seam.
        let result = unsafe {
            m3::m3_LinkRawFunctionEx(
                self.module,
                import_module.as_ptr(),
                name.as_ptr(),
                null(),
                Some(host_call),
                (&raw const *entry).cast(),
            )
        };
        self.entries.push(entry);
        if result.is_null() { Ok(()) } else { Err(words(result)) }
    }

    /// Runs the start function, if there is one.
    pub(super) fn start(&mut self) -> Result<(), Failure> {
        // SAFETY: the module is loaded.
        let result = unsafe { m3::m3_RunStart(self.module) };
        if result.is_null() { Ok(()) } else { Err(self.failure(result)) }
    }

    pub(super) fn func(&self, index: u32) -> Option<Func> {
        // SAFETY: the module is alive; null when there is no such function.
        let raw = unsafe { Module_GetFunction(self.module, index) };
        (!raw.is_null()).then_some(Func(raw))
    }

    /// Calls a function of this machine. `args` and `results` have one slot per value.
    ///
    /// wasm3 itself compares the counts, so that wrong ones are an error and nothing worse.
    pub(super) fn call(&mut self, func: Func, args: &[u64], results: &mut [u64]) -> Result<(), Failure> {
        let mut pointers = [null::<c_void>(); 16];
        let mut heap = Vec::new();
        let count = args.len().max(results.len());
        let pointers: &mut [*const c_void] = if count <= pointers.len() {
            &mut pointers
        } else {
            heap.resize(count, null());
            &mut heap
        };
        for (pointer, arg) in pointers.iter_mut().zip(args) {
            *pointer = (&raw const *arg).cast();
        }
        // SAFETY: the function is one of this machine; there are `args.len()` pointers to 8-byte slots, and
        // wasm3 refuses any other number of arguments.
        let ended = unsafe { m3::m3_Call(func.0, args.len() as u32, pointers.as_mut_ptr()) };
        if !ended.is_null() {
            self.first_call(func, args.len(), pointers, ended)?;
        }
        if results.is_empty() {
            return Ok(());
        }
        for (pointer, result) in pointers.iter_mut().zip(results.iter_mut()) {
            *pointer = (&raw mut *result).cast_const().cast();
        }
        // SAFETY: as above, with writable slots.
        let read = unsafe { m3::m3_GetResults(func.0, results.len() as u32, pointers.as_mut_ptr()) };
        if read.is_null() { Ok(()) } else { Err(Failure::Engine(words(read))) }
    }

    /// Calls a function of this machine that has `args` arguments, two at most, and a result or none.
    #[inline]
    pub(super) fn call_fast(
        &mut self,
        func: Func,
        args: usize,
        has_result: bool,
        slots: [u64; 2],
    ) -> Result<u64, Box<Failure>> {
        let mut pointers: [*const c_void; 2] = [(&raw const slots[0]).cast(), (&raw const slots[1]).cast()];
        // SAFETY: see `call`.
        let ended = unsafe { m3::m3_Call(func.0, args as u32, pointers.as_mut_ptr()) };
        if !ended.is_null() {
            self.first_call(func, args, &mut pointers, ended)?;
        }
        if !has_result {
            return Ok(0);
        }
        let mut result = 0_u64;
        let mut pointer = (&raw mut result).cast_const().cast::<c_void>();
        // SAFETY: as above, with one writable slot.
        let read = unsafe { m3::m3_GetResults(func.0, 1, &raw mut pointer) };
        if read.is_null() { Ok(result) } else { Err(Box::new(Failure::Engine(words(read)))) }
    }

    /// A call that failed: because the function is not translated yet, or for good.
    #[cold]
    fn first_call(
        &mut self,
        func: Func,
        count: usize,
        pointers: &mut [*const c_void],
        ended: m3::M3Result,
    ) -> Result<(), Failure> {
        // SAFETY: a constant of the library.
        if ended != unsafe { m3::m3Err_missingCompiledCode } {
            return Err(self.failure(ended));
        }
        // SAFETY: the function is one of this machine and was not translated.
        let compiled = unsafe { CompileFunction(func.0) };
        if !compiled.is_null() {
            return Err(Failure::Engine(words(compiled)));
        }
        // SAFETY: see `call`.
        let ended = unsafe { m3::m3_Call(func.0, count as u32, pointers.as_mut_ptr()) };
        if ended.is_null() { Ok(()) } else { Err(self.failure(ended)) }
    }

    /// The memory; empty when there is none.
    pub(super) fn memory(&mut self) -> &mut [u8] {
        // SAFETY: the runtime is not running: `&mut self`.
        unsafe { memory(self.runtime) }
    }

    /// Type and bits of a global by name.
    pub(super) fn global(&self, name: &str) -> Option<(u32, u64)> {
        let name = CString::new(name).ok()?;
        // SAFETY: the module is alive and the name terminated.
        let global = unsafe { m3::m3_FindGlobal(self.module, name.as_ptr()) };
        let mut value = m3::M3TaggedValue { type_: 0, value: m3::M3TaggedValue_M3ValueUnion { i64_: 0 } };
        // SAFETY: null is answered with an error; the value is ours.
        let result = unsafe { m3::m3_GetGlobal(global, &raw mut value) };
        // SAFETY: all bits were set to zero above, so that they are initialised whatever was written.
        result.is_null().then_some((value.type_, unsafe { value.value.i64_ }))
    }

    /// State of the host functions.
    pub(super) fn host(&mut self) -> &mut HostData {
        // SAFETY: leaked in `load`, freed in `drop`; host functions only borrow it while the machine runs,
        // and then nobody else has `&mut self`.
        unsafe { self.host.as_mut() }
    }

    /// What ended a call.
    #[cold]
    fn failure(&mut self, result: m3::M3Result) -> Failure {
        if result == STOPPED.as_ptr() {
            let host = self.host();
            if let Some(panic) = host.panic.take() {
                std::panic::resume_unwind(panic);
            }
            return host.stopped.take().unwrap_or_else(|| Failure::Engine("stopped by nobody".into()));
        }
        match trap(result) {
            Some(trap) => Failure::Trap(trap),
            None => Failure::Engine(words(result)),
        }
    }

    /// The engine's own typed call, for measuring what the seam adds.
    pub(super) fn own_mul(self, func: Func) -> impl FnMut(i32, i32) -> i32 {
        move |a, b| {
            // The whole machine moves into the closure and lives as long.
            let _machine = &self;
            let mut result = 0_i32;
            // SAFETY: the function is one of this machine with type (i32, i32) -> i32, as the caller knows.
            unsafe {
                m3::m3_CallV(func.0, a, b);
                m3::m3_GetResultsV(func.0, &raw mut result);
            }
            result
        }
    }
}

impl Drop for Machine {
    fn drop(&mut self) {
        // SAFETY: made in `load` and freed once; the runtime first, since it may refer to the others.
        unsafe {
            m3::m3_FreeRuntime(self.runtime);
            drop(Box::from_raw(self.host.as_ptr()));
        }
    }
}

/// The memory of a runtime.
///
/// # Safety
///
/// Guest code must not run while the slice lives.
pub(super) unsafe fn memory<'a>(runtime: m3::IM3Runtime) -> &'a mut [u8] {
    let mut size = 0;
    // SAFETY: a loaded runtime always has a memory header, even without a memory.
    let base = unsafe { m3::m3_GetMemory(runtime, &raw mut size, 0) };
    if base.is_null() {
        return &mut [];
    }
    // SAFETY: base and size describe the memory; promised by the caller.
    unsafe { std::slice::from_raw_parts_mut(base, size as usize) }
}

/// wasm3's words.
fn words(result: m3::M3Result) -> String {
    // SAFETY: results are terminated strings that live for ever.
    unsafe { CStr::from_ptr(result) }.to_string_lossy().into_owned()
}

/// A trap in the seam's words; traps are constants, told apart by address.
fn trap(result: m3::M3Result) -> Option<Trap> {
    // SAFETY: constants of the library.
    let traps = unsafe {
        [
            (m3::m3Err_trapUnreachable, Trap::Unreachable),
            (m3::m3Err_trapOutOfBoundsMemoryAccess, Trap::MemoryOutOfBounds),
            (m3::m3Err_trapTableOutOfBounds, Trap::TableOutOfBounds),
            (m3::m3Err_trapTableIndexOutOfRange, Trap::TableOutOfBounds),
            (m3::m3Err_trapTableElementIsNull, Trap::NullReference),
            (m3::m3Err_trapNullReference, Trap::NullReference),
            (m3::m3Err_trapNullFunctionRef, Trap::NullReference),
            (m3::m3Err_trapIndirectCallTypeMismatch, Trap::IndirectCallTypeMismatch),
            (m3::m3Err_trapDivisionByZero, Trap::IntegerDivideByZero),
            (m3::m3Err_trapIntegerOverflow, Trap::IntegerOverflow),
            (m3::m3Err_trapIntegerConversion, Trap::InvalidConversionToInteger),
            (m3::m3Err_trapStackOverflow, Trap::StackExhausted),
        ]
    };
    traps.into_iter().find_map(|(known, trap)| (known == result).then_some(trap))
}
