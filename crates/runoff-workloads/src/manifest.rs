//! Manifests: a workload as a TOML file.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::Published;

/// A workload as written in TOML. In a manifest beside a module, `module` and file names are relative to it.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Name; the file's stem when absent.
    #[serde(default)]
    pub name: Option<String>,
    /// What it is, in a few words.
    #[serde(default)]
    pub summary: String,
    /// Module file.
    pub module: String,
    /// Export to call; a WASI command when absent.
    #[serde(default)]
    pub invoke: Option<String>,
    /// Arguments.
    #[serde(default)]
    pub args: Vec<String>,
    /// File used as standard input.
    #[serde(default)]
    pub stdin: Option<String>,
    /// Preopened directories, guest path → host path.
    #[serde(default)]
    pub dirs: BTreeMap<String, String>,
    /// Files for the guest's `.`, path there → host file: copied into a fresh folder for every run, so that every
    /// run finds the same.
    #[serde(default)]
    pub files: BTreeMap<String, String>,
    /// Environment.
    #[serde(default)]
    pub env: BTreeMap<String, String>,
    /// Right results of the export, as `runoff run` prints them.
    #[serde(default)]
    pub expected_results: Option<Vec<String>>,
    /// Right standard output of the command.
    #[serde(default)]
    pub expected_stdout: Option<String>,
    /// SHA-256 of the right standard output, for output too long to write here; the exit code must be 0.
    #[serde(default)]
    pub expected_stdout_sha256: Option<String>,
    /// Fraction by which numbers in the answer may differ from the right ones, for results that floating point may
    /// round differently; exact when absent.
    #[serde(default)]
    pub tolerance: Option<f64>,
    /// Sizes with arguments and answers of their own.
    #[serde(default)]
    pub sizes: BTreeMap<String, SizeSpec>,
    /// What it stands for in the literature.
    #[serde(default)]
    pub stands_for: Option<String>,
    /// Published figures to show beside ours.
    #[serde(default)]
    pub published: Vec<Published>,
}

/// What differs in one size.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SizeSpec {
    /// Arguments.
    pub args: Vec<String>,
    /// Right results of the export.
    #[serde(default)]
    pub expected_results: Option<Vec<String>>,
    /// Right standard output of the command.
    #[serde(default)]
    pub expected_stdout: Option<String>,
    /// SHA-256 of the right standard output.
    #[serde(default)]
    pub expected_stdout_sha256: Option<String>,
}
