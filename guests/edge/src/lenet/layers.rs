//! The layers' arithmetic. Volumes are channel by channel, row by row.

/// A convolution with a square kernel, without padding.
#[derive(Clone, Copy, Debug)]
pub(super) struct Convolution {
    /// Channels in.
    pub(super) inputs: usize,
    /// Channels out.
    pub(super) outputs: usize,
    /// Side of each channel that comes in.
    pub(super) side: usize,
    /// Side of the kernel.
    pub(super) kernel: usize,
}

impl Convolution {
    /// Side of each channel that goes out.
    pub(super) fn side_out(&self) -> usize {
        self.side + 1 - self.kernel
    }

    /// Weights: output by output, input by input, row by row.
    pub(super) fn weights(&self) -> usize {
        self.outputs * self.inputs * self.kernel * self.kernel
    }

    /// Calls `each` for every weight with its index, the rows it reads and the rows it writes: (weight, input row,
    /// output row), the input row beginning at the column that goes to the first output column.
    pub(super) fn rows(&self, mut each: impl FnMut(usize, usize, usize)) {
        let (side, out) = (self.side, self.side_out());
        let mut weight = 0;
        for output in 0..self.outputs {
            for input in 0..self.inputs {
                for y in 0..self.kernel {
                    for x in 0..self.kernel {
                        for row in 0..out {
                            let from = (input * side + row + y) * side + x;
                            each(weight, from, (output * out + row) * out);
                        }
                        weight += 1;
                    }
                }
            }
        }
    }

    /// What goes out, before the activation.
    pub(super) fn forward(&self, input: &[f32], weights: &[f32], biases: &[f32]) -> Vec<f32> {
        let out = self.side_out();
        let mut output: Vec<f32> =
            biases.iter().flat_map(|&bias| core::iter::repeat_n(bias, out * out)).collect();
        self.rows(|weight, from, to| {
            let factor = weights[weight];
            for (sum, value) in output[to..to + out].iter_mut().zip(&input[from..from + out]) {
                *sum += factor * value;
            }
        });
        output
    }
}

/// Negative numbers become zero.
pub(super) fn rectify(values: &mut [f32]) {
    for value in values {
        *value = value.max(0.0);
    }
}

/// The index of the largest of each two by two values; the side is even.
pub(super) fn largest_of_four(values: &[f32], side: usize) -> Vec<usize> {
    let mut places = Vec::with_capacity(values.len() / 4);
    for channel in 0..values.len() / (side * side) {
        for y in (0..side).step_by(2) {
            for x in (0..side).step_by(2) {
                let first = (channel * side + y) * side + x;
                let mut place = first;
                for other in [first + 1, first + side, first + side + 1] {
                    if values[other] > values[place] {
                        place = other;
                    }
                }
                places.push(place);
            }
        }
    }
    places
}
