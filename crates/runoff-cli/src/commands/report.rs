//! `runoff report`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use runoff_data::{ResultFile, ResultReader};
#[cfg(feature = "png")]
use runoff_report::Png;
use runoff_report::Report as Document;

use crate::args::{Report, ReportFormat};
use crate::exit::{USAGE, coded};
use crate::support::output;

pub(crate) fn report(args: &Report) -> anyhow::Result<ExitCode> {
    let format = format(args)?;
    let results = args.files.iter().map(|path| read(path)).collect::<anyhow::Result<Vec<_>>>()?;
    if let Some(baseline) = &args.baseline {
        let known = |r: &ResultFile| r.header.plan.runtimes.iter().any(|r| r.id.as_str() == baseline);
        if let Some((name, ..)) = results.iter().find(|(.., r)| !known(r)) {
            return Err(coded(
                USAGE,
                format!("{name} has no runtime `{baseline}` to compare the others with"),
            ));
        }
    }
    // Asked for before the work, which takes a while, and not after it.
    let png = if args.png { Some(Png::new()?) } else { None };
    let document = Document::new(&args.title, results, args.baseline.as_deref(), &args.calls);
    let text = match format {
        ReportFormat::Html => document.html(),
        ReportFormat::Md => document.markdown(),
        ReportFormat::Csv => document.csv(),
        ReportFormat::Json => serde_json::to_string_pretty(&document.json())? + "\n",
    };
    let out = args.out.clone().or_else(|| (format == ReportFormat::Html).then(|| "report.html".into()));
    match out.filter(|path| path.as_os_str() != "-") {
        Some(path) => {
            write(&path, text.as_bytes())?;
            output::warn(&format!("wrote {}", path.display()));
        }
        None => output::print(&text)?,
    }
    if let Some(folder) = &args.plots {
        plots(&document, folder, args.svg || !args.png, png.as_ref())?;
    }
    Ok(ExitCode::SUCCESS)
}

fn format(args: &Report) -> anyhow::Result<ReportFormat> {
    if let Some(format) = args.format {
        return Ok(format);
    }
    let ending = args.out.as_deref().and_then(Path::extension).map(|e| e.to_string_lossy().to_lowercase());
    match ending.as_deref() {
        None | Some("html" | "htm") => Ok(ReportFormat::Html),
        Some("md") => Ok(ReportFormat::Md),
        Some("csv") => Ok(ReportFormat::Csv),
        Some("json") => Ok(ReportFormat::Json),
        Some(other) => Err(coded(
            USAGE,
            format!("what format is `.{other}`? Say it with --format html, md, csv or json"),
        )),
    }
}

/// Name, digest and content of a result file, read once so that they belong together.
pub(super) fn read(path: &Path) -> anyhow::Result<(String, String, ResultFile)> {
    let bytes = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    let result = ResultReader::read(path, bytes.as_slice())?;
    let name = path.file_name().map_or_else(|| "result".into(), |n| n.to_string_lossy().into_owned());
    Ok((name, runoff_runtime::sha256_hex(&bytes), result))
}

/// Stands for the drawing of PNG where it is not built in.
#[cfg(not(feature = "png"))]
struct Png;

#[cfg(not(feature = "png"))]
impl Png {
    fn new() -> anyhow::Result<Self> {
        let how = "cargo build --release --features png";
        Err(coded(USAGE, format!("this build draws no PNG: `{how}` makes one that does, or take --svg")))
    }

    #[expect(clippy::unused_self, reason = "the signature of the real one")]
    fn draw(&self, _: &str) -> anyhow::Result<Vec<u8>> {
        Self::new().map(|_| Vec::new())
    }
}

/// Written beside and renamed, so that a reader never sees half a file.
fn write(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(format!(".tmp-{}", std::process::id()));
    let beside = PathBuf::from(beside);
    fs::write(&beside, bytes)
        .and_then(|()| fs::rename(&beside, path))
        .inspect_err(|_| {
            // What could not be finished is not left behind; that it may not be there is fine.
            let _ = fs::remove_file(&beside);
        })
        .with_context(|| format!("cannot write {}", path.display()))
}

fn plots(document: &Document, folder: &Path, svg: bool, png: Option<&Png>) -> anyhow::Result<()> {
    fs::create_dir_all(folder).with_context(|| format!("cannot create {}", folder.display()))?;
    let plots = document.plots();
    for (name, plot) in &plots {
        let picture = plot.standalone();
        if svg {
            write(&folder.join(format!("{name}.svg")), picture.as_bytes())?;
        }
        if let Some(png) = png {
            write(&folder.join(format!("{name}.png")), &png.draw(&picture)?)?;
        }
    }
    output::warn(&format!("wrote {} plots to {}", plots.len(), folder.display()));
    Ok(())
}
