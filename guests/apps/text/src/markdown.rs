//! Markdown made into HTML.

use std::fmt::Write as _;

use pulldown_cmark::{Options, Parser, html};
use runoff_guest_apps_inputs::{Number, Random, fnv64, numbers, refuse, text};
use runoff_guest_program::{Io, say};

const WANTED: [Number; 2] = [
    Number { name: "SECTIONS", range: 1..=100_000, default: None },
    Number { name: "REPETITIONS", range: 1..=10_000, default: Some(1) },
];

/// The program: a document of `SECTIONS`, rendered `REPETITIONS` times.
pub fn main(args: &[&str], io: &mut dyn Io) -> i32 {
    let [sections, repetitions] = match numbers(args, &WANTED) {
        Ok(values) => values,
        Err(message) => return refuse(io, "markdown", &message, "SECTIONS [REPETITIONS]"),
    };
    let document = document(sections);
    let mut html = String::new();
    io.start();
    for _ in 0..repetitions {
        html = render(&document);
    }
    io.end();
    let said = say!(
        io,
        "markdown {} html {} headings {} items {} cells {} digest {:016x}\n",
        document.len(),
        html.len(),
        html.matches("<h2>").count(),
        html.matches("<li>").count(),
        html.matches("<td").count(),
        fnv64(html.as_bytes())
    );
    i32::from(!said)
}

/// `CommonMark` with tables.
fn render(document: &str) -> String {
    let mut out = String::with_capacity(document.len() * 3 / 2);
    html::push_html(&mut out, Parser::new_ext(document, Options::ENABLE_TABLES));
    out
}

/// A document with a bit of everything in each section.
fn document(sections: usize) -> String {
    let mut random = Random::new(73);
    let mut out = String::new();
    for section in 1..=sections {
        let prose = String::from_utf8_lossy(&text(random.bits(), 900)).into_owned();
        let words: Vec<&str> = prose.split_whitespace().collect();
        let phrase = |from: usize, count: usize| words[from..from + count].join(" ");
        write!(
            out,
            "## Section {section}: {}\n\n{} *{}* and **{}**, with `code` & [a link](https://example.org/{section} \
             \"title\").\n\n> {}\n> {}\n\n- {}\n- {}\n  1. {}\n  2. {}\n\n```rust\nlet x = {section} < 3;\n```\n\n\
             | a | b |\n|---|--:|\n| {} | 1 |\n| {} | 2 |\n\n",
            phrase(0, 4),
            phrase(4, 40),
            phrase(44, 3),
            phrase(47, 5),
            phrase(52, 10),
            phrase(62, 10),
            phrase(72, 8),
            phrase(80, 9),
            phrase(89, 4),
            phrase(93, 4),
            phrase(97, 2),
            phrase(99, 3),
        )
        .expect("a string takes everything");
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn examples_of_the_specification() {
        // Constructs of the CommonMark specification with the HTML that it gives for them.
        for (markdown, right) in [
            ("# foo\n## foo\n", "<h1>foo</h1>\n<h2>foo</h2>\n"),
            ("> # Foo\n> bar\n> baz\n", "<blockquote>\n<h1>Foo</h1>\n<p>bar\nbaz</p>\n</blockquote>\n"),
            ("*foo bar*\n", "<p><em>foo bar</em></p>\n"),
            ("`` foo ` bar ``\n", "<p><code>foo ` bar</code></p>\n"),
        ] {
            assert_eq!(render(markdown), right);
        }
    }

    #[test]
    fn everything_in_the_document_arrives() {
        let html = render(&document(20));
        for (tag, count) in
            [("<h2>", 20), ("<li>", 80), ("<td", 80), ("<blockquote>", 20), ("<em>", 20), ("<a ", 20)]
        {
            assert_eq!(html.matches(tag).count(), count, "{tag}");
        }
        assert!(html.contains("let x = 7 &lt; 3;"));
    }
}
