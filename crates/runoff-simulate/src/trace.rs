//! Calls of one function.

use std::collections::BTreeMap;

/// What can be wrong with a recorded trace.
#[derive(Debug, thiserror::Error)]
#[error("line {line}: {reason}")]
pub struct TraceError {
    line: usize,
    reason: String,
}

/// One call.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Call {
    /// When it comes in, ns since the function's deployment.
    pub at: u64,
    /// Bytes of input.
    pub size: u64,
    /// Run time on the module's fastest tier, ns.
    pub work: f64,
}

/// The calls of one function, in order of arrival.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Trace {
    /// What kind of trace, for people.
    pub kind: String,
    /// Number of its module in the cost table.
    pub module: usize,
    /// Calls; the first is the deployment.
    pub calls: Vec<Call>,
    /// Whether `work` follows from `size`, so that a policy can know it beforehand.
    pub exact: bool,
}

impl Trace {
    /// Calls sorted by arrival, the first at nought.
    pub fn new(kind: impl Into<String>, module: usize, mut calls: Vec<Call>, exact: bool) -> Self {
        calls.sort_by_key(|c| c.at);
        let first = calls.first().map_or(0, |c| c.at);
        for call in &mut calls {
            call.at -= first;
        }
        Self { kind: kind.into(), module, calls, exact }
    }
}

/// Reads recorded traces: lines of `function,at_s,size_bytes,work_ms` (`work_ms`: run time on the fastest runtime), in
/// any order, `#` begins a comment, a first line with these names is skipped. Functions get modules of the cost table in turn, or the one they
/// name as `function@module`.
pub fn read_traces(text: &str, modules: &[&str]) -> Result<Vec<Trace>, TraceError> {
    let mut functions: BTreeMap<&str, Vec<Call>> = BTreeMap::new();
    let mut order: Vec<&str> = Vec::new();
    for (i, line) in text.lines().enumerate() {
        let line_text = line.split('#').next().unwrap_or("").trim();
        if line_text.is_empty() || line_text.starts_with("function,") {
            continue;
        }
        let wrong = |reason: String| TraceError { line: i + 1, reason };
        let fields: Vec<&str> = line_text.split(',').map(str::trim).collect();
        let [function, at, size, work] = fields[..] else {
            return Err(wrong(format!(
                "{} fields instead of function,at_s,size_bytes,work_ms",
                fields.len()
            )));
        };
        let number = |text: &str, what: &str, most: f64| match text.parse::<f64>() {
            Ok(n) if (0.0..=most).contains(&n) => Ok(n),
            _ => Err(wrong(format!("`{text}` is no {what}"))),
        };
        // Centuries and exabytes are mistakes, and would not fit into nanoseconds.
        let call = Call {
            at: (number(at, "time in seconds", 9e9)? * 1e9) as u64,
            size: number(size, "size in bytes", 1e18)? as u64,
            work: (number(work, "time in milliseconds", 1e9)? * 1e6).max(1.0),
        };
        functions
            .entry(function)
            .or_insert_with(|| {
                order.push(function);
                Vec::new()
            })
            .push(call);
    }
    let mut traces = Vec::new();
    for (i, function) in order.into_iter().enumerate() {
        let module = match function.split_once('@') {
            None => i % modules.len().max(1),
            Some((_, name)) => modules.iter().position(|m| *m == name).ok_or_else(|| TraceError {
                line: 1,
                reason: format!(
                    "`{function}`: the cost table has no module `{name}`; it has {}",
                    modules.join(", ")
                ),
            })?,
        };
        traces.push(Trace::new(function, module, functions.remove(function).unwrap_or_default(), false));
    }
    Ok(traces)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recorded_traces_are_read() {
        let text =
            "function,at_s,size_bytes,work_ms\n# a comment\nf@b,10.5,100,2\ng,1,1,1\nf@b,10,100,3.5 # late\n";
        let traces = read_traces(text, &["a", "b"]).unwrap();
        assert_eq!(read_traces("f@b@small,0,0,1", &["a", "b@small"]).unwrap()[0].module, 1);
        assert_eq!(traces.len(), 2);
        assert_eq!((traces[0].module, traces[1].module), (1, 1));
        assert_eq!(traces[0].calls[0], Call { at: 0, size: 100, work: 3.5e6 });
        assert_eq!(traces[0].calls[1].at, 500_000_000);
    }

    #[test]
    fn what_is_wrong_is_said_with_its_line() {
        for (text, says) in [
            ("f,1,2", "line 1: 3 fields"),
            ("\nf,x,2,3", "line 2: `x` is no time"),
            ("f,1,-2,3", "`-2` is no size"),
            ("f,1,2,NaN", "`NaN` is no time"),
            ("f@c,1,2,3", "no module `c`"),
        ] {
            let error = read_traces(text, &["a", "b"]).unwrap_err().to_string();
            assert!(error.contains(says), "{error}");
        }
    }
}
