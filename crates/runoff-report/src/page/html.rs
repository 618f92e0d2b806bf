//! The report as one page of HTML.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use runoff_data::units;

use super::figures::Detail;
use super::shell::Page;
use super::{Report, Run, embed, figures, grids, warnings, words};
use crate::escape;
use crate::sentences;

/// Cells above which a page keeps its workloads packed until they are opened and draws distributions with fewer strokes.
const MANY: usize = 250;

pub(crate) fn page(report: &Report) -> String {
    let mut page = Page::default();
    page.head(report);
    page.summary(report);
    page.section("cells", "All cells");
    page.table(&grids::all_cells(report), &["runtime", "workload", "run", "verdict"]);
    if report.runs.len() > 1 {
        page.section("together", "Side by side");
        let grid = grids::side_by_side(report);
        if grid.rows.is_empty() {
            page.push("<p>No cell is the same in two results.</p>");
        } else {
            page.table(&grid, &["runtime", "workload"]);
        }
    }
    for (i, (_, runs)) in report.machines().iter().enumerate() {
        for run in runs {
            page.run(report, run, i);
        }
    }
    page.method();
    page.downloads(report);
    page.end(&super::text::about(report).to_string())
}

impl Page {
    fn head(&mut self, report: &Report) {
        let machines = report.machines().len();
        let headings: Vec<String> = report.runs.iter().map(|r| escape::html(&r.heading())).collect();
        let count = if machines > 1 {
            format!("{} results of {machines} machines. ", report.runs.len())
        } else {
            String::new()
        };
        let mut links =
            vec![("summary".to_owned(), "Summary".to_owned()), ("cells".into(), "All cells".into())];
        if report.runs.len() > 1 {
            links.push(("together".into(), "Side by side".into()));
        }
        for run in &report.runs {
            let name =
                if run.label.is_empty() { "Workloads".to_owned() } else { format!("Result {}", run.label) };
            links.push((run_id(run), name));
        }
        links.push(("method".into(), "Method".into()));
        links.push(("downloads".into(), "Data".into()));
        self.begin(&report.title, &format!("{count}{}", headings.join("<br>")), &links);
    }

    fn summary(&mut self, report: &Report) {
        self.section("summary", "Summary");
        if report.runs.len() > 1 {
            self.list("summary", &words::between(report));
            self.mind(&warnings::between(report));
        }
        for run in &report.runs {
            if !run.label.is_empty() {
                let _ = write!(self.html, "<h3>Result {}</h3>", escape::html(&run.heading()));
            }
            self.list("summary", &words::of_run(run, &report.calls));
            self.mind(&warnings::of_run(run));
        }
    }

    fn run(&mut self, report: &Report, run: &Run, machine: usize) {
        let title = if run.label.is_empty() {
            "Workload by workload".to_owned()
        } else {
            let which = if report.machines().len() > 1 {
                format!(" (machine {})", machine + 1)
            } else {
                String::new()
            };
            format!("Result {}{which}", run.heading())
        };
        self.section(&run_id(run), &title);
        self.figures(&figures::over_all(run));
        self.push("<h3>Which runtime for how many calls</h3>");
        self.table(&grids::winners(run), &["workload", "runtime"]);
        let workloads = &run.result.header.plan.workloads;
        let cells: usize = report.runs.iter().map(|r| r.overview.cells.len()).sum();
        let (detail, folded) =
            if cells > MANY { (Detail::Few, true) } else { (Detail::Full, workloads.len() > 4) };
        let id = |i: usize| format!("{}-w{i}", run_id(run));
        if workloads.len() > 1 {
            self.push("<nav class=jump aria-label=Workloads><ul>");
            for (i, w) in workloads.iter().enumerate() {
                let _ = write!(self.html, "<li><a href=\"#{}\">{}</a></li>", id(i), escape::html(&w.name));
            }
            self.push("</ul></nav>");
        }
        if detail == Detail::Few {
            self.push("<noscript><p>This report is large: without a script its workloads stay packed.</p></noscript>");
        }
        for (i, workload) in workloads.iter().enumerate() {
            let open = if folded && i > 0 { "" } else { " open" };
            let _ = write!(
                self.html,
                "<details class=workload id=\"{}\"{open}><summary><h3>{}</h3><span>{}; {}</span></summary>",
                id(i),
                escape::html(&workload.name),
                units::bytes(workload.bytes),
                escape::html(&workload.call_text())
            );
            let before = self.html.len();
            if let Some(choice) = run.overview.choices.iter().find(|c| c.workload == workload.name) {
                self.list("summary", &sentences(&choice.decision));
            }
            self.figures(&figures::of_workload(run, &workload.name, detail));
            if detail == Detail::Few && i > 0 {
                // Thousands of plots would take seconds to read in; packed they take none, and an eighth of the bytes.
                let body = self.html.split_off(before);
                let body = STANDARD.encode(embed::packed(body.as_bytes()));
                let _ = write!(self.html, "<script type=\"application/gzip\">{body}</script>");
            }
            self.push("</details>");
        }
        let problems = grids::problems(run);
        if !problems.rows.is_empty() {
            self.push("<h3>Problems</h3>");
            self.table(&problems, &["workload", "runtime", "what"]);
        }
        self.push("<h3>Machine and run</h3><dl class=facts>");
        for (name, value) in grids::facts(run) {
            let _ = write!(self.html, "<dt>{name}</dt><dd>{}</dd>", escape::html(&value));
        }
        self.push("</dl><h3>Runtimes and workloads</h3>");
        self.table(&grids::runtimes(run), &[]);
        self.table(&grids::workloads(run), &[]);
    }

    fn method(&mut self) {
        self.section("method", "Method");
        self.list(
            "plain",
            &[
                "Every runtime ran every workload in a fresh process per round, in an order shuffled per round; outputs were verified, and a wrong answer is a problem, not a time.",
                "A process is summarised by its median; a figure is the median over processes with a 95 % interval from a hierarchical bootstrap (processes, then samples).",
                "Verdicts: equivalent when the 95 % interval of the ratio lies within ±1 %; faster or slower when the 99 % interval excludes 1 and the Mann–Whitney test agrees; else unsure. Fewer than four processes decide nothing.",
                "The time of n calls is the start-up plus the measured curve; beyond its end it goes on with the steady call. Geometric means are taken over the workloads that every measured runtime ran.",
                "Absent is never zero: what could not be measured is a dash, with its reason among the problems or warnings.",
            ]
            .map(ToOwned::to_owned),
        );
    }

    fn downloads(&mut self, report: &Report) {
        self.section("downloads", "Data");
        self.push("<p>Inside this page, packed with gzip:</p>");
        self.attachments(&embed::attachments(report));
    }
}

fn run_id(run: &Run) -> String {
    if run.label.is_empty() { "run".into() } else { format!("run-{}", escape::slug(&run.label)) }
}
