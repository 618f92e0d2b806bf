//! What a workload answered, in a form that can be compared.

use runoff_runtime::{Value, sha256_hex};

/// What a workload answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Output {
    /// Results of an export.
    Results(Vec<Value>),
    /// Results of an export as somebody's tool printed them.
    Printed(Vec<String>),
    /// Standard output and exit code of a command.
    Command {
        /// Everything it wrote to standard output.
        stdout: Vec<u8>,
        /// Its exit code.
        exit: i32,
    },
}

impl Output {
    /// Digest that is equal exactly when the answers are: SHA-256 of the canonical bytes.
    pub fn digest(&self) -> String {
        match self {
            Self::Results(values) => results_digest(values.iter().map(ToString::to_string)),
            Self::Printed(lines) => results_digest(lines.iter().cloned()),
            Self::Command { stdout, exit } => command_digest(stdout, *exit),
        }
    }

    /// Start of the answer for people, one line.
    pub fn text(&self) -> String {
        const SHOWN: usize = 120;
        let full = match self {
            Self::Results(values) => values.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "),
            Self::Printed(lines) => lines.join(" "),
            Self::Command { stdout, exit } => {
                let start =
                    String::from_utf8_lossy(&stdout[..stdout.len().min(4 * SHOWN)]).trim_end().to_owned();
                if *exit == 0 { start } else { format!("{start} [exit {exit}]") }
            }
        };
        let line = full.replace('\n', "⏎");
        if line.chars().count() <= SHOWN { line } else { line.chars().take(SHOWN).chain(['…']).collect() }
    }
}

fn results_digest(lines: impl Iterator<Item = String>) -> String {
    let text = lines.fold("results\n".to_owned(), |text, line| text + line.as_str() + "\n");
    sha256_hex(text.as_bytes())
}

fn command_digest(stdout: &[u8], exit: i32) -> String {
    let mut bytes = format!("exit {exit}\n").into_bytes();
    bytes.extend_from_slice(stdout);
    sha256_hex(&bytes)
}

/// The digest of a right answer as a manifest writes it.
pub fn expected_digest(results: Option<&[String]>, stdout: Option<&str>) -> Option<String> {
    match (results, stdout) {
        (Some(lines), _) => Some(results_digest(lines.iter().cloned())),
        (None, Some(text)) => Some(command_digest(text.as_bytes(), 0)),
        (None, None) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn manifest_and_output_agree() {
        let results = Output::Results(vec![Value::I32(89), Value::f64(0.5)]);
        assert_eq!(expected_digest(Some(&["89".into(), "0.5".into()]), None), Some(results.digest()));
        let command = Output::Command { stdout: b"hi\n".to_vec(), exit: 0 };
        assert_eq!(expected_digest(None, Some("hi\n")), Some(command.digest()));
        let failed = Output::Command { stdout: b"hi\n".to_vec(), exit: 1 };
        assert_ne!(failed.digest(), command.digest());
    }

    #[test]
    fn long_output_is_cut_for_people() {
        let output = Output::Command { stdout: "é".repeat(1000).into_bytes(), exit: 3 };
        assert!(output.text().chars().count() <= 121);
    }
}
