//! A library of C functions, compiled and loaded when the study runs.

use std::fs;
use std::process::Command;
use std::rc::Rc;

use runoff_guest_calls::Record;
use runoff_runtimes::scratch::Scratch;

const SOURCE: &str = r"
#include <stdint.h>
#include <string.h>
typedef struct { uint32_t id, count; uint64_t size; } record;
int32_t study_mul(int32_t x, int32_t y) { return (int32_t)((uint32_t)x * (uint32_t)y); }
void study_next(const record *in, record *out) { *out = *in; out->count++; }
void study_echo(const unsigned char *in, unsigned char *out, size_t len) { memcpy(out, in, len); }
";

type Mul = unsafe extern "C" fn(i32, i32) -> i32;
type Next = unsafe extern "C" fn(*const Record, *mut Record);
type Echo = unsafe extern "C" fn(*const u8, *mut u8, usize);

/// The library.
pub(crate) struct Library {
    functions: Functions,
}

/// Its functions, which keep it loaded.
#[derive(Clone)]
pub(crate) struct Functions {
    mul: Mul,
    next: Next,
    echo: Echo,
    _library: Rc<libloading::Library>,
}

impl Library {
    /// Compiles and loads it; why not, otherwise.
    pub(crate) fn build() -> Result<Self, String> {
        let folder = Scratch::new().map_err(|e| e.to_string())?;
        let (source, object) = (folder.path().join("study.c"), folder.path().join("study.so"));
        fs::write(&source, SOURCE).map_err(|e| e.to_string())?;
        let mut compiler = Command::new("cc");
        compiler.args(["-O3", "-shared", "-fPIC", "-o"]).arg(&object).arg(&source);
        let output = compiler.output().map_err(|e| format!("needs a C compiler, `cc`: {e}"))?;
        if !output.status.success() {
            return Err(format!("`cc` fails: {}", String::from_utf8_lossy(&output.stderr).trim()));
        }
        #[expect(unsafe_code, reason = "loading a library")]
        // SAFETY: the library is the one just made of the source above: it has no initialisers, and its functions
        // have the types declared here.
        unsafe {
            let library = libloading::Library::new(&object).map_err(|e| e.to_string())?;
            let find = |e: libloading::Error| e.to_string();
            let mul = *library.get::<Mul>(b"study_mul\0").map_err(find)?;
            let next = *library.get::<Next>(b"study_next\0").map_err(find)?;
            let echo = *library.get::<Echo>(b"study_echo\0").map_err(find)?;
            Ok(Self { functions: Functions { mul, next, echo, _library: Rc::new(library) } })
        }
    }

    pub(crate) fn functions(&self) -> Functions {
        self.functions.clone()
    }
}

impl Functions {
    pub(crate) fn mul(&self, x: i32, y: i32) -> i32 {
        #[expect(unsafe_code, reason = "a foreign function")]
        // SAFETY: takes and gives numbers.
        unsafe {
            (self.mul)(x, y)
        }
    }

    pub(crate) fn next(&self, record: Record) -> Record {
        let mut answer = Record::default();
        #[expect(unsafe_code, reason = "a foreign function")]
        // SAFETY: reads one record and writes another.
        unsafe {
            (self.next)(&raw const record, &raw mut answer);
        }
        answer
    }

    /// Copies as much as fits.
    pub(crate) fn echo(&self, from: &[u8], into: &mut [u8]) -> usize {
        let len = from.len().min(into.len());
        #[expect(unsafe_code, reason = "a foreign function")]
        // SAFETY: `len` bytes are there on both sides, which do not overlap.
        unsafe {
            (self.echo)(from.as_ptr(), into.as_mut_ptr(), len);
        }
        len
    }
}
