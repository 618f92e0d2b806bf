//! Everything of WAMR's C interface the adapter uses, behind functions that cannot be misused.

#![expect(unsafe_code, reason = "WAMR is a C library")]

use std::ffi::{CStr, CString, c_char, c_void};
use std::ptr::{NonNull, null_mut};
use std::rc::Rc;
use std::sync::{Mutex, Once, PoisonError};

use runoff_runtime::ImportType;
use wamrx_sys as wamr;

use super::hints;
use super::host::{HostData, host_call};
use super::mode::Mode;
use crate::stop::Switch;

/// Bytes of stack for guest values and frames.
pub(super) const STACK: u32 = 512 << 10;

/// Why WAMR refused something: its words.
type Refused = String;

/// Proof that WAMR is initialised in this process and on this thread.
#[derive(Clone, Copy)]
pub(super) struct Ready {
    // Not `Send`: each thread prepares itself.
    _thread: std::marker::PhantomData<*const ()>,
}

impl Ready {
    /// WAMR is initialised for the first mode asked for.
    pub(super) fn new(mode: &Mode) -> Result<Self, Refused> {
        static INIT: Once = Once::new();
        static FAILED: Mutex<bool> = Mutex::new(false);
        INIT.call_once(|| {
            let mut args = wamr::RuntimeInitArgs {
                mem_alloc_type: wamr::Alloc_With_System_Allocator,
                running_mode: mode.running(),
                // WAMR's own defaults, for the mode that uses LLVM.
                llvm_jit_opt_level: 3,
                llvm_jit_size_level: 3,
                ..Default::default()
            };
            // SAFETY: called once per process, before anything else of WAMR.
            let ok = unsafe { wamr::wasm_runtime_full_init(&raw mut args) };
            let ok = ok && mode.compiler().is_none_or(|compiler| (compiler.prepare)());
            // Its complaints would go to standard output; what matters comes back as an error.
            // SAFETY: sets a number.
            unsafe { wamr::wasm_runtime_set_log_level(wamr::WASM_LOG_LEVEL_FATAL) };
            *FAILED.lock().unwrap_or_else(PoisonError::into_inner) = !ok;
        });
        if *FAILED.lock().unwrap_or_else(PoisonError::into_inner) {
            return Err("WAMR could not be initialised".into());
        }
        // SAFETY: WAMR is initialised; preparing a thread again is allowed.
        let ok = unsafe { wamr::wasm_runtime_thread_env_inited() || wamr::wasm_runtime_init_thread_env() };
        if ok {
            Ok(Self { _thread: std::marker::PhantomData })
        } else {
            Err("WAMR could not be initialised on this thread".into())
        }
    }
}

/// WAMR's version.
pub(super) fn version() -> String {
    let (mut major, mut minor, mut patch) = (0, 0, 0);
    // SAFETY: writes three numbers.
    unsafe { wamr::wasm_runtime_get_version(&raw mut major, &raw mut minor, &raw mut patch) };
    format!("{major}.{minor}.{patch}")
}

/// Calls `f` with a buffer for WAMR's words and turns null into them.
fn words<T>(f: impl FnOnce(*mut c_char, u32) -> *mut T) -> Result<NonNull<T>, Refused> {
    let mut text: [c_char; 256] = [0; 256];
    let result = f(text.as_mut_ptr(), text.len() as u32);
    NonNull::new(result).ok_or_else(|| {
        // SAFETY: WAMR terminates what it writes, and the buffer was zero before.
        unsafe { CStr::from_ptr(text.as_ptr()) }.to_string_lossy().into_owned()
    })
}

/// A loaded module.
pub(super) struct Loaded {
    raw: NonNull<wamr::WASMModuleCommon>,
    // WAMR writes into the bytes and refers to them as long as the module lives.
    _bytes: Box<[u8]>,
}

/// WAMR looks imports up in one list per process while it loads. One module at a time puts its own there.
static LOADING: Mutex<()> = Mutex::new(());

impl Loaded {
    /// Loads bytes that the seam's validator accepted, or what WAMR's compiler made of such, all imports of which
    /// are functions. Every import calls [`host_call`] with its place in `imports`.
    pub(super) fn new(_: Ready, mut bytes: Box<[u8]>, imports: &[ImportType]) -> Result<Rc<Self>, Refused> {
        let size = u32::try_from(bytes.len()).map_err(|_| "a module of 4 GiB or more")?;
        let _one_at_a_time = LOADING.lock().unwrap_or_else(PoisonError::into_inner);
        let _natives = Natives::register(imports)?;
        let raw = words(|text, length| {
            // SAFETY: WAMR is ready; the bytes are ours alone and outlive the module.
            unsafe { wamr::wasm_runtime_load(bytes.as_mut_ptr(), size, text, length) }
        })?;
        Ok(Rc::new(Self { raw, _bytes: bytes }))
    }
}

impl Drop for Loaded {
    fn drop(&mut self) {
        // SAFETY: loaded once; all its instances hold a count of this value.
        unsafe { wamr::wasm_runtime_unload(self.raw.as_ptr()) };
    }
}

/// Imports in WAMR's list, until dropped.
struct Natives {
    modules: Vec<(CString, Box<[wamr::NativeSymbol]>)>,
    _names: Vec<CString>,
}

impl Natives {
    fn register(imports: &[ImportType]) -> Result<Self, Refused> {
        let c = |text: &str| CString::new(text).map_err(|_| "an import name has a zero byte".to_owned());
        let names = imports.iter().map(|i| c(&i.name)).collect::<Result<Vec<_>, _>>()?;
        let mut by_module: Vec<(CString, Vec<wamr::NativeSymbol>)> = Vec::new();
        for (index, (import, name)) in imports.iter().zip(&names).enumerate() {
            let symbol = wamr::NativeSymbol {
                symbol: name.as_ptr(),
                func_ptr: host_call as *mut c_void,
                signature: std::ptr::null(),
                attachment: std::ptr::without_provenance_mut(index),
            };
            let module = c(&import.module)?;
            match by_module.iter_mut().find(|(known, _)| *known == module) {
                Some((_, symbols)) => symbols.push(symbol),
                None => by_module.push((module, vec![symbol])),
            }
        }
        let mut natives = Self { modules: Vec::new(), _names: names };
        for (module, symbols) in by_module {
            let mut symbols = symbols.into_boxed_slice();
            // SAFETY: names and symbols stay where they are until `drop` takes them off the list.
            let ok = unsafe {
                wamr::wasm_runtime_register_natives_raw(
                    module.as_ptr(),
                    symbols.as_mut_ptr(),
                    symbols.len() as u32,
                )
            };
            if !ok {
                return Err("out of memory".into());
            }
            natives.modules.push((module, symbols));
        }
        Ok(natives)
    }
}

impl Drop for Natives {
    fn drop(&mut self) {
        for (module, symbols) in &mut self.modules {
            // SAFETY: registered with these very pointers.
            unsafe { wamr::wasm_runtime_unregister_natives(module.as_ptr(), symbols.as_mut_ptr()) };
        }
    }
}

/// A function of a machine.
#[derive(Clone, Copy)]
pub(super) struct Func(NonNull<c_void>);

/// An instance with its stack.
pub(super) struct Machine {
    instance: NonNull<wamr::WASMModuleInstanceCommon>,
    stack: NonNull<wamr::WASMExecEnv>,
    host: NonNull<HostData>,
    _module: Rc<Loaded>,
}

/// What is left when an instance could not be made.
pub(super) struct Failed {
    /// WAMR's words.
    pub(super) words: String,
    /// With what host functions left behind during the start function.
    pub(super) host: Box<HostData>,
}

impl Machine {
    /// Makes an instance and runs its start function. `memory_pages` of 0 means no cap.
    pub(super) fn new(module: &Rc<Loaded>, host: HostData, memory_pages: u32) -> Result<Self, Failed> {
        let host = NonNull::from(Box::leak(Box::new(host)));
        let mut args = null_mut();
        let instance = words(|text, length| {
            // SAFETY: the module is alive; the arguments are made, used and freed here.
            unsafe {
                if !wamr::wasm_runtime_instantiation_args_create(&raw mut args) {
                    return null_mut();
                }
                wamr::wasm_runtime_instantiation_args_set_default_stack_size(args, STACK);
                wamr::wasm_runtime_instantiation_args_set_max_memory_pages(args, memory_pages);
                wamr::wasm_runtime_instantiation_args_set_custom_data(args, host.as_ptr().cast());
                let instance = wamr::wasm_runtime_instantiate_ex2(module.raw.as_ptr(), args, text, length);
                wamr::wasm_runtime_instantiation_args_destroy(args);
                instance
            }
        });
        // SAFETY: leaked above; without an instance nobody else knows of it.
        let give_back = || unsafe { Box::from_raw(host.as_ptr()) };
        let instance = instance.map_err(|words| Failed { words, host: give_back() })?;
        // SAFETY: the instance is alive.
        let stack = unsafe { wamr::wasm_runtime_create_exec_env(instance.as_ptr(), STACK) };
        let Some(stack) = NonNull::new(stack) else {
            // WAMR does not say why.
            // SAFETY: made above, used nowhere else.
            unsafe { wamr::wasm_runtime_deinstantiate(instance.as_ptr()) };
            return Err(Failed { words: "no execution environment".into(), host: give_back() });
        };
        Ok(Self { instance, stack, host, _module: Rc::clone(module) })
    }

    /// An exported function with these numbers of parameters and results.
    pub(super) fn func(&self, name: &str, params: usize, results: usize) -> Option<Func> {
        let name = CString::new(name).ok()?;
        // SAFETY: the instance is alive, the name terminated.
        unsafe {
            let func = wamr::wasm_runtime_lookup_function(self.instance.as_ptr(), name.as_ptr());
            let func = NonNull::new(func)?;
            // Names end at a zero byte for WAMR: make sure that it found the function that was meant.
            let fits = wamr::wasm_func_get_param_count(func.as_ptr(), self.instance.as_ptr())
                == params as u32
                && wamr::wasm_func_get_result_count(func.as_ptr(), self.instance.as_ptr()) == results as u32;
            fits.then_some(Func(func.cast()))
        }
    }

    /// Calls a function of this machine. `cells` holds the arguments and then the results, and has room for
    /// whichever needs more.
    ///
    /// `false` when the call failed.
    #[inline]
    pub(super) fn call(&mut self, func: Func, args: usize, cells: &mut [u32]) -> bool {
        debug_assert!(args <= cells.len());
        // SAFETY: the function is one of this machine, whose callers know its type and with it the number of
        // cells it reads and writes.
        unsafe {
            wamr::wasm_runtime_call_wasm(
                self.stack.as_ptr(),
                func.0.as_ptr().cast(),
                args as u32,
                cells.as_mut_ptr(),
            )
        }
    }

    /// Takes WAMR's words for why the last call failed.
    pub(super) fn take_exception(&mut self) -> String {
        // SAFETY: the instance is alive; its text is copied before it is cleared.
        unsafe {
            let text = wamr::wasm_runtime_get_exception(self.instance.as_ptr());
            let words = if text.is_null() {
                String::new()
            } else {
                CStr::from_ptr(text).to_string_lossy().into_owned()
            };
            wamr::wasm_runtime_clear_exception(self.instance.as_ptr());
            words
        }
    }

    /// The first memory.
    pub(super) fn memory(&mut self) -> Option<&mut [u8]> {
        // SAFETY: the instance is not running: `&mut self`.
        unsafe { memory(self.instance.as_ptr()) }
    }

    /// Kind and bits of an exported global.
    pub(super) fn global(&self, name: &str) -> Option<(wamr::wasm_valkind_t, u64)> {
        let name = CString::new(hints::hidden(name).as_bytes()).ok()?;
        let mut global = wamr::wasm_global_inst_t::default();
        // SAFETY: the instance is alive, the name terminated; the data is of the size its kind says.
        unsafe {
            if !wamr::wasm_runtime_get_export_global_inst(
                self.instance.as_ptr(),
                name.as_ptr(),
                &raw mut global,
            ) {
                return None;
            }
            let wide = [wamr::WASM_I64, wamr::WASM_F64].contains(&wamr::wasm_valkind_enum::from(global.kind));
            let bits = if wide {
                global.global_data.cast::<u64>().read_unaligned()
            } else {
                u64::from(global.global_data.cast::<u32>().read_unaligned())
            };
            Some((global.kind, bits))
        }
    }

    /// State of the host functions.
    pub(super) fn host(&mut self) -> &mut HostData {
        // SAFETY: leaked in `new`, freed in `drop`; host functions only borrow it while the machine runs, and
        // then nobody else has `&mut self`.
        unsafe { self.host.as_mut() }
    }

    /// What stops this machine.
    pub(super) fn switch(&self) -> Terminate {
        Terminate(self.instance)
    }

    /// The engine's own typed call, for measuring what the seam adds.
    pub(super) fn own_mul(self, func: Func) -> impl FnMut(i32, i32) -> i32 {
        move |a, b| {
            // The whole machine moves into the closure, not just the pointers it uses.
            let machine = &self;
            let mut cells = [a.cast_unsigned(), b.cast_unsigned()];
            // SAFETY: the function is one of this machine with type (i32, i32) -> i32, as the caller knows.
            unsafe {
                let (stack, func) = (machine.stack.as_ptr(), func.0.as_ptr().cast());
                wamr::wasm_runtime_call_wasm(stack, func, 2, cells.as_mut_ptr());
            }
            cells[0].cast_signed()
        }
    }
}

impl Drop for Machine {
    fn drop(&mut self) {
        // SAFETY: each was made once and is freed once, users before what they use.
        unsafe {
            wamr::wasm_runtime_destroy_exec_env(self.stack.as_ptr());
            wamr::wasm_runtime_deinstantiate(self.instance.as_ptr());
            drop(Box::from_raw(self.host.as_ptr()));
        }
    }
}

/// The first memory of an instance.
///
/// # Safety
///
/// The instance must be alive, and its code must not run while the slice lives.
pub(super) unsafe fn memory<'a>(instance: *mut wamr::WASMModuleInstanceCommon) -> Option<&'a mut [u8]> {
    // SAFETY: promised by the caller; base and size describe the memory.
    unsafe {
        let memory = wamr::wasm_runtime_get_default_memory(instance);
        if memory.is_null() {
            return None;
        }
        let size =
            wamr::wasm_memory_get_cur_page_count(memory) * wamr::wasm_memory_get_bytes_per_page(memory);
        let base = wamr::wasm_memory_get_base_address(memory).cast::<u8>();
        Some(if base.is_null() || size == 0 {
            &mut []
        } else {
            std::slice::from_raw_parts_mut(base, size as usize)
        })
    }
}

/// Terminates the code of one instance.
pub(super) struct Terminate(NonNull<wamr::WASMModuleInstanceCommon>);

// SAFETY: `wasm_runtime_terminate` is made for other threads; the instance outlives this value, which `Stop`
// takes away under its lock before the machine is dropped.
unsafe impl Send for Terminate {}

impl Switch for Terminate {
    fn trip(&self) {
        // SAFETY: see `Send` above.
        unsafe { wamr::wasm_runtime_terminate(self.0.as_ptr()) };
    }

    fn rest(&self) {
        // SAFETY: see `Send` above.
        unsafe { wamr::wasm_runtime_clear_exception(self.0.as_ptr()) };
    }
}
