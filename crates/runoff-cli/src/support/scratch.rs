//! Folders for what a run needs only while it lasts.

use anyhow::Context;
use runoff_runtimes::scratch;
pub(crate) use runoff_runtimes::scratch::Scratch;

/// A new folder; those of runs that were killed are removed first.
pub(crate) fn folder() -> anyhow::Result<Scratch> {
    scratch::sweep();
    Scratch::new().context("cannot make a scratch folder")
}
