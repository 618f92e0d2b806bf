//! The policies against plain definitions of them, on many random sequences.
#![expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    reason = "numbers of the tests are small"
)]

use runoff_guest_cache::prowgen::Random;
use runoff_guest_cache::{Kind, Request, Tally, simulate};

/// A cache in which everything is looked for from one end to the other.
struct Naive {
    kind: Kind,
    capacity: u64,
    documents: Vec<Document>,
    inflation: f64,
    now: u64,
}

struct Document {
    id: u64,
    size: u64,
    /// Time of arrival.
    came: u64,
    /// Time of the last reference.
    used: u64,
    count: u64,
    /// Worth when last refreshed.
    worth: f64,
}

impl Naive {
    fn worth(&self, size: u64, count: u64) -> f64 {
        let per_byte = 1.0 / size.max(1) as f64;
        match self.kind {
            Kind::Gds => self.inflation + per_byte,
            Kind::Gdsf => self.inflation + count as f64 / size.max(1) as f64,
            _ => 0.0,
        }
    }

    /// What the policy compares, then what decides between equals: the smallest goes.
    fn rank(&self, d: &Document) -> (f64, u64) {
        match self.kind {
            Kind::Fifo => (0.0, d.came),
            Kind::Lru => (0.0, d.used),
            Kind::Lfu | Kind::LfuAging => (d.count as f64, d.used),
            Kind::Gds | Kind::Gdsf => (d.worth, d.used),
            Kind::Size => (-(d.size as f64), d.came),
        }
    }

    fn age(&mut self) {
        let sum: u64 = self.documents.iter().map(|d| d.count).sum();
        if self.kind == Kind::LfuAging && sum > 10 * self.documents.len() as u64 {
            for d in &mut self.documents {
                d.count = (d.count / 2).max(1);
            }
        }
    }

    fn request(&mut self, id: u64, size: u64) -> bool {
        self.now += 1;
        if let Some(place) = self.documents.iter().position(|d| d.id == id) {
            if self.documents[place].size == size {
                let count = self.documents[place].count + 1;
                let worth = self.worth(size, count);
                let document = &mut self.documents[place];
                (document.count, document.used, document.worth) = (count, self.now, worth);
                self.age();
                return true;
            }
            self.documents.remove(place);
        }
        if size > self.capacity {
            return false;
        }
        while self.documents.iter().map(|d| d.size).sum::<u64>() + size > self.capacity {
            let rank = |place: &usize| self.rank(&self.documents[*place]);
            let victim = (0..self.documents.len())
                .min_by(|a, b| rank(a).partial_cmp(&rank(b)).expect("no worth is NaN"))
                .expect("something is there, or the document would fit");
            self.inflation = self.documents.remove(victim).worth;
        }
        let worth = self.worth(size, 1);
        self.documents.push(Document { id, size, came: self.now, used: self.now, count: 1, worth });
        self.age();
        false
    }
}

/// Requests with many repetitions, sizes from zero to above the capacity, and now and then a changed size.
fn random_requests(random: &mut Random) -> (u64, Vec<Request>) {
    let capacity = random.below(2000);
    let (documents, largest, hot) = (1 + random.below(60), 1 + random.below(600), 1 + random.below(8));
    let fixed: Vec<u64> = (0..documents).map(|_| random.below(largest)).collect();
    let some_change = random.below(2) == 0;
    let requests = (0..400)
        .map(|_| {
            let id =
                if random.below(3) == 0 { random.below(documents) } else { random.below(hot.min(documents)) };
            let changed = some_change && random.below(40) == 0;
            let size = if changed { random.below(largest) } else { fixed[id as usize] };
            // Large numbers too: ids are only names.
            Request { id: id.wrapping_mul(0x0101_0101_0101_0101), size }
        })
        .collect();
    (capacity, requests)
}

#[test]
fn policies_do_what_their_definitions_say() {
    for seed in 0..400 {
        let (capacity, requests) = random_requests(&mut Random::new(seed));
        for kind in Kind::ALL {
            let mut policy = kind.build(capacity);
            let mut naive = Naive { kind, capacity, documents: Vec::new(), inflation: 0.0, now: 0 };
            for (i, &Request { id, size }) in requests.iter().enumerate() {
                let hit = policy.request(id, size);
                assert_eq!(hit, naive.request(id, size), "{kind:?}, seed {seed}, request {i}");
                assert_eq!(policy.len(), naive.documents.len(), "{kind:?}, seed {seed}, request {i}");
                let used: u64 = naive.documents.iter().map(|d| d.size).sum();
                assert_eq!(policy.used(), used, "{kind:?}, seed {seed}, request {i}");
                assert!(used <= policy.capacity());
            }
        }
    }
}

/// Which of the small sequence of documents hit, written as a string of `h` and `m`.
fn pattern(kind: Kind, capacity: u64, requests: &[(u64, u64)]) -> String {
    let mut policy = kind.build(capacity);
    requests.iter().map(|&(id, size)| if policy.request(id, size) { 'h' } else { 'm' }).collect()
}

#[test]
fn textbook_sequences() {
    // Room for three documents; Belady's sequence (1969), whose FIFO has 9 faults with three frames and 10 with four.
    let belady: Vec<(u64, u64)> = [1, 2, 3, 4, 1, 2, 5, 1, 2, 3, 4, 5].map(|id| (id, 1)).to_vec();
    assert_eq!(pattern(Kind::Fifo, 3, &belady).matches('m').count(), 9);
    assert_eq!(pattern(Kind::Fifo, 4, &belady).matches('m').count(), 10);
    assert_eq!(pattern(Kind::Lru, 3, &belady).matches('m').count(), 10);
    assert_eq!(pattern(Kind::Lru, 4, &belady).matches('m').count(), 8);
    // 1 was asked for most often and stays; 2 and 3 tie, and 2 was used longer ago.
    let often = [(1, 1), (1, 1), (2, 1), (3, 1), (4, 1), (1, 1), (3, 1), (2, 1)];
    assert_eq!(pattern(Kind::Lfu, 3, &often), "mhmmmhhm");
    assert_eq!(pattern(Kind::Lru, 3, &often), "mhmmmmhm");
}

#[test]
fn ageing_lets_go_of_what_was_popular() {
    // Room for two. 1 is asked for a hundred times, then 2 sixty times; then 3 comes, and 2 is asked for again.
    let mut requests = vec![(1, 1); 100];
    requests.extend([(2, 1); 60]);
    requests.extend([(3, 1), (2, 1)]);
    assert!(pattern(Kind::Lfu, 2, &requests).ends_with("mm"), "60 is less than 100: 2 had to go");
    assert!(pattern(Kind::LfuAging, 2, &requests).ends_with("mh"), "what 1 was asked for has faded");
}

#[test]
fn inflation_is_what_lets_small_old_documents_leave() {
    // Ten small documents fill the cache; then larger ones take turns. Without inflation the small ones stay for ever.
    let mut requests = vec![];
    requests.extend((0..10).map(|id| (id, 10)));
    requests.extend((0..3000).map(|i| (100 + i % 2, 60)));
    let hits = |kind| pattern(kind, 120, &requests).matches('h').count();
    assert_eq!(hits(Kind::Size), 0, "there is room for 20 bytes beside the small ones");
    assert!(hits(Kind::Gds) > 2900);
    assert!(hits(Kind::Gdsf) > 2900);
}

#[test]
fn large_documents_pass_by() {
    for kind in Kind::ALL {
        assert_eq!(pattern(kind, 10, &[(1, 10), (2, 11), (1, 10), (2, 11)]), "mmhm", "{kind:?}");
        assert_eq!(pattern(kind, 0, &[(1, 0), (1, 0), (2, 1)]), "mhm", "{kind:?}: nothing fits into no room");
    }
}

#[test]
fn bytes_are_counted() {
    let requests = [(1, 5), (2, 7), (1, 5), (1, 5)].map(|(id, size)| Request { id, size });
    let tally = simulate(Kind::Lru.build(12).as_mut(), &requests);
    assert_eq!(tally, Tally { requests: 4, hits: 2, bytes: 22, hit_bytes: 10 });
}

#[test]
fn names_are_read_back() {
    for kind in Kind::ALL {
        assert_eq!(kind.name().parse(), Ok(kind));
    }
    let error = "lur".parse::<Kind>().unwrap_err();
    assert!(error.to_string().contains("lfu-aging"), "{error}");
}
