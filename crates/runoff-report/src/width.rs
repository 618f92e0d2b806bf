//! How wide text may be: terminals have a width, pipes and files do not.

use std::sync::atomic::{AtomicUsize, Ordering};

/// 0: as wide as it is.
static WIDTH: AtomicUsize = AtomicUsize::new(0);

/// From now on tables as text, their notes and the words around them are broken to fit this many columns.
pub fn fit_to(columns: usize) {
    WIDTH.store(columns, Ordering::Relaxed);
}

/// What text is broken to, if it is.
pub fn width() -> Option<usize> {
    Some(WIDTH.load(Ordering::Relaxed)).filter(|w| *w > 0)
}

/// Breaks a line between words; what follows the first part begins with `indent`.
pub(crate) fn broken(line: &str, indent: &str, width: Option<usize>) -> String {
    let Some(width) = width else { return line.to_owned() };
    let words = line.trim_start();
    let mut text = line[..line.len() - words.len()].to_owned();
    let mut column = text.len();
    for (number, word) in words.split(' ').enumerate() {
        let length = word.chars().count();
        if number > 0 && column + 1 + length > width {
            text.push('\n');
            text.push_str(indent);
            column = indent.len();
        } else if number > 0 {
            text.push(' ');
            column += 1;
        }
        text.push_str(word);
        column += length;
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_broken_between_words_only() {
        let line = "  one two three four-and-a-word-longer-than-all five";
        assert_eq!(broken(line, "  ", None), line);
        assert_eq!(broken(line, "  ", Some(200)), line);
        let narrow = broken(line, "  ", Some(12));
        assert_eq!(narrow, "  one two\n  three\n  four-and-a-word-longer-than-all\n  five");
        assert_eq!(
            narrow.split_whitespace().collect::<Vec<_>>(),
            line.split_whitespace().collect::<Vec<_>>()
        );
        assert_eq!(broken("", "  ", Some(5)), "");
    }
}
