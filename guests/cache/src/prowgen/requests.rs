//! The sequence of requests.

use alloc::vec::Vec;

use super::stack::Stack;
use super::{Documents, InvalidParameters, Locality, Parameters, Random};
use crate::Request;

/// All requests of a run, one after the other: as many as the documents' counts say.
#[derive(Debug)]
pub struct Requests {
    documents: Documents,
    random: Random,
    stack: Stack,
    /// Documents that are not on the stack and have requests left.
    pool: Vec<u32>,
    /// Requests left, per document.
    left: Vec<u32>,
    /// Requests in all: what probabilities are a share of.
    total: u64,
    remaining: u64,
}

impl Requests {
    /// Draws the documents and gets ready.
    ///
    /// # Errors
    ///
    /// Parameters that the model cannot draw from.
    pub fn new(parameters: &Parameters) -> Result<Self, InvalidParameters> {
        let mut random = Random::new(parameters.seed);
        let documents = Documents::new(parameters, &mut random)?;
        let limit = parameters.stack as usize;
        let stack = match parameters.locality {
            Locality::Static => Stack::of_places(&documents.counts, limit),
            Locality::Dynamic => Stack::of_documents(documents.counts.len(), limit),
        };
        let count = u32::try_from(documents.counts.len()).unwrap_or(u32::MAX);
        let total = documents.requests();
        let (pool, left) = ((0..count).collect(), documents.counts.clone());
        Ok(Self { documents, random, stack, pool, left, total, remaining: total })
    }

    /// The documents.
    pub fn documents(&self) -> &Documents {
        &self.documents
    }

    /// The document asked for next; there is one.
    fn draw(&mut self) -> u32 {
        let weight = self.stack.weight();
        let range = if self.pool.is_empty() { weight } else { self.total };
        let point = self.random.below(range);
        if point < weight {
            return self.stack.take(point, &self.documents.counts);
        }
        let place = self.random.below(self.pool.len() as u64);
        self.pool.swap_remove(usize::try_from(place).expect("a place in memory"))
    }
}

impl Iterator for Requests {
    type Item = Request;

    fn next(&mut self) -> Option<Request> {
        self.remaining = self.remaining.checked_sub(1)?;
        let document = self.draw();
        let left = &mut self.left[document as usize];
        *left -= 1;
        if *left > 0
            && let Some(fallen) = self.stack.push(document, &self.documents.counts)
        {
            self.pool.push(fallen);
        }
        Some(Request { id: u64::from(document), size: u64::from(self.documents.sizes[document as usize]) })
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let remaining = usize::try_from(self.remaining).unwrap_or(usize::MAX);
        (remaining, Some(remaining))
    }
}
