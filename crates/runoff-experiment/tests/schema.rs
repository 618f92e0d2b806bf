//! The committed schema of experiments is that of the type.
//!
//! `RUNOFF_BLESS=1 cargo test --release -p runoff-experiment --test schema` writes it anew.

use std::path::Path;

use runoff_experiment::Experiment;
use schemars::schema_for;

#[test]
fn the_committed_schema_is_up_to_date() {
    let mut text = serde_json::to_string_pretty(&schema_for!(Experiment)).expect("a schema");
    text.push('\n');
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../schemas/experiment.schema.json");
    if std::env::var_os("RUNOFF_BLESS").is_some() {
        std::fs::write(&path, &text).expect("a schema file");
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(found == text, "{} is out of date; RUNOFF_BLESS=1 writes it anew", path.display());
}

#[test]
fn what_means_nothing_is_refused() {
    let run = "title = \"t\"\nabout = \"a\"\n[run.r]\nworkloads = [\"fibo\"]\n";
    Experiment::parse(run).expect("enough");
    let rule = |limits: &str| {
        format!(
            "{run}[[claim]]\nwhere = \"w\"\nsays = \"s\"\nrun = \"r\"\nrule = {{ kind = \"ratio\", \
             left = {{ runtime = \"a\", measure = \"jit\" }}, right = {{ runtime = \"b\", measure = \"jit\" }}{limits} }}\n"
        )
    };
    Experiment::parse(&rule(", below = 1")).expect("a claim");
    for (text, words) in [
        (rule(""), "no limit"),
        (rule(", below = 1").replace("\"jit\"", "\"jut\""), "`jut` is no measure"),
        (rule(", below = 1").replace("run = \"r\"", "run = \"q\""), "there are: r"),
        (run.replace("[\"fibo\"]", "[]"), "measures nothing"),
        (format!("{run}surprise = 1\n"), "surprise"),
        (run.replace("[run.r]", "[run.r"), "TOML"),
        (
            format!(
                "{run}[[figure]]\ntitle = \"f\"\nrun = \"r\"\nmeasure = \"jit\"\nrelative_to = \"a\"\n\
                 relative_to_measure = \"call\"\n"
            ),
            "two things",
        ),
    ] {
        let error = Experiment::parse(&text).expect_err(words).to_string();
        assert!(error.contains(words), "{words}: {error}");
    }
}
