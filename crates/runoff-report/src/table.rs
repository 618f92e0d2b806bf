//! One table in every format.

use std::fmt::Write as _;

use comfy_table::presets::{ASCII_MARKDOWN, NOTHING};
use comfy_table::{CellAlignment, ContentArrangement};
use runoff_data::units;
use runoff_stats::Estimate;
use serde::{Deserialize, Serialize};

use crate::escape;
use crate::grid::{Datum, Grid};
use crate::width::{broken, width};

/// Columns of a table as text are so far apart.
const PADDING: usize = 2;

/// Stands for a space at which a cell is not broken.
const GLUE: &str = "\u{a0}";

/// Keeps the ends of an interval together.
fn glue(cell: &str) -> String {
    cell.replace(" – ", &format!("{GLUE}–{GLUE}"))
}

/// How tables are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Aligned columns.
    Table,
    /// Markdown.
    Markdown,
    /// Comma-separated values, one header line per table.
    Csv,
    /// JSON.
    Json,
}

/// A titled table of text cells. The first column is left-aligned, numbers are right-aligned.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Table {
    title: String,
    header: Vec<String>,
    rows: Vec<Vec<String>>,
    notes: Vec<String>,
    text_columns: Vec<usize>,
}

impl Table {
    /// An empty table.
    pub fn new(title: impl Into<String>, header: &[&str]) -> Self {
        Self {
            title: title.into(),
            header: header.iter().map(|h| (*h).to_owned()).collect(),
            rows: Vec::new(),
            notes: Vec::new(),
            text_columns: vec![0],
        }
    }

    /// Left-aligns these columns as well.
    #[must_use]
    pub fn text_columns(mut self, columns: &[usize]) -> Self {
        self.text_columns.extend(columns);
        self
    }

    /// Adds a row; it is cut or filled to the header's width.
    pub fn row(&mut self, cells: Vec<String>) {
        let mut cells = cells;
        cells.resize(self.header.len(), String::new());
        self.rows.push(cells);
    }

    /// With a first column that says the same in every row.
    #[must_use]
    pub fn marked(mut self, column: &str, text: &str) -> Self {
        self.header.insert(0, column.to_owned());
        for row in &mut self.rows {
            row.insert(0, text.to_owned());
        }
        self
    }

    /// Adds the rows of a table with the same header.
    pub(crate) fn append(&mut self, other: Self) {
        self.rows.extend(other.rows);
    }

    /// Adds a line below the table.
    pub fn note(&mut self, note: impl Into<String>) {
        self.notes.push(note.into());
    }

    /// Whether it has no rows.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Removes columns in which no row says anything.
    #[must_use]
    pub fn without_empty_columns(mut self) -> Self {
        let said = |i: usize, rows: &[Vec<String>]| rows.iter().any(|r| !r[i].is_empty() && r[i] != ABSENT);
        let keep: Vec<bool> = (0..self.header.len()).map(|i| i == 0 || said(i, &self.rows)).collect();
        let filter = |cells: Vec<String>| -> Vec<String> {
            cells.into_iter().zip(&keep).filter(|(_, k)| **k).map(|(c, _)| c).collect()
        };
        let text: Vec<usize> = self
            .text_columns
            .iter()
            .filter(|i| keep.get(**i) == Some(&true))
            .map(|i| keep[..*i].iter().filter(|k| **k).count())
            .collect();
        self.text_columns = text;
        self.header = filter(self.header);
        self.rows = self.rows.into_iter().map(filter).collect();
        self
    }

    /// For a page: cells that begin with a number are sorted by it. Its notes are beside it, in [`Table::notes`].
    pub(crate) fn grid(&self) -> Grid {
        let text = |i: usize| self.text_columns.contains(&i);
        let columns = self.header.iter().enumerate().map(|(i, name)| (name.clone(), !text(i))).collect();
        let rows = self.rows.iter().map(|row| row.iter().map(|cell| Datum::read(cell)).collect()).collect();
        Grid { caption: self.title.clone(), columns, rows }
    }

    /// Lines below the table.
    pub(crate) fn notes(&self) -> &[String] {
        &self.notes
    }

    /// The table as it stands, for programs that show it.
    pub fn json(&self) -> serde_json::Value {
        serde_json::json!({ "title": self.title, "header": self.header, "rows": self.rows, "notes": self.notes })
    }

    /// The table in a format; JSON is made from data, not from tables, and falls back to CSV here.
    pub fn render(&self, format: Format) -> String {
        match format {
            Format::Csv | Format::Json => self.csv(),
            Format::Table => self.drawn(format, width()),
            Format::Markdown => self.drawn(format, None),
        }
    }

    fn drawn(&self, format: Format, width: Option<usize>) -> String {
        // Ends of intervals stay together where there is room.
        let fits = |glued: bool| {
            let least = self.least(glued);
            width.filter(|w| least.iter().sum::<usize>() <= *w).map(|w| (w, glued, least))
        };
        let fit = fits(true).or_else(|| fits(false));
        let glued = fit.as_ref().is_some_and(|(_, glued, _)| *glued);
        let mut drawn = comfy_table::Table::new();
        drawn.load_style(if format == Format::Markdown { ASCII_MARKDOWN } else { NOTHING });
        drawn.set_content_arrangement(ContentArrangement::Disabled);
        drawn.set_header(&self.header);
        for row in &self.rows {
            let clean = |cell: &String| {
                let cell = if glued { glue(cell) } else { cell.clone() };
                if format == Format::Markdown { escape::markdown(&cell) } else { escape::terminal(&cell) }
            };
            drawn.add_row(row.iter().map(clean).collect::<Vec<_>>());
        }
        for (i, column) in drawn.column_iter_mut().enumerate() {
            let text = self.text_columns.contains(&i);
            column.set_cell_alignment(if text { CellAlignment::Left } else { CellAlignment::Right });
            if format == Format::Table {
                column.set_padding((0, PADDING as u16));
            }
        }
        if let Some((width, _, least)) = fit {
            let columns = |n: usize| u16::try_from(n).unwrap_or(u16::MAX);
            drawn.set_content_arrangement(ContentArrangement::Dynamic);
            drawn.set_width(columns(width));
            for (column, least) in drawn.column_iter_mut().zip(least) {
                let least = comfy_table::Width::Fixed(columns(least));
                column.set_constraint(comfy_table::ColumnConstraint::LowerBoundary(least));
            }
        }
        let lines = drawn.to_string().replace(GLUE, " ");
        let body = lines.lines().map(str::trim_end).collect::<Vec<_>>().join("\n");
        let mut text = String::new();
        let heading = if format == Format::Markdown { "### " } else { "" };
        // Writing to a string cannot fail.
        let line = if format == Format::Markdown { escape::markdown_line } else { escape::terminal };
        let _ = writeln!(text, "{heading}{}\n\n{body}", broken(&line(&self.title), "", width));
        if !self.notes.is_empty() {
            let _ = writeln!(text);
        }
        for note in &self.notes {
            let note = format!("{}{}", if format == Format::Markdown { "- " } else { "  " }, line(note));
            let _ = writeln!(text, "{}", broken(&note, "  ", width));
        }
        text
    }

    /// How wide each column is at least, when cells are broken between words: a number is never broken.
    fn least(&self, glued: bool) -> Vec<usize> {
        let longest = |i: usize| {
            let cells = std::iter::once(&self.header).chain(&self.rows).filter_map(|row| row.get(i));
            let words = cells.filter_map(|cell| {
                let cell = if glued { glue(cell) } else { cell.clone() };
                cell.split(' ').map(|word| word.chars().count()).max()
            });
            words.max().unwrap_or(0)
        };
        (0..self.header.len()).map(|i| longest(i) + PADDING).collect()
    }

    fn csv(&self) -> String {
        let line = |cells: &[String]| {
            cells.iter().map(|cell| escape::csv(cell)).collect::<Vec<_>>().join(",") + "\n"
        };
        std::iter::once(line(&self.header)).chain(self.rows.iter().map(|r| line(r))).collect()
    }
}

/// What stands where nothing was measured.
pub(crate) const ABSENT: &str = "–";

/// A time with its interval's half-width in per cent: `1.42 ms ±2%`.
pub fn estimate_text(estimate: Option<Estimate>) -> String {
    let Some(estimate) = estimate else { return ABSENT.into() };
    match estimate.interval {
        Some((low, high)) => {
            let share = (high - low) / 2.0 / estimate.median * 100.0;
            // Few processes can leave an interval wider than any number is worth printing.
            let share = if share > 999.0 { ">999".into() } else { format!("{share:.0}") };
            format!("{} ±{share}%", units::time(estimate.median))
        }
        None => format!("{} ±?", units::time(estimate.median)),
    }
}

/// Bytes, or the sign for "absent".
pub(crate) fn bytes_text(bytes: Option<f64>) -> String {
    bytes.map_or_else(|| ABSENT.into(), |n| units::bytes(n as u64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn csv_quotes_what_needs_it() {
        let mut table = Table::new("t", &["a", "b"]);
        table.row(vec!["x, \"y\"".into(), "1".into()]);
        assert_eq!(table.render(Format::Csv), "a,b\n\"x, \"\"y\"\"\",1\n");
    }

    #[test]
    fn empty_columns_go_and_numbers_stand_right() {
        let mut table = Table::new("t", &["name", "gone", "n"]);
        table.row(vec!["a".into(), ABSENT.into(), "1".into()]);
        table.row(vec!["b".into(), String::new(), "10".into()]);
        let text = table.without_empty_columns().render(Format::Table);
        assert!(!text.contains("gone") && text.contains("10"), "{text}");
    }

    fn wide() -> Table {
        let header = ["what", "found in a long header", "why"];
        let mut table =
            Table::new("A title that is somewhat longer than thirty columns", &header).text_columns(&[2]);
        table.row(vec![
            "one two three four".into(),
            "514397 – 543902".into(),
            "so that it may be seen".into(),
        ]);
        table.note("a note that is longer than thirty columns too");
        table
    }

    #[test]
    fn a_table_is_broken_between_words_to_fit() {
        let narrow = wide().drawn(Format::Table, Some(36));
        assert!(narrow.lines().all(|line| line.chars().count() <= 36), "{narrow}");
        for word in ["514397 – 543902", "three", "columns", "somewhat"] {
            assert!(narrow.contains(word), "{word}: {narrow}");
        }
        // Where that cannot be, it stays as it is.
        let rows =
            |text: &str| text.lines().filter(|l| l.starts_with("one")).map(str::to_owned).collect::<Vec<_>>();
        let whole = wide().drawn(Format::Table, None);
        assert_eq!(rows(&wide().drawn(Format::Table, Some(12))), rows(&whole));
        assert_eq!(wide().drawn(Format::Table, Some(200)), whole);
    }
}
