//! What a study that is no experiment found, in every form it is shown in: measured once, kept, and shown again.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use runoff_report::{Chapter, Format, Studies, Table};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::args::Shown;
use crate::exit::{USAGE, coded};
use crate::support::{home, output};

/// File of a finished study in the folder of `study all`: a chapter, which is part of what is kept here.
const CHAPTER: &str = "chapter.json";

/// What a study found.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Kept {
    #[serde(flatten)]
    chapter: Chapter,
    /// What `--format json` prints. `study all` keeps the chapter only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    data: Option<Value>,
    /// What `--format csv` prints.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    long: Option<Table>,
}

impl Kept {
    pub(super) fn new(chapter: Chapter, report: &impl Serialize, long: Table) -> anyhow::Result<Self> {
        let data = Some(super::with_claims(report, &chapter.claims)?);
        Ok(Self { chapter, data, long: Some(long) })
    }

    /// From its file, or from its part of the folder of `study all`.
    fn read(name: &str, path: &Path) -> anyhow::Result<Self> {
        let file = if path.is_dir() { super::part(name, path).join(CHAPTER) } else { path.to_owned() };
        let wrong = |why: String| coded(USAGE, format!("{}: {why}", file.display()));
        let text = fs::read_to_string(&file).map_err(|e| wrong(format!("no results of a study: {e}")))?;
        let kept: Self =
            serde_json::from_str(&text).map_err(|e| wrong(format!("no results of a study: {e}")))?;
        if kept.chapter.name != name {
            return Err(wrong(format!("these are results of `{}`, not of `{name}`", kept.chapter.name)));
        }
        Ok(kept)
    }

    /// Written beside and renamed: what is there under its name is whole.
    fn write(&self, path: &Path) -> anyhow::Result<()> {
        let beside = path.with_extension(format!("tmp-{}", std::process::id()));
        fs::write(&beside, serde_json::to_vec(self)?)
            .and_then(|()| fs::rename(&beside, path))
            .with_context(|| format!("cannot write {}", path.display()))
    }

    fn print(&self, format: Format) -> anyhow::Result<()> {
        match (format, &self.data, &self.long) {
            (Format::Json, Some(data), _) => Ok(output::json(data)?),
            (Format::Json, None, _) => Ok(output::json(&serde_json::to_value(&self.chapter)?)?),
            (Format::Csv, _, Some(long)) => Ok(output::print(&long.render(format))?),
            _ => {
                let mut text = self.chapter.render(format);
                if format != Format::Csv {
                    text.extend(self.chapter.notes.iter().map(|note| format!("\nMind: {note}.\n")));
                    let facts = self.chapter.facts.iter().map(|(name, value)| format!("{name}: {value}"));
                    text.extend([format!("\n{}\n", facts.collect::<Vec<_>>().join(" · "))]);
                }
                Ok(output::print(&text)?)
            }
        }
    }
}

/// Measures and keeps, or reads what was kept; shows it either way.
pub(super) fn show(
    name: &str,
    shown: &Shown,
    measure: impl FnOnce() -> anyhow::Result<Kept>,
) -> anyhow::Result<ExitCode> {
    // Before the work, which takes a while, and not after it.
    if let Some(folder) = &shown.plots {
        fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    }
    for file in [&shown.out, &shown.report].into_iter().flatten() {
        check_place(file)?;
    }
    let (kept, written) = match &shown.from {
        Some(path) => (Kept::read(name, path)?, Ok(())),
        None => keep(name, shown, measure)?,
    };
    for plot in shown.plots.iter().flat_map(|folder| kept.chapter.plots.iter().map(move |p| (folder, p))) {
        let (folder, plot) = plot;
        write(&folder.join(format!("{}.svg", plot.name)), &plot.standalone())?;
    }
    if let Some(page) = &shown.report {
        let title = kept.chapter.title.clone();
        let studies = Studies { title, facts: Vec::new(), chapters: vec![kept.chapter.clone()] };
        write(page, &studies.html())?;
        output::warn(&format!("wrote {}", page.display()));
    }
    kept.print(output::format(shown.format))?;
    written.map(|()| ExitCode::SUCCESS)
}

/// Measures, once it is known where the results go; and whether they could be written, which is no reason not to show them.
fn keep(
    name: &str,
    shown: &Shown,
    measure: impl FnOnce() -> anyhow::Result<Kept>,
) -> anyhow::Result<(Kept, anyhow::Result<()>)> {
    let out = match &shown.out {
        Some(out) if out.exists() => {
            let words =
                "already exists; results are never overwritten: name another file, or show it with --from";
            return Err(coded(USAGE, format!("{} {words}", out.display())));
        }
        Some(out) => out.clone(),
        None => home::new_study_file(name)?,
    };
    let kept = measure()?;
    let written = kept.write(&out);
    if written.is_ok() {
        let again = format!("runoff study {name} --from {}", out.display());
        output::warn(&format!("results in {}; show them again: {again}", out.display()));
    }
    Ok((kept, written))
}

fn write(path: &Path, text: &str) -> anyhow::Result<()> {
    fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))
}

/// Whether a file can be made there.
fn check_place(file: &Path) -> anyhow::Result<()> {
    let folder = match file.parent() {
        Some(parent) if parent != Path::new("") => parent.to_owned(),
        _ => PathBuf::from("."),
    };
    let wrong = |why: &str| Err(coded(USAGE, format!("cannot write {}: {why}", file.display())));
    if file.is_dir() {
        wrong("it is a folder")
    } else if folder.is_dir() {
        Ok(())
    } else {
        wrong("its folder is not there")
    }
}
