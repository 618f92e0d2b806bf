//! The modules of runoff-guest's README, built from its text and called.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use runoff_call::bytemuck::{Pod, Zeroable};
use runoff_call::{ErrorKind, Guest};
use runoff_runtime::{HostState, Imports, Limits, RuntimeOptions};
use runoff_runtimes::Registry;

#[derive(Clone, Copy, Pod, Zeroable)]
#[bytemuck(crate = "runoff_call::bytemuck")]
#[repr(C)]
struct Point {
    x: f32,
    y: f32,
}

fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .join(path)
        .canonicalize()
        .expect("a file of the sources")
}

/// The blocks of code in this language, in order.
fn blocks(language: &str) -> Vec<String> {
    let text = fs::read_to_string(repository("crates/runoff-guest/README.md")).expect("the README");
    let start = format!("```{language}\n");
    text.split(start.as_str()).skip(1).filter_map(|rest| Some(rest.split("```").next()?.to_owned())).collect()
}

/// The command of the README that begins like this, without the word itself.
fn command(program: &str) -> Vec<String> {
    let texts = blocks("text");
    let line = texts.iter().flat_map(|b| b.lines()).find(|line| line.starts_with(program));
    line.expect("a command of the README").split_whitespace().skip(1).map(str::to_owned).collect()
}

fn has(program: &str, args: &[&str]) -> bool {
    Command::new(program).args(args).output().is_ok_and(|o| o.status.success())
}

fn run(command: &mut Command) {
    let output = command.output().expect("the program");
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
}

/// Calls every function on every runtime of this process.
fn call(module: &Path, longest: bool) {
    let wasm = fs::read(module).expect("the module");
    for id in ["wasmtime/cranelift", "wasmi/eager"] {
        let registry = Registry::new(&[]);
        let runtime =
            registry.get(id).expect("a runtime").make(&RuntimeOptions::default()).expect("an engine");
        let module = runtime.compile(&wasm).expect("code");
        let instance = module.instantiate(&Imports::new(), HostState::new(), &Limits::default());
        let mut guest = Guest::new(instance.expect("an instance")).expect("a guest");
        let mul = guest.pair::<(i32, i32), i32>("mul").expect("mul");
        assert_eq!(mul.call(&mut guest, (6, 7)).expect("a call"), 42);
        let points = [Point { x: 3.0, y: 4.0 }, Point { x: 1.0, y: 2.0 }];
        let square = guest.pod::<Point, f32>("square").expect("square");
        assert!((square.call(&mut guest, &points[0]).expect("a call") - 25.0).abs() < 1e-6);
        let squares = guest.batch::<Point, f32>("square").expect("the batch");
        let view = squares.view(&mut guest, &points).expect("a call");
        assert_eq!(view.iter().map(|x| x.round() as i32).collect::<Vec<_>>(), [25, 5]);
        let shout = guest.bytes("shout").expect("shout");
        assert_eq!(shout.call(&mut guest, b"Hello, world 1").expect("a call"), b"HELLO, WORLD 1");
        let found = guest.encoded::<(&str, &str), String>("longest");
        if longest {
            let found = found.expect("longest").call(&mut guest, &("one", "three"));
            assert_eq!(found.expect("a call"), "three");
        } else {
            let missing = found.is_err_and(|e| matches!(e.kind(), ErrorKind::Missing { .. }));
            assert!(missing, "there is no such function");
        }
    }
}

#[test]
#[expect(clippy::print_stderr, reason = "who reads the output of a test shall know what it did not do")]
fn the_module_in_c() {
    let Some(clang) = ["clang", "clang-19"].into_iter().find(|p| has(p, &["--version"])) else {
        eprintln!("not tested: there is no clang here");
        return;
    };
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("greeter.c"), &blocks("c")[0]).expect("a source");
    let header = repository("crates/runoff-guest/c").display().to_string();
    let args =
        command("clang").into_iter().map(|a| if a.ends_with("runoff-guest/c") { header.clone() } else { a });
    run(Command::new(clang).args(args).args(["-Wall", "-Wextra", "-Werror"]).current_dir(folder.path()));
    call(&folder.path().join("greeter.wasm"), true);
}

#[test]
#[expect(clippy::print_stderr, reason = "who reads the output of a test shall know what it did not do")]
fn the_module_in_assembly_script() {
    // `npm install --prefix guests/target/assemblyscript assemblyscript`, as guests/foreign/rebuild.sh asks.
    let own = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../guests/target/assemblyscript/node_modules/.bin/asc");
    let own = own.display().to_string();
    let Some(asc) = [own.as_str(), "asc"].into_iter().find(|p| has(p, &["--version"])) else {
        eprintln!("not tested: there is no asc here");
        return;
    };
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("greeter.ts"), &blocks("ts")[0]).expect("a source");
    run(Command::new(asc).args(command("npx asc").into_iter().skip(1)).current_dir(folder.path()));
    call(&folder.path().join("greeter.wasm"), false);
}

#[test]
#[ignore = "builds runoff-guest and what it needs for wasm32-unknown-unknown, which must be installed"]
fn the_module_in_rust() {
    let folder = tempfile::tempdir().expect("a folder");
    let crate_path = repository("crates/runoff-guest").display().to_string();
    let manifest = blocks("toml")[0].replace("../runoff/crates/runoff-guest", &crate_path);
    let around = &blocks("rust,ignore")[0];
    let (first, last) = around.trim().split_once('\n').expect("two lines");
    fs::create_dir(folder.path().join("src")).expect("a folder");
    fs::write(folder.path().join("Cargo.toml"), manifest).expect("a manifest");
    fs::write(folder.path().join("src/lib.rs"), format!("{first}\n{}\n{last}\n", blocks("rust")[0]))
        .expect("a source");
    run(Command::new("cargo")
        .args(command("cargo build"))
        .current_dir(folder.path())
        .env_remove("CARGO_TARGET_DIR"));
    call(&folder.path().join("target/wasm32-unknown-unknown/release/greeter.wasm"), true);
}
