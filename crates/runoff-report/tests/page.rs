//! The report as a file: what must be in it, what must never be, how large it gets.

mod common;

use common::Shape;
use runoff_report::Report;

/// Text that breaks out of whatever does not expect it.
const HOSTILE: &str =
    "</script><script>alert(1)</script><img src=x onerror=alert(2)>\"'|`=cmd()\u{1b}[31m\u{202e}";

fn hostile() -> Report {
    let mut shape = Shape::new(5, 2, 5);
    shape.workloads[0] = format!("w {HOSTILE}");
    shape.cpu = format!("cpu {HOSTILE}");
    shape.reason = format!("=reason {HOSTILE}\n| second | line");
    let name = format!("../{HOSTILE}.jsonl");
    let mut result = shape.result();
    for runtime in &mut result.header.plan.runtimes {
        runtime.identity.version = HOSTILE.into();
        runtime.identity.technique = HOSTILE.into();
        runtime.identity.restriction = Some(HOSTILE.into());
    }
    result.header.plan.workloads[0].args = vec![HOSTILE.into()];
    result.header.machine.environment = vec![HOSTILE.into()];
    Report::new(HOSTILE, vec![(name, HOSTILE.into(), result)], None, &[1, 1000])
}

#[test]
fn a_report_says_everything() {
    let report = Shape::new(6, 3, 8).report();
    let html = report.html();
    for part in [
        "Summary",
        "certainly slower",
        "Use ",
        "unknown import: env.tick",
        "Example Processor 9000",
        "48.0.8",
        "virtual machine",
        "prefers-color-scheme:dark",
        "aria-labelledby",
        "data:application/gzip;base64,",
        "cumulative time",
        "how samples of the call spread",
        "peak resident memory",
        "from engine to first result",
        "quality of code",
        "measured curve",
        "instructions per call, simulated",
        "Instructions per call against native, geometric mean",
        "IPC cannot be simulated",
    ] {
        assert!(html.contains(part), "{part} is missing");
    }
    // Eight plots of every workload, three over those that all ran; each with a table.
    assert_eq!(html.matches("<svg").count(), 27);
    assert_eq!(html.matches("Figures of this plot as a table").count(), 27);
    for outside in ["http://", "https://", "src=", "@import", "url("] {
        assert!(!html.contains(outside), "{outside} would be loaded from elsewhere");
    }
    let markdown = report.markdown();
    assert!(markdown.starts_with("# A report\n") && markdown.contains("| runtime"), "{markdown}");
    let json = report.json();
    assert_eq!(json["runs"][0]["cells"].as_array().map(Vec::len), Some(18));
    assert_eq!(json["runs"][0]["baseline"], "native");
    let csv = report.csv();
    assert!(csv.starts_with("run,workload,runtime,measure,"));
    assert!(csv.lines().all(|l| l.starts_with("run,") || l.starts_with("result.jsonl,")));
}

#[test]
fn hostile_text_stays_text() {
    let report = hostile();
    let html = report.html();
    assert_eq!(html.matches("<script>").count(), 1, "the page's own");
    assert_eq!(html.matches("</script>").count(), 2, "the page's own, and its data");
    let data = html.split("id=report>").nth(1).and_then(|d| d.split("</script>").next()).expect("data");
    let data: serde_json::Value = serde_json::from_str(data).expect("JSON");
    assert_eq!(data["title"], HOSTILE);
    for evil in ["<img", "\u{1b}", "\u{202e}"] {
        let near =
            html.find(evil).map(|at| html[at.saturating_sub(80)..].chars().take(160).collect::<String>());
        assert_eq!(near, None, "{evil:?}");
    }
    for (name, plot) in report.plots() {
        assert!(name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-'), "{name}");
        let svg = plot.standalone();
        assert!(!svg.contains("<script") && !svg.contains("<img") && !svg.contains('\u{1b}'), "{name}");
        balanced(&svg);
    }
    let markdown = report.markdown();
    assert!(!markdown.contains("<script") && !markdown.contains("<img"));
    // A row of a table has as many cells as its header, whatever stands in it.
    for table in markdown.split("\n\n").filter(|t| t.starts_with('|')) {
        let cells = |line: &str| line.replace("\\|", "").matches('|').count();
        let mut lines = table.lines();
        let header = lines.next().map(cells);
        assert!(lines.all(|l| Some(cells(l)) == header), "{table}");
    }
    for field in report.csv().lines().flat_map(|l| l.split(',')) {
        let formula = field.trim_matches('"').starts_with(['=', '@']);
        assert!(!formula, "{field}");
    }
}

/// Whether every element of an XML text is closed, in order.
fn balanced(xml: &str) {
    let mut open: Vec<&str> = Vec::new();
    for piece in xml.split('<').skip(1) {
        let tag = piece.split('>').next().expect("a tag ends");
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(name));
        } else if !tag.ends_with('/') {
            open.push(tag.split(' ').next().expect("a name"));
        }
    }
    assert!(open.is_empty(), "{open:?}");
}

#[test]
fn results_of_two_machines_are_one_report() {
    let mut there = Shape::new(4, 2, 6);
    there.cpu = "Another Processor".into();
    there.seed = 99;
    let files = vec![
        ("here.jsonl".to_owned(), "aa".to_owned(), Shape::new(4, 2, 6).result()),
        ("there.jsonl".to_owned(), "bb".to_owned(), there.result()),
    ];
    let report = Report::new("Two", files, None, &[1, 1000]);
    let html = report.html();
    for part in ["2 different machines", "Side by side", "Result A", "Result B", "machine 2", "there.jsonl"] {
        assert!(html.contains(part), "{part} is missing");
    }
    assert!(report.plots().iter().any(|(name, _)| name.starts_with("b-workload-00-")));
    assert!(report.markdown().contains("Identical cells side by side"));
    assert!(report.csv().contains("B there.jsonl,"));
}

#[test]
fn an_empty_result_is_a_report_too() {
    let mut result = Shape::new(3, 1, 1).result();
    result.blocks.clear();
    result.end = None;
    let report = Report::new("Empty", vec![("e.jsonl".into(), String::new(), result)], None, &[1]);
    let html = report.html();
    assert!(html.contains("The run has no end") && html.contains("the run ended before its turn"), "{html}");
    assert!(report.plots().is_empty());
}
