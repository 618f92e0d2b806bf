//! LLVM, which this driver is linked with.

#![expect(unsafe_code, reason = "LLVM is a foreign library")]

use std::ffi::c_uint;
#[cfg(feature = "aot")]
use std::ffi::{CStr, CString, c_char};

unsafe extern "C" {
    fn LLVMGetVersion(major: *mut c_uint, minor: *mut c_uint, patch: *mut c_uint);
    #[cfg(feature = "aot")]
    fn LLVMGetHostCPUName() -> *mut c_char;
    #[cfg(feature = "aot")]
    fn LLVMGetHostCPUFeatures() -> *mut c_char;
    #[cfg(feature = "aot")]
    fn LLVMDisposeMessage(message: *mut c_char);
}

/// Its version, from itself.
pub(crate) fn version() -> String {
    let (mut major, mut minor, mut patch) = (0, 0, 0);
    // SAFETY: writes three numbers.
    unsafe { LLVMGetVersion(&raw mut major, &raw mut minor, &raw mut patch) };
    format!("{major}.{minor}.{patch}")
}

/// LLVM's name for this machine's processor.
#[cfg(feature = "aot")]
pub(crate) fn host_cpu() -> CString {
    // SAFETY: takes nothing.
    taken(unsafe { LLVMGetHostCPUName() })
}

/// What this machine's processor can do, in LLVM's words.
#[cfg(feature = "aot")]
pub(crate) fn host_features() -> CString {
    // SAFETY: takes nothing.
    taken(unsafe { LLVMGetHostCPUFeatures() })
}

/// Copies a message of LLVM's and gives it back.
#[cfg(feature = "aot")]
fn taken(message: *mut c_char) -> CString {
    // SAFETY: LLVM's messages are terminated texts for the caller to give back, once.
    unsafe {
        let copy = CStr::from_ptr(message).to_owned();
        LLVMDisposeMessage(message);
        copy
    }
}

/// What WAMR calls where it would tell LLVM to compile on further threads (`cmake/modes.cmake`).
#[cfg(feature = "llvm-jit")]
// SAFETY: the name is ours alone, and the function touches nothing.
#[unsafe(no_mangle)]
extern "C" fn runoff_no_compile_threads(_builder: *mut std::ffi::c_void, _threads: c_uint) {}
