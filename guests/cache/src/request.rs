//! A request, the policies' interface, and counting.

/// A request for a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Request {
    /// Which document.
    pub id: u64,
    /// Its size in bytes.
    pub size: u64,
}

/// A cache of a fixed number of bytes with a rule of what to evict.
///
/// A document larger than the whole cache passes by it: a miss that evicts nothing. A document that comes with another
/// size than the stored one has changed: the stored copy is dropped and the request is a miss.
pub trait Policy {
    /// Serves a request for `size` bytes; whether the document was there.
    fn request(&mut self, id: u64, size: u64) -> bool;

    /// Bytes the cache may hold.
    fn capacity(&self) -> u64;

    /// Bytes it holds.
    fn used(&self) -> u64;

    /// Documents it holds.
    fn len(&self) -> usize;

    /// Whether it holds nothing.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// What was asked for and what the cache had.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Requests.
    pub requests: u64,
    /// Requests for documents that were there.
    pub hits: u64,
    /// Bytes requested.
    pub bytes: u64,
    /// Bytes of the hits.
    pub hit_bytes: u64,
}

impl Tally {
    /// Counts one request. Without a branch: nothing foretells whether it is a hit.
    #[inline]
    pub fn count(&mut self, size: u64, hit: bool) {
        let hit = u64::from(hit);
        self.requests += 1;
        self.bytes += size;
        self.hits += hit;
        self.hit_bytes += hit * size;
    }
}

/// Runs all requests through a cache.
pub fn simulate<P: Policy + ?Sized>(policy: &mut P, requests: &[Request]) -> Tally {
    let mut tally = Tally::default();
    for request in requests {
        let hit = policy.request(request.id, request.size);
        tally.count(request.size, hit);
    }
    tally
}
