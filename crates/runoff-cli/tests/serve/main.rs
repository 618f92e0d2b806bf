//! `runoff serve` end to end: right answers, and the hazards a host must stand.

#[expect(dead_code, reason = "the report's tests use the rest")]
#[path = "../../../runoff-report/tests/common/browser.rs"]
mod browser;
#[path = "../common/mod.rs"]
mod common;

mod alike;
mod brief;
mod client;
mod dashboard;
mod guests;
mod hazards;
mod http;
mod inputs;
mod neighbours;
mod operations;
mod overload;
mod resources;
mod server;
mod survival;
mod traces;
mod workers;
mod works;

use common::Runoff;

/// Runtimes that may run untrusted code in the host's process.
const UNTRUSTED: [&str; 4] = ["wasmtime/cranelift", "wasmtime/winch", "wasmi/eager", "wasmi/lazy"];

/// Runtimes it runs trusted code on, besides.
const TRUSTED: [&str; 2] = ["wasmtime/pulley", "wasmer/cranelift"];

/// A working folder with these modules and this configuration; no access log.
fn folder(modules: &[(&str, &str)], config: &str) -> Runoff {
    let runoff = Runoff::new();
    for (name, text) in modules {
        runoff.write(&format!("{name}.wasm"), guests::wasm(text));
    }
    runoff.write("runoff.toml", format!("log = \"off\"\n{config}"));
    runoff
}

/// A function of a module, on every runtime in this process; its route is `/NAME/ENGINE/VARIANT`.
fn everywhere(name: &str, module: &str, more: &str) -> (String, Vec<String>) {
    let mut functions = Vec::new();
    let mut routes = Vec::new();
    for runtime in UNTRUSTED.iter().chain(&TRUSTED) {
        let route = format!("/{name}/{runtime}");
        let id = runtime.replace('/', "-");
        functions.push(format!(
            "[[function]]\nname = \"{name}-{id}\"\nmodule = \"{module}.wasm\"\nroute = \"{route}\"\npin = \"{runtime}\"\ntrusted = true\n{more}\n"
        ));
        routes.push(route);
    }
    (functions.concat(), routes)
}

/// Runtimes of [`everywhere`].
const RUNTIMES: &str = "runtimes = [\"wasmtime\", \"wasmi\", \"wasmer/cranelift\"]\n";

/// Says what is not tested here, and why.
fn skip(words: &str) {
    use std::io::Write;
    let _ = writeln!(std::io::stderr(), "skipped: {words}");
}
