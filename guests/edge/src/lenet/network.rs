//! The network: LeNet-5 (`LeCun` and others 1998) with rectifiers, largest-of-four pooling and full connections.

use super::SIDE;
use super::layers::{Convolution, largest_of_four, rectify};

/// Three convolutions and, as one over a single pixel, the full connection to the ten classes.
pub(super) const LAYERS: [Convolution; 4] = [
    Convolution { inputs: 1, outputs: 6, side: 32, kernel: 5 },
    Convolution { inputs: 6, outputs: 16, side: 14, kernel: 5 },
    Convolution { inputs: 16, outputs: 120, side: 5, kernel: 5 },
    Convolution { inputs: 120, outputs: 10, side: 1, kernel: 1 },
];

/// Parameters of one layer.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Layer {
    pub(super) weights: Vec<f32>,
    pub(super) biases: Vec<f32>,
}

/// The network's parameters.
#[derive(Clone, Debug, PartialEq)]
pub struct Network {
    pub(super) layers: [Layer; 4],
}

/// Everything computed for one image.
#[cfg_attr(not(any(test, feature = "train")), expect(dead_code, reason = "only the trainer reads all of it"))]
pub(super) struct Pass {
    /// What goes into each layer.
    pub(super) inputs: [Vec<f32>; 4],
    /// Which values the two poolings took.
    pub(super) taken: [Vec<usize>; 2],
    pub(super) scores: Vec<f32>,
}

impl Network {
    /// Numbers learnt.
    pub fn parameters(&self) -> usize {
        self.layers.iter().map(|layer| layer.weights.len() + layer.biases.len()).sum()
    }

    /// The class with the highest score.
    pub fn classify(&self, image: &[u8; SIDE * SIDE]) -> u8 {
        let scores = self.pass(image).scores;
        let mut best = 0;
        for class in 1..scores.len() {
            if scores[class] > scores[best] {
                best = class;
            }
        }
        u8::try_from(best).unwrap_or(0)
    }

    pub(super) fn pass(&self, image: &[u8; SIDE * SIDE]) -> Pass {
        let forward = |layer: usize, input: &[f32]| {
            let Layer { weights, biases } = &self.layers[layer];
            LAYERS[layer].forward(input, weights, biases)
        };
        let pool = |mut values: Vec<f32>, side| {
            rectify(&mut values);
            let taken = largest_of_four(&values, side);
            (taken.iter().map(|&place| values[place]).collect::<Vec<f32>>(), taken)
        };
        let padded = pad(image);
        let (first, taken_first) = pool(forward(0, &padded), 28);
        let (second, taken_second) = pool(forward(1, &first), 10);
        let mut third = forward(2, &second);
        rectify(&mut third);
        let scores = forward(3, &third);
        Pass { inputs: [padded, first, second, third], taken: [taken_first, taken_second], scores }
    }
}

/// Pixels from 0 to 1 with two black ones around.
fn pad(image: &[u8; SIDE * SIDE]) -> Vec<f32> {
    const PADDED: usize = SIDE + 4;
    let mut padded = vec![0.0; PADDED * PADDED];
    for (y, row) in image.chunks_exact(SIDE).enumerate() {
        for (to, &from) in padded[(y + 2) * PADDED + 2..].iter_mut().zip(row) {
            *to = f32::from(from) / 255.0;
        }
    }
    padded
}
