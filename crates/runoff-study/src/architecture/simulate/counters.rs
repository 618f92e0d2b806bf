//! Tables of two-bit saturating counters.

/// A table of counters from 0 (strongly not) to 3 (strongly).
#[derive(Clone, Debug)]
pub(super) struct Counters(Vec<u8>);

impl Counters {
    /// So many counters, all of one value. A power of two.
    pub(super) fn new(count: usize, value: u8) -> Self {
        Self(vec![value; count])
    }

    pub(super) fn says(&self, index: u64) -> bool {
        self.0[self.place(index)] >= 2
    }

    pub(super) fn learn(&mut self, index: u64, yes: bool) {
        let place = self.place(index);
        let counter = &mut self.0[place];
        *counter = if yes { (*counter + 1).min(3) } else { counter.saturating_sub(1) };
    }

    fn place(&self, index: u64) -> usize {
        (index % self.0.len() as u64) as usize
    }
}
