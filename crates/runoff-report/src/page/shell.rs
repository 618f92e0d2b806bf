//! What every page is made of: head, sections, tables, plots, downloads; one file that loads nothing.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use runoff_data::units;
use sha2::{Digest, Sha256};

use super::embed::Attachment;
use crate::escape;
use crate::grid::Grid;
use crate::plot::{self, Plot};

const STYLE: &str = include_str!("style.css");
const SCRIPT: &str = include_str!("script.js");

/// Rows above which a table can be filtered.
const FILTERED: usize = 8;

/// A page being written; ids are counted so that none comes twice.
#[derive(Default)]
pub(crate) struct Page {
    pub(crate) html: String,
    tables: usize,
    plots: usize,
}

impl Page {
    pub(crate) fn push(&mut self, html: &str) {
        self.html.push_str(html);
    }

    /// Head, title, a line of HTML below it, and links to sections by id.
    pub(crate) fn begin(&mut self, title: &str, lead: &str, links: &[(String, String)]) {
        let style = format!(
            "{STYLE}{}:root{{{}}}@media(prefers-color-scheme:dark){{:root{{{}}}}}@media print{{:root{{{}}}}}",
            plot::page_style(),
            plot::variables(false),
            plot::variables(true),
            plot::variables(false)
        );
        // Should a hostile name ever get through as markup, the browser still runs this script and no other.
        let hash = STANDARD.encode(Sha256::digest(SCRIPT));
        let title = escape::html(title);
        let _ = write!(
            self.html,
            "<!doctype html>\n<html lang=en><head><meta charset=utf-8><meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{hash}'; base-uri 'none'; form-action 'none'\"><meta name=viewport content=\"width=device-width,initial-scale=1\"><meta name=generator content=\"Runoff {}\"><title>{title}</title><style>{style}</style></head><body><a class=skip href=\"#summary\">To the summary</a><header><h1>{title}</h1><p class=lead>{lead}</p><nav aria-label=Contents><ul>",
            env!("CARGO_PKG_VERSION")
        );
        for (id, name) in links {
            let _ = write!(self.html, "<li><a href=\"#{id}\">{}</a></li>", escape::html(name));
        }
        self.push("</ul></nav></header><main>");
    }

    /// The whole page; `about` is JSON that programs find in it.
    pub(crate) fn end(mut self, about: &str) -> String {
        self.push("</main><footer><p>Made by Runoff. Everything in this page is in this file; it loads nothing.</p></footer>");
        let about = escape::script_json(about);
        let _ = writeln!(
            self.html,
            "<script type=\"application/json\" id=report>{about}</script><script>{SCRIPT}</script></body></html>"
        );
        self.html
    }

    pub(crate) fn section(&mut self, id: &str, title: &str) {
        let _ = write!(self.html, "<h2 id=\"{id}\">{}</h2>", escape::html(title));
    }

    pub(crate) fn list(&mut self, class: &str, lines: &[String]) {
        if lines.is_empty() {
            return;
        }
        let _ = write!(self.html, "<ul class={class}>");
        for line in lines {
            let _ = write!(self.html, "<li>{}</li>", escape::html_code(line));
        }
        self.push("</ul>");
    }

    pub(crate) fn mind(&mut self, lines: &[String]) {
        if !lines.is_empty() {
            self.push("<aside class=mind aria-label=Warnings><h3>Mind</h3>");
            self.list("plain", lines);
            self.push("</aside>");
        }
    }

    /// A sortable table; long ones with a filter, by words and by the values of the columns named.
    pub(crate) fn table(&mut self, grid: &Grid, selects: &[&str]) {
        self.sortable(grid, selects, "p");
    }

    /// The same with its caption as a heading.
    pub(crate) fn headed(&mut self, grid: &Grid, selects: &[&str]) {
        self.sortable(grid, selects, "h3");
    }

    /// The same below a heading that says what its caption says: the caption is for those who hear the page.
    pub(crate) fn untitled(&mut self, grid: &Grid, selects: &[&str]) {
        self.sortable(grid, selects, "");
    }

    /// `title` is the element above the table that shows its caption.
    fn sortable(&mut self, grid: &Grid, selects: &[&str], title: &str) {
        if grid.rows.is_empty() {
            return;
        }
        self.tables += 1;
        let id = format!("t{}", self.tables);
        let caption = escape::html(&grid.caption);
        let long = grid.rows.len() > FILTERED;
        // A short table shows its caption itself, unless a heading does.
        if title == "h3" || (title == "p" && long) {
            let _ = write!(self.html, "<{title}>{}</{title}>", escape::html_code(&grid.caption));
        }
        if long {
            let _ = write!(
                self.html,
                "<form class=filters data-table={id} hidden aria-label=\"Filter: {caption}\"><label>Filter by words<input type=search name=words autocomplete=off></label>"
            );
            for name in selects.iter().filter(|s| grid.columns.iter().any(|(c, _)| c == *s)) {
                let _ = write!(
                    self.html,
                    "<label>{name}<select name=\"{name}\"><option value=\"\">all</option></select></label>"
                );
            }
            self.push(
                "<output aria-live=polite></output><button type=button hidden>Show all rows</button></form>",
            );
        }
        let tall = if long { " tall" } else { "" };
        let tall = if title == "p" { tall.to_owned() } else { format!("{tall} named") };
        let _ = write!(
            self.html,
            "<div class=\"scroll{tall}\" role=region tabindex=0 aria-label=\"{caption}\">{}</div>",
            grid.html(if title == "h3" { "sort stacked" } else { "sort" }, Some(&id))
        );
    }

    pub(crate) fn figures(&mut self, plots: &[Plot]) {
        if plots.is_empty() {
            return;
        }
        self.push("<div class=figures>");
        for plot in plots {
            self.plots += 1;
            let _ = writeln!(
                self.html,
                "<figure><figcaption>{title}<span>{}</span></figcaption><div class=scroll role=region tabindex=0 aria-label=\"Plot: {title}\">{}</div><details><summary>Figures of this plot as a table</summary><div class=scroll role=region tabindex=0 aria-label=\"Table: {title}\">{}</div></details></figure>",
                escape::html(&plot.describe),
                plot.inline(&format!("p{}", self.plots)),
                plot.grid.html("fig", None),
                title = escape::html(&plot.title),
            );
        }
        self.push("</div>");
    }

    /// Files inside the page.
    pub(crate) fn attachments(&mut self, files: &[Attachment]) {
        self.push("<ul>");
        for file in files {
            let _ = write!(
                self.html,
                "<li><a download=\"{name}\" href=\"{}\">{name}</a> ({}): {}</li>",
                file.address,
                units::bytes(file.bytes as u64),
                escape::html(&file.about),
                name = escape::html(&file.name),
            );
        }
        self.push("</ul>");
    }
}
