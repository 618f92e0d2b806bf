//! `runoff asm`: what compilers made of a function.

use std::process::ExitCode;

use runoff_asm::{
    Comparison, Counts, Decoded, ModuleProfile, Names, Program, Side, SideCode, can_decode, count,
    embedded_functions, lines,
};
use runoff_report::{
    Format, Listing, Table, asm_listing, asm_long, asm_measures, asm_tables, wasm_table, width,
};
use runoff_runtime::{FunctionCode, RuntimeError, RuntimeOptions, sha256_hex};
use runoff_runtimes::{Entry, Reach, on_engine_stack};
use runoff_workloads::{TWINS, modules};
use serde_json::json;

use crate::args::{Asm, AsmListing, OutputFormat};
use crate::exit::{RUNTIME, USAGE, coded};
use crate::support::registry::registry;
use crate::support::{output, subject};

pub(crate) fn asm(args: &Asm) -> anyhow::Result<ExitCode> {
    let format = output::format(args.format);
    if args.measures {
        print_one(&asm_measures(), format)?;
        return Ok(ExitCode::SUCCESS);
    }
    let what = args.module.clone().unwrap_or_default();
    let mut found = modules(&what)?;
    let (Some((name, wasm)), true) = (found.pop(), found.is_empty()) else {
        return Err(coded(USAGE, format!("{what} is several modules; name one")));
    };
    let profile = ModuleProfile::new(&wasm).map_err(|e| coded(USAGE, format!("{what}: {e}")))?;
    if args.wasm {
        if let OutputFormat::Json = args.format {
            output::json(&json!({ "module": name, "functions": profile.functions }))?;
        } else {
            output::print(&wasm_table(&name, &profile).render(format))?;
        }
        return Ok(ExitCode::SUCCESS);
    }
    if !can_decode() {
        let words = format!(
            "machine code of this processor ({}) is not supported here, only that of x86-64; --wasm shows the module itself",
            std::env::consts::ARCH
        );
        return Err(coded(RUNTIME, words));
    }
    let choice = match &args.func {
        Some(name) => profile.find(name),
        None => profile.heaviest(),
    };
    let choice = choice.map_err(|e| coded(USAGE, format!("{what}: {e}")))?;
    let mut comparison = Comparison::new(name, &profile, choice);
    let registry = registry(&TWINS)?;
    let (list, twin, index) = (args.runtimes.clone(), args.twin.clone(), comparison.function.index);
    comparison.sides = on_engine_stack(move || -> anyhow::Result<Vec<Side>> {
        let entries = in_order(subject::runtimes(&registry, &list)?, &list);
        Ok(entries.iter().map(|entry| side(entry, &wasm, &profile, index, twin.as_deref())).collect())
    })??;
    show(&comparison, args, format)?;
    let any = comparison.sides.iter().any(|s| s.code.is_some());
    Ok(if any { ExitCode::SUCCESS } else { ExitCode::from(RUNTIME) })
}

/// As they were named; of an engine its variants in the registry's order.
fn in_order<'a>(entries: Vec<&'a Entry>, list: &str) -> Vec<&'a Entry> {
    let mut entries = entries;
    let place = |entry: &Entry| {
        subject::names(list)
            .position(|want| subject::matches(entry.id().as_str(), want))
            .unwrap_or(usize::MAX)
    };
    entries.sort_by_key(|entry| place(entry));
    entries
}

fn show(comparison: &Comparison, args: &Asm, format: Format) -> anyhow::Result<()> {
    match args.format {
        OutputFormat::Json => output::json(&serde_json::to_value(comparison)?)?,
        OutputFormat::Csv => output::print(&asm_long(comparison).render(Format::Csv))?,
        OutputFormat::Table | OutputFormat::Md => {
            let layout = match args.listing {
                AsmListing::Side => Listing::Beside,
                AsmListing::Below => Listing::Below,
                AsmListing::None => Listing::None,
            };
            let mut parts: Vec<String> = asm_tables(comparison).iter().map(|t| t.render(format)).collect();
            let mut listing = asm_listing(comparison, layout, args.bytes, format);
            // Lines that a terminal breaks cannot be read beside each other.
            let longest = listing.lines().map(|line| line.chars().count()).max().unwrap_or(0);
            if format == Format::Table && layout == Listing::Beside && width().is_some_and(|w| longest > w) {
                listing = asm_listing(comparison, Listing::Below, args.bytes, format);
            }
            if !listing.is_empty() {
                parts.push(listing);
            }
            output::print(&parts.join("\n"))?;
        }
    }
    Ok(())
}

fn print_one(table: &Table, format: Format) -> anyhow::Result<()> {
    if format == Format::Json {
        return Ok(output::json(&table.json())?);
    }
    Ok(output::print(&table.render(format))?)
}

fn side(entry: &Entry, wasm: &[u8], profile: &ModuleProfile, index: u32, twin: Option<&str>) -> Side {
    let id = entry.id().as_str();
    let code = match entry.reach() {
        Reach::Linked if id == "native" => native(wasm, profile, index, twin),
        Reach::Linked => linked(entry, wasm, profile, index),
        Reach::Driver(_) => saved(entry, wasm, profile, index),
        Reach::CommandLine(_) => Err("it is a command line, which does not expose its code".into()),
    };
    match code {
        Ok(code) => Side::of(id, code),
        Err(reason) => Side::absent(id, reason),
    }
}

/// The code of a runtime in this process.
fn linked(entry: &Entry, wasm: &[u8], profile: &ModuleProfile, index: u32) -> Result<SideCode, String> {
    let words = |e: RuntimeError| e.to_string();
    let runtime = entry.make(&RuntimeOptions::default()).map_err(words)?;
    if runtime.info().identity.technique.contains("interpret") {
        return Err(format!("it makes no machine code of a module ({})", runtime.info().identity.technique));
    }
    runtime.validate(wasm).map_err(words)?;
    let code = runtime.compile(wasm).map_err(words)?.machine_code().map_err(words)?;
    counted(&code.functions, profile, index)
}

fn counted(functions: &[FunctionCode], profile: &ModuleProfile, index: u32) -> Result<SideCode, String> {
    let names: Names = functions.iter().map(|f| (f.address, profile.name(f.index))).collect();
    let decode = |f: &FunctionCode| Decoded::new(f.address, &f.bytes);
    let wanted = functions.iter().find(|f| f.index == index);
    let wanted = decode(wanted.ok_or("it has no code of this function")?);
    Ok(SideCode {
        note: None,
        function: count(&wanted, &names),
        module: functions.iter().map(|f| count(&decode(f), &names)).sum(),
        functions: functions.len(),
        listing: lines(&wanted, &names),
    })
}

/// The code of a runtime in another process, from what it saves.
fn saved(entry: &Entry, wasm: &[u8], profile: &ModuleProfile, index: u32) -> Result<SideCode, String> {
    let words = |e: RuntimeError| e.to_string();
    let hidden = "it runs in a process of its own, which does not expose its code";
    let runtime = entry.make(&RuntimeOptions::default()).map_err(words)?;
    if !runtime.info().capabilities.save_load {
        return Err(hidden.into());
    }
    let artifact = runtime.compile(wasm).map_err(words)?.save().map_err(words)?;
    let found = embedded_functions(artifact.as_bytes());
    let functions: Vec<FunctionCode> = found
        .iter()
        .filter_map(|f| {
            let index = index_of(&f.name, profile)?;
            Some(FunctionCode { index, address: f.address, bytes: f.bytes.clone() })
        })
        .collect();
    if functions.is_empty() {
        let names: Vec<&str> = found.iter().take(8).map(|f| f.name.as_str()).collect();
        return Err(if names.is_empty() {
            format!("{hidden}, and what it saves names no functions")
        } else {
            format!("{hidden}, and the functions of what it saves are not known ({})", names.join(", "))
        });
    }
    counted(&functions, profile, index)
}

/// The function that a symbol of a saved object file stands for. WAVM numbers those with a body. Lucet names exported
/// ones by their export, named ones by name and index, and numbers the rest.
fn index_of(symbol: &str, profile: &ModuleProfile) -> Option<u32> {
    if let Some(own) = symbol.strip_prefix("functionDef") {
        let at: usize = own.parse().ok()?;
        return profile.functions.get(at).map(|f| f.index);
    }
    if let Some(name) = symbol.strip_prefix("guest_func_") {
        return profile.exported(name).or_else(|| name.parse().ok());
    }
    let (name, index) = symbol.rsplit_once('_')?;
    let index = index.parse().ok()?;
    profile.is_named(index, name).then_some(index)
}

/// The code of the twin in this very program.
fn native(wasm: &[u8], profile: &ModuleProfile, index: u32, named: Option<&str>) -> Result<SideCode, String> {
    let sha256 = sha256_hex(wasm);
    let twin = TWINS.iter().find(|t| t.module_sha256 == sha256);
    let twin = twin.ok_or("no native twin of this module is known")?;
    let program = Program::own(twin.body.address()).map_err(|e| e.to_string())?;
    let (wanted, why) = match named {
        Some(part) => (program.named(part).map_err(|e| e.to_string())?, "named"),
        None => program.find(&profile.aliases(index)).ok_or("none of its functions was found")?,
    };
    let counted = |code: &Decoded| count(code, program.names());
    Ok(SideCode {
        note: Some(format!(
            "{}, {why}; the module is what its twin calls or takes the address of, without the standard library.",
            wanted.name
        )),
        function: counted(&wanted.code),
        module: program.functions.iter().map(|f| counted(&f.code)).sum::<Counts>(),
        functions: program.functions.len(),
        listing: lines(&wanted.code, program.names()),
    })
}
