//! Writing SVG elements.

use std::fmt::Write as _;

use super::WIDTH;
use super::scale::Scale;
use crate::escape;

/// Where text is anchored.
#[derive(Clone, Copy)]
pub(crate) enum Anchor {
    Start,
    Middle,
    End,
}

/// Elements of one plot, written one after the other.
#[derive(Default)]
pub(crate) struct Canvas {
    body: String,
}

/// A coordinate with one decimal, without a needless zero.
pub(crate) fn place(x: f64) -> String {
    let text = format!("{x:.1}");
    text.strip_suffix(".0").map_or_else(|| text.clone(), ToOwned::to_owned)
}

impl Canvas {
    pub(crate) fn text(&mut self, class: &str, x: f64, y: f64, anchor: Anchor, text: &str) {
        let anchor = match anchor {
            Anchor::Start => "",
            Anchor::Middle => " text-anchor=\"middle\"",
            Anchor::End => " text-anchor=\"end\"",
        };
        // Writing to a string cannot fail.
        let _ = write!(
            self.body,
            "<text class=\"{class}\" x=\"{}\" y=\"{}\"{anchor}>{}</text>",
            place(x),
            place(y),
            escape::html(text)
        );
    }

    /// A path; nothing is written for an empty one.
    pub(crate) fn path(&mut self, class: &str, path: &str) {
        if !path.is_empty() {
            let _ = write!(self.body, "<path class=\"{class}\" d=\"{path}\"/>");
        }
    }

    pub(crate) fn circle(&mut self, class: &str, x: f64, y: f64, r: f64) {
        let _ = write!(
            self.body,
            "<circle class=\"{class}\" cx=\"{}\" cy=\"{}\" r=\"{}\"/>",
            place(x),
            place(y),
            place(r)
        );
    }

    /// Grid and labels of a horizontal axis between `top` and `bottom`.
    pub(crate) fn axis_below(
        &mut self,
        scale: &Scale,
        (top, bottom): (f64, f64),
        unit: &dyn Fn(f64) -> String,
        title: &str,
    ) {
        let mut grid = String::new();
        let mut free = f64::NEG_INFINITY;
        for tick in scale.ticks(7) {
            let (x, label) = (scale.at(tick), plain(&unit(tick)));
            let _ = write!(grid, "M{} {}V{}", place(x), place(top), place(bottom));
            let half = width(&label) / 2.0;
            if x - half > free && x + half < WIDTH + 4.0 {
                self.text("m", x, bottom + 16.0, Anchor::Middle, &label);
                free = x + half + 6.0;
            }
        }
        self.path("gr", &grid);
        self.text("m", WIDTH - 4.0, bottom + 34.0, Anchor::End, title);
    }

    /// Grid and labels of a vertical axis between `left` and `right`.
    pub(crate) fn axis_left(
        &mut self,
        scale: &Scale,
        (left, right): (f64, f64),
        unit: &dyn Fn(f64) -> String,
        title: &str,
    ) {
        let mut grid = String::new();
        for tick in scale.ticks(7) {
            let y = scale.at(tick);
            let _ = write!(grid, "M{} {}H{}", place(left), place(y), place(right));
            self.text("m", left - 6.0, y + 4.0, Anchor::End, &plain(&unit(tick)));
        }
        self.path("gr", &grid);
        self.text("m", 4.0, 12.0, Anchor::Start, title);
    }

    /// Coloured squares with names, in rows; gives the height they took.
    pub(crate) fn legend(&mut self, names: &[(String, usize)], y: f64) -> f64 {
        let (mut x, mut row) = (8.0, 0.0);
        for (name, colour) in names {
            let wide = width(name) + 34.0;
            if x + wide > WIDTH && x > 8.0 {
                (x, row) = (8.0, row + 18.0);
            }
            self.path(&format!("f{colour}"), &rectangle(x, y + row, 11.0, 11.0));
            self.text("t", x + 16.0, y + row + 10.0, Anchor::Start, name);
            x += wide;
        }
        if names.is_empty() { 0.0 } else { row + 20.0 }
    }

    pub(crate) fn finish(self) -> String {
        self.body
    }
}

/// A label of an axis: ticks are round, so `2.00 ms` is `2 ms` there.
fn plain(label: &str) -> String {
    let (number, unit) = label.split_once(' ').map_or((label, None), |(n, u)| (n, Some(u)));
    let short =
        if number.contains('.') { number.trim_end_matches('0').trim_end_matches('.') } else { number };
    unit.map_or_else(|| short.to_owned(), |unit| format!("{short} {unit}"))
}

/// About how wide a text of 12 pixels is: 6.6 pixels per character on the average of sans-serif fonts.
pub(crate) fn width(text: &str) -> f64 {
    text.chars().count() as f64 * 6.6
}

/// At most `most` characters, the middle left out: runtimes differ at both ends.
pub(crate) fn shortened(text: &str, most: usize) -> String {
    let chars: Vec<char> = text.chars().collect();
    if chars.len() <= most {
        return text.to_owned();
    }
    let head = most / 2;
    let tail = most - head - 1;
    chars[..head].iter().chain(&['…']).chain(&chars[chars.len() - tail..]).collect()
}

pub(crate) fn rectangle(x: f64, y: f64, w: f64, h: f64) -> String {
    format!("M{} {}h{}v{}h-{}z", place(x), place(y), place(w), place(h), place(w))
}

/// Labels beside points, moved apart so that none covers another: places from top to bottom for wished ones.
pub(crate) fn apart(wished: &[f64], gap: f64, top: f64, bottom: f64) -> Vec<f64> {
    let mut order: Vec<usize> = (0..wished.len()).collect();
    order.sort_by(|a, b| wished[*a].total_cmp(&wished[*b]));
    let gap = if wished.len() > 1 { gap.min((bottom - top) / (wished.len() - 1) as f64) } else { gap };
    let mut places = vec![0.0; wished.len()];
    let mut free = top;
    for i in &order {
        places[*i] = wished[*i].max(free);
        free = places[*i] + gap;
    }
    // What ran over the bottom is pushed back up.
    let mut room = bottom;
    for i in order.iter().rev() {
        places[*i] = places[*i].min(room);
        room = places[*i] - gap;
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn labels_keep_their_distance(wished in prop::collection::vec(0.0_f64..300.0, 1..30)) {
            let mut places = apart(&wished, 10.0, 0.0, 300.0);
            places.sort_by(f64::total_cmp);
            prop_assert!(places.windows(2).all(|w| w[1] - w[0] > 9.99));
            prop_assert!(places[0] >= -0.01 && places[places.len() - 1] <= 300.01);
        }
    }

    #[test]
    fn shortening_keeps_both_ends() {
        assert_eq!(shortened("wasmtime/cranelift", 30), "wasmtime/cranelift");
        assert_eq!(shortened("abcdefghij", 5), "ab…ij");
    }
}
