//! One instance of toywasm with all that must outlive it, and calls.

#![expect(unsafe_code, reason = "toywasm is a C library")]

use std::ptr::{NonNull, null, null_mut};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use runoff_runtime::{Failure, HostFunc, RuntimeError, Trap};
use toywasmx_sys as toy;

use super::ffi::{Context, Parsed, report_words};
use super::host::{Data, Entry, host_call};
use crate::hosted::Shared;
use crate::stop::Switch;

/// Frames of guest functions; by itself the engine goes on until memory is used up.
const FRAMES: u32 = 64 * 1024;
/// Cells of four bytes on the operand stack.
const CELLS: u32 = 4 * 1024 * 1024;

/// What makes the code of one instance stop: toywasm looks at the number now and then.
pub(super) struct Flag(pub(super) Arc<AtomicU32>);

impl Switch for Flag {
    fn trip(&self) {
        self.0.store(1, Ordering::Release);
    }

    fn rest(&self) {
        self.0.store(0, Ordering::Release);
    }
}

/// A function of an instance.
#[derive(Clone, Copy)]
pub(super) struct Func {
    index: u32,
    ty: *const toy::functype,
}

/// An instance.
pub(super) struct Machine {
    raw: NonNull<toy::instance>,
    parsed: Rc<Parsed>,
    data: Shared<Data>,
    /// Looked at while code runs.
    flag: Option<Arc<AtomicU32>>,
    _links: Links,
}

/// What the imports of an instance point to.
struct Links {
    context: Rc<Context>,
    object: *mut toy::import_object,
    funcs: Vec<toy::funcinst>,
    /// What the functions point to.
    entries: Vec<Entry>,
}

impl Drop for Links {
    fn drop(&mut self) {
        if !self.object.is_null() {
            // SAFETY: it came from `import_object_alloc` with the same context and is destroyed once. What its
            // entries point to is not touched.
            unsafe { toy::import_object_destroy(self.context.raw(), self.object) };
        }
    }
}

impl Links {
    /// Links `funcs`, one for each import of the module, all of them functions of the types it wants.
    fn new(parsed: &Parsed, data: &Shared<Data>, funcs: Vec<HostFunc>) -> Option<Self> {
        let context = Rc::clone(parsed.context());
        let entries: Vec<_> = funcs.into_iter().map(|func| Entry { func, data: data.clone() }).collect();
        let mut links = Self { context, object: null_mut(), funcs: Vec::new(), entries: Vec::new() };
        if entries.is_empty() {
            return Some(links);
        }
        // SAFETY: the context is alive, and the pointer is set when the call succeeds.
        let ended =
            unsafe { toy::import_object_alloc(links.context.raw(), entries.len(), &raw mut links.object) };
        if ended != 0 {
            return None;
        }
        let mut insts = Vec::with_capacity(entries.len());
        for (index, entry) in entries.iter().enumerate() {
            // SAFETY: plain data of which all bytes may be zero.
            let mut inst: toy::funcinst = unsafe { std::mem::zeroed() };
            inst.is_host = true;
            inst.u.host.instance = (&raw const *entry).cast_mut().cast();
            inst.u.host.type_ = parsed.func_type(index as u32);
            inst.u.host.func = Some(host_call);
            insts.push(inst);
        }
        for ((index, inst), import) in insts.iter_mut().enumerate().zip(parsed.imports()) {
            // SAFETY: the object has as many entries as there are imports.
            let entry = unsafe { &mut *(*links.object).entries.add(index) };
            entry.module_name = &raw const import.module_name;
            entry.name = &raw const import.name;
            entry.type_ = toy::EXTERNTYPE_FUNC;
            entry.u.func = inst;
        }
        links.funcs = insts;
        links.entries = entries;
        Some(links)
    }
}

impl Drop for Machine {
    fn drop(&mut self) {
        // SAFETY: it is destroyed once, before what its imports point to and before its module.
        unsafe { toy::instance_destroy(self.raw.as_ptr()) };
    }
}

impl Machine {
    /// Makes an instance of a module whose imports are `funcs`; segments and start function have yet to run.
    pub(super) fn new(
        parsed: Rc<Parsed>,
        data: Shared<Data>,
        funcs: Vec<HostFunc>,
        flag: Option<Arc<AtomicU32>>,
    ) -> Result<Self, RuntimeError> {
        let failed = |words: String| RuntimeError::Engine(words);
        let links =
            Links::new(&parsed, &data, funcs).ok_or_else(|| failed("out of memory for imports".into()))?;
        let mut raw = null_mut();
        // SAFETY: module, context and imports are alive, and kept with the instance.
        let words = unsafe {
            let mut report: toy::report = std::mem::zeroed();
            toy::report_init(&raw mut report);
            let ended = toy::instance_create_no_init(
                parsed.context().raw(),
                parsed.raw(),
                &raw mut raw,
                links.object,
                &raw mut report,
            );
            let words = (ended != 0).then(|| report_words(&raw const report, ended));
            toy::report_clear(&raw mut report);
            words
        };
        let raw = match (words, NonNull::new(raw)) {
            (None, Some(raw)) => raw,
            (words, _) => return Err(failed(words.unwrap_or_else(|| "no instance".into()))),
        };
        let machine = Self { raw, parsed, data, flag, _links: links };
        // SAFETY: no code of the guest has run yet.
        unsafe { machine.data.get() }.memory = machine.memory();
        Ok(machine)
    }

    /// The first memory.
    fn memory(&self) -> Option<NonNull<toy::meminst>> {
        // SAFETY: the instance is alive; the vector has as many elements as it says.
        unsafe {
            let mems = &self.raw.as_ref().mems;
            (mems.lsize > 0).then(|| NonNull::new(*mems.p)).flatten()
        }
    }

    /// Fills tables and memories from active segments and runs the start function.
    pub(super) fn start(&mut self) -> Result<(), Failure> {
        // SAFETY: the instance is new.
        self.run(|context| unsafe { toy::instance_execute_init(context) }, |_| ())
    }

    /// The function with this index, which must be one of the module.
    pub(super) fn func(&self, index: u32) -> Func {
        Func { index, ty: self.parsed.func_type(index) }
    }

    /// Calls a function; `args` and `results` have the types of the function's.
    pub(super) fn call(
        &mut self,
        func: Func,
        args: &[toy::val],
        results: &mut [toy::val],
    ) -> Result<(), Failure> {
        self.run(
            // SAFETY: the function is one of this instance, the arguments are of its types.
            |context| unsafe {
                let (params, answers) = (&raw const (*func.ty).parameter, &raw const (*func.ty).result);
                match toy::exec_push_vals(context, params, args.as_ptr()) {
                    0 => toy::instance_execute_func(context, func.index, params, answers),
                    error => error,
                }
            },
            // SAFETY: the call has left its results, and there is room for them.
            |context| unsafe {
                toy::exec_pop_vals(context, &raw const (*func.ty).result, results.as_mut_ptr());
            },
        )
    }

    /// The value of the global with this index, which must be one of the module.
    pub(super) fn global(&self, index: u32) -> toy::val {
        // SAFETY: the instance is alive; the vector has an element for every global of the module.
        unsafe { (**self.raw.as_ref().globals.p.add(index as usize)).val }
    }

    /// Runs code in a context of its own; `then` is for when it ended well.
    fn run(
        &mut self,
        work: impl FnOnce(*mut toy::exec_context) -> i32,
        then: impl FnOnce(*mut toy::exec_context),
    ) -> Result<(), Failure> {
        // SAFETY: the context is set up before it is used and cleared once; the instance and the flag outlive
        // it.
        unsafe {
            let mut context: toy::exec_context = std::mem::zeroed();
            let context = &raw mut context;
            toy::exec_context_init(context, self.raw.as_ptr(), self.parsed.context().raw());
            (*context).options.max_frames = FRAMES;
            (*context).options.max_stackcells = CELLS;
            (*context).intrp = self.flag.as_ref().map_or(null(), |flag| flag.as_ptr().cast_const().cast());
            let mut code = work(context);
            while code == toy::ETOYWASMRESTART {
                code = toy::instance_execute_continue(context);
            }
            let failure = if code == 0 {
                then(context);
                None
            } else {
                Some(explain(context, code))
            };
            toy::exec_context_clear(context);
            match failure {
                None => Ok(()),
                // No host function runs any more.
                Some(failure) => Err(self.data.get().host.ended().unwrap_or(failure)),
            }
        }
    }
}

/// The one meaning of how code ended.
///
/// # Safety
///
/// The context must be alive, and have ended with this code.
unsafe fn explain(context: *const toy::exec_context, code: i32) -> Failure {
    if code == toy::ETOYWASMUSERINTERRUPT {
        return Failure::Deadline;
    }
    // SAFETY: promised by the caller; whoever traps leaves a report.
    let (trap, words) = unsafe { ((*context).trap.trapid, report_words((*context).report, code)) };
    if code != toy::ETOYWASMTRAP {
        return Failure::Engine(words);
    }
    Failure::Trap(match trap {
        toy::TRAP_UNREACHABLE => Trap::Unreachable,
        toy::TRAP_DIV_BY_ZERO => Trap::IntegerDivideByZero,
        toy::TRAP_INTEGER_OVERFLOW => Trap::IntegerOverflow,
        toy::TRAP_INVALID_CONVERSION_TO_INTEGER => Trap::InvalidConversionToInteger,
        toy::TRAP_OUT_OF_BOUNDS_MEMORY_ACCESS | toy::TRAP_OUT_OF_BOUNDS_DATA_ACCESS => {
            Trap::MemoryOutOfBounds
        }
        toy::TRAP_CALL_INDIRECT_OUT_OF_BOUNDS_TABLE_ACCESS
        | toy::TRAP_OUT_OF_BOUNDS_TABLE_ACCESS
        | toy::TRAP_OUT_OF_BOUNDS_ELEMENT_ACCESS => Trap::TableOutOfBounds,
        toy::TRAP_CALL_INDIRECT_NULL_FUNCREF => Trap::NullReference,
        toy::TRAP_CALL_INDIRECT_FUNCTYPE_MISMATCH => Trap::IndirectCallTypeMismatch,
        toy::TRAP_TOO_MANY_FRAMES | toy::TRAP_TOO_MANY_STACKCELLS => Trap::StackExhausted,
        _ => Trap::Other(words),
    })
}
