//! Memory contexts, parsed modules and memories of toywasm, each freed once.

#![expect(unsafe_code, reason = "toywasm is a C library")]

use std::cell::UnsafeCell;
use std::ffi::CStr;
use std::ptr::{NonNull, null_mut};
use std::rc::Rc;

use toywasmx_sys as toy;

/// What toywasm allocates with; outlives all that came from it.
pub(super) struct Context(UnsafeCell<toy::mem_context>);

impl Context {
    pub(super) fn new() -> Rc<Self> {
        // SAFETY: the structure is plain data, which the call below sets up where it stays.
        let context = Rc::new(Self(UnsafeCell::new(unsafe { std::mem::zeroed() })));
        // SAFETY: the pointer is valid, and nobody else uses it yet.
        unsafe { toy::mem_context_init(context.raw()) };
        context
    }

    pub(super) fn raw(&self) -> *mut toy::mem_context {
        self.0.get()
    }
}

impl Drop for Context {
    fn drop(&mut self) {
        // SAFETY: modules and instances keep the context, so none is left.
        unsafe { toy::mem_context_clear(self.raw()) };
    }
}

/// A module as toywasm parsed it.
pub(super) struct Parsed {
    context: Rc<Context>,
    raw: NonNull<toy::module>,
    /// The module points into them.
    _bytes: Rc<Vec<u8>>,
}

impl Parsed {
    /// Parses a module; toywasm's words when it does not.
    pub(super) fn new(context: &Rc<Context>, bytes: Rc<Vec<u8>>) -> Result<Self, String> {
        let mut raw = null_mut();
        // SAFETY: the load context is set up before it is used and cleared once. The bytes live as long as the
        // module, which keeps them.
        let ended = unsafe {
            let mut load: toy::load_context = std::mem::zeroed();
            toy::load_context_init(&raw mut load, context.raw());
            let range = bytes.as_ptr_range();
            let ended = toy::module_create(&raw mut raw, range.start, range.end, &raw mut load);
            let words = (ended != 0).then(|| report_words(&raw const load.report, ended));
            toy::load_context_clear(&raw mut load);
            words
        };
        match (ended, NonNull::new(raw)) {
            (None, Some(raw)) => Ok(Self { context: Rc::clone(context), raw, _bytes: bytes }),
            (words, _) => Err(words.unwrap_or_else(|| "no module".into())),
        }
    }

    pub(super) fn context(&self) -> &Rc<Context> {
        &self.context
    }

    pub(super) fn raw(&self) -> *const toy::module {
        self.raw.as_ptr()
    }

    /// The type of the function with this index, which must be one of the module.
    pub(super) fn func_type(&self, index: u32) -> *const toy::functype {
        // SAFETY: the module is alive; the index is checked by the caller's contract against the same bytes.
        unsafe { toy::module_functype(self.raw(), index) }
    }

    /// Its imports.
    pub(super) fn imports(&self) -> &[toy::import] {
        // SAFETY: the module is alive and does not change; without imports the pointer may be null.
        unsafe {
            let module = self.raw.as_ref();
            match module.nimports {
                0 => &[],
                count => std::slice::from_raw_parts(module.imports, count as usize),
            }
        }
    }
}

impl Drop for Parsed {
    fn drop(&mut self) {
        // SAFETY: instances keep the module, so none is left.
        unsafe { toy::module_destroy(self.context.raw(), self.raw.as_ptr()) };
    }
}

/// All bytes of a memory, allocated.
///
/// # Safety
///
/// The memory must belong to a live instance, whose code must not run while the slice lives.
pub(super) unsafe fn bytes<'a>(memory: NonNull<toy::meminst>) -> &'a mut [u8] {
    let memory = memory.as_ptr();
    // SAFETY: promised by the caller. Touching the last byte allocates up to it; where that fails, the slice is
    // as long as what there is.
    unsafe {
        let size = u64::from((*memory).size_in_pages) << toy::memtype_page_shift((*memory).type_);
        if size > (*memory).allocated as u64 {
            let (mut place, mut moved) = (null_mut(), false);
            toy::memory_instance_getptr2(memory, (size - 1) as u32, 0, 1, &raw mut place, &raw mut moved);
        }
        match (*memory).allocated {
            0 => &mut [],
            allocated => std::slice::from_raw_parts_mut((*memory).data, allocated),
        }
    }
}

/// What a report says.
///
/// # Safety
///
/// The report must be alive.
pub(super) unsafe fn report_words(report: *const toy::report, code: i32) -> String {
    // SAFETY: promised by the caller; the message is a C string or null.
    unsafe {
        let message = toy::report_getmessage(report);
        if message.is_null() {
            format!("error {code}")
        } else {
            CStr::from_ptr(message).to_string_lossy().into_owned()
        }
    }
}
