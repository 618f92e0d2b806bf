//! `runoff serve` and `runoff init`.

use std::fmt::Write as _;
use std::io::Write;
use std::net::SocketAddr;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context;
use nix::unistd::AccessFlags;
use runoff_host::config::{Config, Source, TEMPLATE};
use runoff_host::front::{Ready, ServeError, ServeOptions, serve as run};
use runoff_host::workers::Launcher;
use runoff_host::{Compiler, Host, HostError, Processes};

use crate::args::{Init, Serve};
use crate::exit::{RUNTIME, USAGE, coded};
use crate::support::registry::registry;
use crate::support::{home, output};

pub(crate) fn serve(args: &Serve) -> anyhow::Result<ExitCode> {
    let source = Source::at(&args.source);
    let mut config = source.read().map_err(|e| coded(USAGE, e.to_string()))?;
    let written = config.clone();
    change(&mut config, args)?;
    let folder = match (&args.store, &config.store_path) {
        (Some(folder), _) | (None, Some(folder)) => folder.clone(),
        (None, None) => home::home()?.join("host"),
    };
    let registry = Arc::new(registry(&[])?);
    if config.functions.is_empty() {
        output::warn(&format!("{} has no functions yet: every path answers 404", args.source.display()));
    }
    let program = std::env::current_exe().context("this program's own path")?;
    let workers = Some(Launcher { program: program.clone(), args: vec!["host-worker".into()] });
    if args.check {
        let processes = Processes { compiler: None, workers };
        let host = Host::start(&config, registry, None, processes).map_err(|e| failed(&e))?;
        if config.store {
            can_be_folder(&folder).map_err(|words| coded(USAGE, words))?;
        }
        output::print(&describe(&host, args.verbose))?;
        return Ok(ExitCode::SUCCESS);
    }
    let compiler = Compiler {
        program,
        args: vec!["host-build".into()],
        memory: config.build_memory,
        time: config.build_time,
    };
    let verbose = args.verbose;
    // Standard output is the access log's alone.
    let ready = Box::new(move |ready: &Ready<'_>| {
        let mut text = describe(ready.host, verbose);
        if let Some((address, token)) = &ready.admin {
            let _ = writeln!(text, "admin API at http://{address}, token in {}", token.display());
        }
        let _ = writeln!(text, "listening at http://{}", ready.listen);
        // Whoever started us may read no more.
        let _ = std::io::stderr().write_all(text.as_bytes());
    });
    let processes = Processes { compiler: Some(compiler), workers };
    run(ServeOptions { source, written, config, registry, folder, processes, ready }).map_err(|error| {
        match error {
            ServeError::Host(error) => failed(&error),
            other => coded(RUNTIME, other.to_string()),
        }
    })?;
    Ok(ExitCode::SUCCESS)
}

fn failed(error: &HostError) -> anyhow::Error {
    let code = match error {
        HostError::Config(_) | HostError::Functions(_) | HostError::Tiers(_) => USAGE,
        _ => RUNTIME,
    };
    coded(code, error.to_string())
}

fn change(config: &mut Config, args: &Serve) -> anyhow::Result<()> {
    let address = |text: &str, option: &str| {
        let words = || {
            format!(
                "{option} {text} is no address with a port in numbers (names are not looked up); write 127.0.0.1:8080"
            )
        };
        text.parse::<SocketAddr>().map_err(|_| coded(USAGE, words()))
    };
    if let Some(listen) = &args.listen {
        config.listen = address(listen, "--listen")?;
    }
    if let Some(admin) = &args.admin {
        let listen = address(admin, "--admin")?;
        if !listen.ip().is_loopback() {
            return Err(coded(USAGE, "--admin is for this machine only; use 127.0.0.1"));
        }
        config.admin = Some((listen, config.admin.take().and_then(|(_, token)| token)));
    }
    config.store &= !args.no_store;
    Ok(())
}

/// What is served on what; runtimes that are left out one by one only where a word would add them, or where all are asked
/// for.
fn describe(host: &Host, verbose: bool) -> String {
    let mut lines = vec!["runtimes:".to_owned()];
    let tiers = host.tiers.list();
    lines.extend(tiers.iter().map(|t| {
        let where_to = if t.in_workers() { ", in worker processes" } else { "" };
        format!("  {:24} {}{where_to}", t.runtime, t.capabilities.trust)
    }));
    let all = host.tiers.left_out();
    let said: Vec<(&str, &str)> = if verbose {
        all.iter().map(|(id, reason)| (id.as_str(), reason.as_str())).collect()
    } else {
        host.tiers.nameable().collect()
    };
    lines.extend(said.iter().map(|(id, reason)| format!("  {id:24} left out: {reason}")));
    match all.len() - said.len() {
        0 => {}
        more => {
            lines.push(format!("  {more} others are left out: `runoff serve --check --verbose` says why"));
        }
    }
    lines.push("functions:".to_owned());
    for function in host.routes().functions() {
        let usable = tiers.iter().zip(&function.refused).filter(|(_, refusal)| refusal.is_none());
        let usable: Vec<&str> = usable.map(|(t, _)| t.runtime.as_str()).collect();
        let abi = format!("{:?}", function.abi).to_lowercase();
        lines.push(format!("  {:24} {abi:8} {}", function.config.route, usable.join(", ")));
    }
    lines.join("\n") + "\n"
}

/// Whether a folder is there or can be made, without making it.
fn can_be_folder(folder: &Path) -> Result<(), String> {
    let there = folder.ancestors().find(|p| !p.as_os_str().is_empty() && p.exists());
    let there = there.unwrap_or(Path::new("."));
    if !there.is_dir() {
        return Err(format!("the store cannot be at {}: {} is no folder", folder.display(), there.display()));
    }
    // A host serves without keeping anything, too.
    if let Err(error) = nix::unistd::access(there, AccessFlags::W_OK) {
        output::warn(&format!("nothing can be kept in {}: {}: {error}", folder.display(), there.display()));
    }
    Ok(())
}

pub(crate) fn init(args: &Init) -> anyhow::Result<ExitCode> {
    let path = &args.file;
    let made = std::fs::OpenOptions::new().write(true).create_new(true).open(path);
    match made {
        Ok(mut file) => {
            file.write_all(TEMPLATE.as_bytes())
                .with_context(|| format!("cannot write {}", path.display()))?;
        }
        Err(e) if e.kind() == std::io::ErrorKind::AlreadyExists => {
            return Err(coded(USAGE, format!("{} is there already; it stays as it is", path.display())));
        }
        Err(e) => return Err(coded(USAGE, format!("cannot write {}: {e}", path.display()))),
    }
    output::print(&format!(
        "wrote {}; add functions to it, then: runoff serve {}\n",
        path.display(),
        path.display()
    ))?;
    Ok(ExitCode::SUCCESS)
}
