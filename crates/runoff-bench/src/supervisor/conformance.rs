//! The parent's side of conformance: a crash or a hang costs one case, not the rest.

use std::sync::mpsc::RecvTimeoutError;
use std::time::Duration;

use runoff_runtimes::conformance::{Case, CaseResult, cases};

use super::watch::{Line, kill_group, last_words, lines};
use super::worker::{Launch, describe};
use crate::worker::CaseMessage;

/// The longest silence that is no hang: the largest case is minutes of an optimising compiler's work on a busy machine.
pub const CASE_SILENCE: Duration = Duration::from_mins(10);

/// Runs every case on one runtime, in a worker process; after a crash or a hang another worker goes on with
/// the next case. `launch` starts a worker that begins with the case of that number.
///
/// `silence` is the longest a worker may say nothing.
pub fn run_conformance(
    launch: &dyn Fn(usize) -> Launch,
    silence: Duration,
    progress: &mut dyn FnMut(&Case),
) -> Vec<(Case, CaseResult)> {
    let all = cases();
    let mut done = Vec::new();
    while done.len() < all.len() {
        let before = done.len();
        let trouble = one_worker(&launch(before), silence, &all, &mut done, progress);
        if let (Some(trouble), Some(case)) = (trouble, all.get(done.len())) {
            done.push((*case, CaseResult::Fail(trouble)));
        } else if done.len() == before {
            // Neither a result nor a reason: going on would not end.
            break;
        }
    }
    done
}

/// Listens to one worker until it ends; why the case it was at has no result, if it has none.
fn one_worker(
    launch: &Launch,
    silence: Duration,
    all: &[Case],
    done: &mut Vec<(Case, CaseResult)>,
    progress: &mut dyn FnMut(&Case),
) -> Option<String> {
    let mut child = match launch.spawn() {
        Ok(child) => child,
        Err(e) => return Some(format!("cannot start {}: {e}", launch.program.display())),
    };
    let messages = child.stdout.take().map(lines)?;
    let words = child.stderr.take().map(last_words)?;
    let mut hung = false;
    while done.len() < all.len() {
        match messages.recv_timeout(silence) {
            Ok(Line::Text(text)) => {
                let result = match serde_json::from_str(&text) {
                    Ok(CaseMessage::Begin { index }) if index == done.len() => {
                        progress(&all[index]);
                        continue;
                    }
                    Ok(CaseMessage::Pass) => CaseResult::Pass,
                    Ok(CaseMessage::Unsupported { reason }) => CaseResult::Unsupported(reason),
                    Ok(CaseMessage::Fail { details }) => CaseResult::Fail(details),
                    Ok(CaseMessage::Begin { .. }) | Err(_) => break,
                };
                done.push((all[done.len()], result));
            }
            Ok(Line::TooLong) | Err(RecvTimeoutError::Disconnected) => break,
            Err(RecvTimeoutError::Timeout) => {
                hung = true;
                break;
            }
        }
    }
    if hung {
        kill_group(child.id());
        let _ = child.wait();
        return Some(format!("killed: silent for {} s", silence.as_secs()));
    }
    let exit = super::worker::end(&mut child, true);
    if done.len() == all.len() {
        return None;
    }
    let words = words.recv_timeout(Duration::from_millis(500)).unwrap_or_default();
    Some(format!("{}: {words}", describe(exit)))
}
