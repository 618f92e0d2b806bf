//! Weights as a file: eight bits each, with a scale per layer.

use super::network::{LAYERS, Layer, Network};

impl Network {
    /// Reads what [`Network::to_bytes`] wrote; `None` when it is too short or too long.
    pub fn from_bytes(mut bytes: &[u8]) -> Option<Self> {
        let mut take = |count: usize| {
            let (taken, rest) = bytes.split_at_checked(count)?;
            bytes = rest;
            Some(taken)
        };
        let float = |bytes: &[u8]| bytes.first_chunk().copied().map(f32::from_le_bytes);
        let mut layers = Vec::new();
        for shape in LAYERS {
            let scale = float(take(4)?)?;
            let weights =
                take(shape.weights())?.iter().map(|&byte| scale * f32::from(byte.cast_signed())).collect();
            let biases = take(4 * shape.outputs)?.chunks_exact(4).map(float).collect::<Option<_>>()?;
            layers.push(Layer { weights, biases });
        }
        bytes.is_empty().then_some(Self { layers: layers.try_into().ok()? })
    }

    /// Per layer: the scale (32-bit float), weights as multiples of it from −127 to 127 (a byte each), biases (32-bit
    /// floats); little-endian.
    #[expect(clippy::cast_possible_truncation, reason = "within -127 to 127")]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        for Layer { weights, biases } in &self.layers {
            let largest = weights.iter().fold(0.0_f32, |largest, weight| largest.max(weight.abs()));
            let scale = if largest > 0.0 { largest / 127.0 } else { 1.0 };
            bytes.extend(scale.to_le_bytes());
            let steps = weights.iter().map(|weight| libm::roundf(weight / scale).clamp(-127.0, 127.0) as i8);
            bytes.extend(steps.map(i8::cast_unsigned));
            bytes.extend(biases.iter().flat_map(|bias| bias.to_le_bytes()));
        }
        bytes
    }
}
