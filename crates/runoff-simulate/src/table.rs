//! What builds and calls cost, as measured.

use runoff_analysis::{CellSummary, summarise};
use runoff_data::{Phase, ResultFile, SCHEMA_VERSION};
use serde::{Deserialize, Serialize};

/// What can be wrong with a table.
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    /// It is not one.
    #[error("this is not a cost table: {0}")]
    Format(#[from] serde_json::Error),
    /// It was written by a later version.
    #[error("the cost table has schema version {0}; this Runoff reads up to {SCHEMA_VERSION}: update Runoff")]
    TooNew(u32),
    /// Nothing in it can be used.
    #[error("no module in it was measured on two of the runtimes asked for: {0}")]
    Empty(String),
}

/// Where the figures come from.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Provenance {
    /// Machine they were measured on.
    pub machine: String,
    /// Version of Runoff.
    pub runoff_version: String,
    /// When, seconds since 1970 UTC.
    pub measured_unix: u64,
    /// Rounds of fresh processes behind each figure, at least.
    pub rounds: u32,
    /// How to measure it again.
    pub command: String,
}

/// One tier running one module.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TierCosts {
    /// Runtime id.
    pub runtime: String,
    /// Engine version.
    pub version: String,
    /// Whether it optimises.
    pub optimising: bool,
    /// From bytes to code that has run once: validate, compile, and what the first instance and first call took more
    /// than later ones (lazy translation), ns.
    pub build_ns: f64,
    /// From a saved artifact to code, ns; absent where nothing is saved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub load_ns: Option<f64>,
    /// A fresh instance, ns.
    pub setup_ns: f64,
    /// One call, ns.
    pub call_ns: f64,
    /// Memory of the engine with this module beyond the bare process, bytes.
    pub memory_bytes: u64,
}

/// One module on every tier that ran it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ModuleCosts {
    /// Name of the workload.
    pub name: String,
    /// Bytes of the module.
    pub bytes: u64,
    /// Tiers.
    pub tiers: Vec<TierCosts>,
}

impl ModuleCosts {
    /// A call on the tier with the fastest one, ns: the unit of work.
    pub fn reference_ns(&self) -> f64 {
        self.tiers.iter().map(|t| t.call_ns).fold(f64::INFINITY, f64::min).max(1e-3)
    }

    /// Run time of each tier over that of the fastest.
    pub fn slowdown(&self) -> Vec<f64> {
        let reference = self.reference_ns();
        self.tiers.iter().map(|t| t.call_ns / reference).collect()
    }

    /// Time to build each tier, ns.
    pub fn builds(&self) -> Vec<f64> {
        self.tiers.iter().map(|t| t.build_ns).collect()
    }

    /// The tier with the smallest build cost and call of no work.
    pub fn fastest_start(&self) -> usize {
        let start = |i: &usize| self.tiers[*i].build_ns + self.tiers[*i].setup_ns;
        (0..self.tiers.len()).min_by(|a, b| start(a).total_cmp(&start(b))).unwrap_or(0)
    }
}

/// Figures of one machine.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CostTable {
    /// Version of the format.
    pub schema_version: u32,
    /// Where it comes from.
    pub provenance: Provenance,
    /// Modules.
    pub modules: Vec<ModuleCosts>,
}

impl CostTable {
    /// The table that comes with Runoff.
    pub fn bundled() -> Result<Self, TableError> {
        Self::parse(include_str!("../tables/bundled.json"))
    }

    /// Reads a table.
    pub fn parse(text: &str) -> Result<Self, TableError> {
        let table: Self = serde_json::from_str(text)?;
        if table.schema_version > SCHEMA_VERSION {
            Err(TableError::TooNew(table.schema_version))
        } else {
            Ok(table)
        }
    }

    /// The medians of a result of `runoff bench`; native twins and whole processes are left out.
    pub fn from_result(result: &ResultFile) -> Self {
        let header = &result.header;
        let summaries = summarise(result);
        let version = |id: &str| {
            let planned = header.plan.runtimes.iter().find(|r| r.id.as_str() == id);
            planned.map(|r| r.identity.version.clone()).unwrap_or_default()
        };
        let modules = header.plan.workloads.iter().map(|w| ModuleCosts {
            name: w.name.clone(),
            bytes: w.bytes,
            tiers: summaries
                .iter()
                .filter(|c| c.workload == w.name && c.runtime != "native")
                .filter_map(|c| tier(c, version(&c.runtime)))
                .collect(),
        });
        let rounds = summaries.iter().filter_map(|c| c.call().map(|e| e.processes)).min().unwrap_or(0);
        // A size is asked for once, for all workloads that come in sizes.
        let split = |w: &runoff_data::PlannedWorkload| match w.name.split_once('@') {
            Some((name, size)) => (name.to_owned(), Some(size.to_owned())),
            None => (w.name.clone(), None),
        };
        let (names, sizes): (Vec<_>, Vec<_>) = header.plan.workloads.iter().map(split).unzip();
        let size = sizes.into_iter().flatten().next().map_or(String::new(), |s| format!(" --size {s}"));
        Self {
            schema_version: SCHEMA_VERSION,
            provenance: Provenance {
                machine: header.machine.key(),
                runoff_version: header.runoff_version.clone(),
                measured_unix: header.created_unix,
                rounds: rounds as u32,
                command: format!(
                    "runoff bench {}{size} --rounds {} --out r.jsonl && runoff simulate --from r.jsonl --save-table table.json",
                    names.join(" "),
                    header.plan.max_rounds
                ),
            },
            modules: modules.filter(|m: &ModuleCosts| m.tiers.len() > 1).collect(),
        }
    }

    /// The same with only the tiers `wanted` says yes to; modules with fewer than two of them go.
    pub fn only(mut self, wanted: impl Fn(&str) -> bool) -> Result<Self, TableError> {
        for module in &mut self.modules {
            module.tiers.retain(|t| wanted(&t.runtime));
        }
        let names: Vec<String> = self.modules.iter().map(|m| m.name.clone()).collect();
        self.modules.retain(|m| m.tiers.len() > 1);
        if self.modules.is_empty() { Err(TableError::Empty(names.join(", "))) } else { Ok(self) }
    }

    /// Ids of all its runtimes, in order of appearance.
    pub fn runtimes(&self) -> Vec<&str> {
        let mut ids: Vec<&str> = Vec::new();
        for tier in self.modules.iter().flat_map(|m| &m.tiers) {
            if !ids.contains(&tier.runtime.as_str()) {
                ids.push(&tier.runtime);
            }
        }
        ids
    }
}

/// `None` for a runtime that did not run the module phase by phase.
fn tier(cell: &CellSummary, version: String) -> Option<TierCosts> {
    let cold = |p: Phase| Some(cell.phases.get(&p)?.cold?.median);
    let warm = |p: Phase| Some(cell.phases.get(&p)?.warm?.median);
    let call_ns = cell.call()?.median;
    let instantiate = cold(Phase::Instantiate)?;
    let setup_ns = warm(Phase::Instantiate).unwrap_or(instantiate).min(instantiate);
    let first = cold(Phase::FirstCall).unwrap_or(call_ns);
    let build_ns = cold(Phase::Validate).unwrap_or(0.0)
        + cold(Phase::Compile)?
        + (instantiate - setup_ns)
        + (first - call_ns).max(0.0);
    Some(TierCosts {
        optimising: optimises(&cell.runtime),
        runtime: cell.runtime.clone(),
        version,
        build_ns,
        load_ns: cold(Phase::Load),
        setup_ns,
        call_ns,
        memory_bytes: (cell.memory.peak_rss? - cell.memory.floor_rss.unwrap_or(0.0)).max(0.0) as u64,
    })
}

/// Whether a runtime's compiler optimises, by the names engines give their compilers.
fn optimises(id: &str) -> bool {
    let variant = id.split('/').next_back().unwrap_or(id);
    ["cranelift", "pulley", "llvm", "llvm-jit", "aot", "turbofan", "v8", "wavm", "lucet", "jsc"]
        .contains(&variant)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bundled_table_is_whole() {
        let table = CostTable::bundled().unwrap();
        assert!(table.modules.len() >= 4 && table.provenance.rounds >= 4);
        assert!(!table.provenance.machine.is_empty() && table.provenance.measured_unix > 0);
        for tier in table.modules.iter().flat_map(|m| &m.tiers) {
            assert!(tier.build_ns > 0.0 && tier.call_ns > 0.0 && tier.setup_ns >= 0.0, "{tier:?}");
        }
        assert!(table.clone().only(|id| id == "wasm3").is_err());
        let two = table.only(|id| ["wasm3", "wasmtime/cranelift"].contains(&id)).unwrap();
        assert!(two.modules.iter().all(|m| m.tiers.len() == 2 && m.slowdown().contains(&1.0)));
    }

    #[test]
    fn later_tables_are_refused() {
        let text = r#"{"schema_version": 99, "provenance": {"machine": "", "runoff_version": "", "measured_unix": 0,
            "rounds": 0, "command": ""}, "modules": []}"#;
        assert!(matches!(CostTable::parse(text), Err(TableError::TooNew(99))));
        assert!(matches!(CostTable::parse("{"), Err(TableError::Format(_))));
    }
}
