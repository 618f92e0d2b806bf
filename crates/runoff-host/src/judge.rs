//! Where a function may run, and what is said where it may not.

use runoff_runtime::TrustClass;

use crate::config::FunctionConfig;
use crate::module::HostedModule;
use crate::tiers::{HostTier, Tiers, names};

impl Tiers {
    /// For each tier, why a function may not run on it; `None` where it may.
    ///
    /// # Errors
    ///
    /// What is wrong, in words, when it names a runtime there is not, or may run nowhere.
    pub fn judge(
        &self,
        function: &FunctionConfig,
        module: &HostedModule,
    ) -> Result<Vec<Option<String>>, String> {
        let known = |name: &str| {
            let mut ids = self.list().iter().map(|t| &t.runtime).chain(self.left_out().keys());
            ids.any(|id| names(&[name.to_owned()], id))
        };
        let may = || self.may(function, module);
        if let Some(name) = function.runtimes.iter().find(|name| !known(name)) {
            return Err(format!("runtimes: there is no runtime `{name}`; {}", may()));
        }
        let limited = |tier: &HostTier| {
            if let Some(pin) = function.pin.as_ref().filter(|pin| **pin != tier.runtime) {
                return Some(format!("pinned to {pin}"));
            }
            let named = function.runtimes.is_empty() || names(&function.runtimes, &tier.runtime);
            (!named).then(|| "not in the function's `runtimes`".to_owned())
        };
        let refused: Vec<Option<String>> =
            self.list().iter().map(|t| limited(t).or_else(|| refusal(t, function, module))).collect();
        if refused.iter().any(Option::is_none) {
            return Ok(refused);
        }
        if let Some(pin) = &function.pin {
            return Err(match self.why_not(pin, function, module) {
                Some(reason) => format!("pin: `{pin}` cannot run it: {reason}; {}", may()),
                None if known(pin) => format!("pin: `{pin}` is not the whole name of a runtime; {}", may()),
                None => format!("pin: there is no runtime `{pin}`; {}", may()),
            });
        }
        let all = self.list().iter().map(|t| t.runtime.as_str());
        let all = all.chain(self.left_out().keys().map(String::as_str));
        // Of those nobody named, what is not there at all is not worth a word.
        let asked = |id: &&str| match function.runtimes.as_slice() {
            [] => {
                self.list().iter().any(|t| t.runtime == **id) || self.nameable().any(|(name, _)| name == *id)
            }
            named => names(named, id),
        };
        let reason = |id: &str| Some(format!("{id}: {}", self.why_not(id, function, module)?));
        let reasons: Vec<String> = all.filter(asked).filter_map(reason).collect();
        let also = if function.runtimes.is_empty() { String::new() } else { format!("; {}", may()) };
        Err(format!("no runtime may run it: {}{also}", reasons.join("; ")))
    }

    /// Why a runtime cannot run a function, whatever the function asks for; `None` also where there is no such runtime.
    fn why_not(&self, id: &str, function: &FunctionConfig, module: &HostedModule) -> Option<String> {
        let tier = self.list().iter().find(|t| t.runtime == id);
        match tier {
            Some(tier) => refusal(tier, function, module).or_else(|| {
                let pin_elsewhere = function.pin.as_deref() == Some(id);
                pin_elsewhere.then(|| "it is not in the function's `runtimes`".to_owned())
            }),
            None => self.left_out().get(id).map(|reason| format!("left out: {reason}")),
        }
    }

    /// Where a function may run, in words.
    fn may(&self, function: &FunctionConfig, module: &HostedModule) -> String {
        let all = self.list().iter().filter(|t| refusal(t, function, module).is_none());
        let all: Vec<&str> = all.map(|t| t.runtime.as_str()).collect();
        if all.is_empty() {
            return "it may run on none of the host's".into();
        }
        format!("it may run on {}", all.join(", "))
    }
}

/// Why a tier cannot run a function, whatever the function asks for.
fn refusal(tier: &HostTier, function: &FunctionConfig, module: &HostedModule) -> Option<String> {
    if tier.workers.is_none() && tier.capabilities.trust != TrustClass::InProcess && !function.trusted {
        return Some(format!(
            "its class is `{}`: in this process it runs only what is `trusted = true`; `workers.runtimes` contains it",
            tier.capabilities.trust
        ));
    }
    let missing: Vec<&str> =
        module.features.difference(&tier.capabilities.features).map(|f| f.name()).collect();
    (!missing.is_empty()).then(|| format!("it lacks {}", missing.join(", ")))
}
