//! The arithmetic behind a decision.

use runoff_data::units;
use runoff_pick::{Candidate, Decision};

use crate::Table;
use crate::table::bytes_text;

/// Start-up, calls and their sum for every candidate and number of calls, the cheapest first.
pub(crate) fn sums(decision: &Decision, candidates: &[Candidate]) -> Table {
    let mut table = Table::new(
        "The arithmetic: start-up + calls = together (medians over processes)",
        &[
            "calls",
            "runtime",
            "start-up",
            "calls alone",
            "together",
            "/ winner",
            "measured up to",
            "peak memory",
            "artifact",
            "",
        ],
    )
    .text_columns(&[1, 6, 9]);
    for winner in &decision.winners {
        let n = winner.calls;
        let mut ranked: Vec<&Candidate> = candidates.iter().filter(|c| !c.curves.is_empty()).collect();
        ranked.sort_by(|a, b| a.median_total(n).total_cmp(&b.median_total(n)));
        for candidate in ranked {
            let measured = candidate.measured_calls().last().copied().unwrap_or(0);
            let how = if n <= measured {
                "yes".into()
            } else {
                format!("{measured}, then {} each", units::time(candidate.median_steady()))
            };
            let excluded = decision.excluded.iter().any(|e| e.runtime == candidate.runtime);
            let note = match (excluded, candidate.runtime == winner.runtime) {
                (true, _) => "not considered",
                (false, true) => "winner",
                _ => "",
            };
            table.row(vec![
                units::count(n as f64),
                candidate.runtime.clone(),
                units::time(candidate.median_startup()),
                units::time(candidate.median_calls(n)),
                units::time(candidate.median_total(n)),
                units::digits(candidate.median_total(n) / winner.total_ns),
                how,
                bytes_text(candidate.peak_rss.map(|b| b as f64)),
                bytes_text(candidate.artifact_bytes.map(|b| b as f64)),
                note.into(),
            ]);
        }
    }
    table.without_empty_columns()
}

/// Both sides of every break-even point on the envelope, one call before it and at it.
pub(crate) fn crossings(decision: &Decision, candidates: &[Candidate]) -> Table {
    let mut table = Table::new(
        "Where the cheapest changes: time of both, one call before and at the break-even point",
        &["calls", "from", "takes", "to", "takes", "saved per further call"],
    )
    .text_columns(&[1, 3]);
    let named = |name: &str| candidates.iter().find(|c| c.runtime == name);
    for step in &decision.break_evens {
        let (Some(before), Some(after)) = (named(&step.before), named(&step.after)) else { continue };
        for n in [step.calls - 1, step.calls] {
            table.row(vec![
                n.to_string(),
                step.before.clone(),
                units::time(before.median_total(n)),
                step.after.clone(),
                units::time(after.median_total(n)),
                units::time(before.median_steady() - after.median_steady()),
            ]);
        }
    }
    table
}
