//! Talking to Valgrind, when it runs us: a worker that counts says which of its instructions matter.
//!
//! Valgrind watches for a sequence of instructions that does nothing and would never be written otherwise; it reads a
//! request from the registers named below and answers in one of them. The processor itself does nothing, so that every
//! function here is harmless outside Valgrind. Sequence and numbers are the public interface of Valgrind (`valgrind.h`
//! and `callgrind.h` define them); they have not changed since Valgrind 3.2 (x86-64) and 3.9 (`AArch64`).

mod request;

use request::{callgrind, request};

/// Asks whether this process runs under Valgrind (`RUNNING_ON_VALGRIND`).
const RUNNING: usize = 0x1001;

/// Whether Valgrind runs this process.
pub fn running() -> bool {
    request(RUNNING, [0; 5]) != 0
}

/// Begins to simulate, with empty caches and predictors that know nothing. Callgrind only.
pub fn start() {
    request(callgrind(4), [0; 5]);
}

/// Ends simulating; what runs now is fast and not counted.
pub fn stop() {
    request(callgrind(5), [0; 5]);
}

/// Sets all counts to zero; caches and predictors stay as they are.
pub fn zero() {
    request(callgrind(1), [0; 5]);
}

/// Writes the counts since they were last zero to a file of Callgrind's, and sets them to zero.
pub fn dump() {
    request(callgrind(0), [0; 5]);
}

/// Whether the sequence is known for this processor.
pub const KNOWN: bool = cfg!(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64")));

#[cfg(test)]
mod tests {
    #[test]
    fn outside_valgrind_nothing_happens() {
        // The tests of this crate are not run under it.
        assert!(!super::running());
        super::start();
        super::zero();
        super::dump();
        super::stop();
    }
}
