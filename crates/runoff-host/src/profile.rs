//! What is known of a module: what its builds took, and its runs by size. Kept between starts, so that the first
//! request of a warm host goes to the right tier.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Mutex, MutexGuard, PoisonError};

use runoff_pick::online::{Deployment, Prior, TierFacts, bucket};
use runoff_simulate::{CostTable, WORK, suite_facts};
use serde::{Deserialize, Serialize};

use crate::function::Function;
use crate::tiers::Tiers;

/// Uncertainty of what this machine measured on an earlier day.
const MEASURED: f64 = 0.1;

/// Runs after which old ones begin to fade.
const MEMORY: f64 = 10_000.0;

/// Uncertainty of a slow-down that other work of the same module had.
const OTHER_WORK: f64 = 0.3;

/// Works of one module that are told apart.
const MOST_WORKS: usize = 32;

/// The same of builds: a compiler's next version is another tier, but machines get slower and faster.
const BUILD_MEMORY: f64 = 8.0;

/// How long something took.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Runs {
    /// Number.
    pub n: f64,
    /// Mean of ln of nanoseconds.
    pub mean_ln: f64,
}

impl Runs {
    /// So many more with this mean, ns; the newest `memory` of them count in full.
    fn add(&mut self, ns: f64, number: f64, memory: f64) {
        self.n = (self.n + number).min(memory.max(number));
        self.mean_ln += (ns.max(1.0).ln() - self.mean_ln) * number / self.n;
    }

    /// Geometric mean, ns.
    fn mean(&self) -> Option<f64> {
        (self.n > 0.0).then(|| self.mean_ln.exp())
    }
}

/// One runtime running one module.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TierProfile {
    /// What the runtime was: engine, version, flags, CPU features.
    pub key: String,
    /// Builds.
    #[serde(default)]
    pub builds: Runs,
    /// Loads.
    #[serde(default)]
    pub loads: Runs,
    /// Setting up a call, ns.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub setup_ns: Option<f64>,
    /// Runs by work (ABI, arguments and environment of a function, hashed) and size class.
    #[serde(default, rename = "works")]
    pub runs: BTreeMap<String, BTreeMap<u8, Runs>>,
}

impl TierProfile {
    /// All runs, with what they ran.
    fn all(&self) -> impl Iterator<Item = ((&str, u8), &Runs)> {
        self.runs
            .iter()
            .flat_map(|(work, sizes)| sizes.iter().map(|(size, runs)| ((work.as_str(), *size), runs)))
    }

    fn of(&self, (work, size): (&str, u8)) -> Option<&Runs> {
        self.runs.get(work)?.get(&size)
    }

    /// A place for one more work; a function whose arguments change with every deployment does not fill the store.
    fn work(&mut self, work: &str) -> &mut BTreeMap<u8, Runs> {
        if self.runs.len() >= MOST_WORKS && !self.runs.contains_key(work) {
            let number = |runs: &BTreeMap<u8, Runs>| runs.values().map(|r| r.n).sum::<f64>();
            let least = self.runs.iter().min_by(|a, b| number(a.1).total_cmp(&number(b.1)));
            if let Some(least) = least.map(|(work, _)| work.clone()) {
                self.runs.remove(&least);
            }
        }
        self.runs.entry(work.to_owned()).or_default()
    }
}

/// What is known of one module.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ModuleProfile {
    /// By runtime.
    pub tiers: BTreeMap<String, TierProfile>,
}

/// What ran, and on what.
pub(crate) struct Timed<'a> {
    pub(crate) module: &'a str,
    pub(crate) work: &'a str,
    pub(crate) runtime: &'a str,
    pub(crate) key: &'a str,
}

/// What is known of all modules, and which of it is not kept yet.
#[derive(Debug, Default)]
pub(crate) struct Book {
    known: Mutex<Known>,
    /// First builds or loads since the start, by module and runtime, ns.
    paid: Mutex<HashMap<String, BTreeMap<String, f64>>>,
}

type Known = (HashMap<String, ModuleProfile>, BTreeSet<String>);

impl Book {
    fn lock(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes over what was kept.
    pub(crate) fn remember(&self, module: &str, profile: ModuleProfile) {
        self.lock().0.entry(module.to_owned()).or_insert(profile);
    }

    fn change(&self, module: &str, runtime: &str, key: &str, change: impl FnOnce(&mut TierProfile)) {
        let mut known = self.lock();
        let (profiles, dirty) = &mut *known;
        if !profiles.contains_key(module) {
            profiles.insert(module.to_owned(), ModuleProfile::default());
        }
        let Some(profile) = profiles.get_mut(module) else { return };
        if profile.tiers.get(runtime).is_none_or(|t| t.key != key) {
            // Another version of the engine is another tier.
            let fresh = TierProfile { key: key.to_owned(), ..TierProfile::default() };
            profile.tiers.insert(runtime.to_owned(), fresh);
        }
        if let Some(tier) = profile.tiers.get_mut(runtime) {
            change(tier);
        }
        if !dirty.contains(module) {
            dirty.insert(module.to_owned());
        }
    }

    /// A build or load took so long.
    pub(crate) fn built(&self, module: &str, runtime: &str, key: &str, took_ns: f64, loaded: bool) {
        let mut paid = self.paid.lock().unwrap_or_else(PoisonError::into_inner);
        paid.entry(module.to_owned()).or_default().entry(runtime.to_owned()).or_insert(took_ns);
        drop(paid);
        self.change(module, runtime, key, |tier| {
            let known = if loaded { &mut tier.loads } else { &mut tier.builds };
            known.add(took_ns, 1.0, BUILD_MEMORY);
        });
    }

    /// So many runs of an input of `size` bytes ended well, with these means.
    pub(crate) fn ran(&self, of: &Timed<'_>, size: u64, (setup_ns, run_ns): (f64, f64), number: u32) {
        self.change(of.module, of.runtime, of.key, |tier| {
            let setup = tier.setup_ns.get_or_insert(setup_ns);
            *setup += (1.0 - 0.9_f64.powf(number.into())) * (setup_ns - *setup);
            let runs = tier.work(of.work).entry(bucket(size)).or_default();
            runs.add(run_ns, number.into(), MEMORY);
        });
    }

    /// What the builds of a module cost since the host started, each tier's first, ns.
    pub(crate) fn builds(&self, module: &str) -> f64 {
        self.paid.lock().unwrap_or_else(PoisonError::into_inner).get(module).map_or(0.0, |t| t.values().sum())
    }

    /// What changed since the last time, to be kept.
    pub(crate) fn take_changes(&self) -> Vec<(String, ModuleProfile)> {
        let mut known = self.lock();
        let dirty = std::mem::take(&mut known.1);
        dirty.into_iter().filter_map(|m| known.0.get(&m).cloned().map(|p| (m, p))).collect()
    }

    /// What the policy is told of a function that is deployed: the suite's figures, corrected by what is known. The suite
    /// compiles in its own process; what starting one takes comes on top where the host does not.
    pub(crate) fn deployment(
        &self,
        function: &Function,
        tiers: &Tiers,
        stored: &[bool],
        suite: &CostTable,
        process_start_ns: f64,
    ) -> Deployment {
        let module = &function.module;
        let ids: Vec<String> = tiers.list().iter().map(|t| t.runtime.clone()).collect();
        let mut facts = suite_facts(suite, &ids, module.wasm.len() as u64);
        for ((fact, tier), (refusal, stored)) in
            facts.iter_mut().zip(tiers.list()).zip(function.refused.iter().zip(stored))
        {
            fact.allowed = refusal.is_none();
            fact.stored = *stored;
            if tier.capabilities.save_load {
                fact.build.median += process_start_ns;
            }
        }
        let known = self.lock().0.get(&module.code_sha256).cloned().unwrap_or_default();
        let profiles: Vec<Option<&TierProfile>> = tiers
            .list()
            .iter()
            .map(|t| known.tiers.get(&t.runtime).filter(|p| p.key == t.key.to_string()))
            .collect();
        for (fact, profile) in facts.iter_mut().zip(&profiles) {
            let Some(profile) = profile else { continue };
            for (prior, known) in [
                (&mut fact.build, profile.builds.mean()),
                (&mut fact.load, profile.loads.mean()),
                (&mut fact.setup, profile.setup_ns),
            ] {
                if let Some(ns) = known {
                    *prior = Prior::new(ns, MEASURED);
                }
            }
        }
        let told = levels(&mut facts, &profiles, &function.work);
        Deployment {
            function: function.id,
            module: module.id,
            tiers: facts,
            work: WORK,
            told,
            idempotent: function.config.idempotent,
            deadline_ns: function.config.limits.deadline.as_nanos() as f64,
            expected_calls: 0.0,
        }
    }
}

/// Two beliefs in one, each weighed by how sure it is.
fn both(one: Prior, other: Prior) -> Prior {
    let (a, b) = (one.spread.powi(-2), other.spread.powi(-2));
    Prior::new(((a * one.median.ln() + b * other.median.ln()) / (a + b)).exp(), (a + b).powf(-0.5))
}

/// Run times of a work on the reference by size, from the tiers that ran it. Tiers that ran the same get the slow-down that
/// was seen; where only other works of the module ran, the suite's is corrected by it.
fn levels(facts: &mut [TierFacts], profiles: &[Option<&TierProfile>], work: &str) -> BTreeMap<u8, Prior> {
    let weight = |p: &TierProfile| p.all().map(|(_, r)| r.n).sum::<f64>();
    let anchor = (0..facts.len())
        .filter_map(|i| Some((i, profiles[i]?)))
        .filter(|(_, p)| !p.runs.is_empty())
        .max_by(|a, b| weight(a.1).total_cmp(&weight(b.1)));
    let Some((anchor, base)) = anchor else { return BTreeMap::new() };
    let reference = facts[anchor].slowdown.median;
    for i in (0..facts.len()).filter(|i| *i != anchor) {
        let Some(profile) = profiles[i] else { continue };
        // Of its own work and of others: sum of weighted differences, and of weights.
        let mut seen = [(0.0, 0.0); 2];
        for (what, runs) in profile.all() {
            let Some(there) = base.of(what) else { continue };
            let (sum, n) = &mut seen[usize::from(what.0 != work)];
            let weight = runs.n.min(there.n);
            *sum += weight * (runs.mean_ln - there.mean_ln);
            *n += weight;
        }
        let slowdown = |(sum, n): (f64, f64), least: f64| {
            (n > 0.0).then(|| Prior::new((sum / n).exp() * reference, (0.5 / n.sqrt()).max(least)))
        };
        if let Some(own) = slowdown(seen[0], MEASURED) {
            facts[i].slowdown = own;
        } else if let Some(others) = slowdown(seen[1], OTHER_WORK) {
            facts[i].slowdown = both(facts[i].slowdown, others);
        }
    }
    facts[anchor].slowdown = Prior::new(reference, MEASURED);
    let level =
        |runs: &Runs, slow: f64| Prior::new(runs.mean_ln.exp() / slow, (0.5 / runs.n.sqrt()).max(MEASURED));
    let mut told = BTreeMap::new();
    let first = [(&facts[anchor], &profiles[anchor])];
    for (fact, profile) in first.into_iter().chain(facts.iter().zip(profiles)) {
        for (size, runs) in profile.iter().filter_map(|p| p.runs.get(work)).flatten() {
            told.entry(*size).or_insert_with(|| level(runs, fact.slowdown.median));
        }
    }
    told
}

#[cfg(test)]
mod tests {
    use super::*;

    fn profile(runs: &[(u8, f64)]) -> TierProfile {
        let runs = runs.iter().map(|(size, ns)| (*size, Runs { n: 100.0, mean_ln: ns.ln() })).collect();
        TierProfile { runs: BTreeMap::from([("w".to_owned(), runs)]), ..TierProfile::default() }
    }

    fn fact(slowdown: f64) -> TierFacts {
        let known = Prior::known(1.0);
        let slowdown = Prior::new(slowdown, 0.5);
        TierFacts { allowed: true, stored: false, build: known, load: known, setup: known, slowdown }
    }

    #[test]
    fn what_was_measured_overrules_the_suite() {
        // The suite says twice as slow; measured was five times.
        let (slow, fast) = (profile(&[(5, 5000.0), (9, 50_000.0)]), profile(&[(5, 1000.0)]));
        let mut facts = [fact(2.0), fact(1.0), fact(7.0)];
        let told = levels(&mut facts, &[Some(&slow), Some(&fast), None], "w");
        let ratio = facts[0].slowdown.median / facts[1].slowdown.median;
        assert!((ratio - 5.0).abs() < 1e-9, "{ratio}");
        let run = |tier: usize, size: u8| told[&size].median * facts[tier].slowdown.median;
        assert!((run(0, 5) - 5000.0).abs() < 1e-6 && (run(1, 5) - 1000.0).abs() < 1e-6);
        assert!((run(1, 9) - 10_000.0).abs() < 1e-6, "{}", run(1, 9));
        assert!((facts[2].slowdown.median - 7.0).abs() < 1e-9);
        assert!(levels(&mut facts, &[None, None, None], "w").is_empty());
        // Another work of the module says which tier is how much slower, but not how long it takes itself.
        let mut facts = [fact(2.0), fact(1.0), fact(7.0)];
        assert!(levels(&mut facts, &[Some(&slow), Some(&fast), None], "v").is_empty());
        let ratio = facts[0].slowdown.median / facts[1].slowdown.median;
        assert!((3.5..4.5).contains(&ratio), "{ratio}");
    }

    #[test]
    fn changes_are_taken_once_and_another_engine_begins_anew() {
        let book = Book::default();
        let of = Timed { module: "m", work: "w", runtime: "r", key: "1" };
        book.ran(&of, 3, (1.0, 100.0), 1);
        assert_eq!(book.take_changes().len(), 1);
        assert!(book.take_changes().is_empty());
        book.built("m", "r", "2", 9.0, false);
        let tier = book.take_changes().remove(0).1.tiers["r"].clone();
        assert!(tier.runs.is_empty() && tier.builds.mean().is_some_and(|ns| (ns - 9.0).abs() < 1e-9));
    }

    #[test]
    fn works_are_bounded_and_the_rarest_goes() {
        let book = Book::default();
        for i in 0..3 * MOST_WORKS {
            let work = i.to_string();
            book.ran(&Timed { module: "m", work: &work, runtime: "r", key: "1" }, 0, (1.0, 9.0), 1);
            book.ran(&Timed { module: "m", work: "often", runtime: "r", key: "1" }, 0, (1.0, 9.0), 1);
        }
        let tier = book.take_changes().remove(0).1.tiers["r"].clone();
        assert!(tier.runs.len() == MOST_WORKS && tier.runs.contains_key("often"));
    }
}
