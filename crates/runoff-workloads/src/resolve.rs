//! From what a user types to workloads.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use runoff_data::PlannedWorkload;
use runoff_runtime::{ModuleDescriptor, Value, sha256_hex};

use crate::answer::stdout_sha256;
use crate::files::inside;
use crate::suite::{Member, Neighbours, listed, members, neighbours};
use crate::{Manifest, Published, SIZES, WorkloadError, bundled, expected_digest, set};

/// Largest module read; beyond it a mistyped path is more likely than a module.
const MAX_MODULE: u64 = 256 << 20;

/// A module with everything needed to run and check it.
#[derive(Clone, Debug)]
pub struct Workload {
    /// Its description, as stored in results.
    pub spec: PlannedWorkload,
    /// The module's bytes.
    pub wasm: Vec<u8>,
    /// Published figures.
    pub published: Vec<Published>,
    /// The right answer for people, where known.
    pub expected_text: Option<String>,
}

/// What the command line says on top of what a workload says itself.
#[derive(Clone, Debug, Default)]
pub struct Overrides {
    /// Export and its arguments.
    pub invoke: Option<(String, Vec<String>)>,
    /// Arguments of a command.
    pub args: Vec<String>,
    /// Standard input.
    pub stdin: Option<PathBuf>,
    /// Preopened directories, host → guest.
    pub dirs: Vec<(String, String)>,
    /// Environment.
    pub env: BTreeMap<String, String>,
    /// Size of catalogue workloads.
    pub size: Option<String>,
}

impl Overrides {
    /// Whether the work is another than the manifest's, so that its answer no longer holds.
    fn changes_work(&self) -> bool {
        self.invoke.is_some()
            || !self.args.is_empty()
            || self.stdin.is_some()
            || !self.dirs.is_empty()
            || !self.env.is_empty()
    }
}

/// The names and bytes of what a user typed, as [`resolve`] takes it; a single module may be one that cannot be run.
pub fn modules(what: &str) -> Result<Vec<(String, Vec<u8>)>, WorkloadError> {
    let path = Path::new(what);
    let described = path.extension().is_some_and(|e| e == "toml" || e == "suite");
    if bundled(what).is_none() && set(what).is_empty() && path.is_file() && !described {
        let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
        return Ok(vec![(name, read_module(path)?)]);
    }
    Ok(resolve(what, &Overrides::default())?.into_iter().map(|w| (w.spec.name, w.wasm)).collect())
}

/// Resolves one thing a user typed: a bundled name or set, a module (`.wasm`, `.wat`), a manifest (`.toml`), or a
/// folder of these. A file wins over a bundled name only when it is written as a path (`./NAME`).
pub fn resolve(what: &str, overrides: &Overrides) -> Result<Vec<Workload>, WorkloadError> {
    if let Some((manifest, module)) = bundled(what) {
        let wasm =
            module.bytes().map_err(|source| WorkloadError::Damaged { name: what.to_owned(), source })?;
        return Ok(vec![from_manifest(manifest, wasm.into_owned(), None, what, overrides, Entries::Strict)?]);
    }
    let bundle = set(what);
    if !bundle.is_empty() {
        let found = bundle.into_iter().map(|name| resolve(name, overrides));
        return Ok(found.collect::<Result<Vec<_>, _>>()?.concat());
    }
    let path = Path::new(what);
    if path.is_dir() {
        return suite(members(path)?, overrides);
    }
    if !path.exists() {
        return Err(WorkloadError::Unknown(what.to_owned()));
    }
    if path.extension().is_some_and(|e| e == "suite") {
        return suite(listed(path)?, overrides);
    }
    file(path, None, overrides, Entries::Strict).map(|w| vec![w])
}

/// One file of a suite that cannot be called must not keep the others from being measured: it becomes a row that
/// says so on every runtime.
fn suite(members: Vec<Member>, overrides: &Overrides) -> Result<Vec<Workload>, WorkloadError> {
    let load = |m: Member| file(&m.path, Some(m.name), overrides, Entries::Lenient);
    members.into_iter().map(load).collect()
}

/// Whether a module without a callable entry is an error here.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Entries {
    Strict,
    Lenient,
}

/// A module or manifest; `name` is what a suite calls it.
fn file(
    path: &Path,
    name: Option<String>,
    overrides: &Overrides,
    entries: Entries,
) -> Result<Workload, WorkloadError> {
    if path.extension().is_some_and(|e| e == "toml") {
        let text =
            fs::read_to_string(path).map_err(|source| WorkloadError::Io { path: path.to_owned(), source })?;
        let mut manifest: Manifest = toml::from_str(&text).map_err(|e| WorkloadError::Manifest {
            path: path.to_owned(),
            message: e.to_string().trim_end().to_owned(),
        })?;
        let base = path.parent().unwrap_or(Path::new("."));
        let module = base.join(&manifest.module);
        let wasm = read_module(&module)
            .map_err(|e| WorkloadError::Manifest { path: path.to_owned(), message: e.to_string() })?;
        let stem = || path.file_stem().map_or_else(String::new, |s| s.to_string_lossy().into_owned());
        let name = name.unwrap_or_else(stem);
        // Files are named relative to the manifest; what the command line adds is not.
        let relative = |host: &mut String| *host = base.join(&*host).display().to_string();
        manifest.dirs.values_mut().chain(manifest.files.values_mut()).for_each(relative);
        manifest.stdin.iter_mut().for_each(relative);
        return from_manifest(manifest, wasm, Some(&module), &name, overrides, entries);
    }
    let wasm = read_module(path)?;
    let file_name = || path.file_name().map_or_else(String::new, |s| s.to_string_lossy().into_owned());
    let name = name.unwrap_or_else(file_name);
    let Neighbours { stdout, stdout_sha256, inputs } = neighbours(path)?;
    let manifest = Manifest {
        module: path.display().to_string(),
        expected_stdout: stdout,
        expected_stdout_sha256: stdout_sha256,
        files: inputs.into_iter().map(|(host, guest)| (guest, host)).collect(),
        ..Manifest::default()
    };
    from_manifest(manifest, wasm, Some(path), &name, overrides, entries)
}

fn read_module(path: &Path) -> Result<Vec<u8>, WorkloadError> {
    let io = |source| WorkloadError::Io { path: path.to_owned(), source };
    let bytes = fs::metadata(path).map_err(io)?.len();
    if bytes > MAX_MODULE {
        return Err(WorkloadError::TooLarge { path: path.to_owned(), bytes, limit: MAX_MODULE });
    }
    // Not every file knows its size: a device never ends.
    let mut content = Vec::new();
    fs::File::open(path).map_err(io)?.take(MAX_MODULE + 1).read_to_end(&mut content).map_err(io)?;
    if content.len() as u64 > MAX_MODULE {
        return Err(WorkloadError::TooLarge {
            path: path.to_owned(),
            bytes: content.len() as u64,
            limit: MAX_MODULE,
        });
    }
    if path.extension().is_some_and(|e| e == "wat") {
        return wat::parse_bytes(&content).map(std::borrow::Cow::into_owned).map_err(|mut e| {
            e.set_path(path);
            WorkloadError::Wat(e.to_string())
        });
    }
    Ok(content)
}

fn from_manifest(
    manifest: Manifest,
    wasm: Vec<u8>,
    path: Option<&Path>,
    default_name: &str,
    overrides: &Overrides,
    entries: Entries,
) -> Result<Workload, WorkloadError> {
    let name = manifest.name.clone().unwrap_or_else(|| default_name.to_owned());
    let (mut args, mut results, mut stdout) =
        (manifest.args.clone(), manifest.expected_results.clone(), manifest.expected_stdout.clone());
    let mut sum = manifest.expected_stdout_sha256.clone();
    let mut shown = name.clone();
    let size = overrides.size.as_deref().filter(|_| path.is_none() || !manifest.sizes.is_empty());
    if !manifest.sizes.is_empty() {
        // `small` unless asked: long enough to measure, short enough for ten runtimes.
        let asked = size.unwrap_or("small");
        let spec = manifest.sizes.get(asked).ok_or_else(|| WorkloadError::NoSuchSize {
            name: name.clone(),
            asked: asked.to_owned(),
            sizes: SIZES
                .iter()
                .copied()
                .filter(|s| manifest.sizes.contains_key(*s))
                .collect::<Vec<_>>()
                .join(", "),
        })?;
        args.clone_from(&spec.args);
        results.clone_from(&spec.expected_results);
        stdout.clone_from(&spec.expected_stdout);
        sum.clone_from(&spec.expected_stdout_sha256);
        shown = format!("{name}@{asked}");
    }
    let mut published = manifest.published;
    published.retain(|p| p.size.is_none() || p.size.as_deref() == shown.split('@').nth(1));
    let mut invoke = manifest.invoke;
    if overrides.changes_work() {
        (results, stdout, sum) = (None, None, None);
        published.clear();
    }
    if let Some((export, export_args)) = &overrides.invoke {
        invoke = Some(export.clone());
        args.clone_from(export_args);
    } else if !overrides.args.is_empty() {
        args.clone_from(&overrides.args);
    }
    let expected_text = results.as_ref().map(|r| r.join(" ")).or_else(|| stdout.clone());
    let mut dirs: Vec<_> = manifest.dirs.into_iter().map(|(guest, host)| (host, guest)).collect();
    dirs.extend(overrides.dirs.iter().cloned());
    let mut env = manifest.env;
    env.extend(overrides.env.clone());
    let wrong = |message: String| WorkloadError::Entry { name: name.clone(), message };
    let sum = sum.map(|s| {
        stdout_sha256(&s)
            .ok_or_else(|| wrong("`expected_stdout_sha256` is no SHA-256: 64 hexadecimal digits".into()))
    });
    let files: Vec<_> = manifest.files.into_iter().map(|(guest, host)| (host, guest)).collect();
    for (_, guest) in &files {
        inside(Path::new("."), guest).map_err(wrong)?;
    }
    if manifest.tolerance.is_some_and(|t| !(0.0..1.0).contains(&t)) {
        return Err(wrong("`tolerance` is a fraction: at least 0 and below 1".into()));
    }
    let mut spec = PlannedWorkload {
        name: shown,
        path: path.map(|p| p.display().to_string()),
        bundled: path.is_none().then(|| name.clone()),
        sha256: sha256_hex(&wasm),
        bytes: wasm.len() as u64,
        invoke,
        args,
        stdin: overrides.stdin.as_ref().map(|p| p.display().to_string()).or(manifest.stdin),
        dirs,
        env,
        files,
        expected: expected_digest(results.as_deref(), stdout.as_deref()).or(sum.transpose()?),
        tolerance: manifest.tolerance,
    };
    match check_entry(&mut spec, &wasm, path) {
        Err(_) if entries == Entries::Lenient => {}
        other => other?,
    }
    Ok(Workload { spec, wasm, published, expected_text })
}

/// Finds the entry when none was named, and checks the arguments against its type.
///
/// A module that does not validate is let through: each runtime's refusal is a row of its own.
fn check_entry(spec: &mut PlannedWorkload, wasm: &[u8], path: Option<&Path>) -> Result<(), WorkloadError> {
    let module = match ModuleDescriptor::parse(wasm) {
        Ok(module) => module,
        Err(error) if !wasm.starts_with(b"\0asm") => {
            let path = path.map_or_else(PathBuf::new, Path::to_owned);
            return Err(WorkloadError::Module { path, error });
        }
        Err(_) => return Ok(()),
    };
    let entry = |message: String| WorkloadError::Entry { name: spec.name.clone(), message };
    let exported = || module.exported_functions();
    match &spec.invoke {
        Some(export) => {
            let ty = module
                .func(export)
                .ok_or_else(|| entry(format!("no function `{export}` to invoke; {}", exported())))?;
            if ty.params.len() != spec.args.len() {
                return Err(entry(format!(
                    "`{export}` has type {ty}: it takes {} arguments, not {}",
                    ty.params.len(),
                    spec.args.len()
                )));
            }
            for (ty, arg) in ty.params.iter().zip(&spec.args) {
                Value::parse(*ty, arg).map_err(&entry)?;
            }
        }
        None if module.func("_start").is_some() => {}
        None => {
            // The conventional entry of benchmark modules, when it needs nothing from us.
            let found = ["run", "main", "bench", "_initialize"]
                .iter()
                .find(|n| module.func(n).is_some_and(|ty| ty.params.len() == spec.args.len()));
            match found {
                Some(name) if *name != "_initialize" => spec.invoke = Some((*name).to_owned()),
                _ => {
                    return Err(entry(format!(
                        "no `_start`, so not a WASI command; {}: name one with --invoke EXPORT ARG…",
                        exported()
                    )));
                }
            }
        }
    }
    Ok(())
}
