//! The worker's side of conformance: runs cases and says each one's name before its result.

use std::io::{self, Write};

use runoff_runtimes::Registry;
use runoff_runtimes::conformance::{CaseResult, cases, run};
use serde::{Deserialize, Serialize};

use super::orphan::while_the_parent_lives;

/// One line of a conformance worker.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "type")]
pub(crate) enum CaseMessage {
    /// A case begins: what follows, a crash included, is its doing.
    Begin {
        /// Its place in the list of cases.
        index: usize,
    },
    /// It came out as promised.
    Pass,
    /// The runtime says it cannot.
    Unsupported {
        /// Why.
        reason: String,
    },
    /// Something else happened.
    Fail {
        /// What.
        details: String,
    },
}

/// Runs the cases from number `first` on, on a thread engines can recurse on.
pub fn serve_conformance(
    registry: Registry,
    id: String,
    first: usize,
    mut output: impl Write + Send + 'static,
) -> io::Result<()> {
    while_the_parent_lives(move || {
        let entry =
            registry.get(&id).ok_or_else(|| io::Error::other(format!("no runtime `{id}` in this build")))?;
        for (index, case) in cases().iter().enumerate().skip(first) {
            send(&mut output, &CaseMessage::Begin { index })?;
            let message = match run(case, &|options| entry.make(options)) {
                CaseResult::Pass => CaseMessage::Pass,
                CaseResult::Unsupported(reason) => CaseMessage::Unsupported { reason },
                CaseResult::Fail(details) => CaseMessage::Fail { details },
            };
            send(&mut output, &message)?;
        }
        Ok(())
    })?
}

fn send(output: &mut impl Write, message: &CaseMessage) -> io::Result<()> {
    let mut line = serde_json::to_vec(message)?;
    line.push(b'\n');
    output.write_all(&line)?;
    output.flush()
}
