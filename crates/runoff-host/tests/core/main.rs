//! The host without HTTP and without engines.

mod limits;
mod reloads;
mod scripted;
mod stores;
mod tiers;

use std::path::Path;
use std::sync::Arc;

use runoff_host::config::Config;
use runoff_host::execute::Invocation;
use runoff_host::{Host, HostError, Processes, Reply};
use runoff_runtimes::Registry;
use scripted::Script;

/// A folder with a module `a.wasm`, and hosts in it.
struct Lab {
    folder: tempfile::TempDir,
}

impl Lab {
    fn new() -> Self {
        let lab = Self { folder: tempfile::tempdir().expect("a folder") };
        lab.module("a.wasm", "");
        lab
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    /// A module that is valid; what it does is up to the scripted runtime.
    fn module(&self, name: &str, more: &str) {
        let text = format!("(module (memory (export \"memory\") 1) (func (export \"_start\")) {more})");
        std::fs::write(self.path().join(name), wat::parse_str(text).expect("a module")).expect("a file");
    }

    fn config(&self, text: &str) -> Config {
        Config::parse(text, &self.path().join("runoff.toml")).expect("a configuration")
    }

    fn start(&self, text: &str, runtimes: &[&Arc<Script>], store: bool) -> Arc<Host> {
        self.try_start(text, runtimes, store).expect("a host")
    }

    fn try_start(&self, text: &str, runtimes: &[&Arc<Script>], store: bool) -> Result<Arc<Host>, HostError> {
        let registry = Registry::of(runtimes.iter().map(|s| s.entry()).collect());
        let folder = self.path().join("store");
        Host::start(
            &self.config(text),
            Arc::new(registry),
            store.then_some(folder.as_path()),
            Processes::default(),
        )
    }
}

const ONE: &str = "[[function]]\nmodule = \"a.wasm\"\n";

async fn call(host: &Host, function: &str, body: &str) -> Reply {
    let function = host.routes().named(function).expect("a function").clone();
    let invocation = Invocation { body: body.to_owned().into(), env: Vec::new() };
    host.invoke(&function, invocation).await.expect("admitted")
}

/// The answer's text, and the runtime it came from.
fn text(host: &Host, reply: Reply) -> (String, String) {
    let tier = reply.tier.map_or_else(String::new, |t| host.tiers.list()[t].runtime.clone());
    (String::from_utf8(reply.ending.expect("an answer").body).expect("text"), tier)
}
