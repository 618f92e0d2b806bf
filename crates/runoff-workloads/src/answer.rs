//! Whether an answer is right, and where it differs.

use runoff_data::PlannedWorkload;
use runoff_runtime::sha256_hex;

use crate::Output;

/// How a digest of standard output alone is written, before its 64 digits; the exit code must be 0.
const STDOUT_SHA256: &str = "stdout-sha256:";

/// Longest piece of an answer shown, characters.
const SHOWN: usize = 80;

/// Compares an answer with the right one, where that is known. The error says how they differ first.
///
/// `text` is the right answer in words: results separated by blanks, or the whole standard output. With the
/// workload's `tolerance` numbers may differ by that fraction of the larger one and everything else must be equal.
pub fn check_answer(workload: &PlannedWorkload, text: Option<&str>, output: &Output) -> Result<(), String> {
    let Some(expected) = &workload.expected else { return Ok(()) };
    let right = match (expected.strip_prefix(STDOUT_SHA256), output) {
        (Some(sum), Output::Command { stdout, exit }) => *exit == 0 && sha256_hex(stdout) == sum,
        (Some(_), Output::Results(_) | Output::Printed(_)) => false,
        (None, _) => output.digest() == *expected,
    };
    if right {
        return Ok(());
    }
    let (got, exit) = match output {
        Output::Command { stdout, exit } => (String::from_utf8_lossy(stdout).into_owned(), *exit),
        Output::Results(values) => (values.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "), 0),
        Output::Printed(lines) => (lines.join(" "), 0),
    };
    if exit != 0 {
        let said = cut(got.trim_end());
        let said = if said.is_empty() { String::new() } else { format!(", output `{said}`") };
        return Err(format!("exit code {exit} instead of 0{said}"));
    }
    let Some(text) = text else {
        let digest = expected.trim_start_matches(STDOUT_SHA256);
        return Err(format!(
            "got `{}`, whose digest is not {}…",
            output.text(),
            &digest[..digest.len().min(12)]
        ));
    };
    match (workload.tolerance, difference(text, &got, workload.tolerance)) {
        (Some(_), None) => Ok(()),
        (_, Some(difference)) => Err(difference),
        // The digest differs and the text does not: bytes that are no text.
        (None, None) => Err(format!("got `{}`, with other bytes than expected", output.text())),
    }
}

/// A digest of standard output as a workload carries it.
pub(crate) fn stdout_sha256(sum: &str) -> Option<String> {
    let sum = sum.to_ascii_lowercase();
    let hex = sum.len() == 64 && sum.bytes().all(|b| b.is_ascii_hexdigit());
    hex.then(|| format!("{STDOUT_SHA256}{sum}"))
}

/// The first difference of two texts; `None` when there is none.
fn difference(expected: &str, got: &str, tolerance: Option<f64>) -> Option<String> {
    let (mut wanted, mut found) = (expected.lines(), got.lines());
    let several = expected.lines().nth(1).is_some() || got.lines().nth(1).is_some();
    for line in 1.. {
        let place = if several { format!("line {line}: ") } else { String::new() };
        match (wanted.next(), found.next()) {
            (None, None) => break,
            (Some(w), None) => return Some(format!("{place}expected `{}`, got nothing more", cut(w))),
            (None, Some(f)) => return Some(format!("{place}expected nothing more, got `{}`", cut(f))),
            (Some(w), Some(f)) if same(w, f, tolerance) => {}
            (Some(w), Some(f)) => return Some(format!("{place}expected {}", apart(w, f))),
        }
    }
    (tolerance.is_none() && expected != got).then(|| "the ends of lines differ".into())
}

fn same(wanted: &str, found: &str, tolerance: Option<f64>) -> bool {
    let Some(tolerance) = tolerance else { return wanted == found };
    let (mut wanted, mut found) = (wanted.split_whitespace(), found.split_whitespace());
    loop {
        match (wanted.next(), found.next()) {
            (None, None) => return true,
            (Some(w), Some(f)) if w == f => {}
            (Some(w), Some(f)) => match (w.parse::<f64>(), f.parse::<f64>()) {
                (Ok(w), Ok(f)) if (w - f).abs() <= tolerance * w.abs().max(f.abs()) => {}
                _ => return false,
            },
            _ => return false,
        }
    }
}

/// Two lines around their first difference.
fn apart(wanted: &str, found: &str) -> String {
    let common = wanted.chars().zip(found.chars()).take_while(|(a, b)| a == b).count();
    // A little before it, so that the place is recognised.
    let from = if common > SHOWN / 2 { common - SHOWN / 4 } else { 0 };
    let dots = if from > 0 { "…" } else { "" };
    let piece = |line: &str| format!("`{dots}{}`", cut(&line.chars().skip(from).collect::<String>()));
    format!("{}, got {}", piece(wanted), piece(found))
}

fn cut(line: &str) -> String {
    if line.chars().count() <= SHOWN {
        line.to_owned()
    } else {
        line.chars().take(SHOWN).chain(['…']).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expected_digest;
    use runoff_runtime::Value;

    fn command(text: &str, exit: i32) -> Output {
        Output::Command { stdout: text.as_bytes().to_vec(), exit }
    }

    fn check(text: &str, tolerance: Option<f64>, output: &Output) -> Result<(), String> {
        let expected = expected_digest(None, Some(text));
        let workload = PlannedWorkload { expected, tolerance, ..PlannedWorkload::default() };
        check_answer(&workload, Some(text), output)
    }

    #[test]
    fn the_first_difference_is_named() {
        assert_eq!(check("1\n2\n3\n", None, &command("1\n2\n3\n", 0)), Ok(()));
        let wrong = check("1\n2\n3\n", None, &command("1\n5\n7\n", 0));
        assert_eq!(wrong, Err("line 2: expected `2`, got `5`".into()));
        let short = check("1\n2\n", None, &command("1\n", 0));
        assert_eq!(short, Err("line 2: expected `2`, got nothing more".into()));
        assert_eq!(check("1\n", None, &command("1", 0)), Err("the ends of lines differ".into()));
        assert_eq!(
            check("1\n", None, &command("1\n", 3)),
            Err("exit code 3 instead of 0, output `1`".into())
        );
        let long = "x".repeat(200);
        let wrong = check(&format!("{long}a"), None, &command(&format!("{long}b"), 0)).unwrap_err();
        assert!(wrong.contains("xa`, got `…") && wrong.ends_with("xb`"), "{wrong}");
    }

    #[test]
    fn numbers_may_differ_by_the_tolerance_and_nothing_else() {
        let near = command("sum 1.0000001 of 3\n", 0);
        assert_eq!(check("sum 1.0 of 3\n", Some(1e-6), &near), Ok(()));
        assert!(check("sum 1.0 of 3\n", Some(1e-8), &near).is_err());
        assert!(check("sum 1.0 of 3\n", None, &near).is_err());
        assert!(check("total 1.0 of 3\n", Some(1e-6), &near).is_err());
        assert!(check("sum 1.0 of\n", Some(1e-6), &near).is_err());
        assert!(check("NaN\n", Some(1e-6), &command("1\n", 0)).is_err());
    }

    #[test]
    fn a_digest_of_standard_output_is_enough() {
        let sum = sha256_hex(b"hi\n");
        let workload =
            PlannedWorkload { expected: stdout_sha256(&sum.to_uppercase()), ..PlannedWorkload::default() };
        assert_eq!(check_answer(&workload, None, &command("hi\n", 0)), Ok(()));
        let wrong = check_answer(&workload, None, &command("ho\n", 0)).unwrap_err();
        assert!(wrong.contains("`ho`") && wrong.contains(&sum[..12]), "{wrong}");
        assert!(check_answer(&workload, None, &Output::Results(vec![Value::I32(1)])).is_err());
        assert_eq!(stdout_sha256("12"), None);
    }
}
