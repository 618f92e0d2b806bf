//! The report as one page of HTML.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use runoff_data::units;
use sha2::{Digest, Sha256};

use super::figures::Detail;
use super::{Report, Run, embed, figures, grids, warnings, words};
use crate::escape;
use crate::grid::Grid;
use crate::plot::{self, Plot};
use crate::sentences;

const STYLE: &str = include_str!("style.css");
const SCRIPT: &str = include_str!("script.js");

/// Cells above which a page keeps its workloads packed until they are opened and draws distributions with fewer strokes.
const MANY: usize = 250;

/// Rows above which a table can be filtered.
const FILTERED: usize = 8;

/// A page being written; ids are counted so that none comes twice.
struct Page {
    html: String,
    tables: usize,
    plots: usize,
}

pub(crate) fn page(report: &Report) -> String {
    let mut page = Page { html: String::with_capacity(1 << 20), tables: 0, plots: 0 };
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
    page.push("</main><footer><p>Made by <code>runoff report</code>. Everything in this page is in this file; it loads nothing.</p></footer>");
    let about = escape::script_json(&super::text::about(report).to_string());
    let _ = writeln!(
        page.html,
        "<script type=\"application/json\" id=report>{about}</script><script>{SCRIPT}</script></body></html>"
    );
    page.html
}

impl Page {
    fn push(&mut self, html: &str) {
        self.html.push_str(html);
    }

    fn head(&mut self, report: &Report) {
        let style = format!(
            "{STYLE}{}:root{{{}}}@media(prefers-color-scheme:dark){{:root{{{}}}}}@media print{{:root{{{}}}}}",
            plot::page_style(),
            plot::variables(false),
            plot::variables(true),
            plot::variables(false)
        );
        // Should a hostile name ever get through as markup, the browser still runs this script and no other.
        let hash = STANDARD.encode(Sha256::digest(SCRIPT));
        let title = escape::html(&report.title);
        let _ = write!(
            self.html,
            "<!doctype html>\n<html lang=en><head><meta charset=utf-8><meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{hash}'; base-uri 'none'; form-action 'none'\"><meta name=viewport content=\"width=device-width,initial-scale=1\"><meta name=generator content=\"Runoff {}\"><title>{title}</title><style>{style}</style></head><body><a class=skip href=\"#summary\">To the summary</a><header><h1>{title}</h1>",
            env!("CARGO_PKG_VERSION")
        );
        let machines = report.machines().len();
        let headings: Vec<String> = report.runs.iter().map(|r| escape::html(&r.heading())).collect();
        let count = if machines > 1 {
            format!("{} results of {machines} machines. ", report.runs.len())
        } else {
            String::new()
        };
        let _ = write!(
            self.html,
            "<p class=lead>{count}{}</p><nav aria-label=Contents><ul>",
            headings.join("<br>")
        );
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
        for (id, name) in links {
            let _ = write!(self.html, "<li><a href=\"#{id}\">{}</a></li>", escape::html(&name));
        }
        self.push("</ul></nav></header><main>");
    }

    fn section(&mut self, id: &str, title: &str) {
        let _ = write!(self.html, "<h2 id=\"{id}\">{}</h2>", escape::html(title));
    }

    fn list(&mut self, class: &str, lines: &[String]) {
        if lines.is_empty() {
            return;
        }
        let _ = write!(self.html, "<ul class={class}>");
        for line in lines {
            let _ = write!(self.html, "<li>{}</li>", escape::html(line));
        }
        self.push("</ul>");
    }

    fn mind(&mut self, lines: &[String]) {
        if !lines.is_empty() {
            self.push("<aside class=mind aria-label=Warnings><h3>Mind</h3>");
            self.list("plain", lines);
            self.push("</aside>");
        }
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

    /// A sortable table; long ones with a filter, by words and by the values of the columns named.
    fn table(&mut self, grid: &Grid, selects: &[&str]) {
        if grid.rows.is_empty() {
            return;
        }
        self.tables += 1;
        let id = format!("t{}", self.tables);
        let caption = escape::html(&grid.caption);
        if grid.rows.len() > FILTERED {
            let _ = write!(
                self.html,
                "<p>{caption}</p><form class=filters data-table={id} hidden aria-label=\"Filter: {caption}\"><label>Filter by words<input type=search name=words autocomplete=off></label>"
            );
            for name in selects.iter().filter(|s| grid.columns.iter().any(|(c, _)| c == *s)) {
                let _ = write!(
                    self.html,
                    "<label>{name}<select name=\"{name}\"><option value=\"\">all</option></select></label>"
                );
            }
            self.push(
                "<output aria-live=polite></output><button type=button hidden>Show all rows</button></form>",
            );
        }
        let tall = if grid.rows.len() > FILTERED { " tall" } else { "" };
        let _ = write!(
            self.html,
            "<div class=\"scroll{tall}\" role=region tabindex=0 aria-label=\"{caption}\">{}</div>",
            grid.html("sort", Some(&id))
        );
    }

    fn figures(&mut self, plots: &[Plot]) {
        if plots.is_empty() {
            return;
        }
        self.push("<div class=figures>");
        for plot in plots {
            self.plots += 1;
            let _ = writeln!(
                self.html,
                "<figure><figcaption>{title}<span>{}</span></figcaption><div class=scroll role=region tabindex=0 aria-label=\"Plot: {title}\">{}</div><details><summary>Figures of this plot as a table</summary><div class=scroll role=region tabindex=0 aria-label=\"Table: {title}\">{}</div></details></figure>",
                escape::html(&plot.describe),
                plot.inline(&format!("p{}", self.plots)),
                plot.grid.html("fig", None),
                title = escape::html(&plot.title),
            );
        }
        self.push("</div>");
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
        self.push("<p>Inside this page, packed with gzip:</p><ul>");
        for file in embed::attachments(report) {
            let _ = write!(
                self.html,
                "<li><a download=\"{name}\" href=\"{}\">{name}</a> ({}): {}</li>",
                file.address,
                units::bytes(file.bytes as u64),
                escape::html(&file.about),
                name = escape::html(&file.name),
            );
        }
        self.push("</ul>");
    }
}

fn run_id(run: &Run) -> String {
    if run.label.is_empty() { "run".into() } else { format!("run-{}", escape::slug(&run.label)) }
}
