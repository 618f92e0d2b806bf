//! The trainer: stochastic gradient descent on the cross entropy, one digit at a time.

use super::layers::Convolution;
use super::network::{LAYERS, Layer, Network};
use super::{SIDE, digit};
use crate::common::Random;

/// A network trained on this many different digits, each shown `rounds` times with ever smaller steps. The same
/// every time.
pub fn train(digits: u64, rounds: u16) -> Network {
    let mut network = initial();
    for round in 0..rounds {
        let rate = 0.01 * (1.0 - f32::from(round) / f32::from(rounds));
        for number in 0..digits {
            let (image, class) = digit(number);
            let gradient = gradient(&network, &image, class);
            for (layer, gradient) in network.layers.iter_mut().zip(&gradient.layers) {
                step(&mut layer.weights, &gradient.weights, rate);
                step(&mut layer.biases, &gradient.biases, rate);
            }
        }
    }
    network
}

fn step(values: &mut [f32], gradient: &[f32], rate: f32) {
    for (value, slope) in values.iter_mut().zip(gradient) {
        *value -= rate * slope;
    }
}

/// Normal weights with a variance of two over the number of inputs (He and others 2015).
#[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "small numbers")]
fn initial() -> Network {
    let mut random = Random::new(5);
    Network {
        layers: LAYERS.map(|shape| {
            let deviation = libm::sqrt(2.0 * shape.outputs as f64 / shape.weights() as f64);
            let weights = (0..shape.weights()).map(|_| (deviation * random.normal()) as f32).collect();
            Layer { weights, biases: vec![0.0; shape.outputs] }
        }),
    }
}

/// Probabilities of the classes: exponentials of the scores, with sum one.
fn probabilities(scores: &[f32]) -> Vec<f32> {
    let highest = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let powers: Vec<f32> = scores.iter().map(|score| libm::expf(score - highest)).collect();
    let sum: f32 = powers.iter().sum();
    powers.iter().map(|power| power / sum).collect()
}

/// Slopes of the cross entropy along every parameter.
fn gradient(network: &Network, image: &[u8; SIDE * SIDE], class: u8) -> Network {
    let pass = network.pass(image);
    let mut slopes = probabilities(&pass.scores);
    slopes[usize::from(class)] -= 1.0;
    let back = |layer: usize, slopes: &[f32]| {
        backward(&LAYERS[layer], &network.layers[layer], &pass.inputs[layer], slopes)
    };
    let (fourth, slopes) = back(3, &slopes);
    let slopes = rectified(slopes, &pass.inputs[3]);
    let (third, slopes) = back(2, &slopes);
    let slopes = spread(&rectified(slopes, &pass.inputs[2]), &pass.taken[1]);
    let (second, slopes) = back(1, &slopes);
    let slopes = spread(&rectified(slopes, &pass.inputs[1]), &pass.taken[0]);
    let (first, _) = back(0, &slopes);
    Network { layers: [first, second, third, fourth] }
}

/// From the slopes along a layer's outputs to those along its parameters and inputs.
fn backward(shape: &Convolution, layer: &Layer, input: &[f32], slopes: &[f32]) -> (Layer, Vec<f32>) {
    let out = shape.side_out();
    let mut weights = vec![0.0; layer.weights.len()];
    let mut inputs = vec![0.0; input.len()];
    shape.rows(|weight, from, to| {
        let factor = layer.weights[weight];
        let mut sum = 0.0;
        let slopes = &slopes[to..to + out];
        for ((slope, value), input_slope) in slopes.iter().zip(&input[from..]).zip(&mut inputs[from..]) {
            sum += slope * value;
            *input_slope += factor * slope;
        }
        weights[weight] += sum;
    });
    let biases = slopes.chunks_exact(out * out).map(|channel| channel.iter().sum()).collect();
    (Layer { weights, biases }, inputs)
}

/// Where the rectifier gave zero, nothing changes.
fn rectified(mut slopes: Vec<f32>, values: &[f32]) -> Vec<f32> {
    for (slope, &value) in slopes.iter_mut().zip(values) {
        if value <= 0.0 {
            *slope = 0.0;
        }
    }
    slopes
}

/// Slopes of pooled values at the places that they were taken from.
fn spread(slopes: &[f32], taken: &[usize]) -> Vec<f32> {
    let mut spread = vec![0.0; 4 * slopes.len()];
    for (&slope, &place) in slopes.iter().zip(taken) {
        spread[place] = slope;
    }
    spread
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lenet::{HELD_OUT, classify};

    /// Slopes by differences, in the directions that matter: of every layer those with the steepest slopes.
    #[test]
    fn slopes_are_those_of_the_loss() {
        let network = initial();
        let (image, class) = digit(3);
        let loss =
            |network: &Network| -libm::logf(probabilities(&network.pass(&image).scores)[usize::from(class)]);
        let gradient = gradient(&network, &image, class);
        for layer in 0..4 {
            let slopes = &gradient.layers[layer].weights;
            let mut order: Vec<usize> = (0..slopes.len()).collect();
            order.sort_by(|&a, &b| slopes[b].abs().total_cmp(&slopes[a].abs()));
            for &weight in &order[..5] {
                let moved = |by: f32| {
                    let mut network = network.clone();
                    network.layers[layer].weights[weight] += by;
                    loss(&network)
                };
                let difference = (moved(2e-3) - moved(-2e-3)) / 4e-3;
                let slope = slopes[weight];
                assert!(
                    (difference - slope).abs() < 0.05 * slope.abs() + 1e-3,
                    "{layer}: {slope} {difference}"
                );
            }
        }
    }

    #[test]
    fn a_few_digits_teach_a_little() {
        let (images, labels): (Vec<_>, Vec<_>) = (0..300).map(|i| digit(HELD_OUT + i)).unzip();
        let right = |network: &Network| {
            classify(network, &images).iter().zip(&labels).filter(|(class, label)| class == label).count()
        };
        let (before, after) = (right(&initial()), right(&train(400, 2)));
        assert!(before < 90 && after > 180, "{before} before, {after} after");
    }

    #[test]
    #[ignore = "takes a minute: the committed weights are those that the trainer gives"]
    fn weights_are_reproducible() {
        assert!(train(10_000, 4).to_bytes() == super::super::WEIGHTS);
    }
}
