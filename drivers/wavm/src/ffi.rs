//! The C interface of `shim/wavm.h`, and what is made of it: values one owns.

use std::ffi::{c_char, c_void};
use std::ptr::NonNull;

/// An argument or result: a number in the first half.
#[repr(C)]
#[derive(Clone, Copy, Default)]
pub(crate) struct Slot {
    pub(crate) low: u64,
    pub(crate) high: u64,
}

#[repr(C)]
pub(crate) struct Words {
    text: *mut c_char,
    capacity: usize,
}

#[repr(C)]
pub(crate) struct RawExtern {
    pub(crate) module: *const u8,
    pub(crate) module_bytes: usize,
    pub(crate) name: *const u8,
    pub(crate) name_bytes: usize,
    pub(crate) kind: u8,
    pub(crate) letters: *const u8,
    pub(crate) letters_bytes: usize,
}

#[repr(C)]
pub(crate) struct RawIr([u8; 0]);
#[repr(C)]
pub(crate) struct RawCode([u8; 0]);
#[repr(C)]
pub(crate) struct RawInstance([u8; 0]);
#[repr(C)]
pub(crate) struct RawFunc([u8; 0]);

pub(crate) type RawHost =
    unsafe extern "C" fn(*mut c_void, u64, *const Slot, *mut Slot, *mut u8, usize) -> i32;

unsafe extern "C" {
    fn rw_init() -> bool;
    fn rw_llvm_version() -> u32;
    fn rw_cpu(words: Words);
    fn rw_parse(wasm: *const u8, bytes: usize, words: Words) -> *mut RawIr;
    fn rw_ir_delete(ir: *mut RawIr);
    fn rw_memory_min(ir: *const RawIr) -> u64;
    fn rw_table_min(ir: *const RawIr) -> u64;
    fn rw_compile(ir: *const RawIr, words: Words) -> *mut RawCode;
    fn rw_load(
        ir: *const RawIr,
        object: *const u8,
        object_bytes: usize,
        links: *const u8,
        links_bytes: usize,
        words: Words,
    ) -> *mut RawCode;
    fn rw_code_delete(code: *mut RawCode);
    fn rw_object(
        code: *const RawCode,
        links: bool,
        take: unsafe extern "C" fn(*mut c_void, *const u8, usize),
        env: *mut c_void,
    );
    pub(crate) fn rw_list(
        ir: *const RawIr,
        take: unsafe extern "C" fn(*mut c_void, *const RawExtern),
        env: *mut c_void,
    );
    pub(crate) fn rw_instantiate(
        code: *const RawCode,
        host: RawHost,
        env: *mut c_void,
        max_pages: u64,
        max_elements: u64,
        end: *mut i32,
        words: Words,
    ) -> *mut RawInstance;
    pub(crate) fn rw_instance_delete(instance: *mut RawInstance);
    pub(crate) fn rw_lookup(
        instance: *const RawInstance,
        name: *const u8,
        name_bytes: usize,
    ) -> *const RawFunc;
    pub(crate) fn rw_call(
        instance: *mut RawInstance,
        func: *const RawFunc,
        args: *const Slot,
        results: *mut Slot,
        words: Words,
    ) -> i32;
    pub(crate) fn rw_memory(instance: *const RawInstance, bytes: *mut usize) -> *mut u8;
    pub(crate) fn rw_global(
        instance: *const RawInstance,
        name: *const u8,
        name_bytes: usize,
        bits: *mut u64,
    ) -> u8;
}

/// Room for words about a failure.
pub(crate) struct Said([u8; 256]);

impl Said {
    pub(crate) fn new() -> Self {
        Self([0; 256])
    }

    /// Where the shim writes them; valid as long as `self` is not moved.
    pub(crate) fn words(&mut self) -> Words {
        Words { text: self.0.as_mut_ptr().cast(), capacity: self.0.len() }
    }

    pub(crate) fn text(&self) -> String {
        let end = self.0.iter().position(|b| *b == 0).unwrap_or(self.0.len());
        String::from_utf8_lossy(&self.0[..end]).into_owned()
    }
}

/// Finds code generators and prepares signals for this thread, once each; `false` where WAVM makes no code for
/// this processor.
pub(crate) fn init() -> bool {
    // SAFETY: no preconditions.
    unsafe { rw_init() }
}

/// Version of LLVM as it calls itself.
pub(crate) fn llvm_version() -> String {
    // SAFETY: no preconditions.
    let version = unsafe { rw_llvm_version() };
    format!("{}.{}.{}", version / 10_000, version / 100 % 100, version % 100)
}

/// Name of the processor code is generated for.
pub(crate) fn cpu() -> String {
    let mut said = Said::new();
    // SAFETY: the room outlives the call.
    unsafe { rw_cpu(said.words()) };
    said.text()
}

/// A parsed and validated module.
pub(crate) struct Ir(NonNull<RawIr>);

impl Ir {
    /// Parses and validates; WAVM's words when it does not accept the bytes.
    pub(crate) fn parse(wasm: &[u8]) -> Result<Self, String> {
        let mut said = Said::new();
        // SAFETY: bytes and room outlive the call.
        let raw = unsafe { rw_parse(wasm.as_ptr(), wasm.len(), said.words()) };
        NonNull::new(raw).map(Self).ok_or_else(|| said.text())
    }

    pub(crate) fn raw(&self) -> *const RawIr {
        self.0.as_ptr()
    }

    /// Bytes the first memory starts with.
    pub(crate) fn memory_min(&self) -> u64 {
        // SAFETY: alive.
        unsafe { rw_memory_min(self.raw()) }
    }

    /// Elements the largest table starts with.
    pub(crate) fn table_min(&self) -> u64 {
        // SAFETY: alive.
        unsafe { rw_table_min(self.raw()) }
    }
}

impl Drop for Ir {
    fn drop(&mut self) {
        // SAFETY: made once, freed once; code keeps a copy of its own.
        unsafe { rw_ir_delete(self.0.as_ptr()) };
    }
}

/// Code of a module, and that which leads from its imports to the host.
pub(crate) struct Code(NonNull<RawCode>);

impl Code {
    /// Generates it.
    pub(crate) fn compile(ir: &Ir) -> Result<Self, String> {
        let mut said = Said::new();
        // SAFETY: the module is alive, the room outlives the call.
        let raw = unsafe { rw_compile(ir.raw(), said.words()) };
        NonNull::new(raw).map(Self).ok_or_else(|| said.text())
    }

    /// Takes what [`Code::object`] gave for the same module; words when it is not object code.
    pub(crate) fn load(ir: &Ir, object: &[u8], links: &[u8]) -> Result<Self, String> {
        let mut said = Said::new();
        // SAFETY: the module is alive, bytes and room outlive the call, which copies them.
        let raw = unsafe {
            rw_load(ir.raw(), object.as_ptr(), object.len(), links.as_ptr(), links.len(), said.words())
        };
        NonNull::new(raw).map(Self).ok_or_else(|| said.text())
    }

    pub(crate) fn raw(&self) -> *const RawCode {
        self.0.as_ptr()
    }

    /// Object code of the module, or of what links its imports.
    pub(crate) fn object(&self, links: bool) -> Vec<u8> {
        let mut bytes = Vec::new();
        // SAFETY: `take` gets the vector that is alive here, as its environment.
        unsafe { rw_object(self.raw(), links, take, (&raw mut bytes).cast()) };
        bytes
    }
}

/// Appends bytes to a vector.
///
/// # Safety
///
/// `env` is a `Vec<u8>` nobody else uses, `bytes` and `count` a readable range or nothing.
unsafe extern "C" fn take(env: *mut c_void, bytes: *const u8, count: usize) {
    if count > 0 {
        // SAFETY: promised by the caller.
        unsafe { (*env.cast::<Vec<u8>>()).extend_from_slice(std::slice::from_raw_parts(bytes, count)) };
    }
}

impl Drop for Code {
    fn drop(&mut self) {
        // SAFETY: made once, freed once; instances keep what they need.
        unsafe { rw_code_delete(self.0.as_ptr()) };
    }
}
