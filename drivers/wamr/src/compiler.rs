//! WAMR's AOT compiler: what `wamrc` does, without its command line.
//!
//! Declared by hand from `aot_export.h`, `aot_comp_option.h` and `thread_manager.h` of WAMR 2.4.3.

#![expect(unsafe_code, reason = "WAMR is a C library")]

use std::ffi::{CStr, CString, c_char, c_int, c_void};
use std::fs::File;
use std::os::fd::AsRawFd;
use std::ptr::{NonNull, null, null_mut};

use runoff_runtimes::wamr::AotCompiler;

use crate::llvm;

/// The compiler for [`runoff_runtimes::wamr::Mode::Aot`].
pub(crate) const COMPILER: AotCompiler = AotCompiler { prepare, compile };

/// `AOTCallStackFeatures`.
#[repr(C)]
struct CallStack {
    bounds_checks: bool,
    ip: bool,
    func_idx: bool,
    trap_ip: bool,
    values: bool,
    frame_per_function: bool,
}

/// `AOTCompOption`.
#[repr(C)]
struct Options {
    is_jit_mode: bool,
    is_indirect_mode: bool,
    target_arch: *mut c_char,
    target_abi: *mut c_char,
    target_cpu: *mut c_char,
    cpu_features: *mut c_char,
    is_sgx_platform: bool,
    enable_bulk_memory: bool,
    enable_bulk_memory_opt: bool,
    enable_thread_mgr: bool,
    enable_tail_call: bool,
    enable_simd: bool,
    enable_ref_types: bool,
    enable_call_indirect_overlong: bool,
    enable_gc: bool,
    enable_aux_stack_check: bool,
    enable_extended_const: bool,
    enable_lime1: bool,
    aux_stack_frame_type: u32,
    call_stack_features: CallStack,
    enable_perf_profiling: bool,
    enable_memory_profiling: bool,
    disable_llvm_intrinsics: bool,
    disable_llvm_jump_tables: bool,
    disable_llvm_lto: bool,
    enable_llvm_pgo: bool,
    enable_stack_estimation: bool,
    quick_invoke_c_api_import: bool,
    enable_shared_heap: bool,
    enable_shared_chain: bool,
    use_prof_file: *mut c_char,
    opt_level: u32,
    size_level: u32,
    output_format: u32,
    bounds_checks: u32,
    stack_bounds_checks: u32,
    segue_flags: u32,
    custom_sections: *mut *mut c_char,
    custom_sections_count: u32,
    stack_usage_file: *const c_char,
    llvm_passes: *const c_char,
    builtin_intrinsics: *const c_char,
}

unsafe extern "C" {
    fn thread_manager_init() -> bool;
    fn wasm_runtime_load(bytes: *mut u8, size: u32, words: *mut c_char, length: u32) -> *mut c_void;
    fn wasm_runtime_unload(module: *mut c_void);
    fn aot_create_comp_data(module: *mut c_void, arch: *const c_char, gc: bool) -> *mut c_void;
    fn aot_destroy_comp_data(data: *mut c_void);
    fn aot_create_comp_context(data: *mut c_void, options: *mut Options) -> *mut c_void;
    fn aot_destroy_comp_context(context: *mut c_void);
    fn aot_compile_wasm(context: *mut c_void) -> bool;
    fn aot_emit_aot_file_buf(context: *mut c_void, data: *mut c_void, size: *mut u32) -> *mut u8;
    fn wasm_runtime_free(file: *mut c_void);
    fn aot_get_last_error() -> *const c_char;
}

/// A library with the compiler in it does not start the thread manager, on which stopping calls rests.
fn prepare() -> bool {
    silence();
    // SAFETY: called once, after WAMR's own initialisation.
    unsafe { thread_manager_init() }
}

/// The compiler tells on standard output what it does, whatever the level of its log; a guest's own words and the
/// protocol go other ways, so nothing else is lost.
fn silence() {
    unsafe extern "C" {
        fn dup2(old: c_int, new: c_int) -> c_int;
    }
    if let Ok(nowhere) = File::options().write(true).open("/dev/null") {
        // SAFETY: both are open files of this process; the old one is closed by its owner, the new one stays.
        unsafe { dup2(nowhere.as_raw_fd(), 1) };
    }
}

fn options(arch: &CStr, cpu: &CStr, features: &CStr) -> Options {
    Options {
        is_jit_mode: false,
        is_indirect_mode: false,
        // This machine, as WAMR's LLVM JIT has it. Without features LLVM would go by the processor's name, which
        // a virtual machine may not keep the promises of.
        target_arch: arch.as_ptr().cast_mut(),
        target_abi: null_mut(),
        target_cpu: cpu.as_ptr().cast_mut(),
        cpu_features: features.as_ptr().cast_mut(),
        is_sgx_platform: false,
        enable_bulk_memory: true,
        enable_bulk_memory_opt: true,
        enable_thread_mgr: true,
        enable_tail_call: true,
        enable_simd: true,
        enable_ref_types: true,
        enable_call_indirect_overlong: true,
        enable_gc: false,
        // The guest's own stack is the guest's business, as on every other runtime.
        enable_aux_stack_check: false,
        enable_extended_const: true,
        enable_lime1: false,
        aux_stack_frame_type: 0,
        call_stack_features: CallStack {
            bounds_checks: false,
            ip: false,
            func_idx: false,
            trap_ip: false,
            values: false,
            frame_per_function: false,
        },
        enable_perf_profiling: false,
        enable_memory_profiling: false,
        disable_llvm_intrinsics: false,
        disable_llvm_jump_tables: false,
        disable_llvm_lto: false,
        enable_llvm_pgo: false,
        enable_stack_estimation: false,
        quick_invoke_c_api_import: false,
        enable_shared_heap: false,
        enable_shared_chain: false,
        use_prof_file: null_mut(),
        opt_level: 3,
        size_level: 3,
        output_format: 0,
        // Guard pages behind memories, comparisons for stacks: as the library was built.
        bounds_checks: 0,
        stack_bounds_checks: 1,
        segue_flags: 0,
        custom_sections: null_mut(),
        custom_sections_count: 0,
        stack_usage_file: null(),
        llvm_passes: null(),
        builtin_intrinsics: null(),
    }
}

/// Something WAMR made, given back when dropped.
struct Owned {
    raw: NonNull<c_void>,
    free: unsafe extern "C" fn(*mut c_void),
}

impl Owned {
    /// Takes what a function of WAMR's returned; null means that it failed.
    fn new(raw: *mut c_void, free: unsafe extern "C" fn(*mut c_void)) -> Result<Self, String> {
        NonNull::new(raw).map(|raw| Self { raw, free }).ok_or_else(last_error)
    }

    fn raw(&self) -> *mut c_void {
        self.raw.as_ptr()
    }
}

impl Drop for Owned {
    fn drop(&mut self) {
        // SAFETY: made by WAMR for this function to take back, once.
        unsafe { (self.free)(self.raw.as_ptr()) };
    }
}

fn compile(wasm: &[u8]) -> Result<Vec<u8>, String> {
    let mut bytes: Box<[u8]> = wasm.into();
    let size = u32::try_from(bytes.len()).map_err(|_| "a module of 4 GiB or more")?;
    let mut words: [c_char; 256] = [0; 256];
    let arch = CString::new(std::env::consts::ARCH).unwrap_or_default();
    let (cpu, features) = (llvm::host_cpu(), llvm::host_features());
    let mut options = options(&arch, &cpu, &features);
    let mut length = 0;
    // SAFETY: WAMR is initialised, or nobody would ask. What the options point to outlives them. Each value lives until those made from it are dropped, in
    // the reverse order of the lines below; the bytes are ours alone and outlive the module.
    unsafe {
        let module = wasm_runtime_load(bytes.as_mut_ptr(), size, words.as_mut_ptr(), words.len() as u32);
        let module = Owned::new(module, wasm_runtime_unload)
            .map_err(|_| CStr::from_ptr(words.as_ptr()).to_string_lossy().into_owned())?;
        let data = Owned::new(aot_create_comp_data(module.raw(), null(), false), aot_destroy_comp_data)?;
        let context = aot_create_comp_context(data.raw(), &raw mut options);
        let context = Owned::new(context, aot_destroy_comp_context)?;
        if !aot_compile_wasm(context.raw()) {
            return Err(last_error());
        }
        let file = NonNull::new(aot_emit_aot_file_buf(context.raw(), data.raw(), &raw mut length));
        let file = file.ok_or_else(last_error)?;
        let aot = std::slice::from_raw_parts(file.as_ptr(), length as usize).to_vec();
        wasm_runtime_free(file.as_ptr().cast());
        Ok(aot)
    }
}

fn last_error() -> String {
    // SAFETY: a text of WAMR's own that stays until the next failure.
    let text = unsafe { aot_get_last_error() };
    if text.is_null() {
        return "the compiler does not say why".into();
    }
    // SAFETY: not null, and terminated.
    unsafe { CStr::from_ptr(text) }.to_string_lossy().into_owned()
}
