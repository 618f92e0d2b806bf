//! The claims of source 004, §V, and the rules they are judged by.

use serde::Serialize;

use super::published::PUBLISHED;
use super::simulate::{CacheCount, Figures};
use super::study::Cell;

/// What became of a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// It holds here.
    Holds,
    /// It does not.
    Fails,
    /// What it is about was not measured.
    NotMeasured,
}

/// A claim, its rule, and what was found.
#[derive(Clone, Debug, Serialize)]
pub struct Claim {
    /// The claim.
    pub says: &'static str,
    /// The rule.
    pub rule: &'static str,
    /// The figures that decide.
    pub found: String,
    /// The outcome.
    pub verdict: Verdict,
}

/// The runtime the claims are about.
const WASMTIME: &str = "wasmtime/cranelift";

/// The one it is compared with in the source.
const WAVM: &str = "wavm";

/// Judges every claim on the cells that were measured.
pub fn claims(cells: &[Cell]) -> Vec<Claim> {
    let of = |runtime: &str| -> Vec<(&str, &Figures)> {
        let same = |c: &&Cell| c.runtime == runtime || c.runtime.split('/').next() == Some(runtime);
        cells.iter().filter(same).filter_map(|c| Some((c.workload.as_str(), c.figures.as_ref()?))).collect()
    };
    let (wasmtime, wavm) = (of(WASMTIME), of(WAVM));
    vec![
        both_fall(&wasmtime),
        code_matters_more(&wasmtime),
        large_code_cache(&wasmtime),
        similar_data(&wasmtime, cells),
        more_code_misses(&wasmtime, &wavm),
        predictors_improve(cells),
        tournament_suffices(&wasmtime),
    ]
}

fn judge(says: &'static str, rule: &'static str, found: Vec<(bool, String)>) -> Claim {
    let verdict = match found.as_slice() {
        [] => Verdict::NotMeasured,
        all if all.iter().all(|(holds, _)| *holds) => Verdict::Holds,
        _ => Verdict::Fails,
    };
    let found = found.into_iter().map(|(_, words)| words).collect::<Vec<_>>().join("; ");
    Claim { says, rule, found, verdict }
}

/// Rates of the smallest and the largest cache.
fn ends(caches: &[CacheCount]) -> (f64, f64) {
    (caches.first().map_or(0.0, CacheCount::rate), caches.last().map_or(0.0, CacheCount::rate))
}

fn percent(rate: f64) -> String {
    format!("{:.4} %", rate * 100.0)
}

fn both_fall(wasmtime: &[(&str, &Figures)]) -> Claim {
    let found = wasmtime.iter().map(|(workload, f)| {
        let ((code, code_end), (data, data_end)) = (ends(&f.code), ends(&f.data));
        let words = format!(
            "{workload}: code {} → {}, data {} → {}",
            percent(code),
            percent(code_end),
            percent(data),
            percent(data_end)
        );
        (code_end < code && data_end < data, words)
    });
    judge(
        "both the I-cache and the D-cache miss rate drop when the cache grows",
        "on wasmtime/cranelift, in every program, both miss rates at 1 MiB are below those at 8 KiB",
        found.collect(),
    )
}

fn code_matters_more(wasmtime: &[(&str, &Figures)]) -> Claim {
    let found = wasmtime.iter().map(|(workload, f)| {
        let saved = |caches: &[CacheCount]| {
            let misses = |c: Option<&CacheCount>| c.map_or(0, |c| c.misses);
            let saved = misses(caches.first()).saturating_sub(misses(caches.last()));
            saved as f64 * 1000.0 / f.instructions.max(1) as f64
        };
        let (code, data) = (saved(&f.code), saved(&f.data));
        (code > data, format!("{workload}: code {code:.3}, data {data:.3}"))
    });
    judge(
        "the size of the I-cache matters more than that of the D-cache",
        "on wasmtime/cranelift, in every program, going from 8 KiB to 1 MiB saves more instruction than data misses per thousand instructions",
        found.collect(),
    )
}

fn large_code_cache(wasmtime: &[(&str, &Figures)]) -> Claim {
    let found = wasmtime.iter().map(|(workload, f)| {
        let (_, end) = ends(&f.code);
        (end < 0.001, format!("{workload}: {}", percent(end)))
    });
    judge(
        "with a large I-cache its misses are no longer a major concern",
        "on wasmtime/cranelift, in every program, the I-cache miss rate at 1 MiB is below 0.1 %",
        found.collect(),
    )
}

fn similar_data(wasmtime: &[(&str, &Figures)], cells: &[Cell]) -> Claim {
    let mut found = Vec::new();
    for (workload, ours) in wasmtime {
        let others = cells.iter().filter(|c| c.workload == *workload && !c.runtime.starts_with("wasmtime/"));
        for other in others.filter(|c| c.runtime != "native") {
            let Some(figures) = &other.figures else { continue };
            let ratios = ours.data.iter().zip(&figures.data).map(|(a, b)| {
                let (a, b) = (a.rate().max(1e-9), b.rate().max(1e-9));
                (a / b).max(b / a)
            });
            let worst = ratios.fold(1.0, f64::max);
            found.push((worst <= 1.5, format!("{workload}, {}: {worst:.2}", other.runtime)));
        }
    }
    judge(
        "two runtimes show similar D-cache miss rates at all sizes",
        "at every size the D-cache miss rates of wasmtime/cranelift and of each other engine differ by a factor of 1.5 at most",
        found,
    )
}

fn more_code_misses(wasmtime: &[(&str, &Figures)], wavm: &[(&str, &Figures)]) -> Claim {
    let found = wasmtime.iter().filter_map(|(workload, ours)| {
        let (_, theirs) = wavm.iter().find(|(w, _)| w == workload)?;
        let (ours, theirs) = (ends(&ours.code).0, ends(&theirs.code).0);
        Some((ours > theirs, format!("{workload}: {} against {}", percent(ours), percent(theirs))))
    });
    judge(
        "Wasmtime has a much higher I-cache miss rate than WAVM",
        "in every program, at 8 KiB, the I-cache miss rate of wasmtime/cranelift is above WAVM's",
        found.collect(),
    )
}

fn predictors_improve(cells: &[Cell]) -> Claim {
    let table = |cell: &&Cell| PUBLISHED.iter().any(|p| p.workload == cell.workload);
    let found = cells.iter().filter(table).filter_map(|cell| {
        let figures = cell.figures.as_ref()?;
        let rates = ["2-bit", "bi-mode", "tournament"].map(|p| figures.misprediction(p));
        let [Some(two), Some(bi), Some(tournament)] = rates else { return None };
        let words = format!(
            "{} on {}: {:.2}, {:.2}, {:.2} %",
            cell.workload,
            cell.runtime,
            two * 100.0,
            bi * 100.0,
            tournament * 100.0
        );
        Some((bi <= two && tournament <= bi, words))
    });
    judge(
        "misprediction falls from the 2-bit to the bi-mode to the tournament predictor",
        "in the programs of Table III, on every runtime, the rates do not rise in this order",
        found.collect(),
    )
}

fn tournament_suffices(wasmtime: &[(&str, &Figures)]) -> Claim {
    let found = wasmtime.iter().filter_map(|(workload, f)| {
        let rate = f.misprediction("tournament")?;
        Some((rate <= 0.05, format!("{workload}: {:.2} %", rate * 100.0)))
    });
    judge(
        "the tournament predictor already shows good results",
        "on wasmtime/cranelift, in every program, it mispredicts at most 5 % of the conditional jumps",
        found.collect(),
    )
}
