//! The web cache of the simulator study, one request per call or many, in every kind of call.

use runoff_guest::bytemuck::{self, Pod, Zeroable};
use runoff_guest::{Output, State, export};
use runoff_guest_cache::{
    Frequency, FrequencyAging, GreedyDual, GreedyDualFrequency, Keyed, Kind, Policy, Queue, Size,
};

runoff_guest::blocks!();
runoff_guest::report_panics!();

/// A cache of some policy. Not a `Box<dyn Policy>`: an indirect call is checked on every runtime.
enum Cache {
    Queue(Queue),
    Lfu(Keyed<Frequency>),
    LfuAging(Keyed<FrequencyAging>),
    Gds(Keyed<GreedyDual>),
    Gdsf(Keyed<GreedyDualFrequency>),
    Size(Keyed<Size>),
}

impl Cache {
    fn new(kind: Kind, capacity: u64) -> Self {
        match kind {
            Kind::Fifo => Self::Queue(Queue::fifo(capacity)),
            Kind::Lru => Self::Queue(Queue::lru(capacity)),
            Kind::Lfu => Self::Lfu(Keyed::new(capacity, Frequency)),
            Kind::LfuAging => Self::LfuAging(Keyed::new(capacity, FrequencyAging::default())),
            Kind::Gds => Self::Gds(Keyed::new(capacity, GreedyDual::default())),
            Kind::Gdsf => Self::Gdsf(Keyed::new(capacity, GreedyDualFrequency::default())),
            Kind::Size => Self::Size(Keyed::new(capacity, Size)),
        }
    }

    #[inline]
    fn request(&mut self, id: u64, size: u64) -> bool {
        match self {
            Self::Queue(cache) => cache.request(id, size),
            Self::Lfu(cache) => cache.request(id, size),
            Self::LfuAging(cache) => cache.request(id, size),
            Self::Gds(cache) => cache.request(id, size),
            Self::Gdsf(cache) => cache.request(id, size),
            Self::Size(cache) => cache.request(id, size),
        }
    }
}

static CACHE: State<Option<Cache>> = State::new(None);

/// A request as it lies in memory.
#[derive(Clone, Copy, Pod, Zeroable)]
#[repr(C)]
#[bytemuck(crate = "bytemuck")]
pub struct Record {
    /// Which document.
    pub id: u64,
    /// Its size in bytes.
    pub size: u64,
}

/// Makes an empty cache with the policy of this number; whether there is one.
#[export]
pub fn init(policy: u32, capacity: u64) -> bool {
    let made = Kind::ALL.get(policy as usize).map(|kind| Cache::new(*kind, capacity));
    let known = made.is_some();
    CACHE.with(|cache| *cache = made);
    known
}

#[inline]
fn hit(id: u64, size: u64) -> bool {
    CACHE.with(|cache| cache.as_mut().is_some_and(|cache| cache.request(id, size)))
}

/// Whether the document was there.
#[export]
pub fn request(id: u32, size: u64) -> bool {
    hit(id.into(), size)
}

/// The same of many records; the policy is looked up once for all of them.
#[export(batch, name = "request")]
pub fn request_records(records: &[Record], out: &mut Output) {
    fn all(cache: &mut impl Policy, records: &[Record], out: &mut Output) {
        for record in records {
            out.push(u8::from(cache.request(record.id, record.size)));
        }
    }
    CACHE.with(|cache| match cache {
        Some(Cache::Queue(cache)) => all(cache, records, out),
        Some(Cache::Lfu(cache)) => all(cache, records, out),
        Some(Cache::LfuAging(cache)) => all(cache, records, out),
        Some(Cache::Gds(cache)) => all(cache, records, out),
        Some(Cache::Gdsf(cache)) => all(cache, records, out),
        Some(Cache::Size(cache)) => all(cache, records, out),
        None => {}
    });
}

/// The same of a record.
#[export(pod, name = "request")]
pub fn request_record(record: Record) -> u8 {
    hit(record.id, record.size).into()
}

/// The same, encoded.
#[export(encoded, name = "request")]
pub fn request_encoded(id: u64, size: u64) -> bool {
    hit(id, size)
}
