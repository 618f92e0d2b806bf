//! `runoff driver check`: whether a driver keeps to the protocol.

use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context;
use indicatif::ProgressBar;
use runoff_bench::check::{Checked, Found, check_driver};
use runoff_bench::supervisor::{CASE_SILENCE, Launch, introduce, run_conformance};
use runoff_report::Table;
use runoff_runtimes::conformance::{Case, CaseResult};
use runoff_runtimes::driver::DriverCommand;
use runoff_runtimes::{Availability, Entry, Reach};
use serde_json::json;

use crate::args::{DriverCheck, OutputFormat};
use crate::exit::{RUNTIME, USAGE, coded};
use crate::support::registry::registry;
use crate::support::{launch, output, scratch, subject};

pub(crate) fn check(args: &DriverCheck) -> anyhow::Result<ExitCode> {
    let command = command(&args.command)?;
    let start = Launch {
        program: command.program.clone(),
        args: command.args.clone(),
        env: command.env.clone(),
        foreign: true,
        ..Launch::default()
    };
    let bar = ProgressBar::new_spinner();
    bar.enable_steady_tick(Duration::from_millis(200));
    let scratch = scratch::folder()?;
    let checks = check_driver(&start, scratch.path(), &mut |name| bar.set_message(name.to_owned()));
    // A driver nobody understands is asked nothing else.
    let cases = match introduce(&start, Duration::from_secs(20)) {
        Ok((identity, _)) => {
            let worker = launch::own_worker(identity.id.as_str())?;
            let text = serde_json::to_string(&command)?;
            let from = |first: usize| {
                let mut worker = worker.clone();
                let more = ["--driver", &text, "--conformance-from", &first.to_string()];
                worker.args.extend(more.map(ToOwned::to_owned));
                worker
            };
            run_conformance(&from, CASE_SILENCE, &mut |case| bar.set_message(case.name.to_owned()))
        }
        Err(_) => Vec::new(),
    };
    bar.finish_and_clear();
    let bad = checks.iter().any(|c| matches!(c.found, Found::Fail(_)))
        || cases.iter().any(|(_, r)| matches!(r, CaseResult::Fail(_)));
    if let OutputFormat::Json = args.format {
        let rows = checks.iter().map(check_json).chain(cases.iter().map(case_json));
        output::json(&json!(rows.collect::<Vec<_>>()))?;
    } else {
        let how = output::format(args.format);
        let mut parts = vec![check_table(&checks).render(how)];
        if !cases.is_empty() {
            parts.push(case_table(&cases).render(how));
        }
        output::print(&parts.join("\n"))?;
    }
    Ok(if bad { ExitCode::from(RUNTIME) } else { ExitCode::SUCCESS })
}

/// A declared driver by its id, or the command itself.
fn command(words: &[String]) -> anyhow::Result<DriverCommand> {
    let registry = registry(&[])?;
    if let [id] = words
        && let Some(entry) = registry.get(id)
    {
        return match (entry.reach(), entry.availability()) {
            (Reach::Driver(command), Availability::Ready) => Ok(command.clone()),
            (Reach::Driver(_), Availability::Absent { how }) => {
                Err(coded(RUNTIME, format!("{id} is absent: {how}")))
            }
            _ => Err(coded(USAGE, format!("{id} is no driver; `runoff doctor --conformance` checks it"))),
        };
    }
    if let [name] = words {
        let of_engine =
            |e: &&Entry| matches!(e.reach(), Reach::Driver(_)) && subject::matches(e.id().as_str(), name);
        let ids: Vec<&str> = registry.entries().iter().filter(of_engine).map(|e| e.id().as_str()).collect();
        if !ids.is_empty() {
            return Err(coded(
                USAGE,
                format!("`{name}` is an engine; check its driver by id: {}", ids.join(", ")),
            ));
        }
    }
    let (program, args) = words.split_first().context("name a driver or its command")?;
    Ok(DriverCommand { program: program.into(), args: args.into(), ..DriverCommand::default() })
}

fn check_table(checks: &[Checked]) -> Table {
    let mut table =
        Table::new("Protocol", &["check", "result", "what it shows", "why"]).text_columns(&[1, 2, 3]);
    for check in checks {
        let (result, why) = match &check.found {
            Found::Pass => ("pass", ""),
            Found::Unsupported(why) => ("unsupported", why.as_str()),
            Found::Fail(why) => ("FAIL", why.as_str()),
        };
        table.row(vec![check.name.into(), result.into(), check.shows.into(), why.into()]);
    }
    table
}

fn case_table(cases: &[(Case, CaseResult)]) -> Table {
    let count = |kind: fn(&CaseResult) -> bool| cases.iter().filter(|(_, r)| kind(r)).count().to_string();
    let mut table = Table::new("Conformance, in sessions", &["pass", "unsupported", "fail"]);
    table.row(vec![
        count(|r| *r == CaseResult::Pass),
        count(|r| matches!(r, CaseResult::Unsupported(_))),
        count(|r| matches!(r, CaseResult::Fail(_))),
    ]);
    for (case, result) in cases {
        if let CaseResult::Fail(why) = result {
            table.note(format!("{}/{} FAILS: {why}", case.group, case.name));
        }
    }
    if let Some((_, CaseResult::Unsupported(why))) = cases.first()
        && cases.iter().all(|(_, r)| *r == CaseResult::Unsupported(why.clone()))
    {
        table.note(format!("all: {why}"));
    }
    table.note("`--format json` tells each case and why it is not supported");
    table
}

fn check_json(check: &Checked) -> serde_json::Value {
    let (outcome, why) = match &check.found {
        Found::Pass => ("pass", None),
        Found::Unsupported(why) => ("unsupported", Some(why)),
        Found::Fail(why) => ("fail", Some(why)),
    };
    row_json("protocol", check.name, check.shows, outcome, why)
}

fn case_json((case, result): &(Case, CaseResult)) -> serde_json::Value {
    let (outcome, why) = match result {
        CaseResult::Pass => ("pass", None),
        CaseResult::Unsupported(why) => ("unsupported", Some(why)),
        CaseResult::Fail(why) => ("fail", Some(why)),
    };
    row_json(case.group, case.name, case.shows, outcome, why)
}

fn row_json(group: &str, case: &str, shows: &str, outcome: &str, why: Option<&String>) -> serde_json::Value {
    json!({ "group": group, "case": case, "shows": shows, "outcome": outcome, "detail": why })
}
