//! Tables whose cells keep the number behind the text, for sorting and filtering in a page.

use std::borrow::Cow;
use std::fmt::Write as _;

use runoff_data::units;
use runoff_stats::Estimate;
use serde::{Deserialize, Serialize};

use crate::table::{ABSENT, bytes_text};
use crate::{Table, escape, estimate_text};

/// A cell: what is read, and what it is sorted by when that is a number.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Datum {
    /// Text.
    pub text: String,
    /// Number in base units (nanoseconds, bytes, ratio).
    pub value: Option<f64>,
    /// A word that gives the cell a colour: a verdict.
    pub class: Option<Cow<'static, str>>,
}

impl Datum {
    pub(crate) fn text(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }

    /// Text from elsewhere; sorted by the number it begins with, in base units, when it begins with one.
    pub(crate) fn read(text: &str) -> Self {
        let mut words = text.split(' ');
        let value = words.next().and_then(|n| n.replace('\u{202f}', "").parse::<f64>().ok());
        let scale = match words.next() {
            Some("µs" | "thousand") => 1e3,
            Some("ms" | "million") => 1e6,
            Some("s" | "billion") => 1e9,
            Some("min") => 6e10,
            Some("KiB") => 1024.0,
            Some("MiB") => 1_048_576.0,
            Some("GiB") => 1_073_741_824.0,
            _ => 1.0,
        };
        Self { text: text.into(), value: value.map(|v| v * scale), class: verdict(text) }
    }

    pub(crate) fn absent() -> Self {
        Self::text(ABSENT)
    }

    pub(crate) fn number(text: impl Into<String>, value: f64) -> Self {
        Self { text: text.into(), value: Some(value), class: None }
    }

    pub(crate) fn estimate(estimate: Option<Estimate>) -> Self {
        Self { text: estimate_text(estimate), value: estimate.map(|e| e.median), class: None }
    }

    pub(crate) fn time(ns: Option<f64>) -> Self {
        ns.map_or_else(Self::absent, |ns| Self::number(units::time(ns), ns))
    }

    pub(crate) fn bytes(bytes: Option<f64>) -> Self {
        Self { text: bytes_text(bytes), value: bytes, class: None }
    }

    pub(crate) fn ratio(ratio: Option<f64>) -> Self {
        ratio.map_or_else(Self::absent, |r| Self::number(units::digits(r), r))
    }

    pub(crate) fn classed(mut self, class: &'static str) -> Self {
        self.class = Some(class.into());
        self
    }
}

/// A table of such cells. The first column names the row.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Grid {
    /// What it shows.
    pub caption: String,
    /// Column names, and whether the column holds numbers.
    pub columns: Vec<(String, bool)>,
    /// Rows as wide as the columns.
    pub rows: Vec<Vec<Datum>>,
}

impl Grid {
    /// An empty table; a column whose name begins with `#` holds numbers.
    pub(crate) fn new(caption: impl Into<String>, columns: &[&str]) -> Self {
        let column =
            |c: &&str| c.strip_prefix('#').map_or_else(|| ((*c).to_owned(), false), |n| (n.to_owned(), true));
        Self { caption: caption.into(), columns: columns.iter().map(column).collect(), rows: Vec::new() }
    }

    pub(crate) fn row(&mut self, mut cells: Vec<Datum>) {
        cells.resize(self.columns.len(), Datum::default());
        self.rows.push(cells);
    }

    /// Without columns in which no row says anything.
    pub(crate) fn without_empty_columns(mut self) -> Self {
        let said = |i: usize| self.rows.iter().any(|r| !r[i].text.is_empty() && r[i].text != ABSENT);
        let keep: Vec<bool> = (0..self.columns.len()).map(|i| i == 0 || said(i)).collect();
        let mut kept = keep.iter();
        self.columns.retain(|_| kept.next() == Some(&true));
        for row in &mut self.rows {
            let mut kept = keep.iter();
            row.retain(|_| kept.next() == Some(&true));
        }
        self
    }

    /// As an HTML table; `sortable` ones get buttons in their header, which the page's script brings to life.
    pub(crate) fn html(&self, class: &str, id: Option<&str>) -> String {
        let has = |word: &str| class.split(' ').any(|c| c == word);
        let (sortable, stacked) = (has("sort"), has("stacked"));
        // On a narrow screen rows of a stacked table are no rows to a browser any more; their roles stay.
        let role = |name: &str| if stacked { format!(" role={name}") } else { String::new() };
        let mut html = String::with_capacity(256 + self.rows.len() * self.columns.len() * 40);
        let id = id.map_or_else(String::new, |id| format!(" id=\"{id}\""));
        // Writing to a string cannot fail.
        let _ = write!(
            html,
            "<table class=\"{class}\"{id}{}><caption>{}</caption><thead{group}><tr{row}>",
            role("table"),
            escape::html_code(&self.caption),
            group = role("rowgroup"),
            row = role("row"),
        );
        for (name, number) in &self.columns {
            let class = if *number { " class=n" } else { "" };
            let class = format!("{class}{}", role("columnheader"));
            let name = escape::html(name);
            if sortable {
                let _ = write!(html, "<th scope=col{class}><button type=button>{name}</button></th>");
            } else {
                let _ = write!(html, "<th scope=col{class}>{name}</th>");
            }
        }
        let _ = writeln!(html, "</tr></thead><tbody{}>", role("rowgroup"));
        let (line, first, other) = (role("row"), role("rowheader"), role("cell"));
        for row in &self.rows {
            let _ = write!(html, "<tr{line}>");
            for (i, (datum, (_, number))) in row.iter().zip(&self.columns).enumerate() {
                let class = match (number, datum.class.as_deref()) {
                    (true, None) => " class=n".to_owned(),
                    (true, Some(class)) => format!(" class=\"n {class}\""),
                    (false, Some(class)) => format!(" class={class}"),
                    (false, None) => String::new(),
                };
                let value = match datum.value {
                    Some(v) if sortable && v.is_finite() => format!(" data-v={}", short(v)),
                    _ => String::new(),
                };
                let text = escape::html_code(&datum.text);
                let _ = if i == 0 {
                    write!(html, "<th scope=row{first}{class}{value}>{text}</th>")
                } else {
                    write!(html, "<td{other}{class}{value}>{text}</td>")
                };
            }
            html.push_str("</tr>\n");
        }
        html.push_str("</tbody></table>");
        html
    }

    /// As a table for text.
    pub fn table(&self) -> Table {
        let names: Vec<&str> = self.columns.iter().map(|(n, _)| n.as_str()).collect();
        let text: Vec<usize> = (0..names.len()).filter(|i| !self.columns[*i].1).collect();
        let mut table = Table::new(self.caption.clone(), &names).text_columns(&text);
        for row in &self.rows {
            table.row(row.iter().map(|d| d.text.clone()).collect());
        }
        table
    }

    /// As CSV with numbers in base units where a cell has one.
    pub fn csv(&self) -> String {
        let field = |d: &Datum| {
            d.value.map_or_else(
                || if d.text == ABSENT { String::new() } else { escape::csv(&d.text) },
                |v| v.to_string(),
            )
        };
        let header = self.columns.iter().map(|(n, _)| escape::csv(n)).collect::<Vec<_>>().join(",") + "\n";
        let lines = self.rows.iter().map(|r| r.iter().map(field).collect::<Vec<_>>().join(",") + "\n");
        std::iter::once(header).chain(lines).collect()
    }
}

/// The colour of what was decided.
fn verdict(text: &str) -> Option<Cow<'static, str>> {
    match text {
        "holds" | "kept" => Some("faster".into()),
        "no longer holds" | "broken in this run" => Some("slower".into()),
        "unsure" => Some("unsure".into()),
        _ => None,
    }
}

/// A number with enough digits to sort by.
fn short(value: f64) -> String {
    if value == 0.0 {
        return "0".into();
    }
    let text = format!("{value:.6e}");
    let shorter = format!("{value}");
    if shorter.len() < text.len() { shorter } else { text }
}
