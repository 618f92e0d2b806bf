//! The same study by a host that is built for debugging: another program, which is told what to measure in a line of
//! JSON and answers with its report in another.

use std::io::{self, BufRead, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use runoff_runtimes::{Availability, Registry, on_engine_stack};
use serde::{Deserialize, Serialize};

use super::run::{Absent, Options, Report, study};

/// What to measure.
#[derive(Debug, Serialize, Deserialize)]
struct Order {
    runtimes: Vec<String>,
    rounds: u32,
    calls: u32,
    batch: Duration,
    seed: u64,
}

#[derive(Debug, Serialize, Deserialize)]
enum Answer {
    Report(Box<Report>),
    Failed(String),
}

/// Measures with such a program and adds its report; why it could not is noted.
pub fn add_debug(report: &mut Report, program: &Path, options: &Options) {
    match ask(program, options) {
        Ok(found) => report.debug = Some(found),
        Err(why) => report.absent.push(Absent { what: "host built for debugging".into(), why }),
    }
}

fn ask(program: &Path, options: &Options) -> Result<Box<Report>, String> {
    let order = Order {
        runtimes: options.runtimes.clone(),
        rounds: options.rounds,
        calls: options.calls,
        batch: options.batch,
        seed: options.seed,
    };
    let order = serde_json::to_string(&order).map_err(|e| e.to_string())?;
    let child = Command::new(program).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
    let mut child = child.map_err(|e| format!("{}: {e}", program.display()))?;
    // Closing the pipe ends the order; a program that does not read it says so by its answer.
    let told = child.stdin.take().map(|mut pipe| writeln!(pipe, "{order}"));
    let output = child.wait_with_output().map_err(|e| e.to_string())?;
    match (serde_json::from_slice(&output.stdout), told) {
        (Ok(Answer::Report(report)), _) => Ok(report),
        (Ok(Answer::Failed(why)), _) => Err(why),
        (Err(_), Some(Err(error))) => Err(format!("{}: {error}", program.display())),
        (Err(error), _) => Err(format!("{} ({}) does not answer: {error}", program.display(), output.status)),
    }
}

/// The program's side: reads the order and writes the answer. Runtimes that this build does not have are left out,
/// with a note.
pub fn answer(input: impl BufRead, mut output: impl Write) -> io::Result<()> {
    let answer = match measure(input) {
        Ok(report) => Answer::Report(Box::new(report)),
        Err(why) => Answer::Failed(why),
    };
    serde_json::to_writer(&mut output, &answer)?;
    output.write_all(b"\n")
}

fn measure(mut input: impl BufRead) -> Result<Report, String> {
    let mut line = String::new();
    input.read_line(&mut line).map_err(|e| e.to_string())?;
    let order: Order = serde_json::from_str(&line).map_err(|e| e.to_string())?;
    let registry = Registry::new(&[]);
    let is_ready = |id: &String| registry.get(id).is_some_and(|e| *e.availability() == Availability::Ready);
    let (runtimes, others): (Vec<_>, Vec<_>) = order.runtimes.into_iter().partition(is_ready);
    let options = Options {
        runtimes,
        rounds: order.rounds,
        calls: order.calls,
        batch: order.batch,
        seed: order.seed,
        peer: None,
        external: None,
    };
    let found = on_engine_stack(move || study(&options, &registry, |_, _| {})).map_err(|e| e.to_string())?;
    let mut report = found.map_err(|e| e.to_string())?;
    let why = "not in the program built for debugging";
    report.absent.retain(|absent| absent.what != "child process");
    report.absent.extend(others.into_iter().map(|what| Absent { what, why: why.into() }));
    Ok(report)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask_for(runtimes: &[&str]) -> Answer {
        let order = Order {
            runtimes: runtimes.iter().map(|id| (*id).to_owned()).collect(),
            rounds: 1,
            calls: 10,
            batch: Duration::from_micros(10),
            seed: 1,
        };
        let mut output = Vec::new();
        answer(&*serde_json::to_vec(&order).expect("an order"), &mut output).expect("written");
        serde_json::from_slice(&output).expect("an answer")
    }

    #[test]
    fn runtimes_it_does_not_have_are_named() {
        let Answer::Report(report) = ask_for(&["wasmi/eager", "nonsense"]) else { panic!("no report") };
        assert_eq!(report.host, if cfg!(debug_assertions) { "debug" } else { "release" });
        assert!(report.absent.iter().any(|absent| absent.what == "nonsense"), "{:?}", report.absent);
        let timed = |id: &str| report.rows.iter().filter(|row| row.key.runtime == id).count();
        assert!(timed("wasmi/eager") > 40 && timed("native function") == 3);
    }

    #[test]
    fn what_is_no_order_and_what_is_no_program_is_said() {
        let mut output = Vec::new();
        answer(&b"hello\n"[..], &mut output).expect("written");
        assert!(matches!(serde_json::from_slice(&output), Ok(Answer::Failed(_))));
        let options = Options {
            runtimes: Vec::new(),
            rounds: 1,
            calls: 1,
            batch: Duration::ZERO,
            seed: 1,
            peer: None,
            external: None,
        };
        assert!(
            ask(Path::new("/nowhere/at-all"), &options).is_err_and(|why| why.contains("/nowhere/at-all"))
        );
        assert!(ask(Path::new("true"), &options).is_err_and(|why| why.contains("true")));
    }
}
