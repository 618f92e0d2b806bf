//! Linear memory: contents, growth, caps.

use runoff_runtime::{Imports, LimitKind, Limits, MemoryCap, RuntimeError, Value};

use super::Case;
use super::lab::{Lab, Outcome, fail, same, unsupported};

const GROUP: &str = "memory";
const PAGE: usize = 65_536;

pub(super) const CASES: &[Case] = &[
    Case {
        name: "data-segments",
        group: GROUP,
        shows: "active data segments fill memory, later ones over earlier ones",
        body: data_segments,
    },
    Case {
        name: "memory-access",
        group: GROUP,
        shows: "loads and stores of every width agree with little-endian bytes",
        body: access,
    },
    Case {
        name: "memory-view",
        group: GROUP,
        shows: "the embedder and the guest see each other's writes",
        body: view,
    },
    Case {
        name: "memory-grow",
        group: GROUP,
        shows: "growth answers the old size, keeps contents, adds zeros, and stops at the module's maximum",
        body: grow,
    },
    Case {
        name: "memory-linker-names",
        group: GROUP,
        shows: "a memory is as large as declared, whatever a linker named in the exports",
        body: linker_names,
    },
    Case {
        name: "memory-cap-start",
        group: GROUP,
        shows: "a module that starts with more memory than allowed is refused as a limit",
        body: cap_start,
    },
    Case {
        name: "memory-cap-grow",
        group: GROUP,
        shows: "growing past the cap answers -1, up to it works",
        body: cap_grow,
    },
];

fn data_segments(lab: &Lab<'_>) -> Outcome {
    let mut guest = lab.start(
        r#"(module
            (memory (export "memory") 1 1)
            (global $at i32 (i32.const 65530))
            (data (i32.const 8) "abcdef")
            (data (i32.const 10) "XY")
            (data (i32.const 65530) "\01\02\03\04\05\06")
            (func (export "run") (result i32) (i32.load8_u (i32.const 10))))"#,
    )?;
    guest.returns("run", &[], &[Value::I32(i32::from(b'X'))])?;
    let memory = guest.memory()?;
    same("bytes 8..14", &&memory[8..14], &&b"abXYef"[..])?;
    same("last bytes", &&memory[65_530..], &&[1_u8, 2, 3, 4, 5, 6][..])
}

fn linker_names(lab: &Lab<'_>) -> Outcome {
    let mut guest = lab.start(
        r#"(module
            (memory (export "memory") 16)
            (global $stack (mut i32) (i32.const 1048560))
            (global $end i32 (i32.const 1048560))
            (export "__data_end" (global $end))
            (export "__heap_base" (global $end))
            (func (export "run") (result i32)
                (i32.store (i32.const 1048572) (i32.const 7))
                (i32.add (i32.load (i32.const 1048572)) (memory.size))))"#,
    )?;
    guest.returns("run", &[], &[Value::I32(23)])?;
    same("size of the memory", &guest.memory()?.len(), &(16 * PAGE))?;
    same("__heap_base", &guest.instance.global("__heap_base"), &Some(Value::I32(1_048_560)))
}

fn access(lab: &Lab<'_>) -> Outcome {
    let mut guest = lab.start(
        r#"(module
            (memory (export "memory") 1)
            (func (export "store") (param i64 f64)
                (i64.store (i32.const 0) (local.get 0))
                (i64.store32 (i32.const 9) (local.get 0))
                (i64.store8 (i32.const 17) (local.get 0))
                (f64.store offset=24 (i32.const 1) (local.get 1)))
            (func (export "load") (result i32 )
                (i32.add (i32.load16_s (i32.const 6)) (i32.load8_s (i32.const 17))))
            (func (export "float") (result f64) (f64.load (i32.const 25))))"#,
    )?;
    let word: i64 = -0x0102_0304_0506_0708;
    guest.returns("store", &[Value::I64(word), Value::f64(-1.25)], &[])?;
    let bytes = word.to_le_bytes();
    let memory = guest.memory()?;
    same("i64", &&memory[0..8], &&bytes[..])?;
    same("low 32 bits, unaligned", &&memory[9..13], &&bytes[..4])?;
    same("low 8 bits", &memory[17], &bytes[0])?;
    let sum = i32::from(i16::from_le_bytes([bytes[6], bytes[7]])) + i32::from(bytes[0] as i8);
    guest.returns("load", &[], &[Value::I32(sum)])?;
    guest.returns("float", &[], &[Value::f64(-1.25)])
}

fn view(lab: &Lab<'_>) -> Outcome {
    let mut guest = lab.start(
        r#"(module
            (memory (export "memory") 1)
            (func (export "get") (param i32) (result i32) (i32.load (local.get 0)))
            (func (export "set") (param i32 i32) (i32.store (local.get 0) (local.get 1))))"#,
    )?;
    guest.memory()?[40..44].copy_from_slice(&77_i32.to_le_bytes());
    guest.returns("get", &[Value::I32(40)], &[Value::I32(77)])?;
    guest.returns("set", &[Value::I32(44), Value::I32(-2)], &[])?;
    same("bytes 44..48", &&guest.memory()?[44..48], &&(-2_i32).to_le_bytes()[..])?;
    same("bytes in use", &guest.instance.usage().linear_memory, &Some(PAGE as u64))
}

const GROWING: &str = r#"(module
    (memory (export "memory") 1 5)
    (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0)))
    (func (export "size") (result i32) memory.size)
    (func (export "set") (param i32 i32) (i32.store (local.get 0) (local.get 1)))
    (func (export "get") (param i32) (result i32) (i32.load (local.get 0))))"#;

fn grow(lab: &Lab<'_>) -> Outcome {
    let mut guest = lab.start(GROWING)?;
    guest.returns("set", &[Value::I32(100), Value::I32(4711)], &[])?;
    guest.returns("grow", &[Value::I32(2)], &[Value::I32(1)])?;
    guest.returns("size", &[], &[Value::I32(3)])?;
    guest.returns("get", &[Value::I32(100)], &[Value::I32(4711)])?;
    guest.returns("get", &[Value::I32(3 * PAGE as i32 - 4)], &[Value::I32(0)])?;
    same("length of the view", &guest.memory()?.len(), &(3 * PAGE))?;
    same("bytes in use", &guest.instance.usage().linear_memory, &Some(3 * PAGE as u64))?;
    guest.memory()?[3 * PAGE - 4] = 9;
    guest.returns("get", &[Value::I32(3 * PAGE as i32 - 4)], &[Value::I32(9)])?;
    guest.returns("grow", &[Value::I32(3)], &[Value::I32(-1)])?;
    guest.returns("grow", &[Value::I32(-1)], &[Value::I32(-1)])?;
    guest.returns("grow", &[Value::I32(0)], &[Value::I32(3)])?;
    guest.returns("grow", &[Value::I32(2)], &[Value::I32(3)])
}

fn cap(pages: u64) -> Limits {
    Limits { memory_bytes: Some(pages * PAGE as u64), ..Limits::default() }
}

/// Ends the case where memory cannot be capped.
fn needs_cap(lab: &Lab<'_>) -> Outcome {
    let capabilities = lab.capabilities()?;
    if capabilities.memory_cap == MemoryCap::ProcessOnly {
        return unsupported("memory can only be capped for the whole process");
    }
    Ok(())
}

fn cap_start(lab: &Lab<'_>) -> Outcome {
    needs_cap(lab)?;
    for memory in [r#"(memory (export "memory") 4)"#, "(memory 4 10)"] {
        let text = format!(r#"(module {memory} (func (export "run")))"#);
        match lab.attempt(&text, &Imports::new(), &cap(3))? {
            Err(RuntimeError::Limit(LimitKind::Memory, _)) => {}
            Err(other) => return fail(format!("not a memory limit: {other}")),
            Ok(_) => return fail("it started with more memory than allowed"),
        }
        if let Err(error) = lab.attempt(&text, &Imports::new(), &cap(4))? {
            return fail(format!("exactly the allowed size is refused: {error}"));
        }
    }
    Ok(())
}

fn cap_grow(lab: &Lab<'_>) -> Outcome {
    needs_cap(lab)?;
    let mut guest = match lab.attempt(GROWING, &Imports::new(), &cap(3))? {
        Ok(guest) => guest,
        Err(error) => return fail(error.to_string()),
    };
    guest.returns("grow", &[Value::I32(3)], &[Value::I32(-1)])?;
    guest.returns("size", &[], &[Value::I32(1)])?;
    guest.returns("grow", &[Value::I32(2)], &[Value::I32(1)])?;
    guest.returns("grow", &[Value::I32(1)], &[Value::I32(-1)])?;
    guest.returns("size", &[], &[Value::I32(3)])
}
