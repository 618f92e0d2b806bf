//! All studies as one page.

use std::fmt::Write as _;

use super::{Chapter, Studies, Swapped};
use crate::escape;
use crate::page::{Attachment, Page, packed_attachment};

/// Cells above which a chapter's tables begin closed.
const LONG: usize = 4;

pub(super) fn page(studies: &Studies) -> String {
    let mut page = Page::default();
    let mut links = vec![("summary".to_owned(), "Summary".to_owned())];
    links.extend(studies.chapters.iter().map(|c| (id(c), c.title.clone())));
    links.extend([("method".to_owned(), "Method".to_owned()), ("downloads".into(), "Data".into())]);
    let lead = studies.facts.iter().map(|(name, value)| format!("{name}: {value}"));
    let lead = escape::html(&lead.collect::<Vec<_>>().join(" · "));
    page.begin(&studies.title, &lead, &links);
    page.section("summary", "Summary");
    page.list("summary", &studies.summary());
    for chapter in &studies.chapters {
        page.chapter(chapter);
    }
    page.section("method", "Method");
    page.list("plain", &method());
    page.section("downloads", "Data");
    page.push("<p>Inside this page, packed with gzip:</p>");
    page.attachments(&files(studies));
    let about = serde_json::json!({ "title": studies.title, "facts": studies.facts,
        "studies": studies.chapters.iter().map(|c| &c.name).collect::<Vec<_>>() });
    page.end(&about.to_string())
}

fn id(chapter: &Chapter) -> String {
    format!("study-{}", escape::slug(&chapter.name))
}

fn method() -> [String; 4] {
    [
        "Experiments run every runtime on the same bytes in a fresh process per round, in shuffled order; outputs are verified. Figures are medians over processes with 95 % intervals from a hierarchical bootstrap; means over workloads are geometric, over workloads every runtime shown has.",
        "Published figures are those of the source documents, on their machines and with their versions: compare ratios, not times. Where a pair of runtimes that was published at least 5 % apart has changed places, ours are 5 % apart too and our interval excludes a tie, a sentence says so.",
        "A claim holds when the whole 95 % interval of its ratio is on its side, no longer holds when it is on the other side, and is unsure when it reaches over the limit. The rule stands beside every verdict.",
        "Absent is never zero: what could not be measured is a dash, or a line with its reason.",
    ]
    .map(ToOwned::to_owned)
}

fn files(studies: &Studies) -> Vec<Attachment> {
    // Types made of numbers, text and lists are always JSON.
    let whole = serde_json::to_vec(studies).unwrap_or_default();
    vec![packed_attachment("runoff-studies.json.gz", "every table, plot and verdict of this page", &whole)]
}

impl Page {
    fn chapter(&mut self, chapter: &Chapter) {
        self.section(&id(chapter), &chapter.title);
        let source = chapter.source.as_ref().map(|s| format!(" Source {s}.")).unwrap_or_default();
        let _ = write!(
            self.html,
            "<p>{}{} <code>runoff study {}</code></p>",
            escape::html_code(&chapter.about),
            escape::html(&source),
            escape::html(&chapter.name)
        );
        if let Some(why) = &chapter.absent {
            self.mind(&[format!("Not there: {why}")]);
            return;
        }
        let facts: Vec<String> =
            chapter.facts.iter().map(|(name, value)| format!("{name}: {value}")).collect();
        if !facts.is_empty() {
            let _ = write!(self.html, "<p class=lead>{}</p>", escape::html(&facts.join(" · ")));
        }
        self.mind(&chapter.notes);
        let claims = chapter.claims();
        if !claims.is_empty() {
            self.headed(&claims.grid(), &["verdict", "where"]);
            self.list("plain", claims.notes());
        }
        if !chapter.swapped.is_empty() {
            self.push("<h3>Published one way, found the other</h3><ul class=plain>");
            for Swapped { figure, pairs } in &chapter.swapped {
                let _ = write!(self.html, "<li>{}", escape::html_code(figure));
                self.list("plain", pairs);
                self.push("</li>");
            }
            self.push("</ul>");
        }
        self.figures(&chapter.plots);
        let open = if chapter.tables.len() > LONG { "" } else { " open" };
        for table in &chapter.tables {
            let grid = table.grid();
            let _ = write!(
                self.html,
                "<details class=workload{open}><summary><h3>{}</h3><span>{}</span></summary>",
                escape::html_code(&grid.caption),
                if grid.rows.len() == 1 { "1 row".to_owned() } else { format!("{} rows", grid.rows.len()) }
            );
            self.untitled(&grid, &["runtime", "workload", "policy"]);
            self.list("plain", table.notes());
            self.push("</details>");
        }
    }
}
