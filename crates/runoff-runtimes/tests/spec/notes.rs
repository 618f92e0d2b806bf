//! What is known of failures: whose they are and why.

/// Runtime, file (or a part of its name), and the explanation.
pub(crate) const NOTES: &[(&str, &str, &str)] = &[
    ("wasm3", "exports.wast", ONE_TABLE),
    ("wasm3", "imports.wast", ONE_TABLE),
    ("wasm3", "linking", ONE_TABLE),
    ("wasm3", "table.wast", "engine: it accepts no table with a maximum beyond its own"),
    ("wasm3", "conversions", WASM3_NAN),
    ("wasm3", "f64.wast", "engine: rounding operators return signalling NaNs as they are"),
    ("wasm3", "float_", WASM3_NAN),
    ("wasm3", "local_tee", WASM3_NAN),
    ("wasm3", "select", WASM3_NAN),
    ("wamr", "custom.wast", ZERO_BYTE),
    ("wamr", "names.wast", ZERO_BYTE),
    ("wamr", "f32.wast", "engine: rounding operators return signalling NaNs as they are"),
    ("wamr", "f64.wast", "engine: rounding operators return signalling NaNs as they are"),
    ("wasmtime", "gc/extern.wast", "seam: a host reference the guest made itself crosses as null"),
    ("wasmtime/winch", "", "engine: Winch has no host references (`externref`)"),
];

const ONE_TABLE: &str = "engine: only the first table can be exported";
const WASM3_NAN: &str = "engine: f32 values pass through double registers, which makes signalling NaNs quiet";
const ZERO_BYTE: &str = "engine: it refuses names with a zero byte";

/// The explanation of a failure, if there is one.
pub(crate) fn note(runtime: &str, file: &str) -> &'static str {
    NOTES
        .iter()
        .find(|(r, f, _)| runtime.starts_with(r) && file.contains(f))
        .map_or("", |(_, _, words)| words)
}
