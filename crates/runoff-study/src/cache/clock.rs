//! What time is.

use std::time::{Duration, Instant};

use nix::time::{ClockId, clock_gettime};
use serde::Serialize;

use crate::StudyError;

/// Which clock runs are timed with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Clock {
    /// The monotonic clock: all time that passes.
    #[default]
    Wall,
    /// The processor time of the thread: for a machine that has other work to do. Runs are of one thread.
    Processor,
}

/// A running clock.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Stopwatch {
    Wall(Instant),
    Processor(Duration),
}

impl Clock {
    /// Whether this system has it.
    pub(crate) fn check(self) -> Result<(), StudyError> {
        match self {
            Self::Wall => Ok(()),
            Self::Processor => clock_gettime(ClockId::CLOCK_THREAD_CPUTIME_ID)
                .map(drop)
                .map_err(|e| StudyError::Io("the processor time of a thread".into(), e.into())),
        }
    }
}

impl Stopwatch {
    pub(crate) fn start(clock: Clock) -> Self {
        match clock {
            Clock::Wall => Self::Wall(Instant::now()),
            Clock::Processor => Self::Processor(thread_time()),
        }
    }

    pub(crate) fn elapsed(self) -> Duration {
        match self {
            Self::Wall(start) => start.elapsed(),
            Self::Processor(start) => thread_time().saturating_sub(start),
        }
    }
}

/// Whoever starts a study has checked that there is such a clock.
fn thread_time() -> Duration {
    clock_gettime(ClockId::CLOCK_THREAD_CPUTIME_ID).map(Duration::from).unwrap_or_default()
}
