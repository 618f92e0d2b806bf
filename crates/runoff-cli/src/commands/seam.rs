//! `runoff doctor --seam`: what the seam costs.

use std::process::ExitCode;

use crate::args::Doctor;

pub(crate) fn seam(_: &Doctor) -> anyhow::Result<ExitCode> {
    anyhow::bail!("no overhead hooks in this build")
}
