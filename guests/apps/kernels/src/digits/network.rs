//! The network: pixels, hidden units with tanh, ten outputs with softmax; cross-entropy loss.

use libm::{expf, logf, tanhf};
use runoff_guest_apps_inputs::Random;

use super::{Image, PIXELS};

const DIGITS: usize = 10;

/// A layer: a weight from every input to every output, and a bias per output.
#[derive(Clone, Debug)]
struct Layer {
    inputs: usize,
    /// Output by output.
    weights: Vec<f32>,
    biases: Vec<f32>,
}

/// Two layers.
#[derive(Clone, Debug)]
pub struct Network {
    hidden: Layer,
    output: Layer,
}

impl Layer {
    /// Weights uniform within ±1/√inputs.
    fn new(inputs: usize, outputs: usize, random: &mut Random) -> Self {
        let bound = 1.0 / (inputs as f64).sqrt();
        let weights = (0..inputs * outputs).map(|_| random.within(-bound, bound) as f32).collect();
        Self { inputs, weights, biases: vec![0.0; outputs] }
    }

    fn zero(like: &Self) -> Self {
        let Self { inputs, weights, biases } = like;
        Self { inputs: *inputs, weights: vec![0.0; weights.len()], biases: vec![0.0; biases.len()] }
    }

    fn forward(&self, input: &[f32]) -> Vec<f32> {
        let rows = self.weights.chunks_exact(self.inputs).zip(&self.biases);
        rows.map(|(row, bias)| row.iter().zip(input).fold(*bias, |sum, (w, x)| sum + w * x)).collect()
    }

    /// Adds what this input and this gradient of the outputs contribute to the gradient of weights and biases.
    fn add_gradient(&mut self, input: &[f32], gradient: &[f32]) {
        for ((row, bias), g) in self.weights.chunks_exact_mut(self.inputs).zip(&mut self.biases).zip(gradient)
        {
            *bias += g;
            for (w, x) in row.iter_mut().zip(input) {
                *w += g * x;
            }
        }
    }

    /// The gradient of the inputs.
    fn backward(&self, gradient: &[f32]) -> Vec<f32> {
        let mut back = vec![0.0; self.inputs];
        for (row, g) in self.weights.chunks_exact(self.inputs).zip(gradient) {
            for (b, w) in back.iter_mut().zip(row) {
                *b += g * w;
            }
        }
        back
    }

    fn descend(&mut self, gradient: &Self, rate: f32) {
        let own = self.weights.iter_mut().chain(&mut self.biases);
        for (w, g) in own.zip(gradient.weights.iter().chain(&gradient.biases)) {
            *w -= rate * g;
        }
    }
}

impl Network {
    /// A network that has learnt nothing.
    pub fn new(hidden: usize) -> Self {
        let mut random = Random::new(67);
        Self {
            hidden: Layer::new(PIXELS, hidden, &mut random),
            output: Layer::new(hidden, DIGITS, &mut random),
        }
    }

    /// All weights and biases.
    pub fn weights(&self) -> impl Iterator<Item = &f32> {
        [&self.hidden, &self.output].into_iter().flat_map(|l| l.weights.iter().chain(&l.biases))
    }

    /// The most probable digit.
    pub fn read(&self, pixels: &[f32]) -> usize {
        let (_, scores) = self.forward(pixels);
        (0..DIGITS).fold(0, |best, digit| if scores[digit] > scores[best] { digit } else { best })
    }

    /// Hidden units and probabilities.
    fn forward(&self, pixels: &[f32]) -> (Vec<f32>, Vec<f32>) {
        let hidden: Vec<f32> = self.hidden.forward(pixels).into_iter().map(tanhf).collect();
        let mut scores = self.output.forward(&hidden);
        // Softmax; the largest score is taken off first, so that nothing overflows.
        let largest = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        for s in &mut scores {
            *s = expf(*s - largest);
        }
        let sum = scores.iter().fold(0.0, |sum, s| sum + s);
        for s in &mut scores {
            *s /= sum;
        }
        (hidden, scores)
    }

    /// One step against the mean gradient of a batch, which must not be empty; the mean loss before it.
    pub fn step<'a>(&mut self, batch: impl Iterator<Item = &'a Image>, rate: f32) -> f32 {
        let mut gradient = Self { hidden: Layer::zero(&self.hidden), output: Layer::zero(&self.output) };
        let (mut loss, mut count) = (0.0, 0.0);
        for image in batch {
            loss += self.add_gradient(image, &mut gradient);
            count += 1.0;
        }
        self.hidden.descend(&gradient.hidden, rate / count);
        self.output.descend(&gradient.output, rate / count);
        loss / count
    }

    /// Back-propagation for one image; gives its loss.
    fn add_gradient(&self, image: &Image, gradient: &mut Self) -> f32 {
        let (hidden, mut scores) = self.forward(&image.pixels);
        let loss = -logf(scores[image.digit].max(f32::MIN_POSITIVE));
        // Of cross-entropy behind softmax: probability less truth.
        scores[image.digit] -= 1.0;
        gradient.output.add_gradient(&hidden, &scores);
        let mut back = self.output.backward(&scores);
        back.iter_mut().zip(&hidden).for_each(|(b, h)| *b *= 1.0 - h * h);
        gradient.hidden.add_gradient(&image.pixels, &back);
        loss
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gradients_are_those_of_the_loss() {
        let mut random = Random::new(5);
        let picture = super::super::image(3, &mut random);
        let network = Network::new(6);
        let mut gradient =
            Network { hidden: Layer::zero(&network.hidden), output: Layer::zero(&network.output) };
        network.add_gradient(&picture, &mut gradient);
        let loss = |network: &Network| -logf(network.forward(&picture.pixels).1[3]);
        let pick: fn(&mut Network, usize) -> &mut f32 = |n, i| match i {
            0 => &mut n.output.biases[3],
            1 => &mut n.output.weights[20],
            2 => &mut n.hidden.biases[2],
            // A pixel in the middle of the picture, where there is ink.
            _ => &mut n.hidden.weights[4 * PIXELS + 14 * 28 + 14],
        };
        for i in 0..4 {
            let width = 1e-2;
            let (mut more, mut fewer) = (network.clone(), network.clone());
            *pick(&mut more, i) += width;
            *pick(&mut fewer, i) -= width;
            let slope = (loss(&more) - loss(&fewer)) / (2.0 * width);
            let truth = *pick(&mut gradient, i);
            assert!((slope - truth).abs() < 2e-3 + 0.02 * truth.abs(), "{i}: {slope} {truth}");
        }
    }

    #[test]
    fn probabilities_add_up() {
        let image = super::super::image(8, &mut Random::new(6));
        let (_, scores) = Network::new(10).forward(&image.pixels);
        assert!((scores.iter().sum::<f32>() - 1.0).abs() < 1e-6);
    }
}
