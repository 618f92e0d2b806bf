//! What a tool says its version is.

use std::time::Duration;

use super::timed::{Ending, run_timed};
use super::worker::{Bounds, Launch};

/// First line a command prints: its version, in its own words.
pub fn version_line(launch: &Launch, timeout: Duration) -> Result<String, String> {
    let bounds = Bounds { timeout, max_memory: 1 << 32 };
    match run_timed(launch, bounds, &|| false) {
        Ending::Stopped => Err("stopped".into()),
        Ending::Problem(status) => {
            Err(status.problem().map_or_else(String::new, |(_, reason)| reason.into()))
        }
        Ending::Ended(ended) => {
            let text = String::from_utf8_lossy(&ended.stdout).into_owned();
            // Some print it to standard error.
            let line = text.lines().map(str::trim).find(|line| !line.is_empty()).map(ToOwned::to_owned);
            match line.unwrap_or_else(|| ended.words()) {
                line if line.is_empty() => Err(format!("it says no version (exit code {})", ended.code)),
                line => Ok(line.chars().take(120).collect()),
            }
        }
    }
}
