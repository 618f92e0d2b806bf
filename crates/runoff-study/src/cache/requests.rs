//! What is asked of the cache.

use std::collections::HashMap;
use std::fs::File;
use std::path::PathBuf;

use runoff_call::bytemuck::{self, Pod, Zeroable};
use runoff_guest_cache::Request;
use runoff_guest_cache::prowgen::{Parameters, Requests};
use runoff_guest_cache::trace::{self, Sizes};

use crate::StudyError;

/// Where requests come from.
#[derive(Clone, Debug)]
pub enum Source {
    /// From the `ProWGen` model: a million requests for 30,000 documents, as the study has it.
    Generated {
        /// Its seed.
        seed: u64,
        /// Requests asked for; what comes is within a tenth.
        requests: u32,
    },
    /// From a file of lines `id size`, packed with gzip or not.
    Trace(PathBuf),
}

/// A request as the program holds it, natively and for guests: a guest reads the same bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Pod, Zeroable)]
#[bytemuck(crate = "bytemuck")]
#[repr(C)]
pub(crate) struct Record {
    pub(crate) id: u64,
    pub(crate) size: u64,
}

/// Distinct documents as a share of the requests: 30,000 of a million.
const DISTINCT: f64 = 0.03;

impl Source {
    /// All requests. Documents are numbered as they first come: an id then fits 32 bits, and a policy does not look at
    /// more of it than whether it is the same.
    pub(crate) fn load(&self) -> Result<Vec<Record>, StudyError> {
        let requests: Vec<Request> = match self {
            Self::Generated { seed, requests } => {
                let parameters = Parameters {
                    requests: *requests,
                    distinct: DISTINCT,
                    seed: *seed,
                    ..Parameters::default()
                };
                let generated = Requests::new(&parameters).map_err(|e| StudyError::Nothing(e.to_string()))?;
                generated.collect()
            }
            Self::Trace(path) => {
                let io = |e| StudyError::Io(path.display().to_string(), e);
                trace::read(File::open(path).map_err(io)?, Sizes::FirstWins)?
            }
        };
        Ok(numbered(&requests))
    }
}

fn numbered(requests: &[Request]) -> Vec<Record> {
    let mut numbers: HashMap<u64, u64> = HashMap::new();
    let number = |request: &Request| {
        let next = numbers.len() as u64;
        Record { id: *numbers.entry(request.id).or_insert(next), size: request.size }
    };
    requests.iter().map(number).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_are_numbered_as_they_come() {
        let ask = |id| Request { id, size: id };
        let ids: Vec<u64> = numbered(&[9, 7, 9, u64::MAX].map(ask)).iter().map(|r| r.id).collect();
        assert_eq!(ids, [0, 1, 0, 2]);
    }
}
