//! The report: one or more results as a page, or as text.

mod embed;
mod figures;
mod grids;
mod html;
mod shell;
mod text;
mod warnings;
mod words;

pub(crate) use embed::{Attachment, packed_attachment};
pub(crate) use shell::Page;

use std::collections::BTreeMap;

use runoff_analysis::Overview;
use runoff_data::{Machine, ResultFile, units};

use crate::{Plot, escape};

/// One result of a report.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    /// A letter, when there are several.
    pub label: String,
    /// Name of the file.
    pub name: String,
    /// SHA-256 of the file, hexadecimal.
    pub digest: String,
    /// The result.
    pub result: ResultFile,
    /// What it says.
    pub overview: Overview,
}

impl Run {
    /// `A · wasmtime 48 …`: the letter, the processor and the date.
    pub(crate) fn heading(&self) -> String {
        let header = &self.result.header;
        let machine = machine_name(&header.machine);
        let about = format!("{machine}, {}", units::moment(header.created_unix));
        if self.label.is_empty() { about } else { format!("{}: {about}", self.label) }
    }
}

/// Results made into a report.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// Title of the page.
    pub title: String,
    /// The results, in the order given.
    pub runs: Vec<Run>,
    /// Numbers of calls winners are named for.
    pub calls: Vec<u64>,
}

impl Report {
    /// Makes a report of results, each with file name and SHA-256. `baseline` is what the others are compared with.
    pub fn new(
        title: &str,
        results: Vec<(String, String, ResultFile)>,
        baseline: Option<&str>,
        calls: &[u64],
    ) -> Self {
        let several = results.len() > 1;
        let runs = results
            .into_iter()
            .enumerate()
            .map(|(i, (name, digest, result))| Run {
                label: if several { letter(i) } else { String::new() },
                name,
                digest,
                overview: Overview::of(&result, baseline, calls),
                result,
            })
            .collect();
        Self { title: title.to_owned(), runs, calls: calls.to_vec() }
    }

    /// Runs put together by machine, in order of first appearance.
    pub(crate) fn machines(&self) -> Vec<(&Machine, Vec<&Run>)> {
        let mut at: BTreeMap<String, usize> = BTreeMap::new();
        let mut groups: Vec<(&Machine, Vec<&Run>)> = Vec::new();
        for run in &self.runs {
            let machine = &run.result.header.machine;
            let place = *at.entry(machine.key()).or_insert(groups.len());
            if place == groups.len() {
                groups.push((machine, Vec::new()));
            }
            groups[place].1.push(run);
        }
        groups
    }

    /// Every plot with a name for its file: `a-nbody-phases`.
    pub fn plots(&self) -> Vec<(String, Plot)> {
        let mut plots: Vec<(String, Plot)> = Vec::new();
        for run in &self.runs {
            let prefix = if run.label.is_empty() { String::new() } else { escape::slug(&run.label) + "-" };
            let mut add = |of: &str, plot: Plot| {
                let wished = format!("{prefix}{}-{}", escape::slug(of), plot.name);
                let taken = |name: &String| plots.iter().any(|(n, _)| n == name);
                let free = std::iter::once(wished.clone())
                    .chain((2..10_000).map(|i| format!("{wished}-{i}")))
                    .find(|name| !taken(name));
                plots.push((free.unwrap_or(wished), plot));
            };
            for plot in figures::over_all(run) {
                add("all", plot);
            }
            for workload in &run.result.header.plan.workloads {
                for plot in figures::of_workload(run, &workload.name, figures::Detail::Full) {
                    add(&workload.name, plot);
                }
            }
        }
        plots
    }

    /// The page: one HTML file that needs nothing else.
    pub fn html(&self) -> String {
        html::page(self)
    }

    /// Markdown: summary and tables.
    pub fn markdown(&self) -> String {
        text::markdown(self)
    }

    /// All estimates, one a line, with the run they belong to.
    pub fn csv(&self) -> String {
        text::csv(self)
    }

    /// Everything for programs.
    pub fn json(&self) -> serde_json::Value {
        text::json(self)
    }
}

/// A, B … Z, AA …
fn letter(i: usize) -> String {
    let mut text = if i < 26 { String::new() } else { letter(i / 26 - 1) };
    text.push(char::from(b'A' + (i % 26) as u8));
    text
}

pub(crate) fn machine_name(machine: &Machine) -> String {
    format!("{} × {} ({})", machine.cores, machine.cpu, machine.arch)
}

#[cfg(test)]
mod tests {
    use super::letter;

    #[test]
    fn letters_go_on_after_z() {
        assert_eq!([0, 25, 26, 52].map(letter), ["A", "Z", "AA", "BA"]);
    }
}
