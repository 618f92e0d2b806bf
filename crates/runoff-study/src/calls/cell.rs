//! One thing that is timed.

use std::fmt::Display;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

/// What a cell belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Group {
    /// The twelve configurations of the scripting study, as it did them: untyped calls, names looked up where it
    /// looked them up, bytes copied one by one. Slow on purpose; they live here and nowhere else.
    Scripting,
    /// The library's calls, and the engine's own beside them.
    Typed,
    /// Many records in one call.
    Batched,
    /// Payloads from small to large.
    Payload,
    /// The guest calls the host.
    Back,
    /// What else one could use.
    Alternative,
}

/// Names a cell in all rounds.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Key {
    /// Runtime id, or the alternative's name.
    pub runtime: String,
    /// What it belongs to.
    pub group: Group,
    /// What is called and how.
    pub config: String,
    /// Records or bytes per call, where that is what varies.
    pub size: u64,
}

/// One thing that is timed.
pub(crate) struct Cell {
    pub(crate) key: Key,
    /// Calls the thing makes in one call of ours: a guest that calls its host in a loop.
    pub(crate) inner: u32,
    /// How long its guest took to start; nothing for alternatives.
    pub(crate) start: Option<Duration>,
    pub(crate) run: Box<dyn FnMut(u32) -> Result<Duration, String>>,
}

impl Cell {
    pub(crate) fn new(
        runtime: &str,
        group: Group,
        config: impl Into<String>,
        run: impl FnMut(u32) -> Result<Duration, String> + 'static,
    ) -> Self {
        let key = Key { runtime: runtime.into(), group, config: config.into(), size: 0 };
        Self { key, inner: 1, start: None, run: Box::new(run) }
    }

    pub(crate) fn sized(mut self, size: u64) -> Self {
        self.key.size = size;
        self
    }

    pub(crate) fn started(mut self, start: Duration) -> Self {
        self.start = Some(start);
        self
    }

    pub(crate) fn inner(mut self, inner: u32) -> Self {
        self.inner = inner;
        self
    }
}

/// Times calls; each says whether it answered right.
#[inline]
pub(crate) fn time<E: Display>(
    calls: u32,
    mut call: impl FnMut(u32) -> Result<bool, E>,
) -> Result<Duration, String> {
    let start = Instant::now();
    for n in 0..calls {
        match call(n) {
            Ok(true) => {}
            Ok(false) => return Err("a wrong answer".into()),
            Err(error) => return Err(error.to_string()),
        }
    }
    Ok(start.elapsed())
}
