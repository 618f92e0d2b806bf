//! Studies as chapters: what each found, in tables and plots, and what became of the source's claims; all of them as
//! one page.

mod html;
mod pictures;

use runoff_data::units;
use runoff_experiment::{Experiment, Figure, Judged, Results, Verdict, figure, judge};
use serde::{Deserialize, Serialize};

use crate::experiment::{by_workload, claims_table, figure_table, missing, reduced};
use crate::page::machine_name;
use crate::width::{broken, width};
use crate::{Format, Plot, Table, escape};

pub use pictures::figure_plots;

/// Runtimes of a figure that have changed places.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Swapped {
    /// Its title.
    pub figure: String,
    /// A clause per pair.
    pub pairs: Vec<String>,
}

/// What a study found, ready to be shown and kept.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Chapter {
    /// What a user types to make it again: `phases`.
    pub name: String,
    /// What it is, in a line.
    pub title: String,
    /// What is asked, and how it is answered here.
    pub about: String,
    /// Number of the source document it does again.
    pub source: Option<String>,
    /// Why it is not there, when it is not.
    pub absent: Option<String>,
    /// Where and when it was measured: name and value.
    #[serde(default)]
    pub facts: Vec<(String, String)>,
    /// What must be known to read it.
    pub notes: Vec<String>,
    /// Claims of the source, judged.
    pub claims: Vec<Judged>,
    /// Runs that measured less than is asked for, when claims depend on them.
    pub reduced: Vec<String>,
    /// Figures in which the published values order two runtimes one way and ours the other.
    #[serde(default)]
    pub swapped: Vec<Swapped>,
    /// Plots.
    pub plots: Vec<Plot>,
    /// Tables.
    pub tables: Vec<Table>,
}

impl Chapter {
    /// Adds a figure: its table, its plots, its differences.
    pub fn add(&mut self, figure: &Figure) {
        if figure.is_empty() {
            return;
        }
        let table = figure_table(figure);
        if !figure.differences.is_empty() {
            let (figure, pairs) = (figure.title.clone(), figure.differences.clone());
            self.swapped.push(Swapped { figure, pairs });
        }
        self.plots.extend(figure_plots(figure, self.plots.len()));
        self.tables.push(table);
        self.tables.extend(by_workload(figure));
    }

    /// All tables, claims first, as text.
    pub fn render(&self, format: Format) -> String {
        let heading = match format {
            Format::Markdown => Some(format!(
                "## {}\n\n{}\n",
                escape::markdown_line(&self.title),
                escape::markdown_line(&self.about)
            )),
            Format::Csv | Format::Json => None,
            Format::Table => Some(format!("{}\n\n{}\n", self.title, broken(&self.about, "", width()))),
        };
        let claims = self.claims();
        let tables = self.tables.iter().chain([&claims]).filter(|t| !t.is_empty());
        heading.into_iter().chain(tables.map(|t| t.render(format))).collect::<Vec<_>>().join("\n")
    }

    fn claims(&self) -> Table {
        let reduced: Vec<&str> = self.reduced.iter().map(String::as_str).collect();
        claims_table(&self.claims, &reduced)
    }

    /// How many claims came to this.
    fn count(&self, verdict: Verdict) -> usize {
        self.claims.iter().filter(|c| c.verdict == verdict).count()
    }
}

/// An experiment that is data, as a chapter.
pub fn experiment_chapter(name: &str, experiment: &Experiment, results: &Results) -> Chapter {
    let mut chapter = Chapter {
        name: name.to_owned(),
        title: experiment.title.clone(),
        about: experiment.about.clone(),
        source: experiment.source.clone(),
        claims: experiment.claims.iter().map(|c| judge(c, results)).collect(),
        reduced: reduced(experiment, results).into_iter().map(ToOwned::to_owned).collect(),
        ..Chapter::default()
    };
    if let Some(result) = results.values().next() {
        let header = &result.header;
        let runtimes: Vec<String> = header
            .plan
            .runtimes
            .iter()
            .map(|r| format!("{} {}", r.id, r.identity.version).trim().to_owned())
            .collect();
        chapter.facts = [
            ("machine", machine_name(&header.machine)),
            ("measured", units::moment(header.created_unix)),
            ("Runoff", header.runoff_version.clone()),
            ("runtimes", runtimes.join(", ")),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .to_vec();
    }
    for spec in &experiment.figures {
        chapter.add(&figure(spec, results));
    }
    let missing = missing(experiment, results);
    if !missing.is_empty() {
        chapter.tables.push(missing);
    }
    chapter
}

/// Several studies as one document.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Studies {
    /// Title of the page.
    pub title: String,
    /// The machine, the time, the program: name and value.
    pub facts: Vec<(String, String)>,
    /// One per study.
    pub chapters: Vec<Chapter>,
}

impl Studies {
    /// One HTML file that needs nothing else.
    pub fn html(&self) -> String {
        html::page(self)
    }

    /// Markdown.
    pub fn markdown(&self) -> String {
        let facts = self.facts.iter().map(|(name, value)| {
            format!("- {}: {}\n", escape::markdown_line(name), escape::markdown_line(value))
        });
        let title = format!("# {}\n\n{}", escape::markdown_line(&self.title), facts.collect::<String>());
        let summary = self.summary().into_iter().map(|line| format!("- {}\n", escape::markdown_line(&line)));
        let chapters = self.chapters.iter().map(|c| c.render(Format::Markdown));
        std::iter::once(title).chain([summary.collect()]).chain(chapters).collect::<Vec<_>>().join("\n")
    }

    /// The summary and, study by study, what became of the claims.
    pub fn verdicts(&self, format: Format) -> String {
        let tables = self.chapters.iter().map(|c| c.claims().marked("study", &c.name));
        if format == Format::Csv {
            let mut all = Table::default();
            for table in tables {
                if all.is_empty() { all = table } else { all.append(table) }
            }
            return all.render(format);
        }
        let summary = self.summary().into_iter().map(|line| format!("{}\n", escape::terminal(&line)));
        let claims = self.chapters.iter().filter(|c| !c.claims.is_empty());
        let claims = claims.map(|c| format!("{}: {}", c.title, c.claims().render(format)));
        std::iter::once(summary.collect::<String>()).chain(claims).collect::<Vec<_>>().join("\n")
    }

    /// What it comes to, in sentences made from the verdicts.
    fn summary(&self) -> Vec<String> {
        let all = |v| self.chapters.iter().map(|c| c.count(v)).sum::<usize>();
        let named = [Verdict::Holds, Verdict::NoLongerHolds, Verdict::Unsure, Verdict::NotMeasured];
        let counts = named.map(|v| v.counted(all(v))).join(", ");
        let claims: usize = self.chapters.iter().map(|c| c.claims.len()).sum();
        let were = if claims == 1 { "claim of the sources was" } else { "claims of the sources were" };
        let mut lines = vec![format!("{claims} {were} put to the test: {counts}.")];
        for chapter in &self.chapters {
            if let Some(why) = &chapter.absent {
                lines.push(format!("{}: not there – {why}.", chapter.title));
                continue;
            }
            let gone: Vec<&str> = chapter
                .claims
                .iter()
                .filter(|c| c.verdict == Verdict::NoLongerHolds)
                .map(|c| c.says.as_str())
                .collect();
            let holds = chapter.count(Verdict::Holds);
            let claims = match chapter.claims.len() {
                0 => String::new(),
                1 => format!(": {holds} of 1 claim holds"),
                all => format!(": {holds} of {all} claims {}", if holds == 1 { "holds" } else { "hold" }),
            };
            let gone =
                if gone.is_empty() { String::new() } else { format!("; no longer: {}", gone.join("; ")) };
            let changed = match chapter.swapped.iter().map(|s| s.pairs.len()).sum::<usize>() {
                0 => String::new(),
                1 => "; one published order is the other way round here".to_owned(),
                n => format!("; {n} published orders are the other way round here"),
            };
            let quick = if chapter.reduced.is_empty() { "" } else { " (a quick look)" };
            lines.push(format!("{}{quick}{claims}{gone}{changed}.", chapter.title));
        }
        lines
    }
}
