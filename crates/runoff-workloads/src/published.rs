//! Figures others published for a workload, shown beside ours.

use schemars::JsonSchema;
use serde::Deserialize;

/// One published table.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Published {
    /// Number of the source document.
    pub source: String,
    /// Size of the workload it is about; any when absent.
    #[serde(default)]
    pub size: Option<String>,
    /// Where and how it was measured.
    pub what: String,
    /// Unit of the times: `us`, `ms` or `s`.
    pub unit: String,
    /// Rows, one per runtime.
    pub rows: Vec<PublishedRow>,
}

/// Published figures of one runtime; absent ones were not published.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PublishedRow {
    /// The runtime of ours it corresponds to.
    pub runtime: String,
    /// Compile (parse included).
    #[serde(default)]
    pub compile: Option<f64>,
    /// Instantiate.
    #[serde(default)]
    pub instantiate: Option<f64>,
    /// One call.
    #[serde(default)]
    pub call: Option<f64>,
    /// Compile, instantiate and call.
    #[serde(default)]
    pub jit: Option<f64>,
    /// Compile and save.
    #[serde(default)]
    pub aot_compile: Option<f64>,
    /// Load, instantiate and call.
    #[serde(default)]
    pub aot_execute: Option<f64>,
    /// Both.
    #[serde(default)]
    pub aot_total: Option<f64>,
    /// User time of the whole process.
    #[serde(default)]
    pub process_user: Option<f64>,
    /// Wall time of the whole process.
    #[serde(default)]
    pub process_wall: Option<f64>,
    /// Peak resident set in 10⁶ bytes.
    #[serde(default)]
    pub peak_rss_mb: Option<f64>,
}

impl Published {
    /// Nanoseconds one unit stands for.
    pub fn unit_ns(&self) -> f64 {
        match self.unit.as_str() {
            "us" => 1e3,
            "ms" => 1e6,
            _ => 1e9,
        }
    }
}
