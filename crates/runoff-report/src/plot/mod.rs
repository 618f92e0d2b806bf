//! Plots as SVG, each with its figures as a table: who cannot see the picture reads the same.
//!
//! Shapes of one kind are one path, so that a plot of thirty runtimes is a few dozen elements. Colours are classes: a
//! page gives them values for light and dark, a file of its own carries them.

mod bars;
mod canvas;
mod intervals;
mod lines;
mod plane;
mod scale;
mod strips;

pub(crate) use bars::{Part, stacked_bars};
pub(crate) use intervals::{Span, intervals};
pub(crate) use lines::{Growth, Line, Mark, lines};
pub(crate) use plane::{Dot, plane};
pub(crate) use strips::{Strip, strips};

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::escape;
use crate::grid::Grid;

/// Width of every plot, pixels.
pub(crate) const WIDTH: f64 = 600.0;

/// Series colours, light and dark: the palette of Okabe & Ito (2008), told apart by colour-blind people too, with
/// its black and yellow replaced by shades that can be seen on either ground.
const SERIES: [(&str, &str); 8] = [
    ("#0072b2", "#56a8dc"),
    ("#d55e00", "#f08c4a"),
    ("#009e73", "#2fc79a"),
    ("#cc79a7", "#e29ac2"),
    ("#b58900", "#e0b93b"),
    ("#56b4e9", "#8fd0f5"),
    ("#6b4fa0", "#a68be0"),
    ("#7a7a7a", "#a8a8a8"),
];

/// A plot.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Plot {
    /// Short name, part of file names: `phases`.
    pub name: Cow<'static, str>,
    /// What it shows, in a line.
    pub title: String,
    /// What is drawn and how to read it, in a sentence or two.
    pub describe: String,
    /// Height, pixels.
    pub(crate) height: f64,
    /// Elements inside the `<svg>`.
    pub(crate) body: String,
    /// The figures it draws.
    pub grid: Grid,
}

impl Plot {
    /// As an element of a page whose style sheet has the classes; `id` is unique in the page.
    pub fn inline(&self, id: &str) -> String {
        format!(
            "<svg viewBox=\"0 0 {WIDTH} {}\" role=\"img\" aria-labelledby=\"{id}-t {id}-d\"><title id=\"{id}-t\">{}</title><desc id=\"{id}-d\">{}</desc>{}</svg>",
            self.height,
            escape::html(&self.title),
            escape::html(&self.describe),
            self.body
        )
    }

    /// As a file of its own, on white, with its title drawn.
    pub fn standalone(&self) -> String {
        let style: String = std::iter::once(
            ".t,.m{font-family:sans-serif;font-size:12px}.t{fill:#1b1b1b}.m{fill:#595959}.h{font-size:14px;font-weight:bold}.ax{stroke:#8a8a8a;fill:none}.gr{stroke:#dedede;fill:none}.li{fill:none;stroke-width:2}.lo{stroke:#b5b5b5;fill:none}.da{stroke:#595959;fill:none;stroke-dasharray:4 3}"
                .to_owned(),
        )
        .chain(SERIES.iter().enumerate().map(|(i, (light, _))| {
            format!(".f{i}{{fill:{light}}}.s{i}{{stroke:{light};fill:none}}")
        }))
        .collect();
        let title = escape::html(&self.title);
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}\" height=\"{h}\" viewBox=\"0 0 {WIDTH} {h}\"><title>{title}</title><desc>{}</desc><style>{style}</style><rect width=\"{WIDTH}\" height=\"{h}\" fill=\"#ffffff\"/><text class=\"t h\" x=\"8\" y=\"20\">{title}</text><g transform=\"translate(0 28)\">{}</g></svg>\n",
            escape::html(&self.describe),
            self.body,
            h = self.height + 28.0,
        )
    }
}

/// Rules for the classes of plots inside a page, from variables the page sets with [`variables`].
#[expect(clippy::format_collect, reason = "eight rules of style, once a page")]
pub(crate) fn page_style() -> String {
    let series: String = (0..SERIES.len())
        .map(|i| format!(".f{i}{{fill:var(--c{i})}}.s{i}{{stroke:var(--c{i});fill:none}}"))
        .collect();
    format!(
        ".t,.m{{font-size:12px}}.t{{fill:var(--ink)}}.m{{fill:var(--soft)}}.ax{{stroke:var(--line);fill:none}}.gr{{stroke:var(--grid);fill:none}}.li{{fill:none;stroke-width:2}}.lo{{stroke:var(--faint);fill:none}}.da{{stroke:var(--soft);fill:none;stroke-dasharray:4 3}}{series}"
    )
}

/// Values of the series colours.
#[expect(clippy::format_collect, reason = "eight colours, once a page")]
pub(crate) fn variables(dark: bool) -> String {
    SERIES.iter().enumerate().map(|(i, (l, d))| format!("--c{i}:{};", if dark { d } else { l })).collect()
}
