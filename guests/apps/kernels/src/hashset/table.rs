//! The table: linear probing, removal by moving later keys back (Knuth, volume 3, 6.4, algorithm R).

/// A set of numbers other than 0, which marks empty places.
#[derive(Clone, Debug)]
pub struct Set {
    /// A power of two of places, at most half of them taken.
    places: Vec<u32>,
    len: usize,
}

impl Default for Set {
    fn default() -> Self {
        Self::new()
    }
}

impl Set {
    /// The empty set.
    pub fn new() -> Self {
        Self { places: vec![0; 8], len: 0 }
    }

    /// How many keys there are.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Whether the key is there.
    pub fn contains(&self, key: u32) -> bool {
        self.places[self.find(key)] == key
    }

    /// Puts the key in; whether it was not there.
    pub fn insert(&mut self, key: u32) -> bool {
        let place = self.find(key);
        if self.places[place] == key {
            return false;
        }
        self.places[place] = key;
        self.len += 1;
        if 2 * self.len > self.places.len() {
            self.grow();
        }
        true
    }

    /// Takes the key out; whether it was there.
    pub fn remove(&mut self, key: u32) -> bool {
        let mut hole = self.find(key);
        if self.places[hole] != key {
            return false;
        }
        let mask = self.places.len() - 1;
        let mut next = hole;
        loop {
            next = (next + 1) & mask;
            let moved = self.places[next];
            if moved == 0 {
                break;
            }
            // A key may move back unless its own place lies behind the hole.
            let own = self.home(moved);
            if (next.wrapping_sub(own) & mask) >= (next.wrapping_sub(hole) & mask) {
                self.places[hole] = moved;
                hole = next;
            }
        }
        self.places[hole] = 0;
        self.len -= 1;
        true
    }

    /// Where the key is, or the empty place where it would be.
    fn find(&self, key: u32) -> usize {
        let mask = self.places.len() - 1;
        let mut place = self.home(key);
        while self.places[place] != 0 && self.places[place] != key {
            place = (place + 1) & mask;
        }
        place
    }

    /// Multiplicative hashing by the golden ratio: the upper bits of the product.
    fn home(&self, key: u32) -> usize {
        let bits = self.places.len().trailing_zeros();
        (key.wrapping_mul(0x9e37_79b9) >> (32 - bits)) as usize
    }

    fn grow(&mut self) {
        let old = std::mem::take(&mut self.places);
        self.places = vec![0; 2 * old.len()];
        for key in old.into_iter().filter(|key| *key != 0) {
            let place = self.find(key);
            self.places[place] = key;
        }
    }
}
