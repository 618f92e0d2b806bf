//! A neural network that learns to read digits: one hidden layer, stochastic gradient descent.

mod images;
mod network;

use runoff_guest_apps_inputs::{Number, Random, numbers, refuse};
use runoff_guest_program::{Io, say};

use crate::digest::words;
pub use images::{Image, PIXELS, SIDE, image};
pub use network::Network;

const WANTED: [Number; 4] = [
    Number { name: "STEPS", range: 1..=100_000, default: None },
    Number { name: "BATCH", range: 1..=10_000, default: None },
    Number { name: "TESTS", range: 1..=100_000, default: None },
    Number { name: "HIDDEN", range: 1..=1000, default: None },
];

/// Step size of the descent.
const RATE: f32 = 0.25;

/// The program: `STEPS` steps with `BATCH` images each, then how many of `TESTS` other images are read rightly by a
/// network with `HIDDEN` hidden units.
pub fn main(args: &[&str], io: &mut dyn Io) -> i32 {
    let [steps, batch, tests, hidden] = match numbers(args, &WANTED) {
        Ok(values) => values,
        Err(message) => return refuse(io, "digits", &message, "STEPS BATCH TESTS HIDDEN"),
    };
    let (training, unseen) = (images(59, (steps * batch).min(2000)), images(61, tests));
    io.start();
    let mut network = Network::new(hidden);
    let loss = train(&mut network, &training, steps, batch);
    let right = unseen.iter().filter(|image| network.read(&image.pixels) == image.digit).count();
    io.end();
    let digest = words(network.weights().map(|w| u64::from(w.to_bits())));
    i32::from(!say!(io, "right {right} of {tests} loss {loss:.4} digest {digest:016x}\n"))
}

/// Images of digits in turn, each drawn in another way.
fn images(seed: u64, count: usize) -> Vec<Image> {
    let mut random = Random::new(seed);
    (0..count).map(|i| image(i % 10, &mut random)).collect()
}

/// Goes through the images batch by batch, from the start again when they are used up; the mean loss of the last batch.
fn train(network: &mut Network, images: &[Image], steps: usize, batch: usize) -> f32 {
    let mut loss = 0.0;
    let mut sequence = images.iter().cycle();
    for _ in 0..steps {
        loss = network.step(sequence.by_ref().take(batch), RATE);
    }
    loss
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn learns_to_read() {
        let unseen = images(61, 500);
        let right = |network: &Network| unseen.iter().filter(|i| network.read(&i.pixels) == i.digit).count();
        let mut network = Network::new(24);
        assert!(right(&network) < 150);
        train(&mut network, &images(59, 2000), 200, 50);
        assert!(right(&network) > 450, "{}", right(&network));
    }
}
