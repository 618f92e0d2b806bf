//! Raw data inside the page, as downloads that need no script.

use std::io::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::GzEncoder;
use runoff_data::{Block, Record, ResultFile};
use runoff_stats::median;

use super::{Report, Run, text};
use crate::escape;

/// Bytes of all embedded raw data together, before they become base64: what keeps a report of thirty runtimes on
/// sixty workloads below 8 MB.
const BUDGET: usize = 2_000_000;

/// A file inside the page.
pub(crate) struct Attachment {
    /// Name it is saved under.
    pub(crate) name: String,
    /// What is in it.
    pub(crate) about: String,
    /// `data:` address.
    pub(crate) address: String,
    /// Bytes when saved.
    pub(crate) bytes: usize,
}

/// Raw data of every run, as much as fits, and the estimates of all of them.
pub(crate) fn attachments(report: &Report) -> Vec<Attachment> {
    let share = BUDGET / report.runs.len().max(1);
    let mut list: Vec<Attachment> = report.runs.iter().filter_map(|run| raw(run, share)).collect();
    list.push(attachment(
        "runoff-estimates.csv.gz",
        "all estimates with intervals, one a line".into(),
        &packed(text::csv(report).as_bytes()),
    ));
    list
}

fn raw(run: &Run, share: usize) -> Option<Attachment> {
    let stem = run.name.strip_suffix(".jsonl").unwrap_or(&run.name);
    let name = |kind: &str| format!("{}{kind}.jsonl.gz", escape::slug(stem));
    let whole = packed(&lines(&run.result));
    if whole.len() <= share {
        return Some(attachment(
            &name(""),
            "the whole result, every sample; `runoff show` and `runoff compare` read it when unpacked".into(),
            &whole,
        ));
    }
    let thin = packed(&lines(&thinned(&run.result)));
    (thin.len() <= share).then(|| {
        attachment(&name("-thinned"), "the result with one value per process and phase instead of every sample, to keep this page small".into(), &thin)
    })
}

fn lines(result: &ResultFile) -> Vec<u8> {
    let records = std::iter::once(Record::Header(result.header.clone()))
        .chain(result.blocks.iter().cloned().map(Record::Block))
        .chain(result.end.clone().map(Record::End));
    let mut bytes = Vec::new();
    for record in records {
        // Types made of numbers, text and maps with text keys are always JSON.
        if let Ok(line) = serde_json::to_vec(&record) {
            bytes.extend(line);
            bytes.push(b'\n');
        }
    }
    bytes
}

/// One warm value per process, their median; curves stay.
fn thinned(result: &ResultFile) -> ResultFile {
    let thin = |block: &Block| {
        let mut block = block.clone();
        for samples in block.samples.phases.values_mut() {
            samples.warm_ns = median(&samples.warm_ns).into_iter().collect();
        }
        block
    };
    ResultFile { blocks: result.blocks.iter().map(thin).collect(), ..result.clone() }
}

/// Packed with gzip.
pub(crate) fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    // Writing to memory cannot fail.
    let _ = encoder.write_all(bytes);
    encoder.finish().unwrap_or_default()
}

/// A file of these bytes, packed.
pub(crate) fn packed_attachment(name: &str, about: &str, bytes: &[u8]) -> Attachment {
    attachment(name, about.to_owned(), &packed(bytes))
}

fn attachment(name: &str, about: String, bytes: &[u8]) -> Attachment {
    Attachment {
        name: name.to_owned(),
        about,
        address: format!("data:application/gzip;base64,{}", STANDARD.encode(bytes)),
        bytes: bytes.len(),
    }
}
