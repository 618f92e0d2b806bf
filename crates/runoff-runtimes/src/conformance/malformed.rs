//! Bytes that are no module.

use runoff_runtime::{Runtime, RuntimeError};

use super::Case;
use super::lab::{Lab, Outcome, fail, wasm};

const GROUP: &str = "malformed";

pub(super) const CASES: &[Case] = &[
    Case {
        name: "malformed-header",
        group: GROUP,
        shows: "empty bytes, another magic and another version are malformed, with position",
        body: header,
    },
    Case {
        name: "malformed-truncated",
        group: GROUP,
        shows: "a module cut short is malformed, with position",
        body: truncated,
    },
    Case {
        name: "malformed-types",
        group: GROUP,
        shows: "a function body of the wrong type is malformed, with position",
        body: types,
    },
    Case {
        name: "malformed-garbage",
        group: GROUP,
        shows: "garbage and 300 mutated modules are answered, never a crash",
        body: garbage,
    },
    Case {
        name: "component",
        group: GROUP,
        shows: "a component is unsupported, not malformed",
        body: component,
    },
];

const SAMPLE: &str = r#"(module
    (memory (export "memory") 1)
    (table 2 funcref) (elem (i32.const 0) $f)
    (data (i32.const 4) "sample")
    (func $f (export "f") (param i32) (result i32)
        (block $out (loop $again
            (br_if $out (i32.eqz (local.get 0)))
            (local.set 0 (i32.sub (local.get 0) (i32.const 1)))
            (br $again)))
        (i32.load offset=4 (local.get 0))))"#;

/// `validate` says where, and `compile` does not take the bytes either.
fn refused(runtime: &dyn Runtime, what: &str, bytes: &[u8]) -> Outcome {
    match runtime.validate(bytes) {
        Err(RuntimeError::Malformed { offset: Some(_), .. }) => {}
        Err(other) => return fail(format!("{what}: not malformed with a position but: {other}")),
        Ok(()) => return fail(format!("{what}: accepted as valid")),
    }
    match runtime.compile(bytes) {
        Err(RuntimeError::Malformed { .. }) => Ok(()),
        // Runtimes that compile nothing have another reason.
        Err(_) if !runtime.info().capabilities.compiles => Ok(()),
        Err(other) => fail(format!("{what}: compile says {other}")),
        Ok(_) => fail(format!("{what}: compiled")),
    }
}

fn header(lab: &Lab<'_>) -> Outcome {
    let runtime = lab.runtime()?;
    refused(runtime.as_ref(), "no bytes", b"")?;
    refused(runtime.as_ref(), "half a magic", b"\0as")?;
    refused(runtime.as_ref(), "another magic", b"\x7fELF\x02\x01\x01\0")?;
    refused(runtime.as_ref(), "another version", b"\0asm\x07\0\0\0")?;
    refused(runtime.as_ref(), "an unknown section", b"\0asm\x01\0\0\0\x7f\x01\0")
}

fn truncated(lab: &Lab<'_>) -> Outcome {
    let runtime = lab.runtime()?;
    let bytes = wasm(SAMPLE)?;
    for left in [6, 9, 12, bytes.len() / 2, bytes.len() - 1] {
        refused(runtime.as_ref(), &format!("{left} bytes left"), &bytes[..left])?;
    }
    Ok(())
}

fn types(lab: &Lab<'_>) -> Outcome {
    let runtime = lab.runtime()?;
    let bodies = [
        "(func (result i32) f32.const 1)",
        "(func (result i32))",
        "(func (param i64) (result i32) (i32.add (local.get 0) (i32.const 1)))",
        "(func (drop (i32.load (i32.const 0))))",
        "(func i32.const 1)",
    ];
    for body in bodies {
        refused(runtime.as_ref(), body, &wasm(&format!("(module {body})"))?)?;
    }
    Ok(())
}

fn garbage(lab: &Lab<'_>) -> Outcome {
    let runtime = lab.runtime()?;
    let sample = wasm(SAMPLE)?;
    // xorshift: the same mutations everywhere.
    let mut random = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = move |below: usize| {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        (random % below as u64) as usize
    };
    for round in 0..300 {
        let mut bytes = sample.clone();
        for _ in 0..=next(3) {
            let at = 8 + next(bytes.len() - 8);
            bytes[at] = next(256) as u8;
        }
        if round % 10 == 0 {
            bytes.truncate(8);
            bytes.extend((0..next(64)).map(|_| next(256) as u8));
        }
        let valid = runtime.validate(&bytes);
        let compiled = runtime.compile(&bytes);
        if let (Err(RuntimeError::Malformed { message, .. }), Ok(_)) = (valid, compiled) {
            return fail(format!("mutation {round}: malformed ({message}), yet it compiles"));
        }
    }
    Ok(())
}

fn component(lab: &Lab<'_>) -> Outcome {
    let runtime = lab.runtime()?;
    let bytes = wasm("(component)")?;
    for result in [runtime.validate(&bytes), runtime.compile(&bytes).map(drop)] {
        match result {
            Err(RuntimeError::Unsupported(_)) => {}
            Err(other) => return fail(format!("a component is not unsupported but: {other}")),
            Ok(()) => return fail("a component is taken for a module"),
        }
    }
    Ok(())
}
