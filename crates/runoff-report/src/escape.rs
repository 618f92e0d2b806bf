//! Text from result files is hostile: what it must become before it stands in a document.

use std::fmt::Write as _;

/// For HTML and SVG, in text and in quoted attributes. Control characters, which neither may hold, become spaces.
pub(crate) fn html(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            c if refused(c) => safe.push(' '),
            c => safe.push(c),
        }
    }
    safe
}

/// The same for words of ours, in which `code` stands between backticks. Escaping comes first: what is between them is as
/// harmless as the rest.
pub(crate) fn html_code(text: &str) -> String {
    let safe = html(text);
    let mut parts: Vec<&str> = safe.split('`').collect();
    // Of an odd number of backticks the last is a backtick.
    let rest = if parts.len().is_multiple_of(2) { parts.pop() } else { None };
    let mut marked = String::with_capacity(safe.len());
    for (i, part) in parts.iter().enumerate() {
        // Writing to a string cannot fail.
        let _ = match i % 2 {
            1 => write!(marked, "<code>{part}</code>"),
            _ => write!(marked, "{part}"),
        };
    }
    if let Some(rest) = rest {
        marked.push('`');
        marked.push_str(rest);
    }
    marked
}

/// What XML 1.0 refuses, and marks that turn the direction of the text around them.
fn refused(c: char) -> bool {
    (c.is_control() && c != '\n' && c != '\t')
        || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{fffe}' | '\u{ffff}')
}

/// For a cell of a Markdown table, or a line of Markdown: no cell ends early, no tag and no link begins.
pub(crate) fn markdown(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '|' | '[' | ']' | '`' | '\\' | '*' => {
                safe.push('\\');
                safe.push(c);
            }
            c if c.is_control() || refused(c) => safe.push(' '),
            c => safe.push(c),
        }
    }
    safe
}

/// For a heading or a note of Markdown, where names of others stand among words of ours: code and emphasis stay, tags
/// and links do not.
pub(crate) fn markdown_line(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '<' => safe.push_str("&lt;"),
            '[' | ']' => {
                safe.push('\\');
                safe.push(c);
            }
            c if c.is_control() || refused(c) => safe.push(' '),
            c => safe.push(c),
        }
    }
    safe
}

/// A field of a CSV file. Spreadsheets take what begins with `=`, `+`, `-` or `@` for a formula: unless it is a number,
/// it gets an apostrophe in front, as OWASP advises.
pub(crate) fn csv(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']) && text.parse::<f64>().is_err();
    let safe = if formula { format!("'{text}") } else { text.to_owned() };
    if safe.contains([',', '"', '\n', '\r', ';']) {
        format!("\"{}\"", safe.replace('"', "\"\""))
    } else {
        safe
    }
}

/// For a terminal: no escape sequence and no line break gets through.
pub(crate) fn terminal(text: &str) -> String {
    text.chars().map(|c| if c.is_control() || refused(c) { ' ' } else { c }).collect()
}

/// JSON inside a `<script>`: nothing in it can end the element or begin a comment.
pub(crate) fn script_json(json: &str) -> String {
    let mut safe = String::with_capacity(json.len());
    for c in json.chars() {
        match c {
            // Inside JSON these stand in strings only, where an escape means the same.
            c if matches!(c, '<' | '>' | '&' | '\u{2028}' | '\u{2029}')
                || (refused(c) && !c.is_control()) =>
            {
                // Writing to a string cannot fail.
                let _ = write!(safe, "\\u{:04x}", u32::from(c));
            }
            c => safe.push(c),
        }
    }
    safe
}

/// A name as part of a file name or of an id: letters, digits and hyphens, never empty.
pub(crate) fn slug(text: &str) -> String {
    let mut slug = String::new();
    for c in text.chars() {
        if c.is_ascii_alphanumeric() {
            slug.push(c.to_ascii_lowercase());
        } else if !slug.ends_with('-') && !slug.is_empty() {
            slug.push('-');
        }
    }
    let slug = slug.trim_matches('-');
    if slug.is_empty() { "x".into() } else { slug.chars().take(60).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn html_keeps_no_markup() {
        let safe = html("<script>alert('1')</script> \"&\" \u{1b}[31m \u{202e}");
        assert_eq!(safe, "&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt; &quot;&amp;&quot;  [31m  ");
    }

    #[test]
    fn code_is_marked_after_escaping() {
        assert_eq!(html_code("see `a<b>` & `c`"), "see <code>a&lt;b&gt;</code> &amp; <code>c</code>");
        assert_eq!(html_code("one ` alone"), "one ` alone");
        assert_eq!(html_code("`a` and `"), "<code>a</code> and `");
        assert_eq!(html_code("plain"), "plain");
        assert!(!html_code("`<script>`").contains("<script"));
    }

    #[test]
    fn markdown_cells_stay_cells() {
        assert_eq!(markdown("a|b\n[x](y) <i>"), "a\\|b \\[x\\](y) &lt;i&gt;");
    }

    #[test]
    fn csv_formulas_are_text_and_numbers_stay_numbers() {
        assert_eq!(csv("=HYPERLINK(\"x\")"), "\"'=HYPERLINK(\"\"x\"\")\"");
        assert_eq!(csv("-1.5"), "-1.5");
        assert_eq!(csv("+cmd|' /C calc'!A0"), "'+cmd|' /C calc'!A0");
        assert_eq!(csv("a\rb"), "\"a\rb\"");
    }

    #[test]
    fn json_in_a_script_means_the_same_and_ends_nothing() {
        let text = serde_json::to_string(&"</script><!--\u{2028}&").expect("JSON");
        let safe = script_json(&text);
        assert!(!safe.contains(['<', '>', '&']));
        assert_eq!(serde_json::from_str::<String>(&safe).expect("JSON"), "</script><!--\u{2028}&");
    }

    #[test]
    fn slugs_are_file_names() {
        assert_eq!(slug("wasmtime/cranelift 48"), "wasmtime-cranelift-48");
        assert_eq!(slug("../../etc/passwd"), "etc-passwd");
        assert_eq!(slug("…"), "x");
    }
}
