//! Geometric means over what everyone supports.

use std::collections::{BTreeMap, BTreeSet};

use crate::quantile::geometric_mean;

/// Geometric means of ratios to a baseline.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Geomean {
    /// Per row, the geometric mean of its ratios to the baseline.
    pub rows: BTreeMap<String, f64>,
    /// Columns that went in.
    pub used: Vec<String>,
    /// Columns left out, with the rows that lack them.
    pub dropped: Vec<(String, Vec<String>)>,
}

/// Geometric means of `row / baseline` over the columns every row has. `None` without baseline or common column.
pub fn geomean_over_intersection(
    table: &BTreeMap<String, BTreeMap<String, f64>>,
    baseline: &str,
) -> Option<Geomean> {
    let base = table.get(baseline)?;
    let columns: BTreeSet<&String> = table.values().flat_map(BTreeMap::keys).collect();
    let mut result = Geomean::default();
    for column in columns {
        let lacking: Vec<String> =
            table.iter().filter(|(_, r)| !r.contains_key(column)).map(|(name, _)| name.clone()).collect();
        if lacking.is_empty() {
            result.used.push(column.clone());
        } else {
            result.dropped.push((column.clone(), lacking));
        }
    }
    for (name, row) in table {
        let ratios: Vec<f64> = result.used.iter().map(|c| row[c] / base[c]).collect();
        result.rows.insert(name.clone(), geometric_mean(&ratios)?);
    }
    Some(result)
}
