//! Imports, host calls, and what host functions see.

use runoff_runtime::{FuncType, HostFunc, HostState, Imports, Limits, RuntimeError, Value, ValueType};

use super::Case;
use super::lab::{Lab, Outcome, fail, holds, same, unsupported};

const GROUP: &str = "imports";

pub(super) const CASES: &[Case] = &[
    Case {
        name: "host-memory",
        group: GROUP,
        shows: "a host function reads and writes the guest's memory",
        body: host_memory,
    },
    Case {
        name: "host-memory-name",
        group: GROUP,
        shows: "the memory a host function sees is `memory`, or else the first one exported",
        body: host_memory_name,
    },
    Case {
        name: "host-memory-grown",
        group: GROUP,
        shows: "a host function called after growth sees the grown memory",
        body: host_memory_grown,
    },
    Case {
        name: "host-no-memory",
        group: GROUP,
        shows: "a host function called by a guest without memory sees an empty one",
        body: host_no_memory,
    },
    Case {
        name: "host-state",
        group: GROUP,
        shows: "host functions keep state per instance, and the embedder reads it",
        body: host_state,
    },
    Case {
        name: "extra-imports",
        group: GROUP,
        shows: "host functions nobody imports do no harm",
        body: extra_imports,
    },
    Case {
        name: "import-listing",
        group: GROUP,
        shows: "a module lists its imports in order, and its exports, all with their types",
        body: listing,
    },
    Case {
        name: "missing-import",
        group: GROUP,
        shows: "an import nothing provides is a link error that names it",
        body: missing_import,
    },
    Case {
        name: "import-type",
        group: GROUP,
        shows: "an import of another type is a link error that names it",
        body: import_type,
    },
    Case {
        name: "import-kinds",
        group: GROUP,
        shows: "importing a memory, table or global is unsupported, not a crash",
        body: import_kinds,
    },
];

/// `host.upper(ptr, len)`: turns ASCII letters upper-case in place and returns their sum.
fn upper() -> Imports {
    let mut imports = Imports::new();
    let ty = FuncType::new([ValueType::I32, ValueType::I32], [ValueType::I32]);
    imports.define(
        "host",
        "upper",
        HostFunc::new(ty, |caller, args, results| {
            let (Value::I32(at), Value::I32(len)) = (args[0], args[1]) else { return Ok(()) };
            let bytes = &mut caller.memory[at as usize..(at + len) as usize];
            bytes.make_ascii_uppercase();
            results[0] = Value::I32(bytes.iter().map(|b| i32::from(*b)).sum());
            Ok(())
        }),
    );
    imports
}

fn host_memory(lab: &Lab<'_>) -> Outcome {
    let mut guest = lab.start_linked(
        r#"(module
            (import "host" "upper" (func $upper (param i32 i32) (result i32)))
            (memory (export "memory") 1)
            (data (i32.const 100) "runoff")
            (func (export "run") (result i32) (call $upper (i32.const 100) (i32.const 6)))
            (func (export "byte") (param i32) (result i32) (i32.load8_u (local.get 0))))"#,
        &upper(),
    )?;
    let sum: i32 = b"RUNOFF".iter().map(|b| i32::from(*b)).sum();
    guest.returns("run", &[], &[Value::I32(sum)])?;
    guest.returns("byte", &[Value::I32(100)], &[Value::I32(i32::from(b'R'))])?;
    same("memory seen by the embedder", &&guest.memory()?[100..106], &&b"RUNOFF"[..])
}

fn host_memory_name(lab: &Lab<'_>) -> Outcome {
    let mut guest = lab.start_linked(
        r#"(module
            (import "host" "upper" (func $upper (param i32 i32) (result i32)))
            (memory (export "store") 1)
            (data (i32.const 0) "a")
            (func (export "run") (result i32) (call $upper (i32.const 0) (i32.const 1))))"#,
        &upper(),
    )?;
    guest.returns("run", &[], &[Value::I32(i32::from(b'A'))])
}

/// `host.len()`: bytes of memory the host function sees.
fn len() -> Imports {
    let mut imports = Imports::new();
    let ty = FuncType::new([], [ValueType::I32]);
    imports.define(
        "host",
        "len",
        HostFunc::new(ty, |caller, _, results| {
            results[0] = Value::I32(caller.memory.len() as i32);
            Ok(())
        }),
    );
    imports
}

fn host_memory_grown(lab: &Lab<'_>) -> Outcome {
    let mut guest = lab.start_linked(
        r#"(module
            (import "host" "len" (func $len (result i32)))
            (memory (export "memory") 1)
            (func (export "run") (result i32) (drop (memory.grow (i32.const 3))) (call $len)))"#,
        &len(),
    )?;
    guest.returns("run", &[], &[Value::I32(4 * 65_536)])
}

fn host_no_memory(lab: &Lab<'_>) -> Outcome {
    let mut guest = lab.start_linked(
        r#"(module
            (import "host" "len" (func $len (result i32)))
            (func (export "run") (result i32) (call $len)))"#,
        &len(),
    )?;
    guest.returns("run", &[], &[Value::I32(0)])?;
    holds("an instance without memory shows none", guest.instance.memory().is_none())?;
    same("memory in use", &guest.instance.usage().linear_memory, &None)
}

#[derive(Debug, PartialEq, Eq)]
struct Count(u32);

fn host_state(lab: &Lab<'_>) -> Outcome {
    let mut imports = Imports::new();
    imports.define(
        "host",
        "count",
        HostFunc::new(FuncType::default(), |caller, _, _| {
            if let Some(count) = caller.state.get_mut::<Count>() {
                count.0 += 1;
            }
            Ok(())
        }),
    );
    let text = r#"(module
        (import "host" "count" (func $count))
        (func (export "run") call $count call $count))"#;
    let guest = |start| {
        let mut state = HostState::new();
        state.insert(Count(start));
        lab.start_with(text, &imports, state, &Limits::default())
    };
    let (mut a, mut b) = (guest(0)?, guest(100)?);
    a.returns("run", &[], &[])?;
    b.returns("run", &[], &[])?;
    a.returns("run", &[], &[])?;
    same("state of the first instance", &a.instance.state().get(), &Some(&Count(4)))?;
    same("state of the second instance", &b.instance.state().take(), &Some(Count(102)))
}

fn extra_imports(lab: &Lab<'_>) -> Outcome {
    let mut imports = upper();
    imports.define("other", "unused", HostFunc::new(FuncType::default(), |_, _, _| Ok(())));
    let mut guest =
        lab.start_linked(r#"(module (func (export "run") (result i32) i32.const 1))"#, &imports)?;
    guest.returns("run", &[], &[Value::I32(1)])
}

fn listing(lab: &Lab<'_>) -> Outcome {
    let guest = lab.start_linked(
        r#"(module
            (import "host" "upper" (func (param i32 i32) (result i32)))
            (memory (export "memory") 1)
            (global (export "g") i32 (i32.const 1))
            (table (export "t") 1 funcref)
            (func (export "run") (param i64) (result f64) f64.const 0))"#,
        &upper(),
    )?;
    let imports: Vec<_> =
        guest.module.imports().iter().map(|i| format!("{}.{} {:?}", i.module, i.name, i.kind)).collect();
    let wanted = vec!["host.upper Func(Some(FuncType { params: [I32, I32], results: [I32] }))".to_owned()];
    same("imports", &imports, &wanted)?;
    // Some engines only remember exports by name.
    let mut exports: Vec<_> =
        guest.module.exports().iter().map(|e| format!("{} {:?}", e.name, e.kind)).collect();
    exports.sort();
    let wanted = [
        "g Global",
        "memory Memory",
        "run Func(Some(FuncType { params: [I64], results: [F64] }))",
        "t Table",
    ];
    same("exports", &exports, &wanted.map(str::to_owned).to_vec())
}

fn missing_import(lab: &Lab<'_>) -> Outcome {
    let text = r#"(module (import "env" "absent" (func)) (func (export "run")))"#;
    match lab.attempt(text, &Imports::new(), &Limits::default())? {
        Err(RuntimeError::Link { module, name, .. }) => {
            same("named import", &(module.as_str(), name.as_str()), &("env", "absent"))
        }
        Err(RuntimeError::Unsupported(reason)) => unsupported(reason),
        Err(other) => fail(format!("not a link error: {other}")),
        Ok(_) => fail("it was linked"),
    }
}

fn import_type(lab: &Lab<'_>) -> Outcome {
    for ty in ["(param i32)", "(param i32 i64) (result i32)", "(param i32 i32)"] {
        let text = format!(r#"(module (import "host" "upper" (func {ty})) (func (export "run")))"#);
        match lab.attempt(&text, &upper(), &Limits::default())? {
            Err(RuntimeError::Link { module, name, .. }) => {
                same("named import", &(module.as_str(), name.as_str()), &("host", "upper"))?;
            }
            Err(RuntimeError::Unsupported(reason)) => return unsupported(reason),
            Err(other) => return fail(format!("not a link error: {other}")),
            Ok(_) => return fail(format!("it was linked as {ty}")),
        }
    }
    Ok(())
}

fn import_kinds(lab: &Lab<'_>) -> Outcome {
    for kind in ["(memory 1)", "(table 1 funcref)", "(global i32)"] {
        let text = format!(r#"(module (import "env" "it" {kind}) (func (export "run")))"#);
        match lab.attempt(&text, &Imports::new(), &Limits::default())? {
            Err(RuntimeError::Unsupported(_)) => {}
            Err(other) => return fail(format!("importing {kind} is not unsupported but: {other}")),
            Ok(_) => return fail(format!("importing {kind} worked with nothing to import")),
        }
    }
    Ok(())
}
