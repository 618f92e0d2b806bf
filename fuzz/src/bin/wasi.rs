//! Sequences of WASI calls with hostile arguments.
#![no_main]

use std::fs;
use std::sync::Arc;
use std::time::Duration;

use runoff_runtime::{Caller, HostState, Imports, Value, ValueType};
use runoff_wasi::{Clocks, Wasi, WasiConfig};

/// Clocks on which nobody waits.
#[derive(Debug)]
struct Still;

impl Clocks for Still {
    fn realtime_ns(&self) -> u64 {
        1
    }
    fn monotonic_ns(&self) -> u64 {
        1
    }
    fn sleep(&self, _: Duration) {}
}

const PATHS: [&str; 10] =
    ["..", "../canary", "a", "a/b", ".", "link", "link/canary", "/tmp", "a/../../canary", "x/../y"];

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    // A folder in memory, where the system has one: thousands of runs a second are hard on a disk.
    let folder = tempfile_in_memory();
    let inside = folder.join("inside");
    fs::create_dir_all(&inside).expect("a folder");
    fs::write(folder.join("canary"), "untouched").expect("a file");
    let _ = std::os::unix::fs::symlink("..", inside.join("link"));
    let config =
        WasiConfig::new().arg("x").preopen(&inside, "/").clocks(Arc::new(Still)).max_sleep(Duration::ZERO);
    let mut imports = Imports::new();
    runoff_wasi::define(&mut imports);
    let mut state = HostState::new();
    state.insert(Wasi::new(&config).expect("a world"));
    let mut memory = vec![0_u8; 65_536];
    for (i, path) in PATHS.iter().enumerate() {
        memory[i * 64..i * 64 + path.len()].copy_from_slice(path.as_bytes());
    }
    let funcs: Vec<_> =
        imports.iter().filter(|(_, name, _)| *name != "proc_exit").map(|(_, _, f)| f).collect();
    for step in bytes.chunks_exact(32) {
        let func = funcs[step[0] as usize % funcs.len()];
        let mut args = Vec::new();
        for (i, ty) in func.ty().params.iter().enumerate() {
            let at = 1 + i * 3;
            let raw = u64::from(step[at]) | u64::from(step[at + 1]) << 8;
            // Most arguments small, so that descriptors and paths are hit; some beyond everything.
            let bits = match step[at + 2] % 4 {
                0 => raw % 12,
                1 => raw % 10 * 64,
                2 => raw,
                _ => raw << 24 | raw,
            };
            args.push(match ty {
                ValueType::I64 => Value::I64(bits.cast_signed()),
                _ => Value::I32((bits as u32).cast_signed()),
            });
        }
        let mut results: Vec<_> = func.ty().results.iter().map(|ty| Value::default_of(*ty)).collect();
        let _ = func.call(&mut Caller { memory: &mut memory, state: &mut state }, &args, &mut results);
    }
    assert_eq!(fs::read_to_string(folder.join("canary")).expect("the canary"), "untouched");
    drop(state);
    fs::remove_dir_all(&folder).expect("an end");
});

fn tempfile_in_memory() -> std::path::PathBuf {
    let base = if fs::metadata("/dev/shm").is_ok() { "/dev/shm".into() } else { std::env::temp_dir() };
    base.join(format!("runoff-fuzz-{}", std::process::id()))
}
