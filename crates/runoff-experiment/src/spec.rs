//! The form of an experiment.

use std::collections::BTreeMap;

use runoff_data::Plan;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::{ExperimentError, Measure};

/// An experiment.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Experiment {
    /// What it is, in a line.
    pub title: String,
    /// What is asked, and how it is answered here.
    pub about: String,
    /// Number of the source document it does again.
    #[serde(default)]
    pub source: Option<String>,
    /// What is measured: each run is a result file of its own.
    #[serde(rename = "run")]
    pub runs: BTreeMap<String, RunSpec>,
    /// What is shown.
    #[serde(default, rename = "figure")]
    pub figures: Vec<FigureSpec>,
    /// What is judged.
    #[serde(default, rename = "claim")]
    pub claims: Vec<ClaimSpec>,
    /// What the source shows and this does not, with the reason.
    #[serde(default)]
    pub missing: Vec<Missing>,
}

/// What one run measures.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RunSpec {
    /// Bundled workloads, sets, or files; `NAME@SIZE` is in that size.
    pub workloads: Vec<String>,
    /// Of a quick look, where that is less.
    #[serde(default)]
    pub quick_workloads: Option<Vec<String>>,
    /// Size of workloads that come in sizes.
    #[serde(default)]
    pub size: Option<String>,
    /// Of a quick look.
    #[serde(default)]
    pub quick_size: Option<String>,
    /// Runtimes by id or engine; those that are absent are named and left out.
    #[serde(default = "all")]
    pub runtimes: Vec<String>,
    /// Of a quick look, where those of the experiment take too long.
    #[serde(default)]
    pub quick_runtimes: Option<Vec<String>>,
    /// Whether whole processes are timed as well.
    #[serde(default)]
    pub whole_process: bool,
    /// Most rounds.
    #[serde(default = "rounds")]
    pub rounds: u32,
    /// Most calls on the measured curve.
    #[serde(default = "calls")]
    pub calls: u64,
    /// Time budget once every runtime was measured, seconds.
    #[serde(default = "budget")]
    pub budget_s: f64,
    /// Of a quick look, seconds.
    #[serde(default = "quick_budget")]
    pub quick_budget_s: f64,
    /// Whether events are counted: by the processor, else by a simulated one.
    #[serde(default)]
    pub counters: bool,
    /// Time for counting on a simulated processor, seconds.
    #[serde(default = "budget")]
    pub counter_budget_s: f64,
    /// Of a quick look, seconds.
    #[serde(default = "quick_counter_budget")]
    pub quick_counter_budget_s: f64,
}

/// Names of sizes, the smallest first.
const SIZES: [&str; 4] = ["ci", "small", "medium", "large"];

impl RunSpec {
    /// Whether what was measured is less than this asks for: smaller sizes, fewer rounds or calls, less time.
    pub fn reduced(&self, plan: &Plan) -> bool {
        let rank = |size: &str| SIZES.iter().position(|s| *s == size);
        let asked = self.size.as_deref().and_then(rank);
        let own_size = |name: &str| {
            let bare = name.split_once('@').map_or(name, |(bare, _)| bare);
            self.workloads.iter().any(|w| w.split_once('@').is_some_and(|(w, _)| w == bare))
        };
        let smaller = plan.workloads.iter().filter(|w| !own_size(&w.name)).any(|w| {
            let size = w.name.split_once('@').and_then(|(_, size)| rank(size));
            size.zip(asked).is_some_and(|(size, asked)| size < asked)
        });
        let hurried = plan.budget_s.is_some_and(|budget| budget < self.budget_s);
        smaller || hurried || plan.max_rounds < self.rounds || plan.calls < self.calls
    }
}

fn all() -> Vec<String> {
    vec!["all".into()]
}

const fn rounds() -> u32 {
    20
}

const fn calls() -> u64 {
    100
}

const fn budget() -> f64 {
    600.0
}

const fn quick_counter_budget() -> f64 {
    150.0
}

const fn quick_budget() -> f64 {
    45.0
}

/// A table: a measure of every runtime, as geometric mean over the workloads and, when they are few, for each.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FigureSpec {
    /// Heading; names the table or figure of the source it answers.
    pub title: String,
    /// The run it is about.
    pub run: String,
    /// What is shown.
    #[schemars(with = "String")]
    pub measure: Measure,
    /// Divide by the same measure of this runtime, workload by workload.
    #[serde(default)]
    pub relative_to: Option<String>,
    /// Divide by another measure of the same runtime instead.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub relative_to_measure: Option<Measure>,
    /// Published values by runtime, in the unit of the figure: of the mean, or of the workload named in `published_of`.
    /// Times in nanoseconds, sizes in bytes, ratios as such.
    #[serde(default)]
    pub published: BTreeMap<String, f64>,
    /// Published values by workload, then by runtime.
    #[serde(default)]
    pub published_of: BTreeMap<String, BTreeMap<String, f64>>,
    /// What must be known to compare the two.
    #[serde(default)]
    pub note: Option<String>,
}

/// A statement of the source, and the rule by which it is judged.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ClaimSpec {
    /// Where it stands: `003 Finding 1`.
    #[serde(rename = "where")]
    pub place: String,
    /// What is claimed, in our words.
    pub says: String,
    /// The run it is judged by.
    pub run: String,
    /// How.
    pub rule: Rule,
}

/// How a claim is judged.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Rule {
    /// `left / right`, as geometric mean over the workloads both have, lies below, above or between.
    Ratio {
        /// Above the line.
        left: Operand,
        /// Below the line.
        right: Operand,
        /// It is smaller than this.
        #[serde(default)]
        below: Option<f64>,
        /// It is larger than this.
        #[serde(default)]
        above: Option<f64>,
        /// Only these workloads.
        #[serde(default)]
        workloads: Vec<String>,
    },
    /// No runtime is the best on every workload.
    NoWinner {
        /// The best has the least of this.
        #[schemars(with = "String")]
        measure: Measure,
        /// Runtimes that compete; all but native when empty.
        #[serde(default)]
        runtimes: Vec<String>,
    },
}

/// One side of a ratio.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Operand {
    /// Runtime id.
    pub runtime: String,
    /// What of it.
    #[schemars(with = "String")]
    pub measure: Measure,
    /// Set of the workloads (`apps-O0`), when the sides differ in it; workloads are paired by their last name.
    #[serde(default)]
    pub set: Option<String>,
}

/// What is not there.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Missing {
    /// The table or figure.
    pub what: String,
    /// Why.
    pub why: String,
}

impl Experiment {
    /// From TOML, checked as far as that is possible without measuring.
    pub fn parse(text: &str) -> Result<Self, ExperimentError> {
        let experiment: Self = toml::from_str(text)?;
        let known = || experiment.runs.keys().cloned().collect::<Vec<_>>().join(", ");
        let figures = experiment.figures.iter().map(|f| (format!("the figure `{}`", f.title), &f.run));
        let claims = experiment.claims.iter().map(|c| (format!("the claim `{}`", c.says), &c.run));
        for (what, run) in figures.chain(claims) {
            if !experiment.runs.contains_key(run) {
                return Err(ExperimentError::Run { what, run: run.clone(), known: known() });
            }
        }
        for (name, run) in &experiment.runs {
            if run.workloads.is_empty() || run.runtimes.is_empty() || run.rounds == 0 {
                let words =
                    format!("the run `{name}` measures nothing: it needs workloads, runtimes and rounds");
                return Err(ExperimentError::Meaningless(words));
            }
        }
        for claim in &experiment.claims {
            if let Rule::Ratio { below: None, above: None, .. } = claim.rule {
                let words =
                    format!("the claim `{}` has no limit: write `below`, `above` or both", claim.says);
                return Err(ExperimentError::Meaningless(words));
            }
        }
        for figure in &experiment.figures {
            if figure.relative_to.is_some() && figure.relative_to_measure.is_some() {
                let words = format!("the figure `{}` is relative to two things at once", figure.title);
                return Err(ExperimentError::Meaningless(words));
            }
        }
        Ok(experiment)
    }
}

#[cfg(test)]
mod tests {
    use runoff_data::{Plan, PlannedWorkload};

    use crate::bundled;

    #[test]
    fn a_quick_look_is_known_from_the_whole() {
        let edge = bundled("edge").expect("it parses");
        let (apps, matrices) = (&edge.runs["apps"], &edge.runs["matrices"]);
        let plan = |names: &[&str], calls| Plan {
            workloads: names
                .iter()
                .map(|n| PlannedWorkload { name: (*n).into(), ..PlannedWorkload::default() })
                .collect(),
            max_rounds: 10,
            budget_s: Some(1e9),
            calls,
            ..Plan::default()
        };
        let whole = plan(&["edge/canny@medium", "edge/plate@large"], 50);
        assert!(!apps.reduced(&whole));
        assert!(apps.reduced(&plan(&["edge/canny@medium", "edge/plate@small"], 50)), "a smaller size");
        assert!(apps.reduced(&plan(&["edge/canny@medium"], 49)), "fewer calls");
        assert!(apps.reduced(&Plan { max_rounds: 9, ..whole.clone() }), "fewer rounds");
        assert!(apps.reduced(&Plan { budget_s: Some(60.0), ..whole }), "less time");
        assert!(!matrices.reduced(&plan(&["edge/matmul@ci"], 1)), "the size is part of the experiment");
    }
}
