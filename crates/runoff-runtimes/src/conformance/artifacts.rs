//! Saved code.

use runoff_runtime::{
    Artifact, ArtifactKey, ArtifactRefusal, FuncType, HostFunc, HostState, Imports, Limits, Module, Runtime,
    RuntimeError, Value, ValueType,
};

use sha2::{Digest, Sha256};

use super::Case;
use super::lab::{Guest, Lab, Outcome, Stop, fail, refusal, same, unsupported, wasm};

const GROUP: &str = "artifacts";

pub(super) const CASES: &[Case] = &[
    Case {
        name: "save-load",
        group: GROUP,
        shows: "saved code, loaded by another runtime of the same kind, does the same",
        body: save_load,
    },
    Case {
        name: "artifact-identity",
        group: GROUP,
        shows: "an artifact names its runtime and its module, also when saved again after loading",
        body: identity,
    },
    Case {
        name: "artifact-foreign",
        group: GROUP,
        shows: "code of another version or configuration is refused",
        body: foreign,
    },
    Case {
        name: "artifact-damaged",
        group: GROUP,
        shows: "truncated and bit-flipped artifacts are refused",
        body: damaged,
    },
    Case {
        name: "artifact-nonsense",
        group: GROUP,
        shows: "an envelope around something else is refused by the engine",
        body: nonsense,
    },
    Case {
        name: "save-unsupported",
        group: GROUP,
        shows: "runtimes that cannot save say so, both ways",
        body: save_unsupported,
    },
];

const TEXT: &str = r#"(module
    (import "host" "twice" (func $twice (param i32) (result i32)))
    (memory (export "memory") 1)
    (data (i32.const 0) "\03")
    (table 1 funcref) (elem (i32.const 0) $inner)
    (func $inner (result i32) (i32.load8_u (i32.const 0)))
    (func (export "run") (param i32) (result i32)
        (i32.add (call $twice (local.get 0)) (call_indirect (result i32) (i32.const 0)))))"#;

fn twice() -> Imports {
    let mut imports = Imports::new();
    let ty = FuncType::new([ValueType::I32], [ValueType::I32]);
    imports.define(
        "host",
        "twice",
        HostFunc::new(ty, |_, args, results| {
            if let Value::I32(x) = args[0] {
                results[0] = Value::I32(2 * x);
            }
            Ok(())
        }),
    );
    imports
}

type Compiled = (Box<dyn Runtime>, Box<dyn Module>);

/// The runtime and the case's module, compiled; ends the case where code cannot be saved.
fn compiled(lab: &Lab<'_>) -> Result<Compiled, Stop> {
    let runtime = lab.runtime()?;
    if !runtime.info().capabilities.save_load {
        return unsupported("compiled code cannot be saved");
    }
    let bytes = wasm(TEXT)?;
    let module = runtime.compile(&bytes).map_err(|e| refusal(&bytes, &runtime.info().capabilities, &e))?;
    Ok((runtime, module))
}

fn saved(module: &dyn Module) -> Result<Artifact, Stop> {
    module.save().map_err(|e| Stop::Fail(format!("cannot be saved: {e}")))
}

fn save_load(lab: &Lab<'_>) -> Outcome {
    let (runtime, module) = compiled(lab)?;
    let bytes = saved(module.as_ref())?.as_bytes().to_vec();
    let listing = (module.imports(), module.exports());
    drop((module, runtime));
    let artifact = Artifact::from_bytes(bytes).map_err(|e| Stop::Fail(e.to_string()))?;
    let runtime = lab.runtime()?;
    let module = runtime.load(&artifact).map_err(|e| Stop::Fail(format!("cannot be loaded: {e}")))?;
    same("imports and exports", &(module.imports(), module.exports()), &listing)?;
    let instance = module
        .instantiate(&twice(), HostState::new(), &Limits::default())
        .map_err(|e| Stop::Fail(e.to_string()))?;
    Guest { instance, module, runtime }.returns("run", &[Value::I32(20)], &[Value::I32(43)])
}

fn identity(lab: &Lab<'_>) -> Outcome {
    let (runtime, module) = compiled(lab)?;
    let artifact = saved(module.as_ref())?;
    same("key", &artifact.key(), &runtime.info().identity.artifact_key().as_str())?;
    let module_hash = Sha256::digest(wasm(TEXT)?);
    same("module hash", &artifact.module_sha256(), &module_hash.as_slice())?;
    let again = runtime.load(&artifact).map_err(|e| Stop::Fail(e.to_string()))?;
    same("module hash after loading", &saved(again.as_ref())?.module_sha256(), &module_hash.as_slice())
}

fn refused(runtime: &dyn Runtime, artifact: &Artifact, what: &str) -> Result<ArtifactRefusal, Stop> {
    match runtime.load(artifact) {
        Err(RuntimeError::Artifact(refusal)) => Ok(refusal),
        Err(other) => fail(format!("{what}: not refused as an artifact: {other}")),
        Ok(_) => fail(format!("{what}: loaded")),
    }
}

fn foreign(lab: &Lab<'_>) -> Outcome {
    let (runtime, module) = compiled(lab)?;
    let artifact = saved(module.as_ref())?;
    let own = &runtime.info().identity;
    let payload = artifact.payload(&ArtifactKey::of(own)).map_err(|e| Stop::Fail(e.to_string()))?;
    let mut version = own.clone();
    version.version.push_str("-other");
    let mut flags = own.clone();
    flags.flags.insert("other".into(), "on".into());
    let mut cpu = own.clone();
    cpu.cpu_features.push_str("+other");
    for (what, identity) in [("another version", version), ("another flag", flags), ("another CPU", cpu)] {
        let forged = Artifact::new(&ArtifactKey::of(&identity), [0; 32], payload);
        match refused(runtime.as_ref(), &forged, what)? {
            ArtifactRefusal::Foreign { .. } => {}
            other => return fail(format!("{what}: refused as {other}")),
        }
    }
    // Code with check points is other code.
    let interruptible = lab.runtime_with(true)?;
    if interruptible.info().identity.artifact_key() != own.artifact_key() {
        match refused(interruptible.as_ref(), &artifact, "without check points")? {
            ArtifactRefusal::Foreign { .. } => {}
            other => return fail(format!("without check points: refused as {other}")),
        }
    }
    Ok(())
}

fn damaged(lab: &Lab<'_>) -> Outcome {
    let (_, module) = compiled(lab)?;
    let bytes = saved(module.as_ref())?.as_bytes().to_vec();
    // A step that is no power of two meets every part of header, key and code.
    for at in (0..bytes.len()).step_by(37) {
        let mut flipped = bytes.clone();
        flipped[at] ^= 1 << (at % 8);
        if Artifact::from_bytes(flipped).is_ok() {
            return fail(format!("a flipped bit in byte {at} is not noticed"));
        }
        if Artifact::from_bytes(bytes[..at].to_vec()).is_ok() {
            return fail(format!("a cut at byte {at} is not noticed"));
        }
    }
    Ok(())
}

fn nonsense(lab: &Lab<'_>) -> Outcome {
    let (runtime, _module) = compiled(lab)?;
    let key = ArtifactKey::of(&runtime.info().identity);
    for payload in
        [&b""[..], b"\x7fELF", b"this is not machine code at all, but long enough to be read as a header"]
    {
        refused(runtime.as_ref(), &Artifact::new(&key, [0; 32], payload), "nonsense")?;
    }
    Ok(())
}

fn save_unsupported(lab: &Lab<'_>) -> Outcome {
    let runtime = lab.runtime()?;
    if runtime.info().capabilities.save_load {
        return Ok(());
    }
    let artifact = Artifact::new(&ArtifactKey::of(&runtime.info().identity), [0; 32], b"code");
    match runtime.load(&artifact) {
        Err(RuntimeError::Unsupported(_)) => {}
        Err(other) => return fail(format!("loading is not unsupported but: {other}")),
        Ok(_) => return fail("claims it cannot load, but does"),
    }
    let bytes = wasm(TEXT)?;
    let module = runtime.compile(&bytes).map_err(|e| refusal(&bytes, &runtime.info().capabilities, &e))?;
    match module.save() {
        Err(RuntimeError::Unsupported(_)) => Ok(()),
        Err(other) => fail(format!("saving is not unsupported but: {other}")),
        Ok(_) => fail("claims it cannot save, but does"),
    }
}
