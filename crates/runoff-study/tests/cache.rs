//! The web-cache study, small: the same hits everywhere, and a trace that is read.

use std::io::Write;
use std::time::Duration;

use runoff_guest_cache::Kind;
use runoff_runtimes::{Registry, on_engine_stack};
use runoff_study::cache::{Clock, Options, Report, Source, claims, figures, hit_rates, study};

fn run(source: Source) -> Report {
    within(source, 1, None)
}

fn within(source: Source, repetitions: u32, budget: Option<Duration>) -> Report {
    let options = Options {
        runtimes: vec!["wasmtime/cranelift".into(), "wasmi/eager".into()],
        policies: Kind::ALL.to_vec(),
        sizes: vec![64 << 10, 1 << 20],
        repetitions,
        budget,
        clock: Clock::Wall,
        seed: 1,
        source,
    };
    let found = on_engine_stack(move || study(&options, &Registry::new(&[]), |_, _, _| {}));
    found.expect("a thread").expect("a report")
}

#[test]
fn every_guest_finds_the_hits_that_native_code_finds() {
    let report = run(Source::Generated { seed: 1, requests: 5000 });
    assert!(report.absent.is_empty(), "{:?}", report.absent);
    // Seven policies, two sizes, native and four kinds of call on two runtimes.
    assert_eq!(report.rows.len(), 7 * 2 * 9);
    assert!(report.rows.iter().all(|row| row.hits > 0 && row.hits < row.requests));
    let (rates, byte_rates) = hit_rates(&report);
    assert_eq!((rates.len(), byte_rates.len()), (7, 7));
    assert!(rates.iter().all(|(_, points)| points.iter().all(|(_, share)| *share > 0.0 && *share < 1.0)));
    let titles: Vec<String> = figures(&report).into_iter().map(|f| f.title).collect();
    // The published ones are of another size.
    assert_eq!(titles.len(), 2, "{titles:?}");
    assert_eq!(claims(&report).len(), 4 * 2 + 1);
}

#[test]
fn a_recorded_trace_is_used_with_the_first_size_of_each_document() {
    let mut file = tempfile::NamedTempFile::new().expect("a file");
    write!(file, "9 100\n7 50\n9 999999999\n7 50\n").expect("written");
    let report = run(Source::Trace(file.path().into()));
    assert!(!report.rows.is_empty());
    for row in &report.rows {
        assert_eq!((row.requests, row.hits, row.bytes, row.hit_bytes), (4, 2, 300, 150), "{:?}", row.cell);
    }
}

#[test]
fn a_budget_ends_a_study_after_a_whole_repetition() {
    let source = Source::Generated { seed: 1, requests: 500 };
    let report = within(source.clone(), 3, Some(Duration::ZERO));
    assert_eq!(report.repetitions, 1);
    assert!(report.rows.iter().all(|row| row.seconds.n == 1));
    assert_eq!(within(source, 2, Some(Duration::from_hours(1))).repetitions, 2);
}
