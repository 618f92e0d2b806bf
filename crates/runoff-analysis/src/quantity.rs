//! The measures that are kept and compared, and what kind of number each is.

use runoff_data::{CounterSource, Event};

/// What kind of number a measure is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quantity {
    /// A time, nanoseconds.
    Time,
    /// A size, bytes.
    Size,
    /// Events of a call.
    Count,
}

/// Times and sizes people decide by, and events of a repeated call: the processor's own, and simulated ones, which are
/// another thing and never compared with them.
pub const MEASURES: [&str; 11] = [
    "jit",
    "aot_execute",
    "call",
    "process",
    "peak_rss",
    "code",
    "artifact",
    "instructions",
    "branch_misses",
    "sim_instructions",
    "sim_branch_misses",
];

impl Quantity {
    /// Of a measure by its name.
    pub fn of(measure: &str) -> Self {
        match measure {
            "peak_rss" | "code" | "artifact" => Self::Size,
            name if counted(name).is_some() => Self::Count,
            _ => Self::Time,
        }
    }

    /// Its unit in files for programs.
    pub fn unit(self) -> &'static str {
        match self {
            Self::Time => "ns",
            Self::Size => "B",
            Self::Count => "per call",
        }
    }
}

/// The event a measure counts, and who counts it.
pub(crate) fn counted(measure: &str) -> Option<(CounterSource, Event)> {
    let (source, name) = match measure.strip_prefix("sim_") {
        Some(name) => (CounterSource::Simulated, name),
        None => (CounterSource::Hardware, measure),
    };
    let event = [Event::Instructions, Event::BranchMisses].into_iter().find(|e| e.name() == name)?;
    Some((source, event))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_measure_is_some_quantity() {
        let of = |quantity| MEASURES.into_iter().filter(|m| Quantity::of(m) == quantity).count();
        assert_eq!((of(Quantity::Time), of(Quantity::Size), of(Quantity::Count)), (4, 3, 4));
        assert_eq!(counted("sim_branch_misses"), Some((CounterSource::Simulated, Event::BranchMisses)));
        assert_eq!(counted("sim_call"), None);
    }
}
