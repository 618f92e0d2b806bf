//! What compilers made of a function, as tables and text.

use std::fmt::Write as _;

use runoff_asm::{Category, Comparison, Counts, Measure, ModuleProfile, SideCode};

use crate::{Format, Table};

/// How a function's instructions are laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Listing {
    /// Beside each other.
    Beside,
    /// Below each other.
    Below,
    /// Not at all.
    None,
}

/// The tables of a comparison: the function before any compiler, its counts, those of the whole module, and who
/// shows no code.
pub fn asm_tables(comparison: &Comparison) -> Vec<Table> {
    let mut tables = vec![before(comparison)];
    if comparison.sides.iter().any(|s| s.code.is_some()) {
        let name = &comparison.function.name;
        let mut function =
            counts(&format!("{name} as machine code"), comparison, |_| true, |code| &code.function);
        for side in &comparison.sides {
            if let Some(note) = side.code.as_ref().and_then(|c| c.note.as_ref()) {
                function.note(format!("{}: {note}", side.runtime));
            }
        }
        let mut module =
            counts("The whole module as machine code", comparison, |r| r != NATIVE, |code| &code.module);
        let mut functions: Vec<String> = comparison
            .sides
            .iter()
            .filter_map(|s| Some(format!("{} in {}", s.code.as_ref()?.functions, s.runtime)))
            .collect();
        functions.dedup();
        module.note(format!("Functions: {} in the module, {}.", comparison.functions, functions.join(", ")));
        tables.extend([function, module]);
    }
    let mut absent = Table::new("No machine code", &["runtime", "why"]).text_columns(&[1]);
    for side in &comparison.sides {
        if let Some(reason) = &side.reason {
            absent.row(vec![side.runtime.clone(), reason.clone()]);
        }
    }
    if !absent.is_empty() {
        tables.push(absent);
    }
    tables
}

/// What is counted and how it is recognised.
pub fn asm_measures() -> Table {
    let mut table = Table::new("What is counted", &["", "how it is recognised"]).text_columns(&[1]);
    for measure in Measure::ALL {
        table.row(vec![measure.name().into(), measure.says().into()]);
    }
    table
}

fn before(comparison: &Comparison) -> Table {
    let (profile, title) = (&comparison.profile, &comparison.function);
    let title =
        format!("{}: function {} ({}) before any compiler", comparison.module, title.index, title.name);
    let mut table = Table::new(title, &["instructions", "function", "", "module", ""]);
    let share = |part: u64, of: u64| {
        if of == 0 { String::new() } else { format!("{:.1} %", part as f64 / of as f64 * 100.0) }
    };
    let (own, all) = (profile.mix.total(), comparison.mix.total());
    for category in Category::ALL.iter().filter(|c| comparison.mix.get(**c) > 0) {
        let (in_function, in_all) = (profile.mix.get(*category), comparison.mix.get(*category));
        let cells =
            [in_function.to_string(), share(in_function, own), in_all.to_string(), share(in_all, all)];
        table.row([vec![category.name().to_owned()], cells.to_vec()].concat());
    }
    table.row(vec!["all".into(), own.to_string(), String::new(), all.to_string(), String::new()]);
    let bytes = [profile.body_bytes.to_string(), String::new(), comparison.body_bytes.to_string()];
    table.row([vec!["bytes of bodies".to_owned()], bytes.to_vec()].concat());
    table.note(format!("Chosen: {}.", comparison.function.why));
    table.note(format!(
        "{}, {}; blocks {} deep, loops {}; at most {} on the stack.",
        many(profile.params, "parameter"),
        many(profile.locals, "local"),
        profile.depth,
        profile.loop_depth,
        many(profile.operands, "value")
    ));
    if !comparison.calls.is_empty() {
        let calls: Vec<String> =
            comparison.calls.iter().map(|(name, times)| format!("{name} ({times}×)")).collect();
        table.note(format!("Calls {}.", calls.join(", ")));
    }
    table
}

fn many(count: u32, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

/// What has less in it than the module: the standard library is left out.
const NATIVE: &str = "native";

/// A row per measure, a column per compiler, each beside its ratio to the first one that may be compared with.
fn counts(
    title: &str,
    comparison: &Comparison,
    is_base: impl Fn(&str) -> bool,
    of: impl Fn(&SideCode) -> &Counts,
) -> Table {
    let sides: Vec<(&str, &Counts)> =
        comparison.sides.iter().filter_map(|s| Some((s.runtime.as_str(), of(s.code.as_ref()?)))).collect();
    let base = sides.iter().position(|(runtime, _)| is_base(runtime));
    let ratio = |n: usize| base.is_some_and(|base| base != n);
    let mut header = vec![""];
    for (n, (runtime, _)) in sides.iter().enumerate() {
        header.push(runtime);
        if ratio(n) {
            header.push("×");
        }
    }
    let mut table = Table::new(title, &header);
    for measure in Measure::ALL {
        let mut row = vec![measure.name().to_owned()];
        let unit = base.map_or(0, |base| sides[base].1.get(measure));
        for (n, (_, counts)) in sides.iter().enumerate() {
            let value = counts.get(measure);
            row.push(value.to_string());
            if ratio(n) {
                row.push(if unit == 0 { "–".into() } else { format!("{:.2}", value as f64 / unit as f64) });
            }
        }
        table.row(row);
    }
    if let (Some(base), true) = (base, sides.len() > 1) {
        table.note(format!("×: times as many as {}.", sides[base].0));
    }
    table
}

/// The instructions of every compiler, with their bytes if asked for.
pub fn asm_listing(comparison: &Comparison, layout: Listing, bytes: bool, format: Format) -> String {
    let columns: Vec<(&str, Vec<String>)> = comparison
        .sides
        .iter()
        .filter_map(|s| Some((s.runtime.as_str(), instructions(s.code.as_ref()?, bytes))))
        .collect();
    let (open, close) = if format == Format::Markdown { ("```text\n", "```\n") } else { ("", "") };
    match layout {
        Listing::None => String::new(),
        Listing::Beside => format!("{open}{}{close}", beside(&columns)),
        Listing::Below => columns
            .iter()
            .map(|(runtime, lines)| {
                let heading = if format == Format::Markdown { "### " } else { "" };
                format!("{heading}{runtime}\n\n{open}{}\n{close}", lines.join("\n"))
            })
            .collect::<Vec<_>>()
            .join("\n"),
    }
}

fn instructions(code: &SideCode, bytes: bool) -> Vec<String> {
    let width = code.listing.iter().map(|l| l.bytes.len()).max().unwrap_or(0);
    let line = |l: &runoff_asm::Line| {
        if bytes {
            format!("{:4x}  {:width$}  {}", l.offset, l.bytes, l.text)
        } else {
            format!("{:4x}  {}", l.offset, l.text)
        }
    };
    code.listing.iter().map(line).collect()
}

fn beside(columns: &[(&str, Vec<String>)]) -> String {
    let widths: Vec<usize> = columns
        .iter()
        .map(|(runtime, lines)| {
            lines.iter().map(|l| l.chars().count()).chain([runtime.len()]).max().unwrap_or(0)
        })
        .collect();
    let longest = columns.iter().map(|(_, lines)| lines.len()).max().unwrap_or(0);
    let mut text = String::new();
    let mut row = |cells: &mut dyn Iterator<Item = &str>| {
        let padded: Vec<String> = cells.zip(&widths).map(|(cell, width)| format!("{cell:width$}")).collect();
        let _ = writeln!(text, "{}", padded.join("  │ ").trim_end());
    };
    row(&mut columns.iter().map(|(runtime, _)| *runtime));
    for n in 0..longest {
        row(&mut columns.iter().map(|(_, lines)| lines.get(n).map_or("", String::as_str)));
    }
    text
}

/// A comparison as long rows for other programs: runtime, scope, what is counted, how much.
pub fn asm_long(comparison: &Comparison) -> Table {
    let mut table = Table::new("", &["module", "function", "runtime", "scope", "measure", "value"]);
    let mut row = |runtime: &str, scope: &str, measure: &str, value: String| {
        let function = comparison.function.index.to_string();
        let cells = [&comparison.module, function.as_str(), runtime, scope, measure].map(str::to_owned);
        table.row([cells.to_vec(), vec![value]].concat());
    };
    for category in Category::ALL {
        row("wasm", "function", category.name(), comparison.profile.mix.get(category).to_string());
        row("wasm", "module", category.name(), comparison.mix.get(category).to_string());
    }
    for side in &comparison.sides {
        let Some(code) = &side.code else {
            row(&side.runtime, "", "absent", side.reason.clone().unwrap_or_default());
            continue;
        };
        for measure in Measure::ALL {
            row(&side.runtime, "function", measure.name(), code.function.get(measure).to_string());
            row(&side.runtime, "module", measure.name(), code.module.get(measure).to_string());
        }
    }
    table
}

/// All functions of a module before any compiler, the heaviest first.
pub fn wasm_table(module: &str, profile: &ModuleProfile) -> Table {
    let columns = [
        Category::Locals,
        Category::Constants,
        Category::Loads,
        Category::Stores,
        Category::Integers,
        Category::Floats,
        Category::Comparisons,
        Category::Branches,
        Category::Calls,
        Category::IndirectCalls,
        Category::Vectors,
    ];
    let mut header =
        vec!["function", "name", "bytes", "params", "declared locals", "depth", "loops", "instructions"];
    header.extend(columns.iter().map(|c| c.name()));
    header.push("others");
    header.push("calls to");
    let last = header.len() - 1;
    let mut table = Table::new(format!("{module}: functions, the likely heaviest first"), &header);
    table = table.text_columns(&[1, last]);
    let mut functions: Vec<_> = profile.functions.iter().collect();
    functions.sort_by_key(|f| (std::cmp::Reverse(f.weight), f.index));
    for f in functions {
        let mut row = vec![f.index.to_string(), f.name.clone().unwrap_or_default()];
        let total = f.mix.total();
        let numbers = [
            f.body_bytes,
            u64::from(f.params),
            u64::from(f.locals),
            u64::from(f.depth),
            u64::from(f.loop_depth),
            total,
        ];
        row.extend(numbers.map(|n| n.to_string()));
        row.extend(columns.iter().map(|c| f.mix.get(*c).to_string()));
        row.push((total - columns.iter().map(|c| f.mix.get(*c)).sum::<u64>()).to_string());
        row.push(
            f.calls.iter().map(|(index, times)| format!("{index} ({times}×)")).collect::<Vec<_>>().join(" "),
        );
        table.row(row);
    }
    table.note("Heaviest: the most instructions, each loop around them counting tenfold. Bytes are those of the body.");
    table
}
