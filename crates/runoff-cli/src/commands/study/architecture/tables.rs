//! The study as tables and plots.

use std::collections::BTreeSet;

use runoff_data::units;
use runoff_experiment::{Judged, Verdict as Outcome};
use runoff_report::{Chapter, Curve, Plot, Table, rate_plot};
use runoff_study::architecture::simulate::{CacheCount, Figures, SIZES};
use runoff_study::architecture::{Cell, PUBLISHED, Study, Verdict};

/// Predictors in the order of Table III.
const PREDICTORS: [&str; 3] = ["2-bit", "bi-mode", "tournament"];

/// Figure 11, Table III, the claims, and what could not be followed.
pub(crate) fn chapter(study: &Study, quick: bool) -> Chapter {
    let limit = units::count(study.instructions as f64);
    let cut = measured(study).filter(|(cell, _)| !cell.complete).count();
    let judged = study.claims.iter().map(|claim| Judged {
        place: "004, Section V".into(),
        says: claim.says.into(),
        rule: claim.rule.into(),
        found: claim.found.clone(),
        verdict: match claim.verdict {
            // The beginning of a call may be unlike the rest of it.
            Verdict::Holds | Verdict::Fails if cut > 0 => Outcome::Unsure,
            Verdict::Holds => Outcome::Holds,
            Verdict::Fails => Outcome::NoLongerHolds,
            Verdict::NotMeasured => Outcome::NotMeasured,
        },
    });
    let mut chapter = Chapter {
        name: "architecture".into(),
        title: "What compiled code asks of a processor".into(),
        about: "Caches from 8 KiB to 1 MiB and three predictors of jumps, fed with the instructions that calls execute: each call runs in a process that is followed one instruction at a time, so only the call counts, and no machine's own caches.".into(),
        facts: crate::commands::study::facts(),
        source: Some("004".into()),
        claims: judged.collect(),
        plots: plots(study),
        ..Chapter::default()
    };
    if cut > 0 {
        let all = measured(study).count();
        chapter.notes.push(format!(
            "{cut} of {all} calls were cut off after {limit} instructions, so no claim is more than unsure: \
             --instructions raises the limit"
        ));
    }
    if quick {
        chapter.reduced.push("architecture".into());
        chapter
            .notes
            .push(format!("a quick look: the smallest sizes, at most {limit} instructions of a call"));
    }
    chapter.tables.extend([
        rates(study, "Fig. 11 (a): instruction cache, misses per access by size", |f| &f.code),
        rates(study, "Fig. 11 (b): data cache, misses per access by size", |f| &f.data),
        mispredicted(study),
    ]);
    let mut absent = Table::new("Not followed", &["program", "runtime", "why"]).text_columns(&[1, 2]);
    for cell in &study.cells {
        if let Some(reason) = &cell.reason {
            absent.row(vec![cell.workload.clone(), cell.runtime.clone(), reason.clone()]);
        }
    }
    if !absent.is_empty() {
        chapter.tables.push(absent);
    }
    chapter
}

fn measured(study: &Study) -> impl Iterator<Item = (&Cell, &Figures)> {
    study.cells.iter().filter_map(|c| Some((c, c.figures.as_ref()?)))
}

fn percent(rate: f64) -> String {
    format!("{:.4}", rate * 100.0)
}

fn rates(study: &Study, title: &str, of: impl Fn(&Figures) -> &Vec<CacheCount>) -> Table {
    let sizes = SIZES.map(units::bytes);
    let mut header = vec!["program", "runtime", "instructions"];
    header.extend(sizes.iter().map(String::as_str));
    let mut table = Table::new(title, &header).text_columns(&[1]);
    let mut cut = false;
    for (cell, figures) in measured(study) {
        let mark = if cell.complete { "" } else { "*" };
        cut |= !cell.complete;
        let count = format!("{}{mark}", units::count(figures.instructions as f64));
        let mut row = vec![cell.workload.clone(), cell.runtime.clone(), count];
        row.extend(of(figures).iter().map(|c| percent(c.rate())));
        table.row(row);
    }
    table.note(format!(
        "Per cent of accesses. Lines of {} bytes, {} to a set, the least recently used one leaves; empty at the beginning.",
        study.line, study.ways
    ));
    if cut {
        let limit = units::count(study.instructions as f64);
        table.note(format!("*: cut off after {limit} instructions (--instructions)."));
    }
    table.note("The source's figure has no numbers to put beside these, and includes start-up, compiler and operating system.");
    table
}

fn mispredicted(study: &Study) -> Table {
    let header = ["program", "runtime", "conditional jumps", "2-bit", "bi-mode", "tournament"];
    let mut table = Table::new("Table III: mispredicted conditional jumps", &header).text_columns(&[1]);
    let programs: Vec<&str> = study.cells.iter().fold(Vec::new(), |mut seen, cell| {
        if !seen.contains(&cell.workload.as_str()) {
            seen.push(&cell.workload);
        }
        seen
    });
    for program in programs {
        for (cell, figures) in measured(study).filter(|(c, _)| c.workload == program) {
            let jumps = units::count(figures.conditional as f64);
            let mut row = vec![program.to_owned(), cell.runtime.clone(), jumps];
            let rate =
                |p| figures.misprediction(p).map_or_else(|| "–".into(), |r| format!("{:.2}", r * 100.0));
            row.extend(PREDICTORS.map(rate));
            table.row(row);
        }
        for row in PUBLISHED.iter().filter(|p| p.workload == program) {
            let mut cells = vec![program.to_owned(), format!("{} (published)", row.runtime), String::new()];
            cells.extend(row.percent.map(|p| format!("{p:.2}")));
            table.row(cells);
        }
    }
    table.note("Per cent of conditional jumps. 2-bit: 2048 counters. Bi-mode: 2048 counters in each direction table and 2048 that choose. Tournament: 1024 own histories and counters, 4096 global counters, 4096 that choose. Each with a target buffer of 2048 entries.");
    table
}

/// Every count on a line of its own.
pub(super) fn long(study: &Study) -> Table {
    let header = ["program", "arguments", "runtime", "measure", "size_bytes", "value"];
    let mut table = Table::new("", &header);
    for (cell, figures) in measured(study) {
        let mut line = |measure: &str, size: String, value: u64| {
            let start = [cell.workload.clone(), cell.args.join(" "), cell.runtime.clone()];
            table.row([start.to_vec(), vec![measure.to_owned(), size, value.to_string()]].concat());
        };
        line("instructions", String::new(), figures.instructions);
        line("conditional_jumps", String::new(), figures.conditional);
        line("taken_jumps", String::new(), figures.taken);
        for (name, caches) in [("code", &figures.code), ("data", &figures.data)] {
            for cache in caches {
                line(&format!("{name}_accesses"), cache.bytes.to_string(), cache.accesses);
                line(&format!("{name}_misses"), cache.bytes.to_string(), cache.misses);
            }
        }
        for predictor in &figures.predictors {
            line(&format!("mispredicted_{}", predictor.predictor), String::new(), predictor.mispredicted);
        }
    }
    table
}

/// A plot per program and cache.
fn plots(study: &Study) -> Vec<Plot> {
    let programs: BTreeSet<&str> = measured(study).map(|(c, _)| c.workload.as_str()).collect();
    let mut plots = Vec::new();
    for program in programs {
        for (words, of) in [
            ("instruction cache", (|f| &f.code) as fn(&Figures) -> &Vec<CacheCount>),
            ("data cache", |f| &f.data),
        ] {
            let here = measured(study).filter(|(c, _)| c.workload == program);
            let points = |f: &Figures| of(f).iter().map(|c| (c.bytes, c.rate())).collect();
            let series: Vec<Curve> =
                here.map(|(cell, figures)| (cell.runtime.clone(), points(figures))).collect();
            let title = format!("{program}: {words}, misses by size");
            let describe = "Misses per access of simulated caches from 8 KiB to 1 MiB, a line per runtime.";
            plots.extend(rate_plot(&title, describe, &series));
        }
    }
    plots
}
