//! Taking a configuration: everything is checked before anything changes, then all of it changes at once.

use std::io::Read;
use std::path::Path;
use std::sync::atomic::Ordering;
use std::sync::{Arc, PoisonError, Weak};

use super::{Host, HostError};
use crate::config::{Config, FunctionConfig};
use crate::function::Function;
use crate::module::HostedModule;
use crate::routes::Routes;

/// What starting a process to compile in is taken to cost, ns, where no build was measured with it.
const PROCESS_START_NS: f64 = 8e6;

/// What a configuration changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Deployed {
    /// Names of functions that are new or changed.
    pub fresh: Vec<String>,
    /// Names of functions that stayed as they were.
    pub same: Vec<String>,
    /// Names of functions that went or were replaced.
    pub gone: Vec<String>,
}

impl Host {
    /// Puts a configuration's functions in the place of those there are. On an error nothing changes.
    pub fn deploy(&self, config: &Config) -> Result<Deployed, HostError> {
        let _one_at_a_time = self.reloading.lock().unwrap_or_else(PoisonError::into_inner);
        let old = self.routes();
        let mut deployed = Deployed::default();
        let mut functions: Vec<Arc<Function>> = Vec::new();
        let mut problems = Vec::new();
        let mut fresh = Vec::new();
        for wanted in &config.functions {
            match self.prepare(wanted) {
                Ok((module, abi, refused)) => {
                    let there = old
                        .named(&wanted.name)
                        .filter(|f| f.config == *wanted && f.abi == abi && Arc::ptr_eq(&f.module, &module));
                    if let Some(there) = there {
                        deployed.same.push(wanted.name.clone());
                        functions.push(Arc::clone(there));
                        continue;
                    }
                    let id = self.next_id.fetch_add(1, Ordering::Relaxed);
                    let function = Arc::new(Function::new(id, wanted.clone(), abi, module, refused));
                    deployed.fresh.push(wanted.name.clone());
                    fresh.push(Arc::clone(&function));
                    functions.push(function);
                }
                Err(words) => problems.push(format!("function `{}`: {words}", wanted.name)),
            }
        }
        if !problems.is_empty() {
            return Err(HostError::Functions(problems));
        }
        for function in &fresh {
            let stored = self.stored(&function.module);
            let start = if self.compiler.is_some() { PROCESS_START_NS } else { 0.0 };
            let mut deployment = self.book.deployment(function, &self.tiers, &stored, &self.suite, start);
            let name = &function.config.name;
            if let Some(old) = old.named(name) {
                self.lives.count(name, old.metrics.calls());
            }
            let kept = || self.profiles.as_ref().and_then(|p| p.lives(name));
            deployment.expected_calls = self.lives.begin(name, kept);
            let actions = self.scheduler.deploy(deployment);
            self.after(actions);
        }
        self.routes.store(Arc::new(Routes::new(functions.clone())));
        // What comes in from now on goes to the new ones; what the old ones began they end.
        for function in old.functions() {
            if functions.iter().any(|f| f.id == function.id) {
                continue;
            }
            deployed.gone.push(function.config.name.clone());
            if self.routes().named(&function.config.name).is_none() {
                self.lives.count(&function.config.name, function.metrics.calls());
            }
            function.retire();
            let actions = self.scheduler.remove(function.id);
            self.after(actions);
        }
        self.modules.lock().unwrap_or_else(PoisonError::into_inner).1.retain(|_, m| m.strong_count() > 0);
        Ok(deployed)
    }

    #[expect(clippy::type_complexity, reason = "three things found out together")]
    fn prepare(
        &self,
        wanted: &FunctionConfig,
    ) -> Result<(Arc<HostedModule>, crate::config::Abi, Vec<Option<String>>), String> {
        let path = wanted.module.display();
        let bytes = self.read(&wanted.module).map_err(|e| format!("module {path} {e}"))?;
        let module = self.hosted(&bytes).map_err(|e| format!("module {path}: {e}"))?;
        let abi = module.abi(wanted.abi).map_err(|e| format!("module {path}: {e}"))?;
        if wanted.reuse.is_some() && abi != crate::config::AbiName::Call {
            return Err("stateless is for the abi `call`: a program that begins at `_start` runs once".into());
        }
        let least = module.descriptor.memory_min.unwrap_or(0).saturating_mul(module.memories.max(1).into());
        if least > wanted.limits.memory {
            return Err(format!(
                "module {path} begins with {} of memory and `memory` allows {}: allow more, or link it with less",
                runoff_data::units::bytes(least),
                runoff_data::units::bytes(wanted.limits.memory)
            ));
        }
        let refused = self.tiers.judge(wanted, &module)?;
        Ok((module, abi, refused))
    }

    /// A module's file, unless it is larger than any module may be: that is known before it is read.
    fn read(&self, path: &Path) -> Result<Vec<u8>, String> {
        let unread = |e: std::io::Error| format!("cannot be read: {e}");
        let large = || {
            let most = runoff_data::units::bytes(self.max_module);
            format!("is larger than `max-module`, which is {most}")
        };
        // What is no file may never end, or never begin.
        if !std::fs::metadata(path).map_err(unread)?.is_file() {
            return Err("is no file".into());
        }
        let file = std::fs::File::open(path).map_err(unread)?;
        if file.metadata().map_err(unread)?.len() > self.max_module {
            return Err(large());
        }
        let mut bytes = Vec::new();
        // It may grow meanwhile.
        file.take(self.max_module.saturating_add(1)).read_to_end(&mut bytes).map_err(unread)?;
        if bytes.len() as u64 > self.max_module {
            return Err(large());
        }
        Ok(bytes)
    }

    /// The module of these bytes: the one that is there, or a new one.
    fn hosted(&self, bytes: &[u8]) -> Result<Arc<HostedModule>, crate::module::ModuleError> {
        let sha256 = runoff_runtime::sha256_hex(bytes);
        {
            let modules = self.modules.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(there) = modules.0.get(&sha256).and_then(Weak::upgrade) {
                return Ok(there);
            }
        }
        let id = self.next_id.fetch_add(1, Ordering::Relaxed);
        let tiers = self.tiers.list().len();
        let module = Arc::new(HostedModule::new(id, bytes, tiers, &self.imports, self.max_module)?);
        if let Some(profile) = self.profiles.as_ref().and_then(|p| p.get(&module.code_sha256)) {
            self.book.remember(&module.code_sha256, profile);
        }
        let mut modules = self.modules.lock().unwrap_or_else(PoisonError::into_inner);
        modules.0.retain(|_, m| m.strong_count() > 0);
        modules.0.insert(sha256, Arc::downgrade(&module));
        modules.1.insert(id, Arc::downgrade(&module));
        Ok(module)
    }

    fn stored(&self, module: &HostedModule) -> Vec<bool> {
        let has = |t: &crate::tiers::HostTier| {
            let artifacts = self.artifacts.as_ref();
            t.capabilities.save_load
                && artifacts.is_some_and(|a| a.has(&t.runtime, &t.key, &module.code_sha256))
        };
        self.tiers.list().iter().map(has).collect()
    }
}
