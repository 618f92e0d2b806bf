//! The LRU stack, in its two ways of saying what is asked for again.

use alloc::vec::Vec;

use super::weights::Weights;

/// No neighbour.
const NONE: u32 = u32::MAX;

/// Documents asked for lately, the last one on top.
#[derive(Debug)]
pub(super) enum Stack {
    /// A place has a probability.
    Places {
        /// Documents, the top last.
        documents: Vec<u32>,
        /// Running sum of the popularities that places have, from the top.
        sums: Vec<u64>,
    },
    /// A document has one.
    Documents {
        /// Popularity of the documents that are on the stack.
        weights: Weights,
        /// For every document its neighbours towards the top and towards the bottom.
        links: Vec<(u32, u32)>,
        top: u32,
        bottom: u32,
        height: usize,
        limit: usize,
    },
}

impl Stack {
    /// An empty stack for `limit` documents whose places have the popularities of the most popular ones.
    pub(super) fn of_places(counts: &[u32], limit: usize) -> Self {
        let sums = counts.iter().take(limit).scan(0, |sum, &count| {
            *sum += u64::from(count);
            Some(*sum)
        });
        Self::Places { documents: Vec::new(), sums: sums.collect() }
    }

    /// An empty stack for `limit` documents that keep their own popularity.
    pub(super) fn of_documents(documents: usize, limit: usize) -> Self {
        Self::Documents {
            weights: Weights::new(documents),
            links: alloc::vec![(NONE, NONE); documents],
            top: NONE,
            bottom: NONE,
            height: 0,
            limit: limit.min(documents),
        }
    }

    /// The sum of popularities that is on the stack now.
    pub(super) fn weight(&self) -> u64 {
        match self {
            Self::Places { documents, sums } => documents.len().checked_sub(1).map_or(0, |last| sums[last]),
            Self::Documents { weights, .. } => weights.total(),
        }
    }

    /// Takes out the document at a point of the sum, which is below [`Stack::weight`].
    pub(super) fn take(&mut self, point: u64, counts: &[u32]) -> u32 {
        match self {
            Self::Places { documents, sums } => {
                let place = sums.partition_point(|&sum| sum <= point);
                documents.remove(documents.len() - 1 - place)
            }
            Self::Documents { weights, .. } => {
                let found = weights.find(point);
                let document = u32::try_from(found).expect("documents have 32-bit numbers");
                self.unlink(document, counts);
                document
            }
        }
    }

    /// Puts a document on top; gives the one that falls off the bottom.
    pub(super) fn push(&mut self, document: u32, counts: &[u32]) -> Option<u32> {
        match self {
            Self::Places { documents, sums } => {
                documents.push(document);
                (documents.len() > sums.len()).then(|| documents.remove(0))
            }
            Self::Documents { weights, links, top, bottom, height, limit } => {
                weights.add(document as usize, u64::from(counts[document as usize]));
                links[document as usize] = (NONE, *top);
                match *top {
                    NONE => *bottom = document,
                    below => links[below as usize].0 = document,
                }
                *top = document;
                *height += 1;
                if *height <= *limit {
                    return None;
                }
                let fallen = *bottom;
                self.unlink(fallen, counts);
                Some(fallen)
            }
        }
    }

    fn unlink(&mut self, document: u32, counts: &[u32]) {
        let Self::Documents { weights, links, top, bottom, height, .. } = self else { return };
        let (above, below) = links[document as usize];
        match above {
            NONE => *top = below,
            above => links[above as usize].1 = below,
        }
        match below {
            NONE => *bottom = above,
            below => links[below as usize].0 = above,
        }
        weights.subtract(document as usize, u64::from(counts[document as usize]));
        *height -= 1;
    }
}
