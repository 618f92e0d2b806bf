//! Listing and describing.

use std::process::ExitCode;

use runoff_data::units;
use runoff_report::Table;
use runoff_workloads::{
    Manifest, Overrides, SIZES, Workload, bundled, bundled_names, resolve, set, set_names,
};
use serde_json::{Value, json};

use crate::args::{OutputFormat, WorkloadsList};
use crate::exit::{USAGE, coded};
use crate::support::output;

pub(super) fn list(args: &WorkloadsList) -> anyhow::Result<ExitCode> {
    if let Some(name) = args.sets.iter().find(|name| set(name).is_empty()) {
        return Err(coded(USAGE, format!("there is no set `{name}`; there are {}", set_names().join(", "))));
    }
    let names = if args.sets.is_empty() {
        bundled_names()
    } else {
        args.sets.iter().flat_map(|name| set(name)).collect()
    };
    let all: Vec<_> =
        names.into_iter().filter_map(|n| bundled(n).map(|(m, module)| (n, m, module.size()))).collect();
    if let OutputFormat::Json = args.format {
        let rows = all.iter().map(|(name, manifest, bytes)| {
            json!({ "name": name, "summary": manifest.summary, "sizes": sizes(manifest),
                "module_bytes": bytes, "invoke": manifest.invoke, "stands_for": manifest.stands_for })
        });
        output::json(&json!(rows.collect::<Vec<_>>()))?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut table =
        Table::new("Workloads", &["workload", "module", "sizes", "what it does"]).text_columns(&[2, 3]);
    for (name, manifest, bytes) in &all {
        let sizes = sizes(manifest).join(" ");
        table.row(vec![(*name).to_owned(), units::bytes(*bytes), sizes, manifest.summary.clone()]);
    }
    if args.sets.is_empty() {
        table.note(format!("sets: {}", set_names().join(", ")));
        table.note("a name or a set is what `bench`, `pick` and `workloads check` take; `workloads show NAME` tells more");
    }
    output::print(&table.render(output::format(args.format)))?;
    Ok(ExitCode::SUCCESS)
}

fn sizes(manifest: &Manifest) -> Vec<&'static str> {
    SIZES.into_iter().filter(|size| manifest.sizes.contains_key(*size)).collect()
}

pub(super) fn show(name: &str, format: OutputFormat) -> anyhow::Result<ExitCode> {
    // As it is measured: one row for every size it comes in.
    let known = bundled(name).map(|(manifest, _)| manifest);
    let asked: Vec<Option<String>> = match known.as_ref().map(sizes) {
        Some(sizes) if !sizes.is_empty() => sizes.into_iter().map(|s| Some(s.to_owned())).collect(),
        _ => vec![None],
    };
    let mut found = Vec::new();
    for size in asked {
        found.extend(resolve(name, &Overrides { size, ..Overrides::default() })?);
    }
    let Some(first) = found.first() else {
        return Err(coded(USAGE, format!("`{name}` holds nothing")));
    };
    if let OutputFormat::Json = format {
        let rows: Vec<Value> = found
            .iter()
            .map(|w| json!({ "workload": w.spec, "answer": w.expected_text, "published": w.published.len() }))
            .collect();
        output::json(&json!({ "summary": known.as_ref().map(|m| &m.summary),
            "stands_for": known.as_ref().and_then(|m| m.stands_for.as_ref()), "as_measured": rows }))?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut table = Table::new(name, &["workload", "call", "right answer"]).text_columns(&[1, 2]);
    for workload in &found {
        table.row(vec![workload.spec.name.clone(), workload.spec.call_text(), answer(workload)]);
    }
    if let Some(manifest) = &known {
        table.note(manifest.summary.clone());
        if let Some(row) = &manifest.stands_for {
            table.note(format!("stands for: {row}"));
        }
    }
    let bytes = units::bytes(first.spec.bytes);
    table.note(format!("module: {bytes}, sha256 {}", first.spec.sha256));
    for published in &first.published {
        table.note(format!(
            "published figures (`bench --published`): {}, {}",
            published.source, published.what
        ));
    }
    output::print(&table.render(output::format(format)))?;
    Ok(ExitCode::SUCCESS)
}

/// The right answer on one line.
fn answer(workload: &Workload) -> String {
    const SHOWN: usize = 60;
    let Some(text) = &workload.expected_text else {
        return if workload.spec.expected.is_some() { "known by its digest" } else { "not known" }.into();
    };
    let line = text.trim_end().replace('\n', " ⏎ ");
    if line.chars().count() <= SHOWN { line } else { line.chars().take(SHOWN).chain(['…']).collect() }
}
