//! Alternatives whose libraries this build does not have: a program of its own that times them when told to, round
//! by round, and so in the same run.
//!
//! The program prints lines `version NAME<tab>VERSION`, a line `cell NAME<tab>CONFIG<tab>SIZE` for each thing it can
//! time, `ready`, and then answers each line `INDEX CALLS` by `NANOSECONDS` or `error WORDS`.

use std::cell::RefCell;
use std::ffi::OsString;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::rc::Rc;
use std::time::Duration;

use super::cell::{Cell, Group};

/// The program's command.
#[derive(Clone, Debug)]
pub struct External(
    /// Program and arguments.
    pub Vec<OsString>,
);

struct Program {
    child: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
}

impl Drop for Program {
    fn drop(&mut self) {
        self.input = None;
        let _ = self.child.wait();
    }
}

impl Program {
    fn line(&mut self) -> Result<String, String> {
        let mut line = String::new();
        match self.output.read_line(&mut line) {
            Ok(0) => Err("the program ended".into()),
            Ok(_) => Ok(line.trim_end().to_owned()),
            Err(error) => Err(error.to_string()),
        }
    }

    fn time(&mut self, index: usize, calls: u32) -> Result<Duration, String> {
        let input = self.input.as_mut().ok_or("closed")?;
        writeln!(input, "{index} {calls}").map_err(|e| e.to_string())?;
        let answer = self.line()?;
        answer.parse().map(Duration::from_nanos).map_err(|_| answer)
    }
}

/// What the program times, and the versions of what it was built with.
pub(crate) struct Listed {
    pub(crate) cells: Vec<Cell>,
    pub(crate) versions: Vec<(String, String)>,
}

/// Starts the program and asks it.
pub(crate) fn list(command: &External) -> Result<Listed, String> {
    let (name, args) = command.0.split_first().ok_or("no program")?;
    let mut child = Command::new(name)
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|e| format!("{}: {e}", name.display()))?;
    let (input, output) = (child.stdin.take(), child.stdout.take().ok_or("no pipe")?);
    let mut program = Program { child, input, output: BufReader::new(output) };
    let (mut keys, mut versions) = (Vec::new(), Vec::new());
    loop {
        let line = program.line()?;
        if line == "ready" {
            break;
        }
        if let Some((name, version)) = line.strip_prefix("version ").and_then(|l| l.split_once('\t')) {
            versions.push((name.to_owned(), version.to_owned()));
            continue;
        }
        let fields: Vec<&str> = line.strip_prefix("cell ").unwrap_or_default().split('\t').collect();
        match fields.as_slice() {
            [name, config, size] => {
                let size: u64 = size.parse().map_err(|_| format!("`{line}` has no size"))?;
                keys.push(((*name).to_owned(), (*config).to_owned(), size));
            }
            _ => return Err(line),
        }
    }
    let program = Rc::new(RefCell::new(program));
    let cells = keys.into_iter().enumerate().map(|(index, (name, config, size))| {
        let program = Rc::clone(&program);
        let run = move |calls| program.borrow_mut().time(index, calls);
        Cell::new(&name, Group::Alternative, config, run).sized(size)
    });
    Ok(Listed { cells: cells.collect(), versions })
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn script(text: &str) -> Result<Listed, String> {
        list(&External(["sh", "-c", text].map(OsString::from).to_vec()))
    }

    #[test]
    fn what_a_program_says_it_times_is_asked_of_it() {
        let lines = r"printf 'version Some thing\t1.2 on 3\ncell thing\tnumbers\t8\nready\n'";
        let mut listed =
            script(&format!("{lines}; while read i n; do echo $((i + n)); done")).expect("a list");
        assert_eq!(listed.versions, [("Some thing".to_owned(), "1.2 on 3".to_owned())]);
        assert_eq!(listed.cells.len(), 1);
        assert_eq!((listed.cells[0].run)(7), Ok(Duration::from_nanos(7)));
        assert!(script("echo no protocol; echo ready").is_err());
        assert!(script("exit 1").is_err_and(|why| why.contains("ended")));
    }
}
