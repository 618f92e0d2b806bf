//! What optimisation levels of the modules do to runtimes.

use std::collections::BTreeMap;

use runoff_analysis::{CellSummary, summarise};
use runoff_data::{Phase, ResultFile, View};
use runoff_workloads::level;

use crate::Table;

/// In the order of columns; the first one measured is what the others are compared with.
const LEVELS: [&str; 6] = ["O0", "O1", "O2", "O3", "Os", "simd"];

/// A time in nanoseconds, and what it was measured of.
struct Measured<'a> {
    runtime: &'a str,
    /// The program with its size, the same at all levels.
    program: String,
    level: &'static str,
    time: f64,
}

/// Tables of a result that holds programs at several optimisation levels: how many times as fast as at the lowest
/// level each runtime is, for repeated calls and from the module's bytes to the first answer. The last is what
/// source 003 measured for its Finding 4.
pub(crate) fn level_tables(result: &ResultFile) -> Vec<Table> {
    let cells = summarise(result);
    let call = |c: &CellSummary| c.phases.get(&Phase::Call).and_then(|s| s.warm);
    let jit = |c: &CellSummary| c.views.get(&View::Jit).and_then(|s| s.cold);
    let of = |what: &dyn Fn(&CellSummary) -> Option<runoff_stats::Estimate>| -> Vec<Measured<'_>> {
        let planned = result.header.plan.workloads.iter();
        let known = planned.filter_map(|w| Some((&w.name, level(w.bundled.as_deref()?)?)));
        let of_cells = known.flat_map(|(name, (program, level))| {
            let size = name.split_once('@').map_or("", |(_, size)| size);
            cells.iter().filter(move |c| c.workload == *name && c.runtime != "native").filter_map(move |c| {
                let time = what(c)?.median;
                Some(Measured { runtime: &c.runtime, program: format!("{program}@{size}"), level, time })
            })
        });
        of_cells.collect()
    };
    [("repeated call", of(&call)), ("module to first answer, cold", of(&jit))]
        .into_iter()
        .filter_map(|(what, measured)| table(what, &measured))
        .collect()
}

/// `None` unless there are several levels to compare.
fn table(what: &str, measured: &[Measured<'_>]) -> Option<Table> {
    let levels: Vec<&str> =
        LEVELS.into_iter().filter(|level| measured.iter().any(|m| m.level == *level)).collect();
    let (base, others) = levels.split_first().filter(|(_, others)| !others.is_empty())?;
    let mut by_runtime: BTreeMap<&str, BTreeMap<&str, BTreeMap<&str, f64>>> = BTreeMap::new();
    for m in measured {
        let programs = by_runtime.entry(m.runtime).or_default();
        programs.entry(&m.program).or_default().insert(m.level, m.time);
    }
    let flag = |level: &&str| match *level {
        "simd" => "-O3, SIMD".to_owned(),
        level => format!("-{level}"),
    };
    let header: Vec<String> =
        ["runtime".into(), "programs".into()].into_iter().chain(levels.iter().map(flag)).collect();
    let header: Vec<&str> = header.iter().map(String::as_str).collect();
    let title = format!("Optimisation levels – {what}: how many times as fast as at -{base}");
    let mut table = Table::new(title, &header);
    for (runtime, programs) in by_runtime {
        // Only programs with a time at every level: each column is a mean of the same ones.
        let whole: Vec<_> = programs.values().filter(|times| times.len() == levels.len()).collect();
        if whole.is_empty() {
            continue;
        }
        let mean = |level: &str| {
            let logs = whole.iter().map(|times| (times[base] / times[level]).ln());
            (logs.sum::<f64>() / whole.len() as f64).exp()
        };
        let mut row = vec![runtime.to_owned(), whole.len().to_string(), "1".to_owned()];
        row.extend(others.iter().map(|level| format!("{:.2}", mean(level))));
        table.row(row);
    }
    table.note("geometric means over the programs measured at all these levels; only the module differs");
    (!table.is_empty()).then_some(table)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Format;

    fn measured(rows: &[(&'static str, &str, &'static str, f64)]) -> Vec<Measured<'static>> {
        let row = |&(runtime, program, level, time): &(_, &str, _, _)| Measured {
            runtime,
            program: program.into(),
            level,
            time,
        };
        rows.iter().map(row).collect()
    }

    #[test]
    fn means_are_of_ratios_and_of_programs_measured_at_all_levels() {
        let rows = measured(&[
            ("a", "p@ci", "O0", 800.0),
            ("a", "p@ci", "O3", 100.0),
            ("a", "q@ci", "O3", 5.0),
            ("a", "q@ci", "O0", 10.0),
            ("a", "r@ci", "O0", 1e9),
            ("b", "p@ci", "O3", 1.0),
        ]);
        let text = table("call", &rows).expect("two levels").render(Format::Csv);
        let rows: Vec<&str> = text.lines().filter(|l| l.starts_with("a,") || l.starts_with("b,")).collect();
        assert_eq!(rows, ["a,2,1,4.00"], "√(8 · 2), without r and b: {text}");
    }

    #[test]
    fn one_level_alone_is_no_table() {
        assert!(table("call", &measured(&[("a", "p@ci", "O3", 1.0)])).is_none());
        assert!(table("call", &[]).is_none());
    }
}
