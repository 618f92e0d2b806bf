//! `runoff show`.

use std::process::ExitCode;

use runoff_data::ResultReader;
use runoff_workloads::{Overrides, resolve};

use crate::args::Show;
use crate::support::output;

pub(crate) fn show(args: &Show) -> anyhow::Result<ExitCode> {
    let result = ResultReader::open(&args.file)?;
    if result.torn {
        output::warn("the last line of the file was cut short and is left out");
    }
    // Published figures belong to bundled workloads, which need no file.
    let workloads: Vec<_> = result
        .header
        .plan
        .workloads
        .iter()
        .filter_map(|w| {
            let size = w.name.split('@').nth(1).map(ToOwned::to_owned);
            resolve(w.bundled.as_deref()?, &Overrides { size, ..Overrides::default() }).ok()
        })
        .flatten()
        .collect();
    output::result(&result, &workloads, &args.calls, args.published, args.format)?;
    Ok(ExitCode::SUCCESS)
}
