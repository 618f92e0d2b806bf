//! The trace: what a program might ask of a set of objects.

use runoff_guest_apps_inputs::Random;

/// One step.
#[derive(Clone, Copy, Debug)]
pub enum Operation {
    /// Put a key in.
    Insert(u32),
    /// Ask for a key.
    Look(u32),
    /// Take a key out.
    Remove(u32),
}

/// A trace: keys are multiples of 8, as addresses of objects are, and recent ones come more often. Of eight
/// operations four look up, three insert and one removes.
pub fn trace(operations: usize) -> Vec<Operation> {
    let mut random = Random::new(23);
    let mut made = 1_u32;
    (0..operations)
        .map(|_| {
            let kind = random.below(8);
            if kind == 0 || (kind < 3 && made < 64) {
                made += 1;
                return Operation::Insert(8 * made);
            }
            // The age of the key, uniform in its logarithm.
            let reach = 1 + random.below(1 + made.ilog2());
            let age = random.below(1 << reach).min(made - 1);
            let key = 8 * (made - age);
            match kind {
                1 | 2 => Operation::Insert(key),
                3 => Operation::Remove(key),
                _ => Operation::Look(key),
            }
        })
        .collect()
}
